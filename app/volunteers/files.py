"""A helper's file: everything the office knows on one page, the small forms on it, and the form that changes it."""

import uuid
from typing import Any

from flask import g, render_template, request

from app import forms
from app.volunteers import words
from app.volunteers.blueprint import Page
from services.communities import regions
from services.volunteers import applications, profiles
from services.volunteers.models import Volunteer


def file_page(
    volunteer_id: uuid.UUID, *, revealed: dict[str, str] | None = None, errors: forms.Errors | None = None
) -> Page:
    """The file; `revealed` are facts just shown in clear, `errors` of one of its small forms."""
    volunteer = profiles.get_volunteer(g.actor, volunteer_id)
    text = render_template(
        "volunteers/show.html",
        row=volunteer,
        place=words.place_of(volunteer),
        skills=profiles.skills_of([volunteer.id]).get(volunteer.id, {}),
        papers=profiles.credentials_of([volunteer.id]).get(volunteer.id, []),
        exclusions=profiles.exclusions_of([volunteer.id]).get(volunteer.id, []),
        twin=applications.same_person(g.actor, volunteer_id=volunteer.id),
        revealed=revealed or {},
        form=request.form if errors else {},
        errors=errors or {},
        choices=words.choices(),
        words=words,
        today=regions.today(g.community.id),
    )
    return text, 422 if errors else 200


def form_page(
    template: str, volunteer: Volunteer | None, saved: dict[str, Any], errors: forms.Errors
) -> Page:
    """The form of a profile over what is `saved`; when somebody else changed it meanwhile, with what differs."""
    stale = forms.is_stale(volunteer, request.form)
    text = render_template(
        template,
        row=volunteer,
        saved=saved,
        stale=stale,
        differences=words.differences(saved, request.form) if stale else [],
        form=request.form,
        errors=errors,
        labels=words.labels(),
        choices=words.choices(),
        mask=forms.mask_of(request.form, int(saved.get("week") or 0)),
    )
    return text, 409 if stale else 422 if errors else 200

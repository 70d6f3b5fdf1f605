"""A helper's file: everything the office knows on one page, and the small forms on it."""

import uuid

from flask import g, render_template, request

from app import forms
from app.volunteers import words
from app.volunteers.blueprint import Page
from services.communities import regions
from services.volunteers import applications, profiles


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

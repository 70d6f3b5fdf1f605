"""Helpers as the office sees them: the list, a helper's file, registering and changing."""

import uuid
from typing import Any, cast

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms, lists
from app.auth import allow
from app.volunteers import applications as answers
from app.volunteers import availability, own, papers, words
from app.volunteers.blueprint import Page, bp
from app.volunteers.files import file_page, form_page
from app.volunteers.schemas import RevealSchema, StaffSchema
from app.words import options
from services.communities import catalogue, regions
from services.pairings import pairings
from services.register import likeness
from services.volunteers import profiles
from services.volunteers.facts import Facts
from services.volunteers.models import Volunteer

__all__ = ["answers", "availability", "bp", "own", "papers"]

MASKED = ("phone", "birthday", "note")
# What the address may ask for.
FILTERS = {"skill": "", "state": "", "show": ""}


@bp.route("/", methods=["GET", "POST"])
@allow("volunteers.read")
def index() -> Page:
    """Helpers, found by name, phone or skill."""
    if elsewhere := lists.moved(FILTERS):
        return elsewhere
    text, after = request.form.get("text", "").strip(), request.values.get("after")
    asked: dict[str, Any] = lists.asked(FILTERS)
    helping = asked["show"] in ("helping", "party_helping")
    page = profiles.search(
        g.actor,
        text=text,
        skill=asked["skill"],
        state="active" if helping else asked["state"],
        among={row.volunteer_id for row in pairings.living()} if helping else None,
        party=asked["show"] == "party_helping",
        after=after,
    )
    return render_template(
        "volunteers/index.html",
        rows=page.rows,
        after=page.next,
        text=text,
        asked=asked,
        narrowed=bool(text) or asked != FILTERS,
        next_url=lists.address(FILTERS, asked, None if text else page.next) if page.next else None,
        first_url=lists.address(FILTERS, asked) if after else None,
        skills=profiles.skills_of([row.id for row in page.rows]),
        places={row.id: words.place(row.estate, row.number) for row in regions.buildings()},
        kinds=options(catalogue.NEED_KINDS),
        words=words,
        waiting=profiles.count_pending(g.actor),
    )


@bp.get("/<uuid:volunteer_id>")
@allow("volunteers.read")
def show(volunteer_id: uuid.UUID) -> Page:
    """A helper's file; of one that was put together with another, the other's."""
    merged = profiles.get_volunteer(g.actor, volunteer_id).state == "merged"
    if merged and (twin := likeness.merge_of(volunteer_id)):
        flash(_("This file was put together with another one, which is shown here."))
        return redirect(url_for(".show", volunteer_id=twin.kept_id), 303)
    return file_page(volunteer_id)


@bp.route("/new", methods=["GET", "POST"])
@allow("volunteers.write")
def new() -> Page:
    """Register a helper for a person, with or without a phone."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            volunteer = profiles.register_volunteer(g.actor, **facts_of(forms.read(StaffSchema)))
            flash(_("%(name)s is registered.", name=volunteer.name), "success")
            return redirect(url_for(".show", volunteer_id=volunteer.id), 303)
    return _form_page(None, errors)


@bp.route("/<uuid:volunteer_id>/edit", methods=["GET", "POST"])
@allow("volunteers.write")
def edit(volunteer_id: uuid.UUID) -> Page:
    """Change a helper's profile. Phone, birthday and note stay masked: what is typed takes their place."""
    errors: forms.Errors = {}
    profiles.get_volunteer(g.actor, volunteer_id)
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(StaffSchema)
            profiles.update_volunteer(
                g.actor, volunteer_id=volunteer_id, version=data["version"], **facts_of(data)
            )
            flash(_("The changes are saved."), "success")
            return redirect(url_for(".show", volunteer_id=volunteer_id), 303)
    return _form_page(profiles.get_volunteer(g.actor, volunteer_id), errors)


def facts_of(data: dict[str, Any]) -> Facts:
    """What the office's form says; a masked fact left empty stays unless it is dropped."""
    dropped = data["drop"]
    kept = {name for name in MASKED if not data[name] and name not in dropped}
    facts = {name: value for name, value in data.items() if name not in ("drop", "version", *kept)}
    return cast(Facts, facts | dict.fromkeys(dropped))


def _form_page(volunteer: Volunteer | None, errors: forms.Errors) -> Page:
    saved = {}
    if volunteer:
        skills = profiles.skills_of([volunteer.id]).get(volunteer.id, {})
        saved = words.shown(volunteer, skills) | dict.fromkeys(MASKED, "")
    return form_page("volunteers/form.html", volunteer, saved, errors)


@bp.post("/<uuid:volunteer_id>/reveal")
@allow("volunteers.read")
def reveal(volunteer_id: uuid.UUID) -> Page:
    """Show a masked fact in clear; the look is audited."""
    data = forms.read(RevealSchema)
    fact = profiles.reveal(g.actor, volunteer_id=volunteer_id, **data) or _("not recorded")
    if request.headers.get("HX-Request"):
        return render_template("volunteers/_fact.html", fact=fact)
    return file_page(volunteer_id, revealed={data["field"]: fact})

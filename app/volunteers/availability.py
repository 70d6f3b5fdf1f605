"""My availability: the hours of a usual week, how many of them, for how many households; saved at once, undone at once."""

from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from app import forms, week_presets
from app.auth import allow
from app.volunteers import words
from app.volunteers.blueprint import Page, bp
from app.volunteers.schemas import AvailabilitySchema
from services.core.errors import N_, Conflict, NotFound
from services.volunteers import profiles
from services.volunteers.models import Volunteer

# What was saved before the last change, so that one tap brings it back; it is the helper's own browser that keeps it.
BEFORE = "availability_before"


@bp.route("/own/availability", methods=["GET", "POST"])
@allow("volunteers.own")
def availability() -> Page:
    """Change when I am free. A quick choice ticks a part of the week or clears it; nothing is saved by it."""
    volunteer = _own()
    errors: forms.Errors = {}
    if request.method == "POST" and "quick" not in request.form:
        before = _kept(volunteer)
        with forms.collect(errors):
            saved = profiles.update_own(g.actor, **forms.read(AvailabilitySchema))
            session[BEFORE] = before | {"version": saved.version}
            return redirect(url_for(".availability"), 303)
        volunteer = _own()
    return _page(volunteer, errors)


@bp.post("/own/availability/undo")
@allow("volunteers.own")
def undo_availability() -> Page:
    """Bring back what was saved before."""
    errors: forms.Errors = {}
    before = session.pop(BEFORE, None)
    with forms.collect(errors):
        if before is None:
            raise Conflict("nothing", N_("There is nothing to undo any more."))
        typed = {name: before[name] for name in ("hours", "places", "version")}
        facts = AvailabilitySchema(exclude=("week",)).load(
            {k: str(v) for k, v in typed.items() if v is not None}
        )
        profiles.update_own(g.actor, week=int(before["week"], 16), **facts)
        flash(_("Undone: your availability is as it was."), "info")
    for messages in errors.values():
        flash(messages[0], "error")
    return redirect(url_for(".availability"), 303)


def _own() -> Volunteer:
    volunteer = profiles.own_volunteer(g.actor)
    if volunteer is None or volunteer.state in ("left", "declined"):
        raise NotFound()
    return volunteer


def _kept(volunteer: Volunteer) -> dict[str, Any]:
    hours = None if volunteer.hours is None else words.plain(volunteer.hours)
    return {"week": f"{volunteer.week:x}", "hours": hours, "places": volunteer.places}


def _page(volunteer: Volunteer, errors: forms.Errors) -> Page:
    stale = bool(errors) and forms.is_stale(volunteer, request.form)
    saved = words.shown(volunteer, {})
    before = session.get(BEFORE) or {}
    mask = forms.mask_of(request.form, volunteer.week)
    text = render_template(
        "volunteers/availability.html",
        row=volunteer,
        saved=saved,
        stale=stale,
        differences=words.differences(
            {name: saved[name] for name in ("week", "hours", "places")}, request.form
        )
        if stale
        else [],
        form=request.form,
        errors=errors,
        labels=words.labels(),
        mask=week_presets.turned(mask, request.form.get("quick", "")),
        undo=before.get("version") == volunteer.version and not request.form,
    )
    return text, 409 if stale else 422 if errors else 200

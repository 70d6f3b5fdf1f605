"""Pages of visits: the note, its correction, one's own visits, the office's list. One visit's page is in `answers`."""

import uuid
from datetime import timedelta
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app import forms
from app.auth import allow
from app.visits import answers, certificates, review
from app.visits.schemas import LENGTHS, CorrectionSchema, NewNoteSchema, minutes_of
from app.visits.shown import Page, bp, instant, month_of, paired, today, told, typed
from services.core import clock
from services.core.db import new_id
from services.core.errors import N_, Conflict
from services.followups import plans
from services.visits import confirmations, corrections, duties, hours, lists, notes, sight
from services.visits.models import Visit
from services.volunteers import profiles

__all__ = ["answers", "bp", "certificates", "review"]


@bp.route("/new/<uuid:pairing_id>", methods=["GET", "POST"])
@allow("visits.note")
def new(pairing_id: uuid.UUID) -> Page:
    """Note a visit of a pairing: three choices, a length, a line."""
    there = notes.note_for(g.actor, pairing_id)
    errors: forms.Errors = {}
    by_script = request.accept_mimetypes.best == "application/json"
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(NewNoteSchema)
            visit = _noted(pairing_id, data)
            address = url_for("visits.show", visit_id=visit.id)
            if data["waiting"] or not by_script:
                flash(_("The visit is noted. Thank you."), "success")
            return (jsonify(url=address), 201) if by_script else redirect(address, 303)
        if by_script:
            return jsonify(problems=errors), 422
        there = notes.note_for(g.actor, pairing_id)
    offered = duties.offered(g.actor, there)
    named = plans.by_id({one.plan_id for one in offered})
    page = render_template(
        "visits/new.html",
        who=paired([there])[0],
        asks_helper=not there.is_helper(g.actor),
        offered=[(one, named[one.plan_id]) for one in offered],
        likely=duties.likely(offered, today()),
        now=typed(clock.now()),
        submission=new_id(),
        lengths=LENGTHS,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.get("/token")
@allow("visits.note")
def token() -> Response:
    """Who is signed in, and a token to send a note with that was written earlier or without a network."""
    return jsonify(account=g.actor.account_id, csrf=generate_csrf())


@bp.route("/<uuid:visit_id>/correct", methods=["GET", "POST"])
@allow("visits.note")
def correct(visit_id: uuid.UUID) -> Page:
    """Note a visit anew in place of one that was wrong."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(CorrectionSchema)
            visit = corrections.correct_visit(
                g.actor, visit_id=visit_id, reason=data["reason"], **_said(data)
            )
            flash(_("The correction is noted; both sides confirm it anew."), "success")
            return redirect(url_for("visits.show", visit_id=visit.id), 303)
    old, there = corrections.get_correctable(g.actor, visit_id)
    page = render_template(
        "visits/correct.html",
        visit=old,
        own_note=sight.own_note(g.actor, old),
        who=paired([there])[0],
        asks_helper=not there.is_helper(g.actor),
        reasons=corrections.CORRECTION_REASONS,
        ended=typed(old.started_at + timedelta(minutes=old.minutes)),
        lengths=LENGTHS,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.get("/mine")
@allow("visits.own")
def mine() -> Page:
    """A helper's visits and hours; a household's visits to confirm."""
    helper = profiles.own_volunteer(g.actor)
    own = lists.own(g.actor, after=request.args.get("after"))
    home = lists.of_household(g.actor, after=request.args.get("home_after"))
    return render_template(
        "visits/mine.html",
        waiting=_to_confirm(),
        pairings=paired(notes.own_pairings(g.actor)),
        helper=helper,
        this_month=hours.of_volunteer(helper.id, today().replace(day=1), None) if helper else 0,
        in_all=hours.of_volunteer(helper.id, None, None) if helper else 0,
        own=told(own.rows),
        own_next=own.next,
        home=told(home.rows),
        home_next=home.next,
        reasons=confirmations.DISPUTE_REASONS,
    )


@bp.get("/")
@allow("visits.read")
def index() -> Page:
    """The office's visits by state, helper, household and month; what waits is listed the longest waiting first."""
    volunteer_id, household_id = (forms.id_of(request.args.get(name)) for name in ("volunteer", "household"))
    month = month_of(request.args.get("month", ""))
    # Opened from the menu it is the work list: what waits, the longest waiting first.
    asked = request.args.get("state", "") if request.args else "noted"
    page = lists.search(
        g.actor,
        state=asked if asked in lists.STATES else "",
        after=request.args.get("after"),
        volunteer_id=volunteer_id,
        household_id=household_id,
        month=month,
    )
    narrowed = {
        name: str(value)
        for name, value in (
            ("volunteer", volunteer_id),
            ("household", household_id),
            ("month", month and f"{month:%Y-%m}"),
        )
        if value
    }
    return render_template(
        "visits/index.html",
        lines=told(page.rows),
        next=page.next,
        counts=lists.counts(g.actor, volunteer_id=volunteer_id, household_id=household_id, month=month),
        state=asked if asked in lists.STATES else "",
        narrowed=narrowed,
        month=month,
    )


def _noted(pairing_id: uuid.UUID, data: dict[str, Any]) -> Visit:
    if data["account"] not in (None, g.actor.account_id):
        raise Conflict(
            "other_account", N_("This note was written in another account. Please sign in with that one.")
        )
    return notes.note_visit(
        g.actor,
        pairing_id=pairing_id,
        follow_up_id=data["follow_up_id"],
        submission=data["submission"],
        **_said(data),
    )


def _to_confirm() -> list[dict[str, Any]]:
    waiting = lists.waiting_for(g.actor)
    sides = [confirmations.own_side(g.actor, line.visit, line.there) for line in waiting]
    return [line | {"side": side} for line, side in zip(told(waiting), sides, strict=True) if side]


def _said(data: dict[str, Any]) -> dict[str, Any]:
    minutes = minutes_of(data)
    lasted = timedelta(minutes=0 if data["outcome"] == "absent" else minutes)
    return {
        "started_at": instant(data["ended_at"]) - lasted,
        "minutes": minutes,
        "kind": data["kind"],
        "outcome": data["outcome"],
        "note": data["note"],
        "helper_called": data["helper_called"],
    }

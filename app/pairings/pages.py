"""Pairings: one's own, and the office's list of all."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import forms
from app.auth import allow
from app.pairings import (
    answers,
    board,
    coverage,
    find,
    fits,
    household,
    proposals,
    runs,
    takeover,
    whatif,
    words,
)
from app.pairings.blueprint import Page, bp
from app.pairings.schemas import EndSchema, ListSchema, ReasonSchema
from services.communities import regions
from services.followups import life, plans
from services.households import disclosure
from services.pairings import offers, pairings, parties
from services.pairings import own as own_rules
from services.pairings import proposals as proposal_rules
from services.pairings.models import Pairing
from services.volunteers import profiles

__all__ = [
    "answers",
    "board",
    "bp",
    "coverage",
    "find",
    "fits",
    "household",
    "proposals",
    "runs",
    "takeover",
    "whatif",
    "words",
]


@bp.get("/mine")
@allow("pairings.own")
def mine() -> Page:
    """What I am asked, whom I help, who helps me."""
    own = pairings.own_pairings(g.actor)
    stood_in = own_rules.stood_in(g.actor)
    waiting = proposal_rules.waiting_for(g.actor)
    offered = offers.own(g.actor)
    rows = [one.row for one in (*waiting, *offered)]
    everybody: list[parties.Parties[Any]] = [*waiting, *own]
    today = regions.today(g.community.id)
    return render_template(
        "pairings/mine.html",
        asked=[(one, one.side_of(g.actor)) for one in waiting],
        offered=offered,
        own=[(one, one.side_of(g.actor)) for one in own],
        buildings=words.buildings(one.household for one in (*waiting, *offered)),
        needs=proposal_rules.needs_by_proposal(rows),
        places=disclosure.place_labels([one.household for one in (*own, *stood_in)], g.actor.language),
        skills=profiles.skills_of({one.volunteer.id for one in everybody}),
        next_up=_next({one.row.id for one in own}),
        stood_in=stood_in,
        today=today,
    )


def _next(pairing_ids: set[uuid.UUID]) -> dict[uuid.UUID, list]:
    """The open follow-ups of the actor about each pairing, the earliest first, each with its plan."""
    found = [
        one
        for one in life.of_subjects("pairing", pairing_ids)
        if one.owner_id == g.actor.account_id and one.next_at is not None
    ]
    names = plans.by_id({one.plan_id for one in found})
    by_pairing: dict[uuid.UUID, list] = {}
    for one in found:
        by_pairing.setdefault(one.subject_id, []).append((names[one.plan_id], one))
    return by_pairing


@bp.post("/<uuid:pairing_id>/reveal/<field>")
@allow("households.reveal")
def reveal(pairing_id: uuid.UUID, field: str) -> Page:
    """Show a household's phone or door to its helper; the look is recorded first."""
    text = pairings.reveal(g.actor, pairing_id=pairing_id, field=field)
    if "HX-Request" in request.headers:
        return render_template("pairings/_revealed.html", text=text, field=field)
    return render_template(
        "pairings/revealed.html",
        text=text,
        field=field,
        one=parties.one(Pairing, pairing_id),
        office=g.actor.has("staff", "admin"),
    )


@bp.post("/<uuid:pairing_id>/stop")
@allow("pairings.own")
def stop(pairing_id: uuid.UUID) -> Page:
    """A helper says that he cannot go on."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        pairings.ask_to_stop(g.actor, pairing_id=pairing_id, **forms.read(ReasonSchema))
        flash(_("The office knows now and will call you. Until then the pairing goes on."), "success")
        return redirect(url_for("pairings.mine"), 303)
    for messages in errors.values():
        flash(messages[0], "error")
    return redirect(url_for("pairings.mine"), 303)


@bp.get("/")
@allow("pairings.read")
def index() -> Page:
    """All pairings, by state, household or helper."""
    errors: forms.Errors = {}
    filters = {"state": "", "household": None, "volunteer": None}
    with forms.collect(errors):
        filters = ListSchema().load(MultiDict(request.args))
    page = pairings.list_pairings(
        g.actor,
        state=filters["state"],
        household_id=filters["household"],
        volunteer_id=filters["volunteer"],
        after=request.args.get("after"),
    )
    kept = {name: value for name, value in filters.items() if value}
    return render_template(
        "pairings/index.html", page=page, rows=parties.of(page.rows), filters=filters, kept=kept
    )


@bp.get("/<uuid:pairing_id>")
@allow("pairings.read")
def show(pairing_id: uuid.UUID) -> Page:
    """A pairing with its history and follow-ups."""
    return _show(pairing_id, {})


@bp.post("/<uuid:pairing_id>/end")
@allow("pairings.end")
def end(pairing_id: uuid.UUID) -> Page:
    """End a pairing."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(EndSchema)
        day = data["day"] or regions.today(g.community.id)
        pairings.end_pairing(g.actor, pairing_id=pairing_id, reason=data["reason"], day=day)
        flash(_("The pairing has ended; its follow-ups are closed."), "success")
        return redirect(url_for("pairings.show", pairing_id=pairing_id), 303)
    return _show(pairing_id, errors), 422


def _show(pairing_id: uuid.UUID, errors: forms.Errors) -> str:
    found = pairings.get_pairing(g.actor, pairing_id)
    due = life.of_subjects("pairing", {pairing_id})
    return render_template(
        "pairings/show.html",
        one=found,
        place=disclosure.place_label(found.household, g.actor.language),
        followups=[(plan, one) for one in due for plan in [plans.by_id({one.plan_id})[one.plan_id]]],
        history=pairings.history(g.actor, household_id=found.household.id),
        today=regions.today(g.community.id),
        form=request.form,
        errors=errors,
    )

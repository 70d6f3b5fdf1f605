"""Find: what a helper could do nearby, one tap to offer, an undo; and the office's list of offers."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pairings import fits, words
from app.pairings.blueprint import Page, bp
from app.pairings.proposals import outcome
from app.pairings.schemas import ReasonSchema, TakeUpSchema
from services.communities import catalogue
from services.pairings import find as finding
from services.pairings import offers, parties, proposals
from services.volunteers import profiles

__all__ = ["fits"]

KINDS = forms.codes(catalogue.NEED_KINDS)


@contextmanager
def _flashing() -> Iterator[None]:
    """A button's action: what is refused is said on the page that comes next."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        yield
    for messages in errors.values():
        flash(messages[0], "error")


@bp.get("/find")
@allow("pairings.find")
def find() -> Page:
    """Households near me that I could help, and why others are not shown."""
    kind = request.args.get("kind", "")
    first = max(0, request.args.get("first", 0, type=int))
    found = finding.near(g.actor, kind=kind if kind in KINDS else "", first=first)
    own = offers.own(g.actor)
    return render_template(
        "pairings/find.html",
        found=found,
        profile=profiles.own_volunteer(g.actor),
        offered=own,
        needs=proposals.needs_by_proposal([one.row for one in own]),
        buildings=words.buildings(one.household for one in own),
        kind=kind,
        next_first=found.first + finding.PAGE if found and found.number > found.first + finding.PAGE else 0,
    )


@bp.post("/find/<uuid:household_id>/offer")
@allow("pairings.find")
def offer(household_id: uuid.UUID) -> Page:
    """Offer to help a household."""
    with _flashing():
        offers.offer(g.actor, household_id=household_id)
        flash(_("Thank you! The office has your offer and tells you what comes of it."), "success")
    return redirect(url_for("pairings.find"), 303)


@bp.post("/find/offers/<uuid:proposal_id>/back")
@allow("pairings.find")
def take_back(proposal_id: uuid.UUID) -> Page:
    """Undo an offer."""
    with _flashing():
        offers.take_back(g.actor, proposal_id=proposal_id)
        flash(_("Your offer is taken back; nobody was asked."), "info")
    return redirect(url_for("pairings.find"), 303)


@bp.get("/offers", endpoint="offers")
@allow("pairings.decide")
def offers_waiting() -> Page:
    """Offers that wait for the office."""
    page = offers.waiting(g.actor, after=request.args.get("after"))
    return render_template(
        "pairings/offers.html",
        page=page,
        rows=parties.of(page.rows),
        needs=proposals.needs_by_proposal(page.rows),
    )


@bp.post("/offers/<uuid:proposal_id>/accept")
@allow("pairings.decide")
def accept_offer(proposal_id: uuid.UUID) -> Page:
    """Ask the household, or enter that it has agreed."""
    with _flashing():
        found = offers.accept(g.actor, proposal_id=proposal_id, **forms.read(TakeUpSchema))
        if found.state == "published":
            flash(_("The household is asked; the helper knows it."), "success")
        else:
            flash(*outcome(found))
    return redirect(url_for("pairings.offers"), 303)


@bp.post("/offers/<uuid:proposal_id>/decline")
@allow("pairings.decide")
def decline_offer(proposal_id: uuid.UUID) -> Page:
    """Decline an offer with a reason; the helper is told politely."""
    with _flashing():
        proposals.refuse(g.actor, proposal_id=proposal_id, **forms.read(ReasonSchema))
        flash(_("The offer is declined; the helper is thanked."), "success")
    return redirect(url_for("pairings.offers"), 303)

"""The office's and a unit's view of pledges: the list, one pledge with its ledger, a new one, taking back."""

import uuid
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges import (
    allocations,
    benefits,
    deliveries,
    earlier,
    entering,
    exports,
    free,
    impact,
    market,
    mine,
    paper_copies,
    progress,
    project_offers,
    projects,
    received,
    steps,
    unit_pairings,
    units,
    words,
)
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import (
    AsOfSchema,
    ExtendSchema,
    ThemeSchema,
    WithdrawSchema,
    WriteOffSchema,
)
from app.words import options
from services.communities import catalogue, regions
from services.core import locks
from services.core.errors import N_
from services.people import accounts
from services.pledges import endings, movements, offers, quantities, settling, standings, uses
from services.pledges import units as unit_rules
from services.pledges.models import Unit

__all__ = [
    "allocations",
    "benefits",
    "bp",
    "deliveries",
    "earlier",
    "entering",
    "exports",
    "free",
    "impact",
    "market",
    "mine",
    "paper_copies",
    "progress",
    "project_offers",
    "projects",
    "received",
    "steps",
    "unit_pairings",
    "units",
]

ONLY_NAMES = {
    "open": N_("Open"),
    "free": N_("Something is free now"),
    "expiring": N_("Free, and ends within 30 days"),
    "expired": N_("Ended"),
    "withdrawn": N_("Taken back"),
}


@bp.get("/")
@allow("pledges.read")
def index() -> Page:
    """Every pledge with what is promised, reserved, delivered and free."""
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("kind", "theme", "only", "unit") if request.args.get(name)
    }
    chosen = locks.get(Unit, kept["unit"]) if "unit" in kept else None
    lines, following = standings.lines(
        g.actor,
        unit_id=chosen.id if chosen else None,
        kind=kept.get("kind", ""),
        theme=kept.get("theme", ""),
        only=kept.get("only", ""),
        after=request.args.get("after"),
    )
    return render_template(
        "pledges/index.html",
        lines=lines,
        counts=standings.counts(g.actor),
        units=unit_rules.all_units(g.actor),
        kinds=options(catalogue.PLEDGE_KINDS),
        only_names=words.named(ONLY_NAMES),
        themes=[*options(catalogue.THEMES), (standings.UNTHEMED, words.theme(""))],
        form=kept,
        next_url=following and url_for("pledges.index", after=following, **kept),
    )


@bp.get("/<uuid:pledge_id>")
@allow("pledges.offer")
def show(pledge_id: uuid.UUID) -> Page:
    """One pledge: how it stands in each period, its ledger, and for the office its allocations; or as of an earlier day."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        asked: date | None = AsOfSchema().load({"as_of": request.args.get("as_of") or None})["as_of"]
        return _show(pledge_id, errors, asked), 200
    return _show(pledge_id, errors), 422


def _show(pledge_id: uuid.UUID, errors: forms.Errors, day: date | None = None) -> str:
    pledge = offers.get_pledge(g.actor, pledge_id)
    office = g.actor.has("staff", "admin")
    ledger = movements.of_pledge(pledge, until=day)
    who = {movement.account_id for movement, _balance in ledger if movement.account_id}
    return render_template(
        "pledges/show.html",
        line=standings.describe([pledge], regions.today(g.community.id))[0],
        periods=standings.as_of(pledge, day) if day else standings.of_periods(pledge),
        day=day,
        ends=endings.asks(pledge, regions.today(g.community.id)),
        ledger=ledger,
        free_after=movements.free_after(ledger),
        names=accounts.names(who) if office else {},
        office=office,
        uses=uses.page(g.actor, pledge_id=pledge.id)[0] if office else [],
        themes=options(catalogue.THEMES),
        form=request.form,
        errors=errors,
    )


@bp.post("/<uuid:pledge_id>/withdraw")
@allow("pledges.offer")
def withdraw(pledge_id: uuid.UUID) -> Page:
    """Take back what is still free, or part of it."""
    errors: forms.Errors = {}
    pledge = offers.get_pledge(g.actor, pledge_id)
    measure = pledge.measure
    with forms.collect(errors):
        data = forms.read(WithdrawSchema)
        offers.withdraw(
            g.actor,
            pledge_id=pledge_id,
            quantity=quantities.read(data["quantity"], measure) if data["quantity"] else None,
            reason=data["reason"],
        )
        flash(_("Taken back. What is reserved stays promised."), "success")
        return redirect(url_for("pledges.show", pledge_id=pledge_id))
    return _show(pledge_id, errors), 422


@bp.post("/<uuid:pledge_id>/theme")
@allow("pledges.offer")
def set_theme(pledge_id: uuid.UUID) -> Page:
    """Say what a pledge is for in the neighbourhood's life."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        offers.set_theme(g.actor, pledge_id=pledge_id, **forms.read(ThemeSchema))
        flash(_("Saved."), "success")
        return redirect(url_for("pledges.show", pledge_id=pledge_id))
    return _show(pledge_id, errors), 422


@bp.post("/<uuid:pledge_id>/extend")
@allow("pledges.offer")
def extend(pledge_id: uuid.UUID) -> Page:
    """Let a pledge hold until a later day."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        offers.extend(g.actor, pledge_id=pledge_id, **forms.read(ExtendSchema))
        flash(_("Extended. Thank you!"), "success")
        return redirect(url_for("pledges.show", pledge_id=pledge_id))
    return _show(pledge_id, errors), 422


@bp.post("/<uuid:pledge_id>/write-off")
@allow("pledges.allocate")
def write_off(pledge_id: uuid.UUID) -> Page:
    """Write off what is free and will not come, or part of it."""
    errors: forms.Errors = {}
    measure = offers.get_pledge(g.actor, pledge_id).measure
    with forms.collect(errors):
        data = forms.read(WriteOffSchema)
        settling.write_off(
            g.actor,
            pledge_id=pledge_id,
            quantity=quantities.read(data["quantity"], measure) if data["quantity"] else None,
            reason=data["reason"],
        )
        flash(_("Written off. The ledger shows it."), "success")
        return redirect(url_for("pledges.show", pledge_id=pledge_id))
    return _show(pledge_id, errors), 422

"""The office's and a unit's view of pledges: the list, one pledge with its ledger, a new one, taking back."""

import contextlib
import uuid
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError

from app import forms
from app.auth import allow
from app.pledges import (
    allocations,
    benefits,
    deliveries,
    earlier,
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
    PledgeSchema,
    ThemeSchema,
    WeekSchema,
    WithdrawSchema,
    WriteOffSchema,
)
from app.words import options, said
from services.communities import catalogue, regions
from services.core import locks
from services.core.errors import N_, DomainError, NotFound
from services.households.models import Need
from services.people import accounts
from services.pledges import endings, movements, offers, quantities, settling, standings, uses
from services.pledges import market as market_rules
from services.pledges import units as unit_rules
from services.pledges.market import Wish
from services.pledges.models import Pledge, Unit

__all__ = [
    "allocations",
    "benefits",
    "bp",
    "deliveries",
    "earlier",
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


@bp.route("/offer", methods=["GET", "POST"])
@allow("pledges.offer")
def offer() -> Page:
    """Enter a promise: a unit its own, the office for any unit."""
    errors: forms.Errors = {}
    unit, choices = _offering()
    wish, lacking = _wish(), project_offers.asked()
    if request.method == "POST":
        with forms.collect(errors):
            pledge = _offered(unit)
            if wish:
                market_rules.offer(g.actor, need_id=wish.id, pledge_id=pledge.id, quantity=pledge.promised)
            if lacking:
                project_offers.give(lacking, pledge)
            if wish or lacking:
                flash(
                    _("Entered, and offered. The community looks at it and tells you. Thank you!"), "success"
                )
                return redirect(url_for("pledges.own_uses", state="offered"))
            flash(_("The pledge is entered. Thank you!"), "success")
            return redirect(url_for("pledges.show", pledge_id=pledge.id))
    page = render_template(
        "pledges/offer.html",
        unit=unit,
        units=choices,
        kinds=options(catalogue.PLEDGE_KINDS),
        need_kinds=options(catalogue.NEED_KINDS),
        themes=options(catalogue.THEMES),
        periods=words.named(words.PERIOD_NAMES),
        today=regions.today(g.community.id),
        week=_ticked(),
        wish=wish,
        form=request.form
        or (_prefilled(wish) if wish else project_offers.prefilled(lacking) if lacking else {}),
        errors=errors,
    )
    return page, 422 if errors else 200


def _offering() -> tuple[Unit | None, list[tuple[str, str]]]:
    if g.actor.has("staff", "admin"):
        rows = unit_rules.all_units(g.actor)
        wanted = request.values.get("unit", "")
        return (locks.get(Unit, wanted) if wanted else None), [(str(row.id), row.name) for row in rows]
    unit = unit_rules.own_unit(g.actor)
    if unit is None:
        raise NotFound()
    return unit, []


def _wish() -> Wish | None:
    """The need of the market that a unit makes this pledge for, if any."""
    need = request.args.get("need", "")
    if not need or not g.actor.has("unit"):
        return None
    return market_rules.wish(g.actor, need_id=locks.get(Need, need).id)


def _prefilled(wish: Wish) -> dict[str, str]:
    by_hours = wish.hours is not None and wish.times is None
    return {
        "kind": "hours" if by_hours else "service",
        "item": said(catalogue.NEED_KINDS, [wish.kind]),
        "quantity": f"{wish.hours.normalize():f}" if by_hours and wish.hours else str(wish.times or 1),
        "measure": "" if by_hours else _("visits"),
        "period": "" if wish.once else "week",
        "need_kind": wish.kind,
    }


def _offered(unit: Unit | None) -> Pledge:
    if unit is None:
        raise DomainError("unit", N_("Please choose the unit."), field="unit")
    data = forms.read(PledgeSchema)
    _refuse_past(data["ends_on"])
    typed = data.pop("quantity")
    if data["kind"] != "venue":
        measure = quantities.measure_of(data["kind"], data["measure"])
        data["quantity"] = quantities.read(typed, measure) if typed else None
    return offers.pledge(g.actor, unit_id=unit.id, **data)


def _refuse_past(ends_on: date | None) -> None:
    if ends_on and ends_on < regions.today(g.community.id):
        raise DomainError(
            "ended", N_("This day has passed already. Please choose today or a later day."), field="ends_on"
        )


def _ticked() -> int:
    with contextlib.suppress(ValidationError):
        return WeekSchema().load(request.form)["week"]
    return 0

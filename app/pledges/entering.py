"""Entering a promise: a unit its own, perhaps for a need or a project that lacks it; the office for any unit."""

import contextlib

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError

from app import forms
from app.auth import allow
from app.pledges import project_offers, words
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import (
    PledgeSchema,
    WeekSchema,
)
from app.words import options, said
from services.communities import catalogue, regions
from services.core import locks
from services.core.errors import N_, DomainError, NotFound
from services.households.models import Need
from services.pledges import market as market_rules
from services.pledges import offers, quantities
from services.pledges import units as unit_rules
from services.pledges.market import Wish
from services.pledges.models import Pledge, Unit


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
    offers.refuse_past(g.actor, data["ends_on"])
    typed = data.pop("quantity")
    if data["kind"] != "venue":
        measure = quantities.measure_of(data["kind"], data["measure"])
        data["quantity"] = quantities.read(typed, measure) if typed else None
    return offers.pledge(g.actor, unit_id=unit.id, **data)


def _ticked() -> int:
    with contextlib.suppress(ValidationError):
        return WeekSchema().load(request.form)["week"]
    return 0

"""The needs market: open needs without anybody's identity, and offering help for one in two taps."""

import uuid
from decimal import Decimal

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges import words
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import HelpSchema
from app.words import said
from services.communities import catalogue
from services.core.errors import N_, DomainError
from services.pledges import market as rules
from services.pledges import offers, project_market, quantities, units
from services.pledges.models import Pledge
from services.pledges.standings import Line


@bp.get("/market")
@allow("pledges.own")
def market() -> Page:
    """Open needs that a unit could help with, by kind."""
    if units.own_unit(g.actor) is None:
        return render_template("pledges/no_unit.html")
    kind = request.args.get("kind", "")
    codes = [term.code for term in catalogue.listed(catalogue.NEED_KINDS)]
    kind = kind if kind in codes else ""
    counts = rules.counts(g.actor)
    wishes, following = rules.wishes(g.actor, kind=kind, after=request.args.get("after"))
    named = [
        (code, f"{said(catalogue.NEED_KINDS, [code])} ({counts.get(code, 0)})")
        for code in codes
        if code in counts or code == kind
    ]
    return render_template(
        "pledges/market.html",
        wishes=wishes,
        lacking=project_market.lacking(g.actor),
        kind=kind,
        kinds=named,
        total=sum(counts.values()),
        next_url=following and url_for("pledges.market", kind=kind or None, after=following),
    )


@bp.route("/market/<uuid:need_id>", methods=["GET", "POST"], endpoint="help")
@allow("pledges.own")
def help_with(need_id: uuid.UUID) -> Page:
    """Choose a pledge for a need and offer it; the office answers."""
    errors: forms.Errors = {}
    wish = rules.wish(g.actor, need_id=need_id)
    lines = rules.fitting(g.actor, need_id=need_id)
    wanted = request.values.get("pledge_id") or request.args.get("pledge")
    chosen = next((line for line in lines if str(line.pledge.id) == wanted), lines[0] if lines else None)
    if request.method == "POST":
        with forms.collect(errors):
            pledge, quantity = chosen_part()
            rules.offer(g.actor, need_id=need_id, pledge_id=pledge.id, quantity=quantity)
            flash(_("Offered. The community looks at it and tells you. Thank you!"), "success")
            return redirect(url_for("pledges.market"))
    page = render_template(
        "pledges/help.html",
        wish=wish,
        chosen=chosen,
        others=[line for line in lines if line is not chosen],
        usual=_usual(wish, chosen) if chosen else "",
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _usual(wish: rules.Wish, line: Line) -> str:
    """How much of a pledge would do for a need, as it would be typed; "" where nobody can tell."""
    measure = line.pledge.measure
    if measure == quantities.MONEY:
        return ""
    wanted = Decimal(wish.hours or 1) * 60 if measure == quantities.MINUTES else wish.times or 1
    return words.typed(min(int(wanted), line.standing.free), measure)


def chosen_part() -> tuple[Pledge, int | None]:
    """The pledge that was chosen to help with, and how much of it; of a room nothing is said."""
    data = forms.read(HelpSchema)
    pledge = offers.get_pledge(g.actor, data["pledge_id"])
    if pledge.kind == "venue":
        return pledge, None
    if not data["quantity"]:
        raise DomainError("quantity", N_("Please fill this in."), field="quantity")
    return pledge, quantities.read(data["quantity"], pledge.measure)


@bp.post("/market/offers/<uuid:allocation_id>/take-back")
@allow("pledges.own")
def take_back_offer(allocation_id: uuid.UUID) -> Page:
    """Take an offer back before the office has answered."""
    rules.take_back(g.actor, allocation_id=allocation_id)
    flash(_("Taken back. Nothing was reserved."), "success")
    return redirect(url_for("pledges.own_uses", state="offered"))

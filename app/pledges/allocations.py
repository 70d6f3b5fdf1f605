"""Giving part of a pledge to a need, and the list of what was given."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError

from app import forms
from app.auth import allow
from app.pledges import words
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import AllocationSchema, ReleaseSchema, ReturnSchema, WhenSchema
from services.communities import regions
from services.core import locks
from services.core.errors import N_, DomainError
from services.households.models import Household, Need
from services.pledges import (
    allocations,
    calendar,
    deliveries,
    offers,
    periods,
    quantities,
    settling,
    standings,
    suggestions,
    uses,
)
from services.pledges.models import Allocation, Pledge


@bp.get("/allocations", endpoint="allocations")
@allow("pledges.read")
def allocation_list() -> Page:
    """What was reserved, delivered and released; by state or household, or what came this month."""
    state = request.args.get("state", "")
    household = request.args.get("household", "")
    month = "this" if request.args.get("month") == "this" else ""
    chosen = locks.get(Household, household) if household else None
    rows, following = uses.page(
        g.actor,
        state=state if state in uses.STATES else "",
        household_id=chosen.id if chosen else None,
        delivered_since=regions.today(g.community.id).replace(day=1) if month else None,
        after=request.args.get("after"),
    )
    kept: dict[str, Any] = {
        name: value for name, value in (("state", state), ("household", household), ("month", month)) if value
    }
    return render_template(
        "pledges/allocations.html",
        uses=rows,
        household=chosen,
        state=state,
        next_url=following and url_for("pledges.allocations", after=following, **kept),
    )


@bp.get("/needs/<uuid:need_id>")
@allow("pledges.read")
def for_need(need_id: uuid.UUID) -> Page:
    """Free pledges that fit an open need."""
    return render_template(
        "pledges/for_need.html",
        wanted=suggestions.wanted(g.actor, need_id=need_id),
        offered=suggestions.pledges_for(g.actor, need_id=need_id),
    )


@bp.route("/<uuid:pledge_id>/allocate", methods=["GET", "POST"])
@allow("pledges.allocate")
def allocate(pledge_id: uuid.UUID) -> Page:
    """Reserve part of a pledge for a household's open need."""
    errors: forms.Errors = {}
    sought = request.form.get("name")
    if request.method == "POST" and sought is None:
        with forms.collect(errors):
            made = _allocate(offers.get_pledge(g.actor, pledge_id))
            flash(_("Reserved. Nobody else can be given this part."), "success")
            return redirect(url_for("pledges.allocation", allocation_id=made.id))
    pledge = offers.get_pledge(g.actor, pledge_id)
    when = _when()
    day = periods.next_day(pledge, regions.today(g.community.id))
    asked = when.get("planned_on")
    if asked and calendar.FIRST <= asked <= calendar.LAST and periods.covers(pledge, asked):
        day = asked
    need = request.values.get("need_id", "")
    chosen = suggestions.wanted(g.actor, need_id=locks.get(Need, need).id) if need else None
    wanted = suggestions.needs_for(g.actor, pledge_id=pledge.id, name=(sought or "").strip())
    page = render_template(
        "pledges/allocate.html",
        line=standings.describe([pledge], day)[0],
        chosen=chosen,
        wanted=wanted,
        offered=allocations.offered(pledge.id, chosen.need.id) if chosen else None,
        places=words.places([one.household for one in [*wanted, *([chosen] if chosen else [])]]),
        day=day,
        when=when,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _when() -> dict[str, Any]:
    """The day and time that the resource calendar brings along; nothing when they are none."""
    try:
        asked = WhenSchema().load(
            {name: request.args.get(name) or None for name in ("planned_on", "from_time", "to_time")}
        )
    except ValidationError:
        return {}
    return {name: value for name, value in asked.items() if value is not None}


def _allocate(pledge: Pledge) -> Allocation:
    data: dict[str, Any] = forms.read(AllocationSchema)
    typed = data.pop("quantity")
    if pledge.kind != "venue":
        if not typed:
            raise DomainError("quantity", N_("Please fill this in."), field="quantity")
        data["quantity"] = quantities.read(typed, pledge.measure)
    return allocations.allocate(g.actor, pledge_id=pledge.id, **data)


@bp.get("/allocations/<uuid:allocation_id>")
@allow("pledges.read")
def allocation(allocation_id: uuid.UUID) -> Page:
    """One allocation: for whom, when, and whether it came."""
    return _page(allocation_id, {})


def _page(allocation_id: uuid.UUID, errors: forms.Errors) -> Page:
    use = uses.one(g.actor, allocation_id)
    place = words.places([use.household])[use.household.id]
    page = render_template("pledges/allocation.html", use=use, place=place, form=request.form, errors=errors)
    return page, 422 if errors else 200


@bp.post("/allocations/<uuid:allocation_id>/release")
@allow("pledges.allocate")
def release(allocation_id: uuid.UUID) -> Page:
    """Give a reserved part back, for a reason."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(ReleaseSchema)
        allocations.release(g.actor, allocation_id=allocation_id, reason=data["reason"])
        flash(_("Released. It is free for others again."), "success")
        return redirect(url_for("pledges.allocation", allocation_id=allocation_id))
    return _page(allocation_id, errors)


@bp.post("/allocations/<uuid:allocation_id>/return")
@allow("pledges.allocate")
def take_return(allocation_id: uuid.UUID) -> Page:
    """What was delivered came back, or was entered wrongly: it is free again."""
    errors: forms.Errors = {}
    measure = uses.one(g.actor, allocation_id).pledge.measure
    with forms.collect(errors):
        data = forms.read(ReturnSchema)
        settling.take_return(
            g.actor,
            allocation_id=allocation_id,
            quantity=quantities.read(data["quantity"], measure) if data["quantity"] else None,
            reason=data["reason"],
        )
        flash(_("Entered. It is free for others again; what was signed stays on record."), "success")
        return redirect(url_for("pledges.allocation", allocation_id=allocation_id))
    return _page(allocation_id, errors)


@bp.post("/deliveries/<uuid:delivery_id>/signature")
@allow("pledges.read")
def signature(delivery_id: uuid.UUID) -> Page:
    """Show the signature drawn for a delivery; the look is on record."""
    allocation_id, path = deliveries.reveal_signature(g.actor, delivery_id=delivery_id)
    template = "_signature.html" if request.headers.get("HX-Request") else "signature.html"
    return render_template(f"pledges/{template}", path=path, allocation_id=allocation_id)

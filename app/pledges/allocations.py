"""Giving part of a pledge to a need or a project, and the list of what was given."""

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
    progress,
    projects,
    purposes,
    quantities,
    settling,
    standings,
    suggestions,
    uses,
)
from services.pledges.models import Allocation, Pledge
from services.pledges.project_models import Project
from services.pledges.purposes import Purpose


@bp.get("/allocations", endpoint="allocations")
@allow("pledges.read")
def allocation_list() -> Page:
    """What was reserved, delivered and released; by state, household or project, or what came this month."""
    state, household, project = (request.args.get(name, "") for name in ("state", "household", "project"))
    month = "this" if request.args.get("month") == "this" else ""
    chosen = locks.get(Household, household) if household else None
    of_project = projects.get(g.actor, project) if project else None
    rows, following = uses.page(
        g.actor,
        state=state if state in uses.STATES else "",
        household_id=chosen.id if chosen else None,
        project_id=of_project.id if of_project else None,
        delivered_since=regions.today(g.community.id).replace(day=1) if month else None,
        after=request.args.get("after"),
    )
    kept: dict[str, Any] = {
        name: value
        for name, value in (
            ("state", state),
            ("household", household),
            ("project", project),
            ("month", month),
        )
        if value
    }
    return render_template(
        "pledges/allocations.html",
        uses=rows,
        household=chosen,
        project=of_project,
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
    """Reserve part of a pledge for a household's open need or for a project."""
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
    chosen, project, part = _chosen()
    wanted = suggestions.needs_for(g.actor, pledge_id=pledge.id, name=(sought or "").strip())
    purpose = Purpose(
        need_id=chosen.need.id if chosen else None,
        project_id=project.id if project else None,
        part_id=part.part.id if part else None,
    )
    page = render_template(
        "pledges/allocate.html",
        line=standings.describe([pledge], day)[0],
        chosen=chosen,
        project=project,
        part=part,
        wanted=wanted,
        projects=progress.of(g.actor, projects.going_on(g.actor)) if not (chosen or project) else [],
        offered=purposes.offered(pledge.id, purpose) if chosen or project else None,
        places=words.places([one.household for one in [*wanted, *([chosen] if chosen else [])]]),
        day=day,
        when=when,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _chosen() -> tuple[suggestions.Wanted | None, Project | None, progress.Part | None]:
    """What the pledge is given for, as far as the address or the form says it."""
    if need := request.values.get("need_id"):
        return suggestions.wanted(g.actor, need_id=locks.get(Need, need).id), None, None
    if not (wanted := request.values.get("project_id")):
        return None, None, None
    found = progress.of(g.actor, [projects.get(g.actor, wanted)])[0]
    part_id = request.values.get("part_id")
    part = next((part for part in found.parts if str(part.part.id) == part_id), None)
    return None, found.project, part


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
    place = words.place(use)
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

"""Figures for programs: what waits, a month's report, figures now, and what happened around a household or helper."""

import uuid
from typing import Any

from flask import g

from app.api.area import Area, needs_scope
from app.auth import allow
from app.reports.api_schemas import FigureSchema, HappenedSchema, MonthlyReportSchema, WaitingSchema
from app.reports.monthly import first_day
from services.core.paging import Page, in_parts
from services.reports import figures, monthly, timeline, work
from services.reports.timeline import Line

bp = Area("reports", __name__, "What waits, figures, and what happened.")


@bp.lists("/work", WaitingSchema)
@needs_scope("reports:read")
@allow("signed_in")
def list_work(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """What waits for me, by role; the most urgent first."""
    rows = [
        {"role": role, "code": one.code, "count": one.count}
        for role, waiting in work.by_role(g.actor)
        for one in waiting
    ]
    return in_parts(rows, **asked)


@bp.lists("/figures", FigureSchema)
@allow("reports.community")
def list_figures(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Every figure of the community now, with its parts."""
    rows = [
        {"code": code, "part": part, "number": number}
        for code, parts in figures.standing(g.actor).items()
        for part, number in parts.items()
    ]
    return in_parts(rows, **asked)


@bp.shows("/monthly-reports/<month>", MonthlyReportSchema)
@allow("reports.community")
def show_monthly_report(month: str) -> dict[str, Any]:
    """The report of a month, written as 2026-11; of the present one, so far."""
    found = monthly.report(g.actor, month=first_day(month))
    return {**vars(found), "hours": [{"month": first, "hours": number} for first, number in found.hours]}


@bp.lists("/households/<uuid:household_id>/timeline", HappenedSchema)
@allow("households.read")
def list_household_timeline(asked: dict[str, Any], household_id: uuid.UUID) -> Page[Line]:
    """What happened around a household, the newest first."""
    return timeline.of_household(g.actor, household_id=household_id, **asked)


@bp.lists("/volunteers/<uuid:volunteer_id>/timeline", HappenedSchema)
@allow("volunteers.read")
def list_volunteer_timeline(asked: dict[str, Any], volunteer_id: uuid.UUID) -> Page[Line]:
    """What happened around a helper, the newest first."""
    return timeline.of_volunteer(g.actor, volunteer_id=volunteer_id, **asked)


@bp.lists("/timeline/own-help", HappenedSchema)
@allow("volunteers.own")
def list_own_help(asked: dict[str, Any]) -> Page[Line]:
    """What happened around me as a helper, the newest first."""
    return timeline.own_help(g.actor, **asked)


@bp.lists("/timeline/own-household", HappenedSchema)
@allow("households.own")
def list_own_household_timeline(asked: dict[str, Any]) -> Page[Line]:
    """What happened around my household, the newest first."""
    return timeline.own_household(g.actor, **asked)

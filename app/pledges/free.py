"""The resource calendar: what is free in a week, for the office of every unit, for a unit its own."""

from datetime import date, timedelta

from flask import g, render_template, request, url_for
from marshmallow import ValidationError

from app.auth import allow
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import WeekOfSchema
from services.communities import regions
from services.core.errors import NotFound
from services.pledges import calendar, units
from services.pledges.models import Unit


@bp.get("/week")
@allow("pledges.read")
def week() -> Page:
    """What is free of all units in a week."""
    return _page("pledges.week", None)


@bp.get("/mine/week")
@allow("pledges.own")
def own_week() -> Page:
    """What is free of the own unit in a week."""
    unit = units.own_unit(g.actor)
    return _page("pledges.own_week", unit) if unit else render_template("pledges/no_unit.html")


def _page(endpoint: str, unit: Unit | None) -> str:
    today = regions.today(g.community.id)
    found = calendar.week(g.actor, day=_day(today), unit_id=unit.id if unit else None)
    this = today - timedelta(days=today.weekday())
    starts = [
        this,
        this + timedelta(days=7),
        found.monday - timedelta(days=7),
        found.monday + timedelta(days=7),
    ]
    return render_template(
        "pledges/week.html",
        week=found,
        unit=unit,
        sunday=found.monday + timedelta(days=6),
        this_url=url_for(endpoint),
        next_url=url_for(endpoint, week=starts[1]),
        before_url=url_for(endpoint, week=starts[2]) if starts[2] >= this else None,
        after_url=url_for(endpoint, week=starts[3]),
        is_this=found.monday == this,
        is_next=found.monday == starts[1],
    )


def _day(today: date) -> date:
    typed = request.args.get("week", "")
    if not typed:
        return today
    try:
        asked: date = WeekOfSchema().load({"week": typed})["week"]
    except ValidationError as error:
        raise NotFound() from error
    return asked


def clock(minutes: int) -> str:
    """A minute of the day as people write it; midnight at the end of a day is 24:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


@bp.context_processor
def _words() -> dict[str, object]:
    return {"clock": clock}

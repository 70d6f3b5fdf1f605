"""How all pledges stood on an earlier day."""

from datetime import date
from typing import Any

from flask import g, render_template, request, url_for

from app import forms
from app.auth import allow
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import AsOfSchema
from services.core import locks
from services.pledges import earlier as ledger
from services.pledges import units
from services.pledges.models import Unit


@bp.get("/as-of")
@allow("pledges.read")
def earlier() -> Page:
    """Every pledge as it stood on the evening of `as_of`, today when none is given."""
    errors: forms.Errors = {}
    day = ledger.evening(g.actor, None)
    with forms.collect(errors):
        asked: date | None = AsOfSchema().load({"as_of": request.args.get("as_of") or None})["as_of"]
        day = ledger.evening(g.actor, asked)
    unit = request.args.get("unit")
    chosen = locks.get(Unit, unit) if unit else None
    lines, following = ledger.lines(
        g.actor, day=day, unit_id=chosen.id if chosen else None, after=request.args.get("after")
    )
    kept: dict[str, Any] = {"as_of": day.isoformat(), "unit": unit or None}
    page = render_template(
        "pledges/earlier.html",
        lines=lines,
        day=day,
        units=units.all_units(g.actor),
        form=request.args if errors else {"as_of": day.isoformat(), "unit": unit or ""},
        errors=errors,
        next_url=following and url_for("pledges.earlier", after=following, **kept),
        first_url=url_for("pledges.earlier", **kept) if request.args.get("after") else None,
    )
    return page, 422 if errors else 200

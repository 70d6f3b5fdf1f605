"""A region's figures for programs. No token opens it yet: a token is of one community."""

from typing import Any

from flask import g

from app.api.area import REGION_PREFIX, Area
from app.auth import allow
from app.reports.api_schemas import RollUpSchema
from services.reports import sheets
from services.reports.roll_up import METRICS
from services.reports.sheets import Place, Sheet

bp = Area("regions", __name__, "What a street or district is told of its communities.", prefix=REGION_PREFIX)


@bp.shows("/roll-up", RollUpSchema)
@allow("reports.region")
def show_roll_up() -> dict[str, Any]:
    """The region's figures, community by community; small counts are withheld."""
    sheet = sheets.sheet(g.actor, region=g.region)
    return {"day": sheet.day, "places": [_told(sheet, place) for place in sheet.rows()]}


def _told(sheet: Sheet, place: Place) -> dict[str, Any]:
    row, kinds = place.row, sheet.kinds()
    return {
        "kind": row.__tablename__,
        "code": getattr(row, "code", None) or str(row.id),
        "name": row.name,
        "name_en": row.name_en,
        "total": place.total,
        "counted": place.counted,
        "figures": {metric: sheet.told(place, metric) for metric in METRICS},
        "unmet": {kind: sheet.told(place, "unmet_by_kind", kind) for kind in kinds},
        "pledged": {kind: sheet.told(place, "pledged_by_kind", kind) for kind in kinds},
    }

"""What a region's officials see: the roll-up of its communities, a map of one figure, and the gaps in help."""

from dataclasses import dataclass

from flask import g, render_template, request
from flask_babel import gettext as _

from app.auth import allow
from app.language import local
from app.reports import words
from app.reports.blueprint import bp
from services.communities import catalogue
from services.reports import roll_up, sheets
from services.reports.sheets import Place, Sheet


@bp.get("/r/<int:region_id>/")
@allow("reports.region")
def region() -> str:
    """A region's figures, community by community in alphabetical order; small counts are withheld."""
    return render_template(
        "reports/region.html",
        sheet=sheets.sheet(g.actor, region=g.region),
        metrics=roll_up.METRICS,
        words=words,
    )


@dataclass(frozen=True)
class Tile:
    """A community on the map: its count (None when withheld or not counted) and its shade, 0 to 4."""

    place: Place
    count: int | None
    shade: int | None


@bp.get("/r/<int:region_id>/map")
@allow("reports.region")
def region_map() -> str:
    """One figure as a map of tiles, street by street, with the same numbers as a table."""
    sheet = sheets.sheet(g.actor, region=g.region)
    asked = request.args.get("figure", "")
    metric = asked if asked in roll_up.METRICS else "households_unpaired"
    edges = _edges(sheet, metric)
    return render_template(
        "reports/region_map.html",
        sheet=sheet,
        metric=metric,
        streets=[
            (street, [_tile(sheet, place, metric, edges) for place in below])
            for street, below in sheet.streets
        ],
        legend=[(0, 0), *zip([edge + 1 for edge in [0, *edges[:-1]]], edges, strict=True)],
        figures=[(code, words.label(code)) for code in roll_up.METRICS],
        words=words,
    )


def _edges(sheet: Sheet, metric: str) -> list[int]:
    """The greatest count of each shade but the first, which is zero: the range in four equal steps."""
    told = [sheet.told(place, metric) or 0 for _street, below in sheet.streets for place in below]
    top = max([4, *told])
    return [-(-top * step // 4) for step in (1, 2, 3, 4)]


def _tile(sheet: Sheet, place: Place, metric: str, edges: list[int]) -> Tile:
    count = sheet.told(place, metric) if place.counted else None
    return Tile(place, count, None if count is None else sum(count > edge for edge in [0, *edges]))


@bp.get("/r/<int:region_id>/gaps")
@allow("reports.region")
def region_gaps() -> str:
    """Kinds of need against streets: what is unmet, and whether anything is pledged against it."""
    sheet = sheets.sheet(g.actor, region=g.region)
    return render_template("reports/region_gaps.html", sheet=sheet, kind_name=_kind_name, words=words)


def _kind_name(code: str) -> str:
    named = {term.code: term for term in catalogue.NEED_KINDS}
    return local(named[code]) if code in named else _("Communities' own kinds")

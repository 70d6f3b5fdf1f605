"""Coverage: building by entrance, who has a helper; who is left out and why; whom to look for next."""

import uuid
from typing import Any

from flask import g, render_template, request, url_for

from app.auth import allow
from app.pairings import findings
from app.pairings.blueprint import Page, bp
from services.core.errors import NotFound
from services.households import registration
from services.pairings import coverage, runs
from services.pairings.coverage import Grid

Cells = list[list[tuple[int | None, str | None]]]


@bp.get("/coverage", endpoint="coverage")
@allow("pairings.decide")
def show() -> Page:
    """Where households in need have a helper and where not, by today's data; left out and wanted by the latest run."""
    found = coverage.grid(g.actor)
    return render_template(
        "pairings/coverage.html",
        grid=found,
        labels=[" ".join(filter(None, (one.estate, one.number))) for one in found.buildings],
        without=_cells(found, 1, "unpaired"),
        having=_cells(found, 0, "paired"),
        totals=[sum(cell[side] for cell in found.cells.values()) for side in (0, 1)],
        **_left_out(),
    )


def _cells(grid: Grid, side: int, show: str) -> Cells:
    """One side of the grid, each number with its list."""

    def cell(building_id: uuid.UUID, entrance: str) -> tuple[int | None, str | None]:
        both = grid.cells.get((building_id, entrance))
        if both is None:
            return None, None
        url = url_for("households.index", show=show, at=building_id, entrance=entrance or "-")
        return both[side], url if both[side] else None

    return [[cell(one.id, entrance) for entrance in grid.entrances] for one in grid.buildings]


def _left_out() -> dict[str, Any]:
    """What the latest run says; nothing before the first."""
    try:
        run = runs.latest_run(g.actor)
    except NotFound:
        return {"run": None}
    asked = request.args.get("why", "")
    left = {
        uuid.UUID(household_id): why
        for household_id, why in run.left_out.items()
        if coverage.reason(why) == asked
    }
    return {
        "run": run,
        "why": asked if left else "",
        "reasons": coverage.reasons(run.left_out),
        "left": sorted(left.items()),
        "names": registration.names(set(left)),
        "wanted": findings.wanted(run),
    }

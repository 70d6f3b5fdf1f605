"""The match board: households of a run on the left, helpers for the chosen one on the right."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pairings.blueprint import Page, bp
from app.pairings.schemas import FindSchema, HelperSchema, LockSchema, SwapSchema, UnlockSchema
from services.core.errors import NotFound
from services.households import disclosure, registration
from services.pairings import board, choices, drafts, pair_locks, proposals, runs, teams
from services.pairings.board import VIEWS, Line
from services.pairings.choices import Choice
from services.pairings.models import MatchingRun
from services.volunteers import profiles

# Helpers with all their points, then those in short; anybody else can be looked for by name.
BEST = 10
SHOWN = 35


@bp.get("/board", endpoint="latest_board")
@allow("pairings.decide")
def latest() -> Page:
    """The board of the latest run."""
    try:
        return redirect(url_for("pairings.board", run_id=runs.latest_run(g.actor).id))
    except NotFound:
        return redirect(url_for("pairings.runs"))


@bp.get("/runs/<uuid:run_id>/board", endpoint="board")
@allow("pairings.decide")
def show(run_id: uuid.UUID) -> Page:
    """The board, with `household` chosen; to htmx the right side alone."""
    run = runs.get_run(g.actor, run_id)
    if run.state in ("queued", "running", "failed"):
        return redirect(url_for("pairings.run", run_id=run_id))
    return _page(run, forms.id_of(request.args.get("household")), {})


@bp.post("/runs/<uuid:run_id>/board/<uuid:household_id>/choose")
@allow("pairings.decide")
def choose(run_id: uuid.UUID, household_id: uuid.UUID) -> Page:
    """Draft the chosen helper: instead of the one of a draft, or besides."""

    def act() -> str:
        drafts.choose(
            g.actor,
            run_id=run_id,
            household_id=household_id,
            replaces=forms.id_of(request.args.get("replace")),
            **forms.read(HelperSchema),
        )
        return _("The draft is changed. Publish it when you are ready.")

    return _do(run_id, household_id, act)


@bp.post("/runs/<uuid:run_id>/board/<uuid:household_id>/swap")
@allow("pairings.decide")
def swap(run_id: uuid.UUID, household_id: uuid.UUID) -> Page:
    """Two drafts change their helpers."""

    def act() -> str:
        drafts.swap(g.actor, **forms.read(SwapSchema))
        return _("The two helpers have changed places.")

    return _do(run_id, household_id, act)


@bp.post("/runs/<uuid:run_id>/board/<uuid:household_id>/lock")
@allow("pairings.decide")
def lock(run_id: uuid.UUID, household_id: uuid.UUID) -> Page:
    """Insist on a draft, or leave the household out."""

    def act() -> str:
        proposal_id = forms.read(LockSchema)["proposal_id"]
        if proposal_id:
            pair_locks.keep_pair(g.actor, proposal_id=proposal_id)
            return _("Locked: the next runs keep this pair.")
        pair_locks.leave_out(g.actor, run_id=run_id, household_id=household_id)
        return _("Left out: nobody is proposed here until you let the household take part again.")

    return _do(run_id, household_id, act)


@bp.post("/runs/<uuid:run_id>/board/<uuid:household_id>/unlock")
@allow("pairings.decide")
def unlock(run_id: uuid.UUID, household_id: uuid.UUID) -> Page:
    """Let go of a pair, or let the household take part again."""

    def act() -> str:
        volunteer_id = forms.read(UnlockSchema)["volunteer_id"]
        pair_locks.unlock(g.actor, household_id=household_id, volunteer_id=volunteer_id)
        if volunteer_id:
            return _("Unlocked: the next run is free to choose somebody else.")
        return _("The household takes part again. Choose a helper, or wait for the next run.")

    return _do(run_id, household_id, act)


@bp.post("/runs/<uuid:run_id>/board/<uuid:household_id>/find")
@allow("pairings.decide")
def find_helper(run_id: uuid.UUID, household_id: uuid.UUID) -> Page:
    """Ask about helpers by name: how well each would fit, or why he cannot come."""
    run = runs.get_run(g.actor, run_id)
    errors: forms.Errors = {}
    asked = ""
    with forms.collect(errors):
        asked = forms.read(FindSchema)["text"]
    return _page(run, household_id, errors, asked)


def _do(run_id: uuid.UUID, household_id: uuid.UUID, act: Callable[[], str]) -> Page:
    """Act and show the board again, or say why not beside it."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        flash(act(), "success")
        return redirect(url_for("pairings.board", run_id=run_id, household=household_id, **_kept()), 303)
    return _page(runs.get_run(g.actor, run_id), household_id, errors)


def _kept() -> dict[str, Any]:
    """What the address says of the left side."""
    view = request.args.get("view", "")
    kept = {"view": view if view in VIEWS else "", "after": request.args.get("after", "")}
    return {name: value for name, value in kept.items() if value}


def _page(run: MatchingRun, household_id: uuid.UUID | None, errors: forms.Errors, asked: str = "") -> Page:
    kept = _kept()
    common: dict[str, Any] = {
        "run": run,
        "kept": kept,
        "view": kept.get("view", "all"),
        "views": VIEWS,
        "counts": board.counts(g.actor, run_id=run.id),
        "drafts": proposals.count_by_state(g.actor, run_id=run.id).get("draft", 0),
        "workable": run.state in ("done", "published"),
        "errors": errors,
    }
    status = 422 if errors else 200
    if "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers:
        line = board.line(g.actor, run_id=run.id, household_id=household_id) if household_id else None
        right = _chosen(run, household_id, line, asked)
        return render_template("pairings/_board_answer.html", line=line, **common, **right), status
    page = board.find(g.actor, run_id=run.id, view=common["view"], after=kept.get("after"), at=household_id)
    if household_id is None and page.lines:
        # Who waits for a decision, before who is helped already.
        waiting = [one for one in page.lines if one.state in ("nobody", "draft")]
        household_id = (waiting or page.lines)[0].id
    line = next((one for one in page.lines if one.id == household_id), None)
    if line is None and household_id:
        line = board.line(g.actor, run_id=run.id, household_id=household_id)
    right = _chosen(run, household_id, line, asked)
    first = [level for level in run.levels.get("coverage", []) if level["place"] == 1]
    return render_template("pairings/board.html", page=page, first=first, **common, **right), status


def _chosen(
    run: MatchingRun, household_id: uuid.UUID | None, line: Line | None, asked: str
) -> dict[str, Any]:
    """What the right side shows of a household. Raises NotFound."""
    if household_id is None:
        return {"household": None, "chosen": None}
    household = registration.get_household(g.actor, household_id)
    can, cannot = choices.of_household(g.actor, household_id=household_id, run_id=run.id)
    found = _asked(asked, [*can, *cannot])
    shown = [*can[:SHOWN], *cannot[:SHOWN], *found]
    ids = {one.volunteer_id for one in shown}
    return {
        "household": household,
        "chosen": line,
        "place": disclosure.place_label(household, g.actor.language),
        "team": teams.of_household(g.actor, household_id=household_id, run_id=run.id),
        "locked": pair_locks.of_households([household_id]).get(household_id, set()),
        "best": can[:BEST],
        "further": can[BEST:SHOWN],
        "more_can": max(0, len(can) - SHOWN),
        "cannot": cannot[:SHOWN],
        "all_cannot": len(cannot),
        "bars": choices.tally(cannot),
        "asked": asked,
        "found": found,
        "names": profiles.names(ids),
        "taken": drafts.of_helpers(g.actor, run_id=run.id, ids=ids),
    }


def _asked(text: str, everybody: list[Choice]) -> list[Choice]:
    """Of the helpers who can be matched, those the office asks about."""
    if not text:
        return []
    found = profiles.search(g.actor, text=text, state="active")
    by_id = {one.volunteer_id: one for one in everybody}
    return [by_id[row.id] for row in found.rows if row.id in by_id][:BEST]

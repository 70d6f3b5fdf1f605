"""What an import would do, row by row; doing it; and what came of it."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.ledgers import results, words
from app.ledgers.blueprint import Page, bp
from app.ledgers.schemas import ImportSchema
from services.core import clock
from services.ledgers import background, steps, uploads
from services.ledgers.files.register import of_import
from services.ledgers.issues import Issue
from services.ledgers.models import LedgerImport
from services.ledgers.results import Line
from services.ledgers.steps import Change

ON_A_PAGE = 100
FIRST_ROWS = 5
SHOWN = ("issues", "error", "warning", "changed", "dropped", "rows")
PARTS = ("attention", *steps.OUTCOMES, "all")


@bp.get("/<uuid:import_id>/preview")
@allow("ledgers.import")
def preview(import_id: uuid.UUID) -> Page:
    """Everything the import would do, once the file is read; how far reading or importing has come until then."""
    row = uploads.get_own(g.actor, import_id)
    if row.state in background.BACK:
        return render_template("ledgers/waiting.html", row=row, words=words, passes=background.passes(row))
    if row.state == "uploaded":
        if row.error:
            flash(_(words.ERRORS.get(row.error, words.ERRORS["failed"])), "error")
        if of_import(row.kind):
            flash(_("This file was not read. Bring it in once more."))
            return redirect(url_for("ledgers.index"))
        return redirect(url_for("ledgers.choose", import_id=import_id))
    if row.state != "read":
        return redirect(url_for("ledgers.show", import_id=import_id))
    return _preview_page(row, {})


@bp.get("/<uuid:import_id>/progress")
@allow("ledgers.import")
def progress(import_id: uuid.UUID) -> Page:
    """The part of the waiting page that asks again until the work is over; then the page loads anew."""
    row = uploads.get_own(g.actor, import_id)
    if "HX-Request" not in request.headers:
        return redirect(url_for("ledgers.preview", import_id=import_id))
    body = render_template("ledgers/_progress.html", row=row, passes=background.passes(row))
    if row.state in background.BACK:
        return body
    return Response(body, headers={"HX-Refresh": "true"})


@bp.post("/<uuid:import_id>/call-off")
@allow("ledgers.import")
def call_off(import_id: uuid.UUID) -> Page:
    """Take back a reading, or an import as long as it waits."""
    background.call_off(g.actor, import_id=import_id)
    flash(_("Called off. Nothing was imported."))
    return redirect(url_for("ledgers.preview", import_id=import_id))


def _preview_page(row: LedgerImport, errors: forms.Errors) -> str:
    show = request.args.get("show", "issues")
    show = show if show in SHOWN else "issues"
    lines = _lines(row.result or [], show)
    start = _start()
    refused = words.ERRORS.get(row.error, words.ERRORS["failed"]) if row.error else ""
    return render_template(
        "ledgers/preview.html",
        row=row,
        counts=row.counts,
        refused=_(refused) if refused else "",
        show=show,
        lines=lines[start : start + ON_A_PAGE],
        total=len(lines),
        start=start,
        following=start + ON_A_PAGE if start + ON_A_PAGE < len(lines) else None,
        first_rows=_lines(row.result or [], "rows")[:FIRST_ROWS],
        errors=errors,
        form=request.form,
        words=words,
    )


def _start() -> int:
    text = request.args.get("from", "0")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _lines(result: Sequence[Line], show: str) -> Sequence[Any]:
    if show == "changed":
        return [(line, Change(**change)) for line in result for change in line.get("changes", [])]
    if show == "dropped":
        return [line for line in result if line["outcome"] == steps.DROPPED]
    if show == "rows":
        return [line for line in result if "understood" in line]
    said = [Issue(**issue) for line in result for issue in line["issues"]]
    order = sorted(said, key=lambda issue: issue.severity)  # errors first, each by row
    return [issue for issue in order if show in ("issues", issue.severity)]


@bp.post("/<uuid:import_id>/import")
@allow("ledgers.import")
def bring_in(import_id: uuid.UUID) -> Page:
    """Have what was previewed imported, all of it or nothing."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(ImportSchema)
        leave = data["differing"] == "leave"
        background.ask_import(g.actor, import_id=import_id, digest=data["digest"], leave=leave)
        return redirect(url_for("ledgers.preview", import_id=import_id))
    row = uploads.get_own(g.actor, import_id)
    if row.state != "read":
        return redirect(url_for("ledgers.preview", import_id=import_id))
    return _preview_page(row, errors), 422


@bp.get("/<uuid:import_id>")
@allow("ledgers.import")
def show(import_id: uuid.UUID) -> Page:
    """What came of a file, row by row."""
    row = uploads.get_import(g.actor, import_id)
    if row.content_kept and row.uploaded_by == g.actor.account_id:
        return redirect(url_for("ledgers.preview", import_id=import_id))
    part = request.args.get("part", "attention")
    part = part if part in PARTS else "attention"
    lines = [line for line in row.result or [] if _in_part(line, part)]
    start = _start()
    return render_template(
        "ledgers/show.html",
        row=row,
        part=part,
        parts=PARTS,
        lines=lines[start : start + ON_A_PAGE],
        total=len(lines),
        start=start,
        following=start + ON_A_PAGE if start + ON_A_PAGE < len(lines) else None,
        mend=results.to_mend(row),
        results=results,
        words=words,
    )


def _in_part(line: dict[str, Any], part: str) -> bool:
    if part == "attention":
        return line["outcome"] == steps.REFUSED or bool(line["issues"])
    return part in ("all", line["outcome"])


@bp.get("/<uuid:import_id>/result.xlsx")
@allow("ledgers.import")
def result_file(import_id: uuid.UUID) -> Page:
    """The same as a spreadsheet, every row of the ledger with what became of it."""
    row = uploads.get_import(g.actor, import_id)
    if row.result is None or row.imported_at is None:
        return redirect(url_for("ledgers.show", import_id=import_id))
    return send_file(
        results.workbook(row),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"linli-{row.kind}-{clock.day_of(row.imported_at, g.community.zone)}.xlsx",
    )


@bp.get("/<uuid:import_id>/to-mend.xlsx")
@allow("ledgers.import")
def mend_file(import_id: uuid.UUID) -> Page:
    """The refused rows alone, each with its reason beside the cell, to be mended and brought in again."""
    row = uploads.get_import(g.actor, import_id)
    if not results.to_mend(row):
        flash(_("There is nothing to mend any more: it is kept for a week after the import."), "info")
        return redirect(url_for("ledgers.show", import_id=import_id))
    return send_file(
        results.mend_book(row),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=f"linli-{row.kind}-to-mend.xlsx",
    )

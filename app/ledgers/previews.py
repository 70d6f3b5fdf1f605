"""What an import would do, row by row; doing it; and what came of it."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.language import say
from app.ledgers import results, words
from app.ledgers.blueprint import Page, bp
from app.ledgers.schemas import ImportSchema
from services.core import clock
from services.ledgers import imports, steps, uploads
from services.ledgers.imports import Preview
from services.ledgers.issues import LedgerError

ON_A_PAGE = 100
FIRST_ROWS = 5
SHOWN = ("issues", "error", "warning", "changed", "dropped", "rows")
PARTS = ("attention", *steps.OUTCOMES, "all")


@bp.get("/<uuid:import_id>/preview")
@allow("ledgers.import")
def preview(import_id: uuid.UUID) -> Page:
    """Everything the import would do; nothing is written."""
    if uploads.get_import(g.actor, import_id).state != "uploaded":
        return redirect(url_for("ledgers.show", import_id=import_id))
    return _preview_page(import_id, {})


def _preview_page(import_id: uuid.UUID, errors: forms.Errors) -> Page:
    opened = uploads.open_upload(g.actor, import_id=import_id)
    try:
        seen = imports.preview(g.actor, opened.sheet, opened.layout)
    except LedgerError as error:
        flash(say(error), "error")
        return redirect(url_for("ledgers.choose", import_id=import_id))
    show = request.args.get("show", "issues")
    show = show if show in SHOWN else "issues"
    lines = _lines(seen, show)
    start = _start()
    return render_template(
        "ledgers/preview.html",
        row=opened.row,
        seen=seen,
        show=show,
        lines=lines[start : start + ON_A_PAGE],
        total=len(lines),
        start=start,
        following=start + ON_A_PAGE if start + ON_A_PAGE < len(lines) else None,
        first_rows=seen.steps[:FIRST_ROWS],
        name_of=imports.name_of,
        errors=errors,
        form=request.form,
        words=words,
    )


def _start() -> int:
    text = request.args.get("from", "0")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _lines(seen: Preview, show: str) -> Sequence[Any]:
    if show == "changed":
        return [(step, change) for step in seen.steps for change in step.changes]
    if show == "dropped":
        return seen.dropped
    if show == "rows":
        return seen.steps
    order = sorted(seen.issues, key=lambda issue: issue.severity)  # errors first, each by row
    return [issue for issue in order if show in ("issues", issue.severity)]


@bp.post("/<uuid:import_id>/import")
@allow("ledgers.import")
def bring_in(import_id: uuid.UUID) -> Page:
    """Import what was previewed, all of it or nothing."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(ImportSchema)
        leave = data["differing"] == "leave"
        imports.bring_in(g.actor, import_id=import_id, digest=data["digest"], leave=leave)
        flash(_("The ledger is imported."), "success")
        return redirect(url_for("ledgers.show", import_id=import_id))
    page = _preview_page(import_id, errors)
    return (page, 422) if isinstance(page, str) else page


@bp.get("/<uuid:import_id>")
@allow("ledgers.import")
def show(import_id: uuid.UUID) -> Page:
    """What came of a file, row by row."""
    row = uploads.get_import(g.actor, import_id)
    if row.state == "uploaded" and row.uploaded_by == g.actor.account_id:
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

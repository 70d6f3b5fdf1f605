"""Ledgers for programs: a file is uploaded and read, its columns corrected, its preview agreed to, then it is imported."""

import uuid
from typing import Any

from flask import Response, g, send_file, url_for

from app.api.area import Area
from app.api.bodies import ListQuery, body
from app.api.jobs import KINDS, Job, Kind, starts
from app.auth import allow
from app.ledgers import results as files
from app.ledgers.api_schemas import (
    ColumnsSchema,
    ImportRowSchema,
    LayoutSchema,
    ToldQuery,
    ToldSchema,
    UploadSchema,
)
from app.ledgers.schemas import ImportSchema, ReadAgainSchema
from services.core.errors import NotFound
from services.core.paging import Page
from services.ledgers import background, results, steps, uploads
from services.ledgers.models import LedgerImport
from services.ledgers.results import Told
from services.ledgers.uploads import Opened

bp = Area("ledgers", __name__, "Bringing an office's ledgers in: households, helpers, pledges.")

IMPORT = "/imports/<uuid:import_id>"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.lists("/imports", ImportRowSchema, ListQuery)
@allow("ledgers.import")
def list_imports(asked: dict[str, Any]) -> Page[LedgerImport]:
    """The files that were brought in, the newest first."""
    return uploads.imports(g.actor, **asked)


@starts(bp, "/imports", "import", UploadSchema(), location="files")
@allow("ledgers.import")
def upload_ledger(data: dict[str, Any]) -> LedgerImport:
    """Upload a file; it is read as recognised, and nothing is imported yet."""
    file = data["file"]
    row = uploads.upload(g.actor, data=file.read(), filename=file.filename or "")
    return background.ask_reading(g.actor, import_id=row.id)


@bp.shows(IMPORT, ImportRowSchema)
@allow("ledgers.import")
def show_import(import_id: uuid.UUID) -> LedgerImport:
    """A file that was brought in, and what came of it."""
    return uploads.get_import(g.actor, import_id)


@bp.shows(f"{IMPORT}/columns", LayoutSchema)
@allow("ledgers.import")
def show_columns(import_id: uuid.UUID) -> Opened:
    """How one's own file is read, as long as it is not imported."""
    return uploads.open_upload(g.actor, import_id=import_id)


@starts(bp, f"{IMPORT}/columns", "import", body(ColumnsSchema))
@allow("ledgers.import")
def choose_columns(data: dict[str, Any], import_id: uuid.UUID) -> LedgerImport:
    """Say what each column holds; the file is read anew."""
    chosen = {one["position"]: one["field"] for one in data["columns"]}
    uploads.choose_columns(g.actor, import_id=import_id, fields=chosen)
    return background.ask_reading(g.actor, import_id=import_id)


@bp.acts(f"{IMPORT}/read-again", LayoutSchema, body(ReadAgainSchema))
@allow("ledgers.import")
def read_import_again(data: dict[str, Any], import_id: uuid.UUID) -> Opened:
    """Recognise it as another kind of ledger, on another sheet, or with its titles in another row."""
    uploads.read_again(g.actor, import_id=import_id, **{**data, "sheet": data["sheet"] or 0})
    return uploads.open_upload(g.actor, import_id=import_id)


@bp.lists(f"{IMPORT}/rows", ToldSchema, ToldQuery)
@allow("ledgers.import")
def list_import_rows(asked: dict[str, Any], import_id: uuid.UUID) -> Page[Told]:
    """What becomes of each row, or became of it once it is imported."""
    return results.told(g.actor, import_id=import_id, **asked)


@starts(bp, f"{IMPORT}/start", "import", body(ImportSchema))
@allow("ledgers.import")
def start_import(data: dict[str, Any], import_id: uuid.UUID) -> LedgerImport:
    """Import what the preview of that digest shows, all of it or nothing."""
    leave = data["differing"] == "leave"
    return background.ask_import(g.actor, import_id=import_id, digest=data["digest"], leave=leave)


@bp.acts(f"{IMPORT}/remove", ImportRowSchema)
@allow("ledgers.import")
def remove_import(import_id: uuid.UUID) -> LedgerImport:
    """Remove the file without importing it."""
    return uploads.give_up(g.actor, import_id=import_id)


@allow("ledgers.import")
def fetch_rows_to_mend(import_id: uuid.UUID) -> Response:
    """The refused rows as a spreadsheet with their reasons, to be mended and brought in again; for a week."""
    row = uploads.get_import(g.actor, import_id)
    if not files.to_mend(row):
        raise NotFound()
    return send_file(files.mend_book(row), mimetype=XLSX, as_attachment=True, download_name="to-mend.xlsx")


bp.add(
    f"{IMPORT}/to-mend",
    "GET",
    bp.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)(fetch_rows_to_mend),
    "list",
)

# What a state is as a job: its state (while nothing was refused) and its phase.
_AS_JOB = {
    "uploaded": ("called_off", "columns"),
    "reading": ("running", "reading"),
    "read": ("done", "read"),
    "importing": ("running", "importing"),
    "imported": ("done", "imported"),
    "given_up": ("called_off", "removed"),
}


def _job(import_id: uuid.UUID) -> Job:
    row = uploads.glance(g.actor, import_id)
    state, phase = _AS_JOB[row.state]
    if state == "running" and row.begun_at is None:
        state = "waiting"
    shown = row.state in ("read", "imported")
    mends = row.state == "imported" and row.due_at is not None and row.counts.get(steps.REFUSED)
    return Job(
        "import",
        row.id,
        "failed" if row.error and row.state in ("uploaded", "read") else state,
        row.created_at,
        finished_at=row.imported_at,
        phase=phase,
        done=row.done,
        total=row.total,
        result=url_for("ledgers_api.list_import_rows", import_id=row.id) if shown else None,
        errors=url_for("ledgers_api.fetch_rows_to_mend", import_id=row.id) if mends else None,
    )


KINDS["import"] = Kind(_job, lambda import_id: background.call_off(g.actor, import_id=import_id))

"""Taking a ledger in: the file, sealed; what it seems to be; the columns as somebody corrected them; giving it up."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import undefer

from services.core import clock, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, NotFound
from services.ledgers import columns, layout, reading, sheets
from services.ledgers.files import reading as own_files
from services.ledgers.files.register import of_import
from services.ledgers.issues import LedgerError
from services.ledgers.layout import Guess, Layout
from services.ledgers.models import LedgerImport
from services.ledgers.sheets import Sheet

KEPT = timedelta(days=1)
# As long as somebody may choose columns, look at the preview, or give the file up.
OPEN = ("uploaded", "read")
LONGEST_NAME = 120
# Titles that are enough to recognise a ledger of each kind by.
_EXAMPLES = {
    columns.HOUSEHOLDS: "户主姓名、小区、楼号、单元、门牌、联系电话、需求",
    columns.VOLUNTEERS: "姓名、手机、特长/技能、可服务时间、每周小时",
    columns.PLEDGES: "单位名称、类型、联系人、电话、认捐内容、起、止",
}


@dataclass(frozen=True)
class Column:
    """A column of the sheet that is imported, by its index from 0; `field` is what it is taken to hold, or ""."""

    position: int
    letter: str
    title: str
    field: str


@dataclass(frozen=True)
class Opened:
    """An upload that waits: its row, the sheets of the file, and how the chosen one is read."""

    row: LedgerImport
    sheets: Sequence[Sheet]
    layout: Layout

    @property
    def sheet(self) -> Sheet:
        """The sheet that is imported."""
        return self.sheets[self.row.sheet]

    @property
    def columns(self) -> list[Column]:
        """The columns of that sheet."""
        titles, fields = self.sheet.rows[self.layout.header_row - 1], self.layout.fields
        return [Column(i, columns.letter(i), title, fields.get(i, "")) for i, title in enumerate(titles)]

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields without which no row can be imported and that no column holds."""
        return columns.missing(self.layout.kind, self.layout.fields)


def recognise(found: Sequence[Sheet], kind: str | None = None) -> tuple[int, Guess]:
    """The first sheet that holds a table, and its columns. Raises LedgerError when no sheet does."""
    table = layout.find_table(found, kind)
    if table is None:
        raise LedgerError(
            "ledger_no_table",
            N_(
                "No row of column titles was found that fits a household ledger, a volunteer register or a pledge list. "
                "Put titles such as %(titles)s into one row above the data, and upload the file again."
            ),
            titles=_EXAMPLES[kind or columns.HOUSEHOLDS],
        )
    return table


def upload(actor: Actor, *, data: bytes, filename: str, kind: str | None = None) -> LedgerImport:
    """Keep a file, sealed, until it is imported or given up, for a day at most; its `kind` is found out when None.

    Raises Forbidden, LedgerError for what is no ledger, in words that say what to do.
    """
    permissions.require(actor, "ledgers.import")
    _found, index, chosen = look(data, filename, kind)
    row = LedgerImport(
        kind=chosen.kind,
        filename=filename[-LONGEST_NAME:],
        digest=hashlib.sha256(data).hexdigest(),
        content=data,
        sheet=index,
        mapping=_mapping(chosen),
        state="uploaded",
        due_at=clock.now() + KEPT,
        uploaded_by=actor.account_id,
        counts={},
        attempts=0,
    )
    db.session.add(row)
    db.session.flush()
    return row


def look(data: bytes, filename: str, kind: str | None = None) -> tuple[Sequence[Sheet], int, Layout]:
    """A file's sheets, the one that holds the table, and how it is read: by Linli's own keys, or as it seems. Raises LedgerError."""
    found = sheets.read(data, filename)
    if own := own_files.find(found):
        return sheets.read(data, filename, exact=True), *own
    index, guess = recognise(found, kind)
    return found, index, guess.layout


def _mapping(chosen: Layout) -> dict[str, object]:
    fields = {str(index): name for index, name in chosen.fields.items()}
    return {"header_row": chosen.header_row, "fields": fields}


def open_upload(actor: Actor, *, import_id: uuid.UUID, lock: bool = False) -> Opened:
    """One's own upload that waits. Raises Forbidden, NotFound (also for a colleague's), Conflict when it is over."""
    permissions.require(actor, "ledgers.import")
    row = locks.lock(LedgerImport, import_id) if lock else locks.get(LedgerImport, import_id)
    if row.uploaded_by != actor.account_id:
        raise NotFound()
    content = row.content
    if content is None:
        raise Conflict("ledger_over", N_("This file has been imported or removed already."))
    if row.state not in OPEN:
        raise Conflict("ledger_busy", N_("This file is being worked on. Wait a moment, or call it off."))
    return opened(row, content)


def opened(row: LedgerImport, content: bytes) -> Opened:
    """An upload's file as it is read. Raises LedgerError when it cannot be."""
    found = sheets.read(content, row.filename, exact=of_import(row.kind) is not None)
    fields = {int(index): name for index, name in row.mapping["fields"].items()}
    return Opened(row, found, Layout(row.kind, row.mapping["header_row"], fields))


def read_again(
    actor: Actor, *, import_id: uuid.UUID, kind: str, sheet: int, header_row: int | None = None
) -> None:
    """Read an upload as another kind of ledger, from another sheet, or with its titles in another row.

    Without a row the titles are looked for. Raises Forbidden, NotFound, Conflict, LedgerError.
    """
    opened = open_upload(actor, import_id=import_id, lock=True)
    if of_import(opened.row.kind) or kind not in columns.FIELDS or not 0 <= sheet < len(opened.sheets):
        raise LedgerError("ledger_sheet", N_("Please choose one of the list."), field="sheet")
    chosen = opened.sheets[sheet]
    if header_row is None:
        guess = recognise([chosen], kind)[1]
    elif 1 <= header_row <= len(chosen.rows):
        guess = layout.guess_at(chosen, header_row - 1, kind)
    else:
        raise LedgerError("ledger_header", N_("This sheet has no such row."), field="header_row")
    opened.row.kind, opened.row.sheet, opened.row.mapping = kind, sheet, _mapping(guess.layout)
    _read_anew(opened.row)


def choose_columns(actor: Actor, *, import_id: uuid.UUID, fields: Mapping[int, str]) -> None:
    """Say what each column holds, by its index from 0; columns left out are not read.

    Raises Forbidden, NotFound, Conflict, LedgerError when a field is chosen twice or a needed one not at all.
    """
    opened = open_upload(actor, import_id=import_id, lock=True)
    if of_import(opened.row.kind):
        raise LedgerError("ledger_layout", N_("The keys in the file's second row say what its columns hold."))
    # ID numbers are never kept, whatever anybody takes their column for.
    numbers = [one.position for one in opened.columns if columns.names_id_numbers(one.title)]
    fields = {**fields, **dict.fromkeys(numbers, columns.ID_NUMBER)}
    chosen = Layout(opened.row.kind, opened.layout.header_row, fields)
    reading.check(opened.sheet, chosen)
    opened.row.mapping = _mapping(chosen)
    _read_anew(opened.row)


def give_up(actor: Actor, *, import_id: uuid.UUID) -> LedgerImport:
    """Remove one's own upload without importing it. Raises Forbidden, NotFound; what is over stays as it is."""
    permissions.require(actor, "ledgers.import")
    row = locks.lock(LedgerImport, import_id)
    if row.uploaded_by != actor.account_id:
        raise NotFound()
    if row.state in OPEN:
        _drop(row)
    return row


def _drop(row: LedgerImport) -> None:
    row.state, row.content, row.result, row.counts, row.due_at = "given_up", None, None, {}, None
    db.session.flush()


def _read_anew(row: LedgerImport) -> None:
    """What a preview showed of an upload is forgotten: its columns are others now."""
    row.state, row.plan, row.error, row.result, row.counts = "uploaded", "", "", None, {}
    db.session.flush()


def clear(row: LedgerImport) -> None:
    """Give up a file that nobody imported in time; of an imported one forget the cells that were kept to be mended.

    The caller holds the row's lock.
    """
    if row.due_at is None or row.due_at > clock.now():
        return
    if row.state in OPEN:
        _drop(row)
    else:
        lines = row.result or []
        row.result = [{name: value for name, value in line.items() if name != "cells"} for line in lines]
        row.due_at = None
        db.session.flush()


def imports(actor: Actor, *, after: str | None = None, limit: int = 20) -> paging.Page[LedgerImport]:
    """The community's uploads, newest first, without their contents. Raises Forbidden."""
    permissions.require(actor, "ledgers.import")
    return paging.newest_first(select(LedgerImport), LedgerImport.id, after=after, limit=limit)


def glance(actor: Actor, import_id: uuid.UUID) -> LedgerImport:
    """One's own upload without what it holds or came to, to see how far it is. Raises Forbidden, NotFound."""
    permissions.require(actor, "ledgers.import")
    row = locks.get(LedgerImport, import_id)
    if row.uploaded_by != actor.account_id:
        raise NotFound()
    return row


def get_own(actor: Actor, import_id: uuid.UUID) -> LedgerImport:
    """One's own upload, whatever came of it. Raises Forbidden, NotFound (also for a colleague's)."""
    row = get_import(actor, import_id)
    if row.uploaded_by != actor.account_id:
        raise NotFound()
    return row


def get_import(actor: Actor, import_id: uuid.UUID) -> LedgerImport:
    """An upload with its result, for the office. Raises Forbidden, NotFound."""
    permissions.require(actor, "ledgers.import")
    row = db.session.scalars(
        select(LedgerImport).where(LedgerImport.id == import_id).options(undefer(LedgerImport.result))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row

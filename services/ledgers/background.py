"""Reading and importing a ledger in the background: asked for, done once whoever is killed, called off while it waits."""

import uuid

from services.communities import regions
from services.core import clock, jobs, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, Forbidden, NotFound
from services.ledgers import imports, progress, uploads
from services.ledgers.models import LedgerImport
from services.people import accounts, memberships

# What the work of each state goes back to when it is called off or refused.
BACK = {"reading": "uploaded", "importing": "read"}
# A file at which the worker dies again and again is not tried for ever.
MOST_TRIES = 4

jobs.sweep(
    "ledger_import",
    due="(state in ('reading', 'importing') or due_at <= now())",
    order="due_at",
    job="ledgers.begin",
)


def ask_reading(actor: Actor, *, import_id: uuid.UUID) -> LedgerImport:
    """Have one's own upload read and compared, for the preview; asked twice is once.

    Raises Forbidden, NotFound, Conflict when it is imported or removed.
    """
    row = _own(actor, import_id)
    if row.state == "reading":
        return row
    if row.state not in uploads.OPEN:
        raise Conflict("ledger_over", N_("This file has been imported or removed already."))
    _ask(row, "reading")
    return row


def ask_import(actor: Actor, *, import_id: uuid.UUID, digest: str, leave: bool = False) -> LedgerImport:
    """Have what was previewed as `digest` imported; asked twice is once.

    Raises Forbidden, NotFound, and Conflict when that is not what the preview shows now.
    """
    row = _own(actor, import_id)
    if row.state in ("importing", "imported"):
        return row
    if row.state != "read" or row.plan != digest:
        raise imports.changed()
    row.leave = leave
    _ask(row, "importing")
    return row


def _own(actor: Actor, import_id: uuid.UUID) -> LedgerImport:
    permissions.require(actor, "ledgers.import")
    row = locks.lock(LedgerImport, import_id)
    if row.uploaded_by != actor.account_id:
        raise NotFound()
    return row


def _ask(row: LedgerImport, state: str) -> None:
    row.done = row.total = 0
    row.state, row.error, row.begun_at, row.attempts, row.lease_until = state, "", None, 0, None
    db.session.flush()
    jobs.ring("ledgers.begin", row.community_id, row.id)


def passes(row: LedgerImport) -> int:
    """How often the work under way looks at each row: `done` and `total` count every look."""
    return imports.LOOKS.get(row.state, 1)


def call_off(actor: Actor, *, import_id: uuid.UUID) -> LedgerImport:
    """Take back what was asked for: a reading at any time, an import as long as it waits.

    Raises Forbidden, NotFound, Conflict when the import has begun.
    """
    row = _own(actor, import_id)
    if row.state == "importing" and row.begun_at is not None:
        raise Conflict("begun", N_("The import has begun and will be finished in a moment."))
    if row.state in BACK:
        row.state = BACK[row.state]
        db.session.flush()
    return row


@jobs.job("ledgers.begin", permission="ledgers.work")
def begin(actor: Actor, import_id: uuid.UUID) -> None:
    """Show that a file is being worked on, and have it done; give up one tried too often, and one nobody wants any more."""
    row = locks.lock(LedgerImport, import_id)
    if row.state not in BACK:
        uploads.clear(row)
    elif row.attempts >= MOST_TRIES:
        row.state, row.error = BACK[row.state], "failed"
    else:
        row.begun_at, row.attempts, row.done = clock.now(), row.attempts + 1, 0
        row.lease_until = clock.now() + progress.LEASE
        jobs.ring("ledgers.work", row.community_id, row.id)
    db.session.flush()


@jobs.job("ledgers.work", permission="ledgers.work")
def work(actor: Actor, import_id: uuid.UUID) -> None:
    """Read or import a file that somebody asked for, for him; what is refused is undone as a whole and said.

    The row is locked only to write what came of it: its page stays free meanwhile, and a second worker waits its turn.
    """
    locks.advisory("ledger import", actor.community_id or 0)
    row = locks.get(LedgerImport, import_id)
    db.session.refresh(row)
    if row.state not in BACK:
        return
    try:
        with db.session.begin_nested(), progress.counting(row.community_id, row.id):
            asker = _asker(row)
            if row.state == "reading":
                imports.keep_preview(asker, row)
            else:
                imports.carry_out(asker, row, digest=row.plan, leave=row.leave)
    except DomainError as refusal:
        row = locks.lock(LedgerImport, import_id)
        if row.state in BACK:
            row.state, row.error = BACK[row.state], refusal.code
            db.session.flush()


def _asker(row: LedgerImport) -> Actor:
    """Who asked, with the roles he has now. Raises Forbidden when he has left."""
    if row.uploaded_by not in accounts.names({row.uploaded_by} if row.uploaded_by else set()):
        raise Forbidden()
    account = accounts.get_account(row.uploaded_by)
    today = regions.today(row.community_id)
    roles = memberships.communities_of(account.id, today).get(row.community_id, frozenset())
    return Actor(account.id, row.community_id, roles, language=account.language, name=account.name)

"""A merge is taken back: both rows stand again as they were, with what came since staying where it came to."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import CommunityRow, db
from services.core.errors import N_, Conflict
from services.households import facts as home_facts
from services.pairings.models import Pairing, Proposal
from services.pledges.models import Allocation
from services.register import fields, merging
from services.register.fields import LIVING, MODELS, Line
from services.register.merging import UNDO
from services.register.models import Twin
from services.volunteers import facts as helper_facts


def undo(actor: Actor, *, twin_id: uuid.UUID) -> Twin:
    """Take a decision back. Of a merge: whatever moved goes back, and each field that nobody changed since is as it was.

    Raises Forbidden, NotFound, and Conflict when it is too late or something has come to depend on the merge.
    """
    permissions.require(actor, "register.merge")
    twin = locks.get(Twin, twin_id)
    rows = {one: locks.lock(MODELS[twin.kind], one) for one in sorted((twin.kept_id, twin.other_id))}
    twin = locks.lock(Twin, twin_id)
    if twin.undone_at is not None:
        raise Conflict("undone", N_("This was taken back already."))
    if twin.verdict == "same":
        _check(twin, rows[twin.kept_id].state)
    try:
        if twin.verdict == "same":
            _put_back(actor, twin, rows[twin.other_id])
        twin.undone_at, twin.undone_by = clock.now(), actor.account_id
        twin.moved, twin.before = [], []
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise merging.meanwhile() from error
    audit.record(
        actor, f"{twin.kind}.unmerged", twin.kind, twin.kept_id, other=str(twin.other_id), twin=str(twin.id)
    )
    return twin


def _check(twin: Twin, state: str) -> None:
    if clock.now() - twin.created_at > UNDO:
        raise Conflict("late", N_("A merge can be taken back for 30 days; this one is older."))
    if state not in LIVING[twin.kind]:
        raise Conflict(
            "closed",
            N_("The kept one is no longer in the register: open it again, or undo its own merge first."),
        )
    later = select(Twin.id).where(
        Twin.kept_id == twin.kept_id, Twin.verdict == "same", Twin.undone_at.is_(None), Twin.id > twin.id
    )
    if db.session.scalars(later).first():
        raise Conflict("later", N_("Another one was put into it later: undo that first."))
    moved = [(table, uuid.UUID(row_id)) for table, row_id, _said in twin.moved]
    proposals = {row_id for table, row_id in moved if table == "proposal"}
    needs = {row_id for table, row_id in moved if table == "need"}
    others = {row_id for _table, row_id in moved}
    for statement in (
        select(Pairing.id).where(Pairing.proposal_id.in_(proposals), Pairing.id.not_in(others)),
        select(Allocation.id).where(Allocation.need_id.in_(needs), Allocation.id.not_in(others)),
        select(Proposal.id).where(
            or_(*(Proposal.needs.contains([need]) for need in needs)), Proposal.id.not_in(others)
        )
        if needs
        else None,
    ):
        if statement is not None and db.session.scalars(statement).first():
            raise Conflict(
                "depends",
                N_(
                    "Since then a pairing, proposal or gift was made out of what came from the other one, so the two stay together."
                ),
            )


def _put_back(actor: Actor, twin: Twin, other: Any) -> None:
    """The last change first: the kept row lets go of door, phone and account before the other has them again."""
    _lines(twin.before)
    if twin.kind == "household":
        home_facts.claim_door(actor, other)
    else:
        helper_facts.claim_phone(actor, other)
    _lines(twin.moved)


def _lines(lines: Sequence[Line]) -> None:
    rows: dict[tuple[str, str], CommunityRow] = {}
    for table in {line[0] for line in lines}:
        model = fields.model_of(table)
        ids = {uuid.UUID(row_id) for name, row_id, _said in lines if name == table}
        statement = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update(key_share=True)
        rows |= {(table, str(row.id)): row for row in db.session.scalars(statement)}
    for table, row_id, said in reversed(lines):
        row = rows.get((table, row_id))
        if row is not None:  # else it was taken away since
            fields.take_back(row, said)
            db.session.flush()

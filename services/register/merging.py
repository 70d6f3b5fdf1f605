"""Two rows of one household or person become one; who decided that they are not is heard too."""

import uuid
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from services.communities import regions
from services.core import audit, clock, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.households import residents
from services.households.models import Household
from services.pairings import pair_locks
from services.pairings.models import STANDING, Proposal
from services.people.models import Membership
from services.register import fields, goods
from services.register.fields import FIELDS, HEAD, LIVING, MODELS, Changes
from services.register.models import Twin

# How long a merge can be undone; after that what it replaced is forgotten.
UNDO = timedelta(days=30)


def both(actor: Actor, *, kind: str, kept_id: uuid.UUID, other_id: uuid.UUID) -> tuple[Any, Any]:
    """The two rows, locked: the one to keep first. Raises Forbidden, NotFound, Conflict when one is no longer in the register."""
    permissions.require(actor, "register.merge")
    if kind not in MODELS:
        raise DomainError("kind", N_("Please choose from the list."), field="kind")
    if kept_id == other_id:
        raise DomainError("two", N_("Please choose two different ones."))
    # By id, so that two at once wait for each other in turn.
    rows = {row_id: locks.lock(MODELS[kind], row_id) for row_id in sorted((kept_id, other_id))}
    kept, other = rows[kept_id], rows[other_id]
    if not {kept.state, other.state} <= set(LIVING[kind]):
        raise Conflict("over", N_("One of the two is no longer in the register: look at the list again."))
    return kept, other


def obstacles(kept: Any, other: Any) -> list[DomainError]:
    """Why the two cannot be put together as they are; each says what to do first."""
    return list(_obstacles(kept, other))


def _obstacles(kept: Any, other: Any) -> Iterator[DomainError]:
    home = isinstance(kept, Household)
    link, across = ("household_id", "volunteer_id") if home else ("volunteer_id", "household_id")
    there = {getattr(row, across) for row in goods.living(kept.id, link)}
    if there & {getattr(row, across) for row in goods.living(other.id, link)}:
        yield Conflict(
            "pairings", N_("Both have a living pairing with the same neighbour: end one of the two first.")
        )
    if _asked(kept.id, link, across) & _asked(other.id, link, across):
        yield Conflict(
            "proposals", N_("The same proposal waits for both: answer or withdraw one of the two first.")
        )
    if home:
        said = [{row.withdrawn_on is None for row in goods.consents_of(one.id)} for one in (kept, other)]
        if all(said) and (True in said[0]) != (True in said[1]):
            yield Conflict(
                "consent",
                N_("One agrees to matching, the other took it back: ask, and record the same for both."),
            )


def _asked(owner_id: uuid.UUID, link: str, across: str) -> set[uuid.UUID]:
    rows = goods.of(Proposal, link, owner_id)
    return {getattr(row, across) for row in rows if row.state in ("draft", *STANDING)}


def merge(
    actor: Actor,
    *,
    kind: str,
    kept_id: uuid.UUID,
    other_id: uuid.UUID,
    take: Collection[str] = (),
    versions: tuple[int, int] | None = None,
) -> Twin:
    """Put `other` into `kept`: what belongs to it goes over, and `take` names the fields in which its value is the right one.

    `versions` are those of the two as somebody saw them. Raises Forbidden, NotFound, DomainError, and Conflict when one changed
    meanwhile or something stands in the way.
    """
    kept, other = both(actor, kind=kind, kept_id=kept_id, other_id=other_id)
    if versions is not None and versions != (kept.version, other.version):
        raise Conflict("changed", N_("Somebody changed this while you were writing."))
    for obstacle in obstacles(kept, other):
        raise obstacle
    moved, before = Changes(), Changes()
    with db.session.no_autoflush:
        _give_way(actor, kept, other, moved)
        _take(kind, kept, other, frozenset(take), before)
        goods.move(kept, other, moved)
    twin = Twin(
        kind=kind,
        kept_id=kept_id,
        other_id=other_id,
        verdict="same",
        moved=moved.lines,
        before=before.lines,
        decided_by=actor.account_id,
    )
    db.session.add(twin)
    (pair_locks.forget_household if kind == "household" else pair_locks.forget_helper)(other_id)
    _flush()
    _forget()
    audit.record(
        actor, f"{kind}.merged", kind, kept_id, other=str(other_id), fields=sorted(take), twin=str(twin.id)
    )
    audit.record(actor, f"{kind}.merged_into", kind, other_id, other=str(kept_id), twin=str(twin.id))
    return twin


def _give_way(actor: Actor, kept: Any, other: Any, moved: Changes) -> None:
    """The other row leaves the register first: its door, phone and account are free for the kept one."""
    account_id = other.account_id
    if account_id is None or kept.account_id is not None:
        moved.put(other, state="merged")
        if account_id != kept.account_id:
            _end_role(actor, other, moved)
    else:
        moved.put(other, state="merged", account_id=None)
        db.session.flush()
        moved.put(kept, account_id=account_id)
    db.session.flush()


def _end_role(actor: Actor, other: Any, moved: Changes) -> None:
    """Somebody who has two accounts goes on with the kept one's."""
    today = regions.today(actor.community_id)
    held = select(Membership).where(
        Membership.account_id == other.account_id,
        Membership.role == ("resident" if isinstance(other, Household) else "volunteer"),
        or_(Membership.until.is_(None), Membership.until >= today),
    )
    for membership in db.session.scalars(held):
        moved.put(membership, until=max(today, membership.since) - timedelta(days=1))


def _take(kind: str, kept: Any, other: Any, take: frozenset[str], before: Changes) -> None:
    for name in FIELDS[kind]:
        if name in take:
            before.put(kept, **{column: getattr(other, column) for column in FIELDS[kind][name]})
    if kind == "volunteer":
        # What somebody asked not to meet is only ever added to.
        if added := [one for one in other.limits if one not in kept.limits]:
            before.put(kept, limits=[*kept.limits, *added])
        return
    heads = [fields.head_of(rows) for rows in (_residents(kept.id), _residents(other.id))]
    if heads[0] is None:
        return
    if "name" in take:
        before.put(heads[0], name=kept.name)
    if heads[1] is not None:
        for name, columns in HEAD.items():
            if name in take:
                before.put(heads[0], **{column: getattr(heads[1], column) for column in columns})


def _residents(household_id: uuid.UUID) -> list[Any]:
    return residents.residents_of([household_id]).get(household_id, [])


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise meanwhile() from error


def meanwhile() -> Conflict:
    """What the database refused because somebody else was first."""
    return Conflict("meanwhile", N_("Something about one of the two changed meanwhile: look at both again."))


def _forget() -> None:
    """What can no longer be undone is not kept."""
    old = Twin.created_at < clock.now() - UNDO
    db.session.execute(update(Twin).where(old, Twin.verdict == "same").values(moved=[], before=[]))


def keep_apart(actor: Actor, *, kind: str, one_id: uuid.UUID, other_id: uuid.UUID) -> Twin:
    """Remember that the two are not the same, so that nobody is asked again. Raises Forbidden, NotFound, Conflict."""
    one, other = both(actor, kind=kind, kept_id=one_id, other_id=other_id)
    found = db.session.scalars(
        select(Twin).where(
            Twin.verdict == "different",
            Twin.undone_at.is_(None),
            or_(
                (Twin.kept_id == one.id) & (Twin.other_id == other.id),
                (Twin.kept_id == other.id) & (Twin.other_id == one.id),
            ),
        )
    ).first()
    if found:
        return found
    twin = Twin(
        kind=kind, kept_id=one.id, other_id=other.id, verdict="different", decided_by=actor.account_id
    )
    db.session.add(twin)
    db.session.flush()
    audit.record(actor, f"{kind}.kept_apart", kind, one.id, other=str(other.id))
    return twin

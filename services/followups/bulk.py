"""Many follow-ups at once, all or none: done with one remark, or handed over to one person."""

import uuid
from collections.abc import Callable, Collection, Mapping

from sqlalchemy import select

from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.followups import life, notices, plans
from services.followups.models import LIVING, FollowUp

MOST = 200


class Refused(DomainError):
    """Some of them could not be, so nothing is: `rows` says why, by follow-up."""

    def __init__(self, rows: Mapping[uuid.UUID, DomainError]) -> None:
        super().__init__("refused", N_("Nothing is changed, because these could not be:"))
        self.rows = rows


def finish(actor: Actor, *, follow_up_ids: Collection[uuid.UUID], note: str = "") -> int:
    """Mark them as done: how many. Raises Forbidden, Refused, DomainError for none, too many or the remark."""
    return len(_each(actor, follow_up_ids, lambda one: life.finish(actor, follow_up_id=one, note=note)))


def hand_over(
    actor: Actor, *, follow_up_ids: Collection[uuid.UUID], account_id: uuid.UUID | None, note: str = ""
) -> int:
    """Give them to another account, or to the staff with None, who are told once: how many.

    Raises Forbidden, Refused, DomainError for none, too many or the remark.
    """
    rows = _each(
        actor,
        follow_up_ids,
        lambda one: life.give(actor, follow_up_id=one, account_id=account_id, note=note),
    )
    notices.tell_handed_over(actor, rows)
    return len(rows)


def _each(
    actor: Actor, follow_up_ids: Collection[uuid.UUID], act: Callable[[uuid.UUID], FollowUp]
) -> list[FollowUp]:
    permissions.require(actor, "followups.act")
    wanted = sorted(set(follow_up_ids))
    if not wanted:
        raise DomainError("none", N_("Please tick at least one."), field="id")
    if len(wanted) > MOST:
        raise DomainError("many", N_("Please choose at most %(most)s at once."), field="id", most=MOST)
    kinds = select(FollowUp.subject_kind).where(FollowUp.id.in_(wanted)).distinct()
    for kind in sorted(db.session.scalars(kinds)):
        plans.hold(actor, kind)
    # All before the first effect and by id, so that two at once wait for each other in turn.
    locked = select(FollowUp.id).where(FollowUp.id.in_(wanted)).order_by(FollowUp.id)
    db.session.execute(locked.with_for_update(key_share=True))
    moved: list[FollowUp] = []
    refused: dict[uuid.UUID, DomainError] = {}
    for one in wanted:
        try:
            # Once more is no harm for one; among many, whose remark it carries must be plain.
            if life.get(actor, one).state not in LIVING:
                raise Conflict(
                    "over",
                    N_(
                        "This follow-up is over: it was done or is no longer needed. Nothing more is to be done about it."
                    ),
                )
            moved.append(act(one))
        except NotFound:
            refused[one] = DomainError(
                "not_yours",
                N_(
                    "Only who is in charge of it, or the staff, can change it. Ask them to do it or to hand it over to you."
                ),
            )
        except DomainError as error:
            # What the role does not include, or a remark that cannot be, is said once and not of each.
            if error.status == 403 or error.field == "note":
                raise
            refused[one] = error
    if refused:
        raise Refused(refused)
    return moved

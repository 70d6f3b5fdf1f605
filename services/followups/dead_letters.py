"""A message that reached nobody becomes something to do for the office: find out why, and tell the person otherwise."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from services.communities import regions
from services.core import clock, jobs, locks
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import NotFound
from services.followups import life, plans, subjects
from services.followups.models import LIVING, FollowUp
from services.messages import channels
from services.messages.models import Message
from services.people import accounts

JOB = "followups.dead_letters"
KIND = "message"
WAYS = {
    "push": ("设备通知", "notification"),
    "email": ("邮件", "e-mail"),
    "sms": ("短信", "SMS"),
    "chat": ("群聊", "chat"),
}

plans.declare(
    "unreached",
    name="联系不上",
    name_en="Could not be reached",
    subject_kind=KIND,
    event="failed",
    after_days=0,
    owner=plans.STAFF,
)


@jobs.job(JOB, permission="followups.sweep")
def notice(actor: Actor, message_id: uuid.UUID) -> None:
    """Make one follow-up about the person whom a message, and perhaps others, did not reach."""
    message = locks.get(Message, message_id)
    channels.alone_with(message.account_id)
    rows = _unnoticed(message.account_id)
    if rows and _is_reachable_at_all(message.account_id) and not _known(message.account_id):
        told = [row for row in rows if not _is_about_a_dead_letter(row)]
        if told:
            _start(actor, told[0])
    for row in rows:
        row.noticed_at, row.lease_until = clock.now(), None
    db.session.flush()


def _start(actor: Actor, message: Message) -> None:
    life.start(
        actor,
        event="failed",
        subject_kind=KIND,
        subject_id=message.id,
        day=regions.today(actor.community_id),
        owners={},
    )


def _unnoticed(account_id: uuid.UUID) -> Sequence[Message]:
    return db.session.scalars(
        select(Message)
        .where(Message.account_id == account_id, Message.state == "failed", Message.noticed_at.is_(None))
        .order_by(Message.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _is_reachable_at_all(account_id: uuid.UUID) -> bool:
    """Whether the account is still in use: nobody has to reach one that is closed."""
    try:
        return accounts.get_account(account_id).active
    except NotFound:
        return False


def _known(account_id: uuid.UUID) -> bool:
    """Whether the office still has to see to an earlier one of this person's."""
    earlier = select(Message.id).where(Message.account_id == account_id)
    statement = select(FollowUp.id).where(
        FollowUp.subject_kind == KIND, FollowUp.subject_id.in_(earlier), FollowUp.state.in_(LIVING)
    )
    return db.session.scalars(statement.limit(1)).first() is not None


def _is_about_a_dead_letter(message: Message) -> bool:
    """A reminder of such a follow-up that fails itself makes no other: that would never end."""
    if message.subject_kind != "followup":
        return False
    about = select(FollowUp.subject_kind).where(FollowUp.id == message.subject_id)
    return db.session.scalars(about).one_or_none() == KIND


def _describe(actor: Actor, ids: set[uuid.UUID]) -> dict[uuid.UUID, subjects.Subject]:
    if not actor.has("staff", "admin") or actor.community_id is None:
        return {}
    rows = db.session.scalars(select(Message).where(Message.id.in_(ids))).all()
    names = accounts.names({row.account_id for row in rows})
    path = f"/c/{regions.get_community(actor.community_id).code}/messages/sent"
    english = actor.language == "en"
    named: dict[uuid.UUID, subjects.Subject] = {}
    for row in rows:
        name = names.get(row.account_id, "somebody" if english else "一位成员")
        title = (
            f"Could not reach {name} by {WAYS[row.channel][1]}"
            if english
            else f"{WAYS[row.channel][0]}联系不上{name}"
        )
        named[row.id] = subjects.Subject(title, f"{path}?message={row.id}")
    return named


subjects.register(KIND, _describe)
# The same condition as the sweeper's policy sweeper_dead in migration 0014.
jobs.sweep("message", due="state = 'failed' and noticed_at is null", order="due_at", job=JOB)

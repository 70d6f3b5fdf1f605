"""When a message may leave: quiet hours, the morning's digest, so many texts a day, so many a minute from one community."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, distinct, func, select, update

from services.communities.models import Community
from services.core import scope
from services.core.db import db
from services.core.errors import N_
from services.messages.models import Message, Preference

TEXTS_A_DAY = 3
APART = timedelta(seconds=10)
MORNING = time(9)
MINUTE = timedelta(minutes=1)

WAITS = {
    "quiet": N_("Quiet hours of this person."),
    "digest": N_("This person wants one message a day, in the morning."),
    "limit": N_("This person has had enough messages for one day."),
    "apart": N_("This person has just had a message; what comes meanwhile follows as one."),
    "behind": N_("An earlier message to this person is still on its way."),
    "rate": N_("Many messages are going out at the moment; this one has its turn soon."),
}


def next_morning(now: datetime, zone: str) -> datetime:
    """The next nine in the morning by the clocks of `zone`, now included."""
    today = now.astimezone(ZoneInfo(zone)).date()
    morning = datetime.combine(today, MORNING, ZoneInfo(zone))
    return morning if morning >= now else datetime.combine(today + timedelta(days=1), MORNING, ZoneInfo(zone))


def quiet_end(preference: Preference, now: datetime, zone: str) -> datetime | None:
    """When the quiet hours that `now` lies in are over; None outside of them."""
    begin, end = preference.quiet_from, preference.quiet_until
    if begin is None or end is None:
        return None
    local = now.astimezone(ZoneInfo(zone))
    clock, day = local.time(), local.date()
    quiet = begin <= clock < end if begin < end else not end <= clock < begin
    if not quiet:
        return None
    if clock >= end:
        day += timedelta(days=1)
    over = datetime.combine(day, end, ZoneInfo(zone))
    # Where clocks are set back the hour comes twice: once quiet is enough.
    return over if over > now else None


def until(preference: Preference, now: datetime, zone: str) -> tuple[datetime, str] | None:
    """Until when a text to this person waits, and why (a code of WAITS); None when it may go now.

    Texts keep a distance: many follow-ups that are due at once are two texts, not three and a wait till the morning.
    """
    over = quiet_end(preference, now, zone)
    if over is not None:
        return over, "quiet"
    midnight = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(0), ZoneInfo(zone))
    today = Message.account_id == preference.account_id, Message.sent_at.between(midnight, now)
    if _texts(*today) >= TEXTS_A_DAY:
        return next_morning(midnight + timedelta(days=1), zone), "limit"
    last = db.session.scalar(select(func.max(Message.sent_at)).where(Message.channel != "inbox", *today))
    return (last + APART, "apart") if last is not None and now < last + APART else None


def crowded(community: Community, now: datetime) -> bool:
    """Whether the community has sent its share of this minute; workers at the same moment may exceed it by one each."""
    return _texts(Message.sent_at > now - MINUTE) >= community.messages_a_minute


def spread(community: Community, now: datetime) -> None:
    """Give all that is due in the community its turn, so many a minute, so that the worker is free for others meanwhile.

    What another worker is sending just now is left to it.
    """
    due = (
        select(Message.id)
        .where(_of_community(), Message.channel != "inbox", Message.state == "queued", Message.due_at <= now)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    turn = select(due.c.id, func.row_number().over(order_by=due.c.id).label("turn")).cte("turn")
    seconds = func.ceil(turn.c.turn * (60.0 / community.messages_a_minute)) + 1
    db.session.execute(
        update(Message)
        .where(_of_community(), Message.id == turn.c.id)
        .values(
            due_at=now + func.make_interval(0, 0, 0, 0, 0, 0, seconds),
            error=func.coalesce(Message.error, "rate"),
            lease_until=None,
        )
        .execution_options(synchronize_session=False)
    )


def _texts(*conditions: ColumnElement[bool]) -> int:
    """How many texts left the product; rows that left as one share their reference."""
    statement = select(func.count(distinct(Message.reference))).where(Message.channel != "inbox", *conditions)
    return db.session.scalars(statement).one()


def _of_community() -> ColumnElement[bool]:
    return Message.community_id == scope.community_id()

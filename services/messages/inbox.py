"""What a person has been told, and whether he has read it."""

from sqlalchemy import func, select

from services.core.actor import Actor
from services.core.db import db
from services.messages.models import Message


def unread(actor: Actor) -> int:
    """How many inbox messages of the actor wait to be read."""
    statement = select(func.count()).where(
        Message.account_id == actor.account_id, Message.channel == "inbox", Message.read_at.is_(None)
    )
    return db.session.scalars(statement).one()

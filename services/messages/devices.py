"""A person's own devices that show a notification when there is a message."""

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.core import audit, clock, crypto, locks, permissions, scope
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, DomainError, NotFound
from services.messages import preferences, push
from services.messages.models import PushSubscription
from services.messages.push import Address

# The one that was added first makes room for another.
MOST = 5


def own(actor: Actor) -> Sequence[PushSubscription]:
    """The actor's own devices, the newest first. Raises Forbidden, NotFound."""
    permissions.require(actor, "messages.read_own")
    return list(reversed(of(preferences.account_of(actor))))


def of(account_id: uuid.UUID) -> Sequence[PushSubscription]:
    """An account's devices here, the first added first."""
    rows = select(PushSubscription).where(PushSubscription.account_id == account_id)
    return db.session.scalars(rows.order_by(PushSubscription.created_at, PushSubscription.id)).all()


def has_any(account_id: uuid.UUID) -> bool:
    """Whether an account can be notified on a device."""
    found = select(PushSubscription.id).where(PushSubscription.account_id == account_id).limit(1)
    return push.is_configured() and db.session.scalars(found).first() is not None


def subscribe(actor: Actor, *, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """Notify the actor on the device behind `endpoint`; a browser that was there already, perhaps somebody else's, is taken over.

    A person who did not want this channel is reached by it first from now on. Raises Forbidden, NotFound, DomainError
    for what is no browser's address.
    """
    permissions.require(actor, "messages.read_own")
    account_id = preferences.account_of(actor)
    if not push.is_configured():
        raise DomainError("no_push", N_("Notifications are not set up here."), field="endpoint")
    push.checked(Address(endpoint, p256dh, auth))
    preferences.want_first(account_id, "push")
    key = crypto.lookup_key("push", endpoint)
    values = {
        "account_id": account_id,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "created_at": clock.now(),
    }
    added = insert(PushSubscription).values(
        community_id=scope.community_id(), id=new_id(), endpoint_key=key, **values
    )
    unique = ["community_id", "endpoint_key"]
    db.session.execute(added.on_conflict_do_update(index_elements=unique, set_=values))
    row = db.session.scalars(
        select(PushSubscription)
        .where(PushSubscription.endpoint_key == key)
        .execution_options(populate_existing=True)
    ).one()
    audit.record(actor, "device.added", "push_subscription", row.id)
    for old in of(account_id)[:-MOST]:
        _remove(actor, old)
    return row


def unsubscribe(actor: Actor, *, device_id: uuid.UUID) -> None:
    """Notify the actor on a device of his no more. Raises Forbidden, NotFound."""
    permissions.require(actor, "messages.read_own")
    row = locks.lock(PushSubscription, device_id)
    if row.account_id != actor.account_id:
        raise NotFound()
    _remove(actor, row)


def notify(account_id: uuid.UUID, text: dict[str, str], *, topic: str) -> str | None:
    """Notify an account on all its devices: None when at least one service took the text, else why not.

    "gone": no device is left. Devices that are no more are forgotten.
    """
    outcomes = [_notify(row, text, topic) for row in of(account_id)]
    if None in outcomes:
        return None
    for_now = [one for one in outcomes if one not in ("gone", "refused")]
    return for_now[0] if for_now else "refused" if "refused" in outcomes else "gone"


def _notify(row: PushSubscription, text: dict[str, str], topic: str) -> str | None:
    outcome = push.send(Address(row.endpoint, row.p256dh, row.auth), text, topic=topic)
    if outcome == "gone":
        # By whose it is too: somebody else may have taken this browser over meanwhile.
        gone = delete(PushSubscription).where(
            PushSubscription.id == row.id, PushSubscription.account_id == row.account_id
        )
        db.session.execute(gone)
    return outcome


def _remove(actor: Actor, row: PushSubscription) -> None:
    audit.record(actor, "device.removed", "push_subscription", row.id)
    db.session.delete(row)
    db.session.flush()

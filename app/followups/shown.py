"""What a list of follow-ups and the page of one both show."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import g

from app import forms
from services.communities import regions
from services.core.errors import N_, DomainError
from services.followups import lists, plans, subjects
from services.followups.models import FollowUp
from services.people import accounts

STAFF = lists.STAFF
STATES = {
    "open": N_("To do"),
    "reminded": N_("Reminded"),
    "escalated": N_("Escalated"),
    "done": N_("Done"),
    "closed": N_("Closed"),
}
TONES = {"open": "plain", "reminded": "wait", "escalated": "bad", "done": "good", "closed": "plain"}


def around(rows: Sequence[FollowUp], more: set[uuid.UUID | None] | None = None) -> dict[str, Any]:
    """What the rows need to be shown: their plans, subjects and owners' names."""
    accounts_shown = (more or set()) | {row.owner_id for row in rows} | {row.deputy_id for row in rows}
    return {
        "plans": plans.by_id({row.plan_id for row in rows}),
        "subjects": subjects.of(g.actor, [(row.subject_kind, row.subject_id) for row in rows]),
        "names": accounts.names({one for one in accounts_shown if one is not None}),
        "today": regions.today(g.actor.community_id),
        "states": STATES,
        "tones": TONES,
    }


def taker(chosen: str) -> uuid.UUID | None:
    """The account chosen to take something over; None for the staff. Raises DomainError for what is neither."""
    account_id = None if chosen == STAFF else forms.id_of(chosen)
    if chosen != STAFF and account_id is None:
        raise DomainError("to", N_("Please choose one of the list."), field="to")
    return account_id

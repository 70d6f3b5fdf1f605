"""The next duty on a helper's first page, and the next visit on a household's."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext

from app.language import weekday
from services.communities import regions
from services.followups import answers, appointments, life, plans, subjects
from services.followups.models import FollowUp, FollowUpEntry
from services.households import disclosure
from services.pairings import pairings
from services.visits import parties
from services.visits.parties import Parties

LOOKED_AT = 12
LATER = 3


@dataclass(frozen=True)
class Duty:
    """One thing to do: what, about whom, when, and what was said to it. `there` is empty for what is no pairing's."""

    row: FollowUp
    plan: Any
    whom: str
    when: str
    late: bool
    said: FollowUpEntry | None
    there: Parties | None

    @property
    def own(self) -> bool:
        """True when the reader is the household's own helper."""
        return self.there is not None and self.there.is_helper(g.actor)


def next_up() -> dict[str, Any]:
    """The helper's next duty, those after it, and those he said he cannot do."""
    duties = _duties(answers.in_charge(g.actor, limit=LOOKED_AT))
    refused = [one for one in duties if one.said and one.said.action == "cannot"]
    open_now = [one for one in duties if one not in refused]
    return {
        "next": open_now[0] if open_now else None,
        "later": open_now[1 : 1 + LATER],
        "refused": refused,
        "reasons": life.REASONS,
    }


def expected() -> list[tuple[str, str]]:
    """Who comes to the reader's household and when, as far as it is agreed."""
    mine = [one for one in pairings.own_pairings(g.actor) if one.side_of(g.actor) == "household"]
    agreed = appointments.agreed("pairing", {one.row.id for one in mine})
    return [(one.volunteer.name, _when(agreed[one.row.id])) for one in mine if one.row.id in agreed]


def _duties(rows: Sequence[FollowUp]) -> list[Duty]:
    about = {row.subject_id for row in rows if row.subject_kind == "pairing"}
    pairs = parties.of_pairings(about)
    places = disclosure.place_labels([one.household for one in pairs.values()], g.actor.language)
    named = plans.by_id({row.plan_id for row in rows})
    others = subjects.of(
        g.actor, [(row.subject_kind, row.subject_id) for row in rows if row.subject_id not in about]
    )
    said = answers.given(g.actor, rows)
    today = regions.today(g.actor.community_id)
    duties = []
    for row in rows:
        there = pairs.get(row.subject_id)
        whom = (
            f"{there.household.name} · {places[there.household.id]}"
            if there
            else _title(others, row.subject_id)
        )
        late = row.due_on < today
        duties.append(Duty(row, named[row.plan_id], whom, _when(row), late, said.get(row.id), there))
    return duties


def _title(others: dict[uuid.UUID, subjects.Subject], subject_id: uuid.UUID) -> str:
    return others[subject_id].title if subject_id in others else ""


def _when(row: FollowUp) -> str:
    """The day in words, with its hour when one is agreed."""
    days = (row.due_on - regions.today(g.actor.community_id)).days
    hour = f" {row.agreed_at:%H:%M}" if row.agreed_at else ""
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days) + f" · {weekday(row.due_on)}"
    if days == 0:
        return _("today") + hour
    return (_("tomorrow") if days == 1 else weekday(row.due_on)) + hour

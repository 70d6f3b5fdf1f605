"""Finding households, without opening what is sealed."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import load_only

from services.communities.models import Building
from services.core import audit, paging, permissions
from services.core.actor import Actor
from services.households import facts
from services.households.models import Household, Need, Resident
from services.households.registration import CONSENT, STATES
from services.people import finding
from services.people.models import Consent

# What a list shows of a household.
LISTED = (Household.name, Household.building_id, Household.entrance, Household.places, Household.state)


@dataclass(frozen=True)
class Wanted:
    """What is looked for; what is left out does not narrow.

    `text` is part of the name, a whole phone or its last four digits; `building` a number; `place` and `entrance` one building by its id, and one of its
    entrances ("": none recorded); `asking` has asked for help itself and waits for the office; `kind` an open need;
    `urgency` that of the most urgent open need; `among` and `outside` are ids another area knows.
    """

    text: str = ""
    building: str = ""
    place: uuid.UUID | None = None
    entrance: str | None = None
    category: str = ""
    state: str = "active"
    kind: str = ""
    urgency: int | None = None
    in_need: bool = False
    without_consent: bool = False
    asking: bool = False
    among: Collection[uuid.UUID] | None = None
    outside: Collection[uuid.UUID] | None = None


def search(
    actor: Actor, wanted: Wanted, *, after: str | None = None, limit: int = 50
) -> paging.Page[Household]:
    """A page of households, newest first. A search by category is audited: it tells something about people.

    Raises Forbidden.
    """
    permissions.require(actor, "households.read")
    state = wanted.state if wanted.state in STATES else "active"
    # What stays masked in a list is not opened for it.
    statement = select(Household).where(Household.state == state).options(load_only(*LISTED))
    if wanted.building:
        numbers = select(Building.id).where(
            Building.community_id == actor.community_id,
            Building.number == facts.normal_place(wanted.building),
        )
        statement = statement.where(Household.building_id.in_(numbers))
    if wanted.place is not None:
        statement = statement.where(Household.building_id == wanted.place)
        if wanted.entrance is not None:
            statement = statement.where(Household.entrance == wanted.entrance)
    if wanted.category:
        key = facts.category_key(wanted.category)
        statement = statement.where(Household.category_keys.contains([key]))
        audit.record(actor, "household.searched", "community", None, category=wanted.category[:30])
    if wanted.without_consent:
        agreed = select(Consent.subject_id).where(
            Consent.community_id == actor.community_id,
            Consent.subject_kind == "household",
            Consent.purpose == CONSENT,
            Consent.withdrawn_on.is_(None),
        )
        statement = statement.where(Household.id.not_in(agreed))
    if wanted.among is not None:
        statement = statement.where(Household.id.in_(wanted.among))
    if wanted.outside is not None:
        statement = statement.where(Household.id.not_in(wanted.outside))
    statement = _by_needs(actor, statement, wanted).where(_by_text(actor, wanted.text.strip()))
    return paging.newest_first(statement, Household.id, after=after, limit=limit)


def _by_text(actor: Actor, text: str) -> ColumnElement[bool]:
    """The household itself, or somebody who lives there."""
    found = finding.by_text(Household, text)
    if not text or finding.by_phone(Household, text) is not None:
        return found
    at_home = select(Resident.household_id).where(
        Resident.community_id == actor.community_id, finding.by_name(Resident.name_keys, text)
    )
    return or_(found, Household.id.in_(at_home))


def _by_needs(actor: Actor, statement: Select[Any], wanted: Wanted) -> Select[Any]:
    mine: tuple[ColumnElement[bool], ...] = (Need.community_id == actor.community_id, Need.state == "open")
    if wanted.asking:
        asked = select(Need.household_id).where(
            Need.community_id == actor.community_id, Need.state == "asked"
        )
        statement = statement.where(Household.id.in_(asked))
    if wanted.in_need:
        statement = statement.where(Household.id.in_(select(Need.household_id).where(*mine)))
    if wanted.kind:
        of_kind = select(Need.household_id).where(*mine, Need.kind == wanted.kind)
        statement = statement.where(Household.id.in_(of_kind))
    if wanted.urgency:
        urgent = (
            select(Need.household_id)
            .where(*mine)
            .group_by(Need.household_id)
            .having(func.max(Need.urgency) == wanted.urgency)
        )
        statement = statement.where(Household.id.in_(urgent))
    return statement

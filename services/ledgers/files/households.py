"""The file of households: one row, one household with its head."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from services.communities.catalogue import (
    CIRCUMSTANCES,
    GENDERS,
    HOUSEHOLD_CATEGORIES,
    LANGUAGES,
    WISHED_GENDER,
    Term,
)
from services.communities.models import Building
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import N_, DomainError
from services.households import registration, residents
from services.households.models import Household, Resident
from services.ledgers.files.cells import DAY, one, several, text, whole
from services.ledgers.files.kinds import ID_FIELD, Field, Kind, Values, picked

_STATES = (
    Term("active", "Served", "服务中"),
    Term("moved", "Moved away", "已搬离"),
    Term("deceased", "Deceased", "已故"),
    Term("closed", "Closed", "已关闭"),
)
_EVIDENCE = (
    Term("paper", "Signed on paper", "书面签字"),
    Term("call", "Said in a call", "电话中同意"),
    Term("account", "Given in the own account", "本人在账号中同意"),
)
_FACTS = ("estate", "building", "entrance", "door", "name", "phone", "people", "categories", "languages")
_MORE_FACTS = ("circumstances", "gender_wish", "note", "places")

FIELDS = (
    ID_FIELD,
    Field("name", N_("Head of household"), text(60, filled=True)),
    Field("state", N_("State"), one(_STATES), fixed=True),
    Field("estate", N_("Estate"), text(60)),
    Field("building", N_("Building"), text(20)),
    Field("entrance", N_("Building unit"), text(20)),
    Field("door", N_("Door"), text(20), sealed="door"),
    Field("phone", N_("Phone"), text(40, empty=None), sealed="contact"),
    Field("gender", N_("Gender"), one(GENDERS)),
    Field("birthday", N_("Birth date"), DAY, sealed="sensitive"),
    Field("people", N_("People in the household"), whole(1, 50)),
    Field("categories", N_("Categories"), several(HOUSEHOLD_CATEGORIES), sealed="sensitive"),
    Field("languages", N_("Languages"), several(LANGUAGES)),
    Field("circumstances", N_("Circumstances at home"), several(CIRCUMSTANCES)),
    Field("gender_wish", N_("Wishes for a helper who is"), one(WISHED_GENDER)),
    Field("places", N_("Helpers at most"), whole(1, 20, filled=True)),
    Field("consent", N_("Consent"), DAY),
    Field("evidence", N_("How consent was given"), one(_EVIDENCE)),
    Field("note", N_("Notes"), text(2000, empty=None), sealed="sensitive"),
)


def values(rows: Sequence[Household]) -> list[dict[str, Any]]:
    """What is known of each household, with its head and its consent."""
    ids = [row.id for row in rows]
    places = {
        one.id: one
        for one in db.session.scalars(
            select(Building).where(among(Building.id, {r.building_id for r in rows}))
        )
    }
    heads = {
        one.household_id: one
        for one in db.session.scalars(
            select(Resident).where(Resident.head.is_(True), among(Resident.household_id, ids))
        )
    }
    agreed = registration.consented(ids)
    return [_values(row, places[row.building_id], heads.get(row.id), agreed.get(row.id)) for row in rows]


def _values(row: Household, place: Building, head: Resident | None, consent: Any) -> dict[str, Any]:
    found = {
        name: getattr(row, name) for name in ("id", "state", *_FACTS[2:], *_MORE_FACTS) if name != "building"
    }
    return found | {
        "estate": place.estate,
        "building": place.number,
        "gender": head.gender if head else "",
        "birthday": date.fromisoformat(head.birthday) if head and head.birthday else None,
        "consent": consent.given_on if consent else None,
        "evidence": consent.evidence if consent else "",
    }


def add(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Register a household; one that was served earlier is closed as it was."""
    registration.register_household(
        actor,
        row_id=row_id,
        gender=said.get("gender", ""),
        birthday=said.get("birthday"),
        consent_on=said.get("consent"),
        evidence=said.get("evidence") or "paper",
        **picked(said, *_FACTS, *_MORE_FACTS),
    )
    if said.get("state", "active") not in ("", "active"):
        registration.close_household(actor, household_id=row_id, reason=said["state"])


def change(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Change what a file says otherwise."""
    facts = picked(said, *_FACTS, *_MORE_FACTS)
    if facts:
        registration.update_household(actor, household_id=row_id, **facts)
    if "gender" in said or "birthday" in said:
        residents.change_head(actor, household_id=row_id, **picked(said, "gender", "birthday"))
    if "consent" in said or "evidence" in said:
        _change_consent(actor, row_id, said)


def _change_consent(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    known, day = registration.consented([row_id]).get(row_id), said.get("consent")
    if known is None and day:
        evidence = said.get("evidence") or "paper"
        registration.give_consent(actor, household_id=row_id, day=day, evidence=evidence)
    elif known is not None and "consent" in said and day is None:
        registration.withdraw_consent(actor, household_id=row_id)
    else:
        raise DomainError(
            "consent",
            N_(
                "A consent that holds stays as it was given. Empty the cell to record that it was taken back."
            ),
            field="consent",
        )


HOUSEHOLDS = Kind(
    key="households",
    subject="household",
    label=N_("Households"),
    permission="households.read",
    model=Household,
    fields=FIELDS,
    values=values,
    add=add,
    change=change,
    gone=Household.state == "merged",
)

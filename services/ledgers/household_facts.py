"""What a household entry says, and what Linli has of the same household, in values that can be compared."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from services.core.db import db
from services.households import registration
from services.households.facts import Facts
from services.households.models import Household, Need, Resident
from services.ledgers import steps
from services.ledgers.cells.needs import Need as NeedEntry
from services.ledgers.households import HouseholdEntry
from services.ledgers.steps import Values
from services.people import consents
from services.people.models import Consent

KIND = "household"
LIVING = ("open", "asked")
_COLUMNS = ("name", "phone", "people", "categories", "languages", "circumstances", "gender_wish", "note")


@dataclass
class Known:
    """What Linli has, by what a ledger can find it by."""

    doors: dict[str, Household]
    phones: dict[tuple[str, str], Household]
    heads: dict[uuid.UUID, Resident]
    needs: dict[uuid.UUID, dict[str, Need]]
    consents: dict[uuid.UUID, Consent]
    said: dict[uuid.UUID, dict[str, str]]


def known() -> Known:
    """The households Linli serves, read once for a whole ledger; of a kind of need the living one before closed ones."""
    living = registration.active()
    heads = db.session.scalars(select(Resident).where(Resident.head.is_(True)))
    kinds: dict[uuid.UUID, dict[str, Need]] = {}
    for need in db.session.scalars(select(Need).order_by(Need.state.in_(LIVING), Need.id)):
        kinds.setdefault(need.household_id, {})[need.kind] = need
    return Known(
        {row.door_key: row for row in living},
        {(row.name, row.phone_key): row for row in living if row.phone_key},
        {row.household_id: row for row in heads},
        kinds,
        consents.latest(subject_kind=KIND, purpose=registration.CONSENT),
        steps.remembered(KIND),
    )


def said_of(entry: HouseholdEntry) -> Values:
    """What the entry says, and only that: an empty cell says nothing."""
    circumstances = set(entry.circumstances)
    if entry.gender == "male" and "living_alone" in entry.categories:
        circumstances.add("male_living_alone")  # what helpers who do not go to men living alone are kept from
    values: Values = {
        "name": entry.name,
        "gender": entry.gender,
        "birthday": entry.birth.isoformat() if entry.birth else None,
        "phone": entry.phone,
        "people": entry.people,
        "categories": sorted(entry.categories),
        "languages": sorted(entry.languages),
        "circumstances": sorted(circumstances),
        "gender_wish": entry.wished_gender,
        "note": entry.notes,
        "consent": entry.consent_on.isoformat() if entry.consent_on else None,
    }
    said = {name: value for name, value in values.items() if value}
    return said | {f"need:{need.kind}": _amount(entry, need) for need in entry.needs}


def _amount(entry: HouseholdEntry, need: NeedEntry) -> Values:
    amount: Values = {}
    if need.once or need.hours_per_week is not None or need.times_per_week is not None:
        hours = need.hours_per_week
        amount = {"hours": str(hours) if hours else None, "times": need.times_per_week, "once": need.once}
    if entry.urgency:
        amount["urgency"] = entry.urgency
    if entry.week:
        amount["week"] = entry.week
    return amount


def columns_of(said: Values) -> Facts:
    """The household's own columns among what is said."""
    return {name: said[name] for name in _COLUMNS if name in said}  # type: ignore[return-value]


def present(row: Household, said: Values, known: Known) -> Values:
    """What Linli has of a household, of each need only the parts that are said."""
    head, consent = known.heads.get(row.id), known.consents.get(row.id)
    has: Values = {name: getattr(row, name) for name in _COLUMNS}
    for name in ("categories", "languages", "circumstances"):
        has[name] = sorted(has[name])
    has["gender"] = head.gender if head else None
    has["birthday"] = head.birthday if head else None
    if consent and consent.withdrawn_on is None:
        has["consent"] = said.get("consent")  # one that holds is enough, whenever it was given
    for kind, need in known.needs.get(row.id, {}).items():
        amount = said.get(f"need:{kind}")
        if amount is not None and need.state in LIVING:
            hours = str(need.hours) if need.hours else None
            whole = {"hours": hours, "times": need.times, "once": need.once}
            whole |= {"urgency": need.urgency, "week": need.week}
            has[f"need:{kind}"] = {name: whole[name] for name in amount}
    return has

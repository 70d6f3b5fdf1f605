"""What a volunteer entry says, and what Linli has of the same helper, in values that can be compared."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from services.communities import regions
from services.communities.models import Building
from services.core.db import db
from services.ledgers import steps
from services.ledgers.steps import Values
from services.ledgers.volunteers import VolunteerEntry
from services.volunteers import profiles
from services.volunteers.facts import UNCLAIMED, Facts
from services.volunteers.models import Credential, Exclusion, Volunteer

KIND = "volunteer"
_COLUMNS = (
    "name",
    "gender",
    "party",
    "party_kind",
    "employer",
    "languages",
    "week",
    "places",
    "limits",
    "note",
)


@dataclass
class Known:
    """What Linli has, by what a register can find it by."""

    phones: dict[str, Volunteer]
    names: dict[str, list[Volunteer]]
    skills: dict[uuid.UUID, dict[str, int]]
    credentials: dict[uuid.UUID, dict[str, Credential]]
    exclusions: dict[uuid.UUID, set[tuple[str, str]]]
    buildings: dict[uuid.UUID, Building]
    said: dict[uuid.UUID, dict[str, str]]


def known() -> Known:
    """The helpers the office knows, read once for a whole register."""
    # Not yet, or never, one of the office's helpers; the office looks at an application by itself.
    rows = db.session.scalars(
        select(Volunteer).where(Volunteer.state.not_in(UNCLAIMED)).order_by(Volunteer.id)
    ).all()
    names: dict[str, list[Volunteer]] = {}
    for row in rows:
        names.setdefault(row.name, []).append(row)
    papers: dict[uuid.UUID, dict[str, Credential]] = {}
    for paper in db.session.scalars(select(Credential)):
        papers.setdefault(paper.volunteer_id, {})[paper.kind] = paper
    barred: dict[uuid.UUID, set[tuple[str, str]]] = {}
    for one in db.session.scalars(select(Exclusion)):
        barred.setdefault(one.volunteer_id, set()).add((one.building, one.surname))
    return Known(
        {row.phone_key: row for row in rows if row.phone_key},
        names,
        profiles.all_skills(),
        papers,
        barred,
        {row.id: row for row in regions.buildings()},
        steps.remembered(KIND),
    )


def said_of(entry: VolunteerEntry) -> Values:
    """What the entry says, and only that: an empty cell says nothing."""
    values: Values = {
        "name": entry.name,
        "gender": entry.gender,
        "birthday": _iso(entry.birth),
        "phone": entry.phone,
        "party": entry.political_status,
        "party_kind": entry.party_registration,
        "employer": entry.employer,
        "skills": sorted(entry.skills),
        "languages": sorted(entry.languages),
        "week": entry.week,
        "hours": _hours(entry.hours_per_week),
        "building": [entry.address.estate, entry.address.building] if entry.address else None,
        "limits": sorted(entry.limits.bars),
        "disputes": sorted([one.building, one.surname] for one in entry.limits.disputes),
        "note": _note(entry),
        "registered_on": _iso(entry.registered_on),
    }
    said = {name: value for name, value in values.items() if value}
    if entry.places is not None:
        said["places"] = entry.places
    for paper in entry.credentials:
        said[f"check:{paper.kind}"] = {"issued_on": _iso(paper.issued), "expires_on": _iso(paper.expires)}
    return said


def _note(entry: VolunteerEntry) -> str:
    """What has no field of its own stays readable for the office, in the words of its register."""
    address = "" if entry.address else entry.address_text
    parts = [("", entry.notes), ("回避事项：", entry.limits.notes), ("住址：", address)]
    return "\n".join(f"{label}{text}" for label, text in parts if text)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _hours(hours: Decimal | None) -> str | None:
    """Hours a week are kept to a tenth, and never as none."""
    return str(max(hours.quantize(Decimal("0.1")), Decimal("0.1"))) if hours is not None else None


def columns_of(said: Values) -> Facts:
    """The profile's own columns among what is said, but for phone, skills and building."""
    found: dict[str, Any] = {name: said[name] for name in _COLUMNS if name in said}
    if "birthday" in said:
        found["birthday"] = date.fromisoformat(said["birthday"])
    if "hours" in said:
        found["hours"] = Decimal(said["hours"])
    return found  # type: ignore[return-value]


def present(row: Volunteer, said: Values, known: Known) -> Values:
    """What Linli has of a helper."""
    has: Values = {name: getattr(row, name) for name in (*_COLUMNS, "phone", "birthday")}
    for name in ("languages", "limits"):
        has[name] = sorted(has[name])
    has["skills"] = sorted(known.skills.get(row.id, {}))
    has["hours"] = _hours(row.hours)
    has["registered_on"] = _iso(row.registered_on)
    building = known.buildings.get(row.building_id) if row.building_id else None
    has["building"] = [building.estate, building.number] if building else None
    has["disputes"] = _present_disputes(said.get("disputes", []), known.exclusions.get(row.id, set()))
    for kind, paper in known.credentials.get(row.id, {}).items():
        has[f"check:{kind}"] = {"issued_on": _iso(paper.issued_on), "expires_on": _iso(paper.expires_on)}
    return has


def _present_disputes(said: Sequence[list[str]], kept: set[tuple[str, str]]) -> list[list[str]]:
    return [one for one in said if (one[0], one[1]) in kept]

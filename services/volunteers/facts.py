"""What is known about a helper, checked and written to the profile."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict

from sqlalchemy import delete, select

from services.communities import catalogue, regions, wordlists
from services.communities.models import Building
from services.core import locks, week
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.core.free_text import without_id_numbers
from services.people import accounts
from services.volunteers.models import Volunteer, VolunteerSkill

LEVELS = (1, 2, 3)
# Profiles that have no claim on their phone.
UNCLAIMED = ("pending", "declined", "merged")
LONGEST_REACH = 50_000


class Facts(TypedDict, total=False):
    """A profile's facts. What is left out stays as it is; None empties it.

    `skills` is catalogue code → level 1–3, `week` a mask of half-hours, `hours` a week, `reach` in metres.
    """

    name: str
    phone: str | None
    skills: dict[str, int]
    gender: str
    birthday: date | None
    building_id: uuid.UUID | None
    party: str
    party_kind: str
    employer: str
    languages: Sequence[str]
    week: int
    hours: Decimal | None
    places: int
    reach: int | None
    limits: Sequence[str]
    note: str | None


_TERMS = {
    "languages": catalogue.LANGUAGES,
    "limits": catalogue.BARS,
}
_TERM = {
    "gender": catalogue.GENDERS,
    "party": catalogue.POLITICAL_STATUS,
    "party_kind": catalogue.PARTY_REGISTRATION,
}


def write(actor: Actor, volunteer: Volunteer, facts: Facts) -> None:
    """Put `facts` on a profile that is in the session.

    Raises DomainError naming the field, NotFound for an unknown building, Conflict for a phone taken.
    """
    if facts.get("building_id") is not None:
        locks.get(Building, facts["building_id"])
    put(actor, volunteer, facts)
    if "phone" in facts:
        set_phone(actor, volunteer, facts["phone"])
    db.session.add(volunteer)
    db.session.flush()
    if "skills" in facts:
        set_skills(volunteer.id, facts["skills"])


def put(actor: Actor, volunteer: Volunteer, facts: Facts) -> None:
    """Put `facts` but for phone and skills on a profile, in memory only. Raises DomainError naming the field."""
    for name in ("name", "employer", "note"):
        without_id_numbers(str(facts.get(name) or ""), field=name)
    for name, value in facts.items():
        if name in _TERMS:
            setattr(volunteer, name, catalogue.known(_TERMS[name], value, field=name))  # type: ignore[arg-type]
        elif name in _TERM:
            setattr(
                volunteer,
                name,
                "".join(catalogue.known(_TERM[name], [str(value)] if value else [], field=name)),
            )
        elif name not in ("phone", "skills", "birthday"):
            setattr(volunteer, name, value)
    if "birthday" in facts:
        volunteer.birthday = _birthday(actor, facts["birthday"])
    _check(volunteer)


def _check(volunteer: Volunteer) -> None:
    if not (volunteer.name or "").strip():
        raise DomainError("name", N_("Please give a name."), field="name")
    if volunteer.week is not None and not 0 <= volunteer.week <= week.FULL_WEEK:
        raise DomainError("week", N_("This is not understood here."), field="week")
    if volunteer.hours is not None and not 0 < volunteer.hours <= 100:
        raise DomainError("hours", N_("Hours a week go from a half to 100."), field="hours")
    if volunteer.places is not None and not 0 <= volunteer.places <= 50:
        raise DomainError("places", N_("A helper takes 0 to 50 households."), field="places")
    if volunteer.reach is not None and not 0 < volunteer.reach <= LONGEST_REACH:
        raise DomainError("reach", N_("This number is outside what is possible here."), field="reach")


def _birthday(actor: Actor, day: date | None) -> str | None:
    if day is not None and not date(1900, 1, 1) <= day <= regions.today(actor.community_id):
        raise DomainError("birthday", N_("A birthday lies in the past."), field="birthday")
    return day.isoformat() if day else None


def set_phone(actor: Actor, volunteer: Volunteer, phone: str | None) -> None:
    """Record a phone as typed; once the office knows the helper it is his alone. Raises DomainError, Conflict."""
    put_phone(volunteer, phone)
    if volunteer.state not in UNCLAIMED:
        claim_phone(actor, volunteer)


def put_phone(volunteer: Volunteer, phone: str | None) -> None:
    """Put a phone on a profile, in memory only: nobody has looked whose it is. Raises DomainError."""
    number = accounts.normal_phone(phone) if phone else None
    volunteer.phone = number
    volunteer.phone_key = accounts.phone_key(number) if number else None
    volunteer.tail_key = accounts.tail_key(number) if number else None


def hold_phones(actor: Actor) -> None:
    """Nobody else takes a phone here until this transaction ends."""
    locks.advisory("volunteer phone", actor.community_id or 0)


def claim_phone(actor: Actor, volunteer: Volunteer) -> None:
    """Make sure nobody else here has the helper's phone. Raises Conflict."""
    other = same_phone(actor, volunteer)
    if other is None:
        return
    if not actor.has("staff", "admin"):
        # Whoever types a number learns nothing about whose it is.
        raise Conflict(
            "phone_taken",
            N_("Another helper here has this phone number. Please speak to the community office."),
            field="phone",
        )
    raise Conflict(
        "phone_taken",
        N_(
            "%(name)s already has this phone number here. Open that profile and change it, or check the number."
        ),
        field="phone",
        name=other.name,
    )


def same_phone(actor: Actor, volunteer: Volunteer) -> Volunteer | None:
    """Another helper the office knows by the same phone, or None. Nobody else can take it until the transaction ends."""
    if volunteer.phone_key is None:
        return None
    # Asked before the row is written, so that the answer is in words.
    with db.session.no_autoflush:
        hold_phones(actor)
        return db.session.scalars(
            select(Volunteer).where(
                Volunteer.phone_key == volunteer.phone_key,
                Volunteer.id != volunteer.id,
                Volunteer.state.not_in(UNCLAIMED),
            )
        ).one_or_none()


def set_skills(volunteer_id: uuid.UUID, skills: dict[str, int]) -> None:
    """Make `skills` (code → level 1–3) what the helper can do. Raises DomainError."""
    catalogue.known(catalogue.NEED_KINDS, skills, field="skills")
    if any(level not in LEVELS for level in skills.values()):
        raise DomainError("level", N_("A level is 1, 2 or 3."), field="skills")
    held = {
        row.skill: row
        for row in db.session.scalars(
            select(VolunteerSkill).where(VolunteerSkill.volunteer_id == volunteer_id)
        )
    }
    for skill, level in skills.items():
        if skill in held:
            held[skill].level = level
        else:
            db.session.add(VolunteerSkill(volunteer_id=volunteer_id, skill=skill, level=level))
    db.session.execute(
        delete(VolunteerSkill).where(
            VolunteerSkill.volunteer_id == volunteer_id, VolunteerSkill.skill.not_in(skills)
        )
    )
    db.session.flush()


def _skilled(code: str) -> bool:
    held = select(VolunteerSkill.id).where(VolunteerSkill.skill == code)
    return db.session.scalars(held).first() is not None


wordlists.used_by("kinds", _skilled)

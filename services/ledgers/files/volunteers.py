"""The file of volunteers: one row, one helper with skills, papers and limits."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from services.communities import regions
from services.communities.catalogue import (
    BARS,
    CHECKS,
    GENDERS,
    LANGUAGES,
    NEED_KINDS,
    PARTY_REGISTRATION,
    POLITICAL_STATUS,
    Term,
    known,
)
from services.communities.models import Building
from services.core.actor import Actor
from services.core.db import among, db
from services.core.errors import N_, DomainError
from services.households.facts import normal_place
from services.ledgers.cells import dates
from services.ledgers.files.cells import (
    AMOUNT,
    DAY,
    WEEK,
    levels,
    lines,
    not_understood,
    one,
    several,
    text,
    whole,
)
from services.ledgers.files.kinds import ID_FIELD, Field, Kind, Values, picked
from services.volunteers import papers, profiles, states
from services.volunteers.facts import LONGEST_REACH
from services.volunteers.models import Volunteer

_STATES = (
    Term("active", "Active", "在服务"),
    Term("paused", "On a break", "暂停中"),
    Term("left", "Has left", "已退出"),
    Term("pending", "Waits for the office", "待社区审核"),
    Term("declined", "Not accepted", "未通过"),
)
_FACTS = (
    "name",
    "phone",
    "gender",
    "party",
    "party_kind",
    "employer",
    "languages",
    "week",
    "hours",
    "places",
)
_MORE_FACTS = ("reach", "limits", "note", "birthday", "skills")

FIELDS = (
    ID_FIELD,
    Field("name", N_("Name"), text(60, filled=True)),
    Field("state", N_("State"), one(_STATES)),
    Field("phone", N_("Phone"), text(40, empty=None), sealed="contact"),
    Field("gender", N_("Gender"), one(GENDERS)),
    Field("birthday", N_("Birth date"), DAY, sealed="sensitive"),
    Field("estate", N_("Estate"), text(60)),
    Field("building", N_("Building"), text(20)),
    Field("party", N_("Political status"), one(POLITICAL_STATUS)),
    Field("party_kind", N_("Party registration"), one(PARTY_REGISTRATION)),
    Field("employer", N_("Employer"), text(60)),
    Field("skills", N_("Skills, each with its level 1 to 3"), levels(NEED_KINDS)),
    Field("languages", N_("Languages"), several(LANGUAGES)),
    Field("week", N_("Times available"), WEEK),
    Field("hours", N_("Hours a week"), AMOUNT),
    Field("places", N_("Households taken on"), whole(0, 50, filled=True)),
    Field("reach", N_("How far, in metres"), whole(1, LONGEST_REACH)),
    Field("limits", N_("Not to be given"), several(BARS)),
    Field("papers", N_("Certificates and checks: which, issued, expires"), lines(3)),
    Field("exclusions", N_("Not to be paired with: surname, building"), lines(2), sealed="sensitive"),
    Field("registered_on", N_("Registered on"), DAY, fixed=True),
    Field("note", N_("Notes"), text(2000, empty=None), sealed="sensitive"),
)


def values(rows: Sequence[Volunteer]) -> list[dict[str, Any]]:
    """What is known of each helper."""
    ids = [row.id for row in rows]
    living = {row.building_id for row in rows if row.building_id}
    places = {one.id: one for one in db.session.scalars(select(Building).where(among(Building.id, living)))}
    skills, shown = profiles.skills_of(ids), profiles.credentials_of(ids)
    barred = profiles.exclusions_of(ids)
    found = []
    for row in rows:
        place = places.get(row.building_id) if row.building_id else None
        same = {
            name: getattr(row, name) for name in ("id", "state", "registered_on", *_FACTS, *_MORE_FACTS[:3])
        }
        found.append(
            same
            | {
                "birthday": date.fromisoformat(row.birthday) if row.birthday else None,
                "estate": place.estate if place else "",
                "building": place.number if place else "",
                "skills": skills.get(row.id, {}),
                "papers": [_paper(one) for one in shown.get(row.id, [])],
                "exclusions": [(one.surname, one.building) for one in barred.get(row.id, [])],
            }
        )
    return found


def _paper(paper: Any) -> tuple[str, ...]:
    days = (day.isoformat() if day else "" for day in (paper.issued_on, paper.expires_on))
    return (paper.kind, *days)


def add(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Register a helper the office knows; one who pauses or has left is so again."""
    state = said.get("state") or "active"
    if state not in ("active", "paused", "left"):
        raise DomainError(
            "state",
            N_("Who waits for the office applies by himself: nobody applies by a file."),
            field="state",
        )
    volunteer = profiles.register_volunteer(
        actor, row_id=row_id, registered_on=said.get("registered_on"), **_facts(said)
    )
    _parts(actor, row_id, said, {"papers": [], "exclusions": []})
    if state != "active":
        states.set_state(actor, volunteer_id=volunteer.id, state=state)


def change(actor: Actor, row_id: uuid.UUID, said: Values) -> None:
    """Change what a file says otherwise."""
    volunteer = profiles.get_volunteer(actor, row_id)
    facts = _facts(said, volunteer)
    if facts:
        profiles.update_volunteer(actor, volunteer_id=row_id, **facts)
    _parts(actor, row_id, said, values([volunteer])[0])
    if "state" in said:
        states.set_state(actor, volunteer_id=row_id, state=said["state"])


def _facts(said: Values, volunteer: Volunteer | None = None) -> Any:
    facts = picked(said, *_FACTS, *_MORE_FACTS)
    if "estate" in said or "building" in said:
        before = volunteer.building_id if volunteer else None
        place = db.session.get(Building, (volunteer.community_id, before)) if volunteer and before else None
        estate = said.get("estate", place.estate if place else "").strip()
        number = normal_place(said.get("building", place.number if place else ""))
        if estate and not number:
            raise DomainError("building", N_("Please fill this in."), field="building")
        facts["building_id"] = regions.building(estate=estate, number=number).id if number else None
    return facts


def _parts(actor: Actor, row_id: uuid.UUID, said: Values, before: Values) -> None:
    """Papers and exclusions: those in the cell are recorded, those that are no more in it taken away."""
    if "papers" in said:
        wanted = {_check(one[0]): (_day(one[1]), _day(one[2])) for one in said["papers"]}
        held = {one.kind: one for one in profiles.credentials_of([row_id]).get(row_id, [])}
        for kind, (issued, expires) in wanted.items():
            paper = held.get(kind)
            if paper is None or (paper.issued_on, paper.expires_on) != (issued, expires):
                papers.set_credential(
                    actor, volunteer_id=row_id, kind=kind, issued_on=issued, expires_on=expires
                )
        for kind in set(held).difference(wanted):
            papers.drop_credential(actor, credential_id=held[kind].id)
    if "exclusions" in said:
        kept = {(one.surname, one.building): one for one in profiles.exclusions_of([row_id]).get(row_id, [])}
        for surname, building in said["exclusions"]:
            if len(building) > 20:
                raise DomainError("long", N_("Please shorten this: it is too long."), field="exclusions")
            papers.add_exclusion(actor, volunteer_id=row_id, surname=surname, building=building)
        for pair in set(kept).difference(map(tuple, said["exclusions"])):
            papers.drop_exclusion(actor, exclusion_id=kept[pair].id)


def _check(code: str) -> str:
    return known(CHECKS, [code], field="papers")[0]


def _day(written: str) -> date | None:
    day = dates.read_day(written)
    if written and day is None:
        error = not_understood()
        raise DomainError(error.code, error.message, field="papers")
    return day


VOLUNTEERS = Kind(
    key="volunteers",
    subject="volunteer",
    label=N_("Volunteers"),
    permission="volunteers.read",
    model=Volunteer,
    fields=FIELDS,
    values=values,
    add=add,
    change=change,
    gone=Volunteer.state == "merged",
)

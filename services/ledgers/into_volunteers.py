"""Register entries and the helpers Linli has: compared first, written when staff has agreed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import delete

from services.communities import regions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import DomainError
from services.ledgers import progress, steps, volunteer_facts
from services.ledgers.issues import Issue
from services.ledgers.steps import Say, Step, Values
from services.ledgers.volunteer_facts import KIND, Known
from services.ledgers.volunteers import VolunteerEntry
from services.volunteers import facts
from services.volunteers.models import Credential, Exclusion, Volunteer, VolunteerSkill


@dataclass
class _Met:
    """Which helpers and phones the rows so far have taken, and by which row."""

    rows: dict[uuid.UUID, int] = field(default_factory=dict)
    phones: dict[str, uuid.UUID] = field(default_factory=dict)


def compare(actor: Actor, entries: Sequence[VolunteerEntry], say: Say) -> list[Step]:
    """What each entry would do; nothing is written."""
    known, met = volunteer_facts.known(), _Met()
    return [_step(actor, entry, known, met, say) for entry in progress.each(entries)]


def _step(actor: Actor, entry: VolunteerEntry, known: Known, met: _Met, say: Say) -> Step:
    said = volunteer_facts.said_of(entry)
    fresh = Volunteer(
        id=new_id(),
        state="active",
        places=1,
        week=0,
        languages=[],
        limits=[],
        gender="",
        party="",
        party_kind="",
    )
    fresh.registered_on = entry.registered_on or regions.today(actor.community_id)
    try:
        facts.put(actor, fresh, volunteer_facts.columns_of(said))
        facts.put_phone(fresh, entry.phone)
    except DomainError as error:
        return steps.refused(entry, say(entry, error.field or "name", "rule", understood=error.message))
    row = _find(entry, fresh, said, known)
    if row is not None and row.id in met.rows:
        return steps.refused(entry, say(entry, "name", "same_subject", other_row=met.rows[row.id]))
    issues = _own_phone(entry, fresh, row, said, known, met, say)
    if row is None:
        return Step(entry, steps.NEW, fresh, issues=issues, said=steps.digests(fresh.id, said))
    met.rows[row.id] = entry.row
    return _meet(entry, said, row, known, issues, say)


def _find(entry: VolunteerEntry, fresh: Volunteer, said: Values, known: Known) -> Volunteer | None:
    """The helper an entry means: by phone and either name or birthday, else by name with birthday or address."""
    by_phone = known.phones.get(fresh.phone_key) if fresh.phone_key else None
    if by_phone and (by_phone.name == entry.name or (fresh.birthday and by_phone.birthday == fresh.birthday)):
        return by_phone
    for row in known.names.get(entry.name, []):
        if fresh.birthday and row.birthday:
            if row.birthday == fresh.birthday:
                return row
        elif "building" in said and volunteer_facts.present(row, said, known)["building"] == said["building"]:
            return row
    return None


def _own_phone(
    entry: VolunteerEntry,
    fresh: Volunteer,
    row: Volunteer | None,
    said: Values,
    known: Known,
    met: _Met,
    say: Say,
) -> tuple[Issue, ...]:
    """A helper signs in by phone, so one that somebody else has here stays with him, and is named."""
    own = (row or fresh).id
    if fresh.phone_key is None:
        return ()
    holder = known.phones.get(fresh.phone_key)
    taken_by = holder.id if holder else met.phones.setdefault(fresh.phone_key, own)
    if taken_by == own:
        return ()
    del said["phone"]
    facts.put_phone(fresh, None)
    return (say(entry, "phone", "phone_held", understood=holder.name if holder else ""),)


def _meet(
    entry: VolunteerEntry, said: Values, row: Volunteer, known: Known, issues: tuple[Issue, ...], say: Say
) -> Step:
    digest, before = steps.digests(row.id, said), known.said.get(row.id, {})
    changes = tuple(steps.differences(said, digest, volunteer_facts.present(row, said, known), before))
    if row.state == "left":
        left = (say(entry, "name", "helper_left"),) if changes else ()
        return Step(entry, steps.LEFT if changes else steps.SAME, row, issues=issues + left)
    return Step(entry, steps.CHANGED if changes else steps.SAME, row, changes, issues, digest)


def write(actor: Actor, found: Sequence[Step]) -> None:
    """Do what `compare` found, as agreed: new helpers with skills, papers and limits, and the changes of known ones."""
    known = volunteer_facts.known()
    buildings = {(row.estate, row.number): row.id for row in regions.buildings()}
    written = [step for step in found if step.outcome in (steps.NEW, steps.CHANGED)]
    wanted = [(step, _said(step)) for step in written]
    for step, said in progress.each(wanted):
        row = step.row
        facts.put(actor, row, volunteer_facts.columns_of(said))
        if "phone" in said:
            facts.put_phone(row, said["phone"])
        if "registered_on" in said:
            row.registered_on = date.fromisoformat(said["registered_on"])
        if "building" in said:
            place = (said["building"][0], said["building"][1])
            if place not in buildings:
                buildings[place] = regions.building(estate=place[0], number=place[1]).id
            row.building_id = buildings[place]
    db.session.add_all([step.row for step in written if step.outcome == steps.NEW])
    db.session.flush()
    for step, said in wanted:
        _write_parts(step.row.id, said, known)
    db.session.flush()
    steps.remember(KIND, [(step.row.id, step.said) for step in found if step.row is not None])


def _said(step: Step) -> Values:
    said = volunteer_facts.said_of(step.entry)
    said = {name: value for name, value in said.items() if name in step.said}
    if step.outcome == steps.CHANGED:
        said = {name: value for name, value in said.items() if step.new_value(name)}
    return said


def _write_parts(volunteer_id: uuid.UUID, said: Values, known: Known) -> None:
    if "skills" in said:
        held = known.skills.get(volunteer_id, {})
        _set_skills(volunteer_id, held, said["skills"])
    kept = known.exclusions.get(volunteer_id, set())
    for building, surname in said.get("disputes", []):
        if (building, surname) not in kept:
            db.session.add(Exclusion(volunteer_id=volunteer_id, building=building, surname=surname))
    for name, days in said.items():
        if name.startswith("check:"):
            _set_paper(volunteer_id, name.removeprefix("check:"), days, known)


def _set_skills(volunteer_id: uuid.UUID, held: dict[str, int], wanted: Sequence[str]) -> None:
    for skill in wanted:
        if skill not in held:
            db.session.add(VolunteerSkill(volunteer_id=volunteer_id, skill=skill, level=1))
    if set(held) - set(wanted):
        db.session.execute(
            delete(VolunteerSkill).where(
                VolunteerSkill.volunteer_id == volunteer_id, VolunteerSkill.skill.not_in(wanted)
            )
        )


def _set_paper(volunteer_id: uuid.UUID, kind: str, days: Values, known: Known) -> None:
    paper = known.credentials.get(volunteer_id, {}).get(kind)
    if paper is None:
        paper = Credential(volunteer_id=volunteer_id, kind=kind)
        db.session.add(paper)
    for name, day in days.items():
        setattr(paper, name, date.fromisoformat(day) if day else None)

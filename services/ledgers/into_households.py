"""Household entries and the households Linli has: compared first, written when staff has agreed."""

from collections.abc import Sequence
from decimal import Decimal

from services.communities import regions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import DomainError
from services.households import facts, needs, registration
from services.households.models import Household, Need, Resident
from services.ledgers import household_facts, progress, steps
from services.ledgers.household_facts import KIND, LIVING, Known
from services.ledgers.households import HouseholdEntry
from services.ledgers.steps import Change, Say, Step, Values
from services.people import consents
from services.people.models import Consent


def compare(actor: Actor, entries: Sequence[HouseholdEntry], say: Say) -> list[Step]:
    """What each entry would do; nothing is written."""
    known = household_facts.known()
    met: dict[str, int] = {}
    found = []
    for entry in progress.each(entries):
        key = _door_key(entry)
        if key in met:
            found.append(steps.refused(entry, say(entry, "door", "same_subject", other_row=met[key])))
        else:
            met[key] = entry.row
            found.append(_step(actor, entry, key, known, say))
    return found


def _door_key(entry: HouseholdEntry) -> str:
    at = entry.address
    return facts.door_key(estate=at.estate, building=at.building, entrance=at.unit, door=at.door)


def _step(actor: Actor, entry: HouseholdEntry, key: str, known: Known, say: Say) -> Step:
    said = household_facts.said_of(entry)
    fresh = Household(
        id=new_id(), state="active", entrance="", categories=[], category_keys=[], places=1, languages=[]
    )
    try:
        facts.put(fresh, household_facts.columns_of(said))
    except DomainError as error:
        return steps.refused(entry, say(entry, error.field or "name", "rule", understood=error.message))
    row = known.doors.get(key)
    if row is None and fresh.phone_key and (fresh.name, fresh.phone_key) in known.phones:
        return steps.refused(entry, say(entry, "phone", "household_elsewhere"))
    if row is None:
        return Step(entry, steps.NEW, fresh, said=steps.digests(fresh.id, said))
    head = known.heads.get(row.id)
    same_birthday = head is not None and head.birthday is not None and head.birthday == said.get("birthday")
    same_phone = row.phone_key is not None and row.phone_key == fresh.phone_key
    if row.name != entry.name and not same_birthday and not same_phone:
        return steps.refused(entry, say(entry, "name", "door_other", understood=row.name))
    return _meet(entry, said, row, known, say)


def _meet(entry: HouseholdEntry, said: Values, row: Household, known: Known, say: Say) -> Step:
    digest, before = steps.digests(row.id, said), known.said.get(row.id, {})
    present = household_facts.present(row, said, known)
    changes, issues = [], []
    for change in steps.differences(said, digest, present, before):
        need = known.needs.get(row.id, {}).get(change.field.removeprefix("need:"))
        if change.field.startswith("need:") and need is not None and need.state not in LIVING:
            issues.append(say(entry, "needs", "need_closed", understood=change.field.removeprefix("need:")))
        elif change.field == "consent" and _withdrawn_since(known.consents.get(row.id), change):
            issues.append(say(entry, "consent", "consent_withdrawn", understood=change.new))
        else:
            changes.append(change)
    outcome = steps.CHANGED if changes else steps.SAME
    return Step(entry, outcome, row, tuple(changes), tuple(issues), digest)


def _withdrawn_since(consent: Consent | None, change: Change) -> bool:
    return (
        consent is not None
        and consent.withdrawn_on is not None
        and consent.withdrawn_on.isoformat() >= change.new
    )


def write(actor: Actor, found: Sequence[Step]) -> None:
    """Do what `compare` found, as agreed: new households with head, needs and consent, and the changes of known ones."""
    known = household_facts.known()
    written = [step for step in found if step.outcome in (steps.NEW, steps.CHANGED)]
    _add_households([step for step in written if step.outcome == steps.NEW])
    given = {}
    for step in progress.each(written):
        said = household_facts.said_of(step.entry)
        if step.outcome == steps.CHANGED:
            said = {name: value for name, value in said.items() if step.new_value(name)}
            facts.put(step.row, household_facts.columns_of(said))
        _write_head(step.row, known.heads.get(step.row.id), said)
        _write_needs(step.row, known.needs.get(step.row.id, {}), said)
        if "consent" in said:
            given[step.row.id] = step.entry.consent_on
    db.session.flush()
    consents.give_many(
        actor, subject_kind=KIND, purpose=registration.CONSENT, given_on=given, evidence="paper"
    )
    steps.remember(KIND, [(step.row.id, step.said) for step in found if step.row is not None])


def _add_households(fresh: Sequence[Step]) -> None:
    buildings = {(row.estate, row.number): row for row in regions.buildings()}
    for step in fresh:
        at = step.entry.address
        place = (at.estate, facts.normal_place(at.building))
        if place not in buildings:
            buildings[place] = regions.building(estate=place[0], number=place[1])
        facts.put_place(step.row, buildings[place], entrance=at.unit, door=at.door)
    db.session.add_all([step.row for step in fresh])
    db.session.flush()


def _write_head(row: Household, head: Resident | None, said: Values) -> None:
    if head is None:
        head = Resident(household_id=row.id, name=row.name, gender="", head=True)
        db.session.add(head)
    for name in ("name", "gender", "birthday"):
        if name in said:
            setattr(head, name, said[name])


def _write_needs(row: Household, present: dict[str, Need], said: Values) -> None:
    for name, value in said.items():
        if not name.startswith("need:"):
            continue
        kind = name.removeprefix("need:")
        need = present.get(kind)
        if need is None:
            # Every column is given: rows with the same columns go to the database together.
            need = Need(household_id=row.id, kind=kind, urgency=3, once=False, close_reason="")
            db.session.add(need)
        amount = dict(value)
        if amount.get("hours"):
            amount["hours"] = Decimal(amount["hours"])
        needs.put(need, amount)  # type: ignore[arg-type]
        need.state = "open"

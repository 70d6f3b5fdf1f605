"""Telling the two sides of a proposal or pairing, each in its own language, once for each thing that happens."""

import uuid
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from services.communities import catalogue, regions
from services.communities.catalogue import Term
from services.communities.models import Building
from services.core import week
from services.core.actor import Actor
from services.core.db import db
from services.households.models import Household, Need
from services.messages import outbox
from services.pairings import plans, words  # noqa: F401  (registers what telling and following up need)
from services.pairings.models import Pairing, Proposal
from services.pairings.parties import Parties
from services.volunteers import profiles

Words = dict[str, str]
ANY_TIME = Term("any_time", "any time", "任何时间")


def buildings(households: Iterable[Household]) -> dict[uuid.UUID, Words]:
    """Estate and building by household: all a helper is told of the place before acceptance."""
    homes = {household.id: household.building_id for household in households}
    rows = db.session.scalars(select(Building).where(Building.id.in_(homes.values())))
    places = {row.id: place(row) for row in rows}
    return {household_id: places[building_id] for household_id, building_id in homes.items()}


def building(household: Household) -> Words:
    """Estate and building of one household."""
    return buildings([household])[household.id]


def place(row: Building) -> Words:
    """Estate and building, in both languages."""
    return {"zh": f"{row.estate}{row.number}号楼", "en": f"{row.estate} building {row.number}"}


def both(terms: Iterable[Term]) -> Words:
    """Terms in a row, in both languages."""
    found = list(terms)
    return {"zh": "、".join(term.zh for term in found), "en": ", ".join(term.en for term in found)}


def kinds(codes: Iterable[str]) -> list[Term]:
    """Kinds of help by code; what is not in the catalogue is left out."""
    by_code = {term.code: term for term in catalogue.listed(catalogue.NEED_KINDS)}
    return [by_code[code] for code in codes if code in by_code]


def needs_of(proposal: Proposal) -> list[Need]:
    """The needs a proposal would meet, the most urgent first."""
    return list(
        db.session.scalars(
            select(Need).where(Need.id.in_(proposal.needs)).order_by(Need.urgency.desc(), Need.id)
        )
    )


def times(needs: Iterable[Need]) -> Words:
    """When the needs suit, in both languages."""
    masks = [need.week for need in needs]
    if not masks or not all(masks):
        return both([ANY_TIME])
    whole = 0
    for mask in masks:
        whole |= mask or 0
    return {"zh": week.text_from_week(whole, "zh"), "en": week.text_from_week(whole, "en")}


def published(actor: Actor, found: Parties[Proposal]) -> None:
    """Ask both sides, but for a helper who has offered."""
    if found.volunteer.account_id and not found.row.helper_answer:
        needs = needs_of(found.row)
        asked = {
            "building": building(found.household),
            "needs": both(kinds(dict.fromkeys(need.kind for need in needs))),
            "times": times(needs),
        }
        _tell(actor, found, "helper", "proposal.helper", asked)
    if found.household.account_id:
        skills = profiles.skills_of({found.volunteer.id}).get(found.volunteer.id, {})
        offered = {"helper": found.volunteer.name, "skills": both(kinds(skills))}
        _tell(actor, found, "household", "proposal.household", offered)


def over(actor: Actor, found: Parties[Proposal], side: str) -> None:
    """Tell `side` politely that a proposal does not come about."""
    if side == "helper":
        _tell(actor, found, side, "proposal.helper.over", {"building": building(found.household)})
    else:
        _tell(actor, found, side, "proposal.household.over", {"helper": found.volunteer.name})


def offer_passed_on(actor: Actor, found: Parties[Proposal]) -> None:
    """Tell a helper that the office has asked the household he offered to help."""
    _tell(actor, found, "helper", "offer.passed_on", {"building": building(found.household)})


def offer_declined(actor: Actor, found: Parties[Proposal]) -> None:
    """Tell a helper politely that the office does not take his offer up."""
    _tell(actor, found, "helper", "offer.declined", {"building": building(found.household)})


def taken(actor: Actor, found: Parties[Proposal]) -> None:
    """Tell a helper that somebody else was first."""
    _tell(actor, found, "helper", "proposal.helper.taken", {"building": building(found.household)})


def begun(actor: Actor, found: Parties[Pairing]) -> None:
    """Tell both sides that they are paired."""
    day = found.row.started_on
    facts = {"building": building(found.household), "household": found.household.name, "day": day}
    _tell(actor, found, "helper", "pairing.helper", facts)
    _tell(actor, found, "household", "pairing.household", {"helper": found.volunteer.name, "day": day})


def ended(actor: Actor, found: Parties[Pairing], day: date) -> None:
    """Tell both sides that their pairing has ended."""
    _tell(actor, found, "helper", "pairing.helper.ended", {"household": found.household.name, "day": day})
    _tell(actor, found, "household", "pairing.household.ended", {"helper": found.volunteer.name, "day": day})


def handed_over(actor: Actor, old: Parties[Pairing], new: Parties[Pairing]) -> None:
    """Tell the helper who goes, the one who comes, and the household, each once, that the pairing goes over."""
    day, household = new.row.started_on, new.household
    facts = {"building": building(household), "household": household.name, "day": day}
    _tell(actor, old, "helper", "pairing.helper.ended", {"household": household.name, "day": day})
    _tell(actor, new, "helper", "pairing.helper.taken_over", facts)
    names = {"before": old.volunteer.name, "helper": new.volunteer.name, "day": day}
    _tell(actor, new, "household", "pairing.household.taken_over", names)


def _tell(
    actor: Actor, found: Parties[Proposal] | Parties[Pairing], side: str, template: str, params: dict
) -> None:
    account_id = found.account_of(side)
    if account_id is None:
        return
    code = regions.get_community(found.row.community_id).code
    outbox.tell(
        actor,
        account_id=account_id,
        template=template,
        params=params,
        subject_kind="proposal" if isinstance(found.row, Proposal) else "pairing",
        subject_id=found.row.id,
        key=f"{template}:{found.row.id}",
        path=f"/c/{code}/pairings/mine",
    )

"""A community with one of everything, so that every page has something to show and every form somewhere to stand."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from services.access import replies, tokens
from services.communities import regions, wordlists
from services.core.actor import Actor
from services.core.db import Base, CommunityRow, db
from services.followups import absences, feeds
from services.households import invitation as home_invitation
from services.households import registration
from services.ledgers import imports, uploads
from services.pairings import offers, proposals
from services.people import memberships
from services.pledges import (
    allocations,
    benefits,
    deliveries,
    market,
    milestones,
    paper_copies,
    project_market,
    projects,
    unit_pairings,
    units,
)
from services.register import merging
from services.visits import certificates, codes, links
from services.volunteers import applications
from services.volunteers import invitation as helper_invitation
from services.webhooks import deliveries as webhook_log
from services.webhooks import endpoints, events
from services.wishes import claims, wishes
from tests.factories import households, pairings, pledges, visits, volunteers, world
from tests.factories.projects import make_part, make_project, make_step
from tests.factories.wishes import make_wish

# Whose pages differ: all that staff may do an administrator may too.
ROLES = ("admin", "volunteer", "resident", "unit", "applicant", "official")
LEDGER = (
    "户主姓名,小区,楼号,门牌,联系电话,需求,类别,备注,颜色\n{},东里,10,{},19000000001,理发,独居老人,怕生,红\n"
)


@dataclass
class Full:
    """A full community, and the addresses that only people with a one-time link open."""

    place: world.Place
    links: list[str] = field(default_factory=list)

    def ids(self) -> list[uuid.UUID]:
        """The id of one row of each kind, in the community that the session serves."""
        kinds = (m.class_ for m in Base.registry.mappers if issubclass(m.class_, CommunityRow))
        return [found for kind in kinds if (found := db.session.scalars(select(kind.id)).first())]


def fill(place: world.Place) -> Full:
    """Fill the community that the session serves."""
    full = Full(place)
    _webhooks(place)
    _people(place)
    _pairs(full)
    _promises(full)
    _joiners(full)
    _wishes(place)
    _twins(place)
    _ledgers(place)
    _programs(place)
    wordlists.add(
        place.actor("admin"), which="kinds", name="喂猫", name_en="Feeding the cat", words=["照看猫"]
    )
    return full


def _webhooks(place: world.Place) -> None:
    """Another system that hears of everything, and one that is paused."""
    admin = place.actor("admin")
    row = endpoints.add(admin, url="https://hooks.example.org/linli", wanted=events.EVENTS)
    webhook_log.send_test(admin, endpoint_id=row.id)
    paused = endpoints.add(admin, url="https://hooks.example.org/paused", wanted=["visit.noted"])
    endpoints.renew_secret(admin, endpoint_id=paused.id)
    endpoints.pause(admin, endpoint_id=paused.id)


def _people(place: world.Place) -> None:
    account = world.add_member(place, "applicant")
    applications.apply(
        place.actor("applicant"), account_id=account.id, name=account.name, skills={"haircut": 1}
    )
    official = place.accounts["official"] = world.make_account("official")
    operator = Actor(None, None, frozenset({"operator"}))
    memberships.grant_region(operator, account_id=official.id, region_id=place.region_id, role="official")


def _pairs(full: Full) -> None:
    """A pairing with a noted and a confirmed visit, a proposal to answer, an offer and a draft, for a helper with room for all."""
    place, staff = full.place, full.place.actor("staff")
    helper = volunteers.make_helper(place, places=5)
    home = households.make_resident(place, phone=volunteers.phone(), note="怕生")
    proposal = pairings.publish_between(place, helper, home)
    pairings.agree(place, proposal)
    pairing = db.session.scalars(
        pairings.select(pairings.Pairing).where(pairings.Pairing.proposal_id == proposal.id)
    ).one()
    pairing.started_on = regions.today(place.id) - timedelta(days=30)
    visits.make_confirmed(place, pairing, ago=30, note="一切都好")
    noted = visits.make_visit(place, pairing, ago=3)
    codes.issue_code(staff, household_id=home.id, after=0)
    today = regions.today(place.id)
    paper = certificates.issue(staff, volunteer_id=helper.id, since=today - timedelta(days=30), until=today)
    full.links.append(f"verify/{paper.number}-{certificates.secret_of(paper)}")
    away = regions.today(place.id) + timedelta(days=3)
    absences.register(
        staff, account_id=place.accounts["volunteer"].id, since=away, until=away + timedelta(days=9)
    )
    waiting = pairings.publish_between(place, helper, households.make_household(place))
    offers.offer(place.actor("volunteer"), household_id=households.make_household(place).id)
    households.make_household(place)
    pairings.lock_a_draft(place, pairings.make_run(place))
    # Found, but not offered: nobody has looked at it since the run.
    households.make_household(place)
    full.links.append(f"pairings/answer/{proposals.make_link(staff, proposal_id=waiting.id)}")
    full.links.append(f"visits/answer/{links.issue_link(staff, visit_id=noted.id)}")
    full.links.append(f"calendar/{feeds.make_link(place.actor('volunteer'))}.ics")


def _promises(full: Full) -> None:
    """A unit and its person, a promise of each kind, one allocation delivered and one on its way."""
    place, staff = full.place, full.place.actor("staff")
    today = regions.today(place.id)
    dates = {"starts_on": today - timedelta(days=60), "ends_on": today + timedelta(days=200)}
    unit = pledges.make_unit(place, area="食品", hopes=["publicity"], wish="一面锦旗")
    got = {"unit_id": unit.id, "kind": "publicity", "given_on": today}
    benefits.give(staff, line="公众号专题一篇", **got)
    benefits.take_back(staff, benefit_id=benefits.give(staff, line="重复登记", **got).id)
    pledges.join_unit(place, unit)
    guest = units.add_person(staff, unit_id=unit.id, name="Guest Person", phone=volunteers.phone())
    pledges.make_pledge(place, unit, theme="service", **dates)
    pledges.make_room(place, unit=unit, **dates)
    haircuts = pledges.make_haircuts(place, unit=unit, **dates)
    home = db.session.scalars(
        pledges.Household.__table__.select()
        .with_only_columns(pledges.Household.id)
        .where(pledges.Household.account_id == place.accounts["resident"].id)
    ).one()
    for whom in (None, home):
        unit_pairings.pair(staff, unit_id=unit.id, rhythm="quarterly", household_id=whom)
    need = households.needs.add_need(staff, household_id=home, kind="haircut")
    given = {"pledge_id": haircuts.id, "need_id": need.id, "planned_on": today, "quantity": 2}
    done, waiting = (allocations.allocate(staff, **given) for _ in range(2))
    signed = deliveries.sign(staff, allocation_id=done.id, receiver="Old Li", how="paper", quantity=2)
    paper_copies.attach(staff, delivery_id=signed.id, content=pledges.PAPER)
    wish = pledges.make_need(place)
    market.offer(place.actor("unit"), need_id=wish.id, pledge_id=haircuts.id, quantity=1)
    _projects(full)
    full.links.append(f"pledges/sign/{deliveries.invite(staff, allocation_id=waiting.id)}")
    full.links.append(f"pledges/join/{units.invite_person(staff, person_id=guest.id)}")


def _projects(full: Full) -> None:
    """A published project with steps and what it takes, given to and offered for by the unit; a draft, and one that is over."""
    place, staff = full.place, full.place.actor("staff")
    project = make_project(place, public=True, about="铺地板", place="东里")
    done, _late = make_step(place, project.id, days=2), make_step(place, project.id, days=-2)
    milestones.tick(staff, milestone_id=done.id, day=regions.today(place.id), line="买好了")
    make_part(place, project.id, kind="money", measure="", quantity=500_000)
    unit = units.own_unit(place.actor("unit"))
    assert unit is not None
    unit_pairings.pair(staff, unit_id=unit.id, rhythm="monthly", project_id=project.id)
    pledge = pledges.make_pledge(place, unit, starts_on=regions.today(place.id), ends_on=None)
    part = make_part(place, project.id)
    given = {"pledge_id": pledge.id, "planned_on": regions.today(place.id), "quantity": 1}
    came = allocations.allocate(staff, project_id=project.id, part_id=part.id, **given)
    deliveries.sign(staff, allocation_id=came.id, receiver="Office", how="typed")
    allocations.allocate(staff, project_id=project.id, **given)
    project_market.offer(place.actor("unit"), part_id=part.id, pledge_id=pledge.id, quantity=1)
    make_project(place, title="A draft")
    over = make_project(place, title="Given up")
    projects.stop(staff, project_id=over.id, reason="not_enough")
    full.links.append(f"projects/{project.id}")


def _wishes(place: world.Place) -> None:
    """A wish in each state; the helper and the unit's person have one to fulfil."""
    staff, today = place.actor("staff"), regions.today(place.id)
    home = registration.of_account(place.accounts["resident"].id)
    asked = wishes.ask(place.actor("resident"), kind="health", text="一副老花镜")
    make_wish(place, home.id)
    wishes.close(staff, wish_id=make_wish(place, home.id).id, reason="elsewhere")
    for role, done in (("volunteer", ""), ("unit", ""), ("volunteer", "told"), ("volunteer", "handed over")):
        wish = make_wish(place, home.id)
        claims.claim(place.actor(role), wish_id=wish.id)
        if done:
            by = place.actor(role) if done == "told" else staff
            claims.fulfil(by, wish_id=wish.id, day=today, note="送到了")
    given_back = make_wish(place, asked.household_id)
    claims.claim(place.actor("unit"), wish_id=given_back.id)
    claims.give_back(place.actor("unit"), wish_id=given_back.id)


def _joiners(full: Full) -> None:
    """A helper and a household invited to sign in; the helper has papers and households he is kept from."""
    place, staff = full.place, full.place.actor("staff")
    helper = volunteers.make_volunteer(place, places=0)
    volunteers.make_paper(place, helper)
    volunteers.papers.add_exclusion(staff, volunteer_id=helper.id, surname="王", building="3")
    home = households.make_household(place, need=None, phone=volunteers.phone())
    full.links.append(f"volunteers/join/{helper_invitation.invite(staff, volunteer_id=helper.id)}")
    full.links.append(f"households/join/{home_invitation.invite(staff, household_id=home.id)}")


def _twins(place: world.Place) -> None:
    """Two pairs that look like one, one put together and one said to be two."""
    staff = place.actor("staff")
    for kind, make in (("household", households.make_household), ("volunteer", volunteers.make_volunteer)):
        one, two, three = (make(place, name="王秀英") for _ in range(3))
        merging.merge(staff, kind=kind, kept_id=one.id, other_id=two.id, take={"name"})
        merging.keep_apart(staff, kind=kind, one_id=one.id, other_id=three.id)
        make(place, name="王秀英")


def _ledgers(place: world.Place) -> None:
    """One ledger imported, one waiting; both the administrator's."""
    admin = place.actor("admin")
    for door in ("101", "102"):
        row = uploads.upload(admin, data=LEDGER.format("张三", door).encode(), filename="台账.csv")
        if door == "101":
            opened = uploads.open_upload(admin, import_id=row.id)
            seen = imports.preview(admin, opened.sheet, opened.layout)
            imports.bring_in(admin, import_id=row.id, digest=seen.digest)


def _programs(place: world.Place) -> None:
    """A token of everybody who reads pages, and an answer kept for one of them."""
    make_tokens(place)
    key, _before = replies.begin(place.actor("staff"), key="一次", request=b"asked")
    replies.keep(key, status=201, headers={}, body="李梅".encode())


def make_tokens(place: world.Place) -> None:
    """Another token of everybody who reads pages."""
    last, known = regions.today(place.id) + timedelta(days=30), {"households:read"}
    for role in ("admin", "staff", "volunteer", "resident", "unit"):
        tokens.make(place.actor(role), title="表格", scopes=known, known=known, expires_on=last)

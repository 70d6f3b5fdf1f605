"""More of everything in a community that `full.fill` filled, and for the same people: what lists grow by."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import select

from services.communities import regions, wordlists
from services.core import scope
from services.core.actor import Actor, system
from services.core.db import db
from services.followups import absences
from services.households import needs, residents
from services.households.models import Household, Need
from services.ledgers import imports, uploads
from services.pairings import earlier, offers, runs
from services.pairings.models import MatchingRun, Pairing
from services.pledges import allocations, benefits, deliveries, milestones, paper_copies, unit_pairings
from services.pledges import units as unit_book
from services.pledges.models import Pledge, Unit, UnitPerson
from services.pledges.project_models import Project
from services.register import merging
from services.reports import roll_up
from services.reports.models import RollupSchedule
from services.visits import certificates
from services.volunteers import applications, papers
from services.volunteers.models import Volunteer
from services.webhooks import endpoints
from services.wishes import claims
from tests.factories import full, households, pairings, pledges, visits, volunteers, world
from tests.factories.projects import make_part, make_project, make_step
from tests.factories.wishes import make_wish

EACH = 2  # how many more of each kind one growth brings
_numbers = itertools.count(1)


def grow(place: world.Place, step: int) -> None:
    """Make everything more, step by step from the first. The accounts of the place stay who they are."""
    known = dict(place.accounts)
    helper, home, unit = grown(place)
    helper.places, home.places = 50, 20  # as many as there may be
    world.add_member(place, "staff")  # somebody else writes this time
    _papers(place, step)
    _lives(place, helper, home, step)
    _promises(place, home, unit)
    _projects(place, unit)
    _wishes(place, home)
    _others(place, step)
    place.accounts = known
    _run(place, step)
    _neighbour(place, step)


def grown(place: world.Place) -> tuple[Volunteer, Household, Unit]:
    """To whom everything is added: who signs in as helper, household and unit."""
    helper, home, person = (
        db.session.scalars(select(kind).where(kind.account_id == place.accounts[role].id)).one()
        for kind, role in ((Volunteer, "volunteer"), (Household, "resident"), (UnitPerson, "unit"))
    )
    return helper, home, db.session.get_one(Unit, (place.id, person.unit_id))


def given(unit: Unit) -> Pledge:
    """The pledge of the unit of which more is given."""
    wanted = select(Pledge).where(Pledge.unit_id == unit.id, Pledge.need_kind == "haircut")
    return db.session.scalars(wanted.order_by(Pledge.id)).first()


def lacked(home: Household) -> Need:
    """The need of the household to which it is given."""
    return next(one for one in needs.open_needs([home.id]) if one.kind == "haircut")


def first_pairing(helper: Volunteer) -> Pairing:
    """The oldest pairing of the helper."""
    wanted = select(Pairing).where(Pairing.volunteer_id == helper.id).order_by(Pairing.id)
    return db.session.scalars(wanted).first()


def newest_run() -> MatchingRun:
    """The run that nothing is published of."""
    return db.session.scalars(select(MatchingRun).order_by(MatchingRun.id.desc())).first()


def _papers(place: world.Place, step: int) -> None:
    """Papers and people everybody has more of: each helper, each household."""
    staff = place.actor("staff")
    kinds = ("no_criminal_record", "health", "first_aid")
    for one in db.session.scalars(select(Volunteer).where(Volunteer.state == "active")).all():
        papers.set_credential(staff, volunteer_id=one.id, kind=kinds[step % 3])
        papers.add_exclusion(staff, volunteer_id=one.id, surname="赵钱孙李周吴"[step % 6], building=str(step))
    for home in db.session.scalars(select(Household).where(Household.state == "active")).all():
        residents.add_resident(staff, household_id=home.id, name=f"家人{step}")


def _lives(place: world.Place, helper: Volunteer, home: Household, step: int) -> None:
    """The helper has more households, the household more helpers, all of them more visits."""
    staff, today = place.actor("staff"), regions.today(place.id)
    for _each in range(EACH):
        own = place.accounts["volunteer"]
        pairs = ((helper, _household(place)), (volunteers.make_helper(place), home))
        place.accounts["volunteer"] = own
        for one, other in pairs:
            earlier.enter_earlier(
                staff, volunteer_id=one.id, household_id=other.id, started_on=today - timedelta(days=30)
            )
        offers.offer(place.actor("volunteer"), household_id=_household(place).id)
    needs.add_need(staff, household_id=home.id, kind=("cleaning", "repairs", "reading")[step % 3])
    needs.ask(place.actor("resident"), kind=("moving", "paperwork", "transport")[step % 3])
    _visits(place, home, itertools.count(120 * step, 2))
    certificates.issue(staff, volunteer_id=helper.id, since=today - timedelta(days=30 + step), until=today)
    since = today + timedelta(days=30 * step)
    absences.register(
        staff, account_id=place.accounts["volunteer"].id, since=since, until=since + timedelta(days=9)
    )


def _visits(place: world.Place, home: Household, hours: Iterator[int]) -> None:
    """Visits so many hours ago, each at an hour of its own: nobody is at two places at once."""
    for pairing in db.session.scalars(select(Pairing)).all():
        visits.make_visit(place, pairing, role="staff", ago=next(hours))
        # So many whole hours at the end of a month are looked at by the office.
        for _each in range(4 if pairing.household_id == home.id else 0):
            visits.make_confirmed(place, pairing, role="staff", ago=next(hours))


def _promises(place: world.Place, home: Household, unit: Unit) -> None:
    """The unit promises more, gives more and has more people."""
    staff, today = place.actor("staff"), regions.today(place.id)
    pledge, need = given(unit), lacked(home)
    dates = {"starts_on": today - timedelta(days=60), "ends_on": today + timedelta(days=200)}
    for _each in range(EACH):
        for make in (pledges.make_pledge, pledges.make_room, pledges.make_haircuts):
            make(place, unit=unit, **dates)
        done, _waiting = (
            allocations.allocate(staff, pledge_id=pledge.id, need_id=need.id, planned_on=today, quantity=2)
            for _ in range(2)
        )
        signed = deliveries.sign(staff, allocation_id=done.id, receiver="Old Li", how="paper", quantity=2)
        paper_copies.attach(staff, delivery_id=signed.id, content=pledges.PAPER)
        benefits.give(staff, unit_id=unit.id, kind="parking", line=f"车位{uuid.uuid4()}", given_on=today)
        more = unit_pairings.pair(
            staff, unit_id=pledges.make_unit(place).id, rhythm="monthly", household_id=home.id
        )
        unit_pairings.pair(staff, unit_id=unit.id, rhythm=more.rhythm, household_id=_household(place).id)
        unit_book.add_person(staff, unit_id=unit.id, name="Somebody", phone=volunteers.phone())
        pledges.make_pledge(place, **dates)


def _projects(place: world.Place, unit: Unit) -> None:
    """More projects, and more of everything in each; the unit gives to them."""
    staff, today = place.actor("staff"), regions.today(place.id)
    for _each in range(EACH):
        make_project(place, public=True)
    rows = db.session.scalars(select(Project).where(Project.published_on.is_not(None))).all()
    for project in rows:
        late, part = make_step(place, project.id, days=-1), make_part(place, project.id, quantity=100)
        milestones.tick(staff, milestone_id=make_step(place, project.id).id, day=today)
        milestones.change(staff, milestone_id=late.id, title="Later", due_on=today - timedelta(days=2))
        pledge = pledges.make_pledge(place, unit, starts_on=today, ends_on=None)
        for _each in range(2):
            allocations.allocate(
                staff,
                pledge_id=pledge.id,
                project_id=project.id,
                part_id=part.id,
                planned_on=today,
                quantity=1,
            )


def _wishes(place: world.Place, home: Household) -> None:
    """More wishes of the household, some of them fulfilled by the helper."""
    staff, today = place.actor("staff"), regions.today(place.id)
    for _each in range(EACH):
        for kind in ("home", "food", "study"):
            make_wish(place, home.id, kind=kind)
        for by in (place.actor("volunteer"), staff):
            wish = make_wish(place, home.id)
            claims.claim(place.actor("volunteer"), wish_id=wish.id)
            claims.fulfil(by, wish_id=wish.id, day=today)
        wish = make_wish(place, _household(place).id)
        claims.claim(place.actor("unit"), wish_id=wish.id)
        claims.fulfil(place.actor("unit"), wish_id=wish.id, day=today)


def _others(place: world.Place, step: int) -> None:
    """More people of each role, twins, ledgers and words of the community's own."""
    staff = place.actor("staff")
    for _each in range(EACH):
        for role in ("staff", "admin", "resident"):
            world.add_member(place, role)
        applicant = world.add_member(place, "applicant")
        applications.apply(
            place.actor("applicant"), account_id=applicant.id, name=applicant.name, skills={"haircut": 1}
        )
        volunteers.make_helper(place)
        full.make_tokens(place)
    twins: tuple[tuple[str, Callable[..., Household | Volunteer]], ...] = (
        ("household", households.make_household),
        ("volunteer", volunteers.make_volunteer),
    )
    for kind, make in twins:
        one, two, _three = (make(place, name=f"李秀{'英兰芳'[step % 3]}") for _ in range(3))
        merging.merge(staff, kind=kind, kept_id=one.id, other_id=two.id, take={"name"})
    admin = place.actor("admin")
    for number in range(EACH):
        row = uploads.upload(
            admin, data=full.LEDGER.format(f"张{step}", f"{step}{number}").encode(), filename="台账.csv"
        )
        if number:
            opened = uploads.open_upload(admin, import_id=row.id)
            seen = imports.preview(admin, opened.sheet, opened.layout)
            imports.bring_in(admin, import_id=row.id, digest=seen.digest)
    endpoints.add(admin, url=f"https://hooks.example.org/more{step}", wanted=["visit.noted"])
    wordlists.add(admin, which="kinds", name=f"喂鸟{'甲乙丙'[step % 3]}", name_en=f"Feeding birds {step}")


def _household(place: world.Place) -> Household:
    """One in a building of its own."""
    return households.make_household(place, building=f"1{next(_numbers)}", phone=volunteers.phone())


def _run(place: world.Place, step: int) -> None:
    """A run published, another with its drafts: more each time."""
    staff = place.actor("staff")
    runs.publish(staff, run_id=pairings.make_run(place).id)
    for _each in range(EACH * step):
        _household(place)
        volunteers.make_volunteer(place)
    pairings.lock_a_draft(place, pairings.make_run(place))
    _household(place)


def _neighbour(place: world.Place, step: int) -> None:
    """Another community of the street, and the figures of both."""
    street = regions.get_region(place.region_id)
    operator = Actor(None, None, frozenset({"operator"}))
    other = regions.add_community(operator, street=street, code=f"more{step}", name="邻", name_en="Next")
    db.session.flush()
    for community_id in (other.id, place.id):
        scope.leave()
        scope.enter(community_id)
        roll_up.begin(system(community_id))
        roll_up.roll_up(system(community_id), db.session.scalars(select(RollupSchedule.id)).one())

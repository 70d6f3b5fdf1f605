"""Both sides say so, by the front door only."""

import itertools
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from services.core import audit, clock
from services.core.actor import Actor, guest
from services.core.db import db
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.messages.models import Message
from services.people.models import Token
from services.visits import codes, confirmations, corrections, links, sight
from services.visits.models import HouseholdCode, Visit
from services.visits.parties import of_pairing
from tests.factories import visits, world


@pytest.fixture
def visit(session, north):
    """An hour noted by the helper, waiting for the household."""
    world.enter(north)
    return visits.make_visit(north)


def _confirm(place, visit, role, side="household", how=None):
    how = how or ("call" if role in ("staff", "admin") else "account")
    return confirmations.confirm(place.actor(role), visit_id=visit.id, side=side, how=how)


def _wearing(place, role, *roles):
    """The account of `role`, holding other roles as well."""
    account = place.accounts[role]
    return Actor(account.id, place.id, frozenset({role, *roles}), language="en", name=account.name)


def test_the_households_account_makes_it_count(visit, north):
    assert _confirm(north, visit, "resident").state == "confirmed"
    told = db.session.scalars(select(Message).where(Message.template == "visit.confirmed")).all()
    assert {message.account_id for message in told} == {north.accounts["volunteer"].id}


def test_a_staff_call_is_recorded_as_such(visit, north):
    confirmed = _confirm(north, visit, "staff")
    assert confirmed.state == "confirmed"
    assert (confirmed.household_how, confirmed.household_by) == ("call", north.accounts["staff"].id)


def test_one_side_alone_confirms_nothing(session, north):
    world.enter(north)
    noted = visits.make_visit(north, role="staff")
    assert _confirm(north, noted, "resident").state == "noted"
    assert _confirm(north, noted, "volunteer", side="helper").state == "confirmed"


@pytest.mark.parametrize("roles", [(), ("staff",), ("resident",), ("staff", "admin", "resident")])
@pytest.mark.parametrize("how", ["account", "call"])
def test_the_helper_never_confirms_for_the_household(visit, north, roles, how):
    with pytest.raises(Forbidden, match="own_visit"):
        confirmations.confirm(
            _wearing(north, "volunteer", *roles), visit_id=visit.id, side="household", how=how
        )


def test_who_noted_it_does_not_ring_the_household(session, north):
    world.enter(north)
    noted = visits.make_visit(north, role="staff")
    with pytest.raises(Forbidden, match="noted_by_you"):
        _confirm(north, noted, "staff")
    assert _confirm(north, noted, "admin").household_how == "call"


def _witness(place, visit, role="staff", witness="Wang Fang, neighbour"):
    return confirmations.confirm_by_witness(place.actor(role), visit_id=visit.id, witness=witness)


def test_a_witness_speaks_where_the_household_cannot(visit, north):
    confirmed = _witness(north, visit)
    assert (confirmed.state, confirmed.household_how) == ("confirmed", "witness")
    assert (confirmed.household_by, confirmed.witness) == (
        north.accounts["staff"].id,
        "Wang Fang, neighbour",
    )
    entry = db.session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.action == "visit.confirmed")
    ).one()
    assert entry.details == {"side": "household", "how": "witness"}
    there = of_pairing(visit.pairing_id)
    seen = {
        role: sight.witness(north.actor(role), visit, there) for role in ("staff", "resident", "volunteer")
    }
    assert seen == {"staff": "Wang Fang, neighbour", "resident": "Wang Fang, neighbour", "volunteer": ""}
    with pytest.raises(Conflict):
        _witness(north, visit, "admin")


@pytest.mark.parametrize("role", ["volunteer", "resident"])
def test_only_the_office_names_a_witness(visit, north, role):
    with pytest.raises(Forbidden):
        _witness(north, visit, role)


def test_who_noted_it_names_no_witness(session, north):
    world.enter(north)
    visit = visits.make_visit(north, role="staff", helper_called=True)
    with pytest.raises(Forbidden):
        _witness(north, visit)
    assert _witness(north, visit, "admin").household_how == "witness"


def test_who_a_witness_cannot_be(visit, north):
    helper = of_pairing(visit.pairing_id).volunteer.name
    for wrong in ("  ", helper, f"{helper} 志愿者", "11010119900307803X"):
        with pytest.raises(DomainError) as refused:
            _witness(north, visit, witness=wrong)
        assert refused.value.field == "witness"
    assert visit.witness is None


def test_who_gave_the_helpers_word_does_not_give_the_households(session, north):
    world.enter(north)
    noted = visits.make_visit(north, role="staff")
    _confirm(north, noted, "admin", side="helper")
    with pytest.raises(Forbidden, match="noted_by_you"):
        _confirm(north, noted, "admin")
    assert _confirm(north, noted, "resident").state == "confirmed"


@pytest.mark.parametrize(
    ("role", "side", "how"),
    [
        ("resident", "helper", "account"),
        ("resident", "household", "call"),
        ("staff", "household", "account"),
        ("staff", "helper", "account"),
    ],
)
def test_nobody_takes_the_others_way(session, north, role, side, how):
    world.enter(north)
    noted = visits.make_visit(north, role="admin")
    with pytest.raises(Forbidden):
        _confirm(north, noted, role, side=side, how=how)


@pytest.mark.parametrize(("side", "how"), [("both", "account"), ("household", "code"), ("household", "link")])
def test_ways_there_are_not(visit, north, side, how):
    with pytest.raises(NotFound):
        _confirm(north, visit, "staff", side=side, how=how)


def test_strangers_see_no_visit(visit, north):
    world.add_member(north, "volunteer")
    for actor in (north.actor("volunteer"), guest(north.id)):
        with pytest.raises(NotFound):
            confirmations.confirm(actor, visit_id=visit.id, side="household", how="account")


def test_twice_is_said(visit, north):
    _confirm(north, visit, "resident")
    with pytest.raises(Conflict, match="confirmed_before"):
        _confirm(north, visit, "staff")


def test_an_attempt_has_nobody_to_confirm_it(session, north):
    world.enter(north)
    attempt = visits.make_visit(north, outcome="absent")
    with pytest.raises(Conflict, match="attempt"):
        _confirm(north, attempt, "resident")


@pytest.mark.parametrize("role", ["resident", "staff"])
@pytest.mark.parametrize("confirmed", [False, True])
def test_a_dispute_stops_it_from_counting(visit, north, role, confirmed):
    if confirmed:
        _confirm(north, visit, "admin")
    disputed = confirmations.dispute(north.actor(role), visit_id=visit.id, reason="nobody_came")
    assert (disputed.state, disputed.dispute_reason) == ("disputed", "nobody_came")
    with pytest.raises(Conflict):
        _confirm(north, visit, "resident")


def test_a_dispute_needs_a_known_reason_and_another_than_the_noter(visit, north):
    with pytest.raises(DomainError, match="reason"):
        confirmations.dispute(north.actor("resident"), visit_id=visit.id, reason="because")
    with pytest.raises(Forbidden, match="own_note"):
        confirmations.dispute(north.actor("volunteer"), visit_id=visit.id, reason="other")


def test_a_helper_may_deny_what_staff_noted(session, north):
    world.enter(north)
    noted = visits.make_visit(north, role="staff")
    denied = confirmations.dispute(north.actor("volunteer"), visit_id=noted.id, reason="other_person")
    assert (denied.state, denied.disputed_how) == ("disputed", "account")


# The code.


def _code(place, visit, by="staff", after=0):
    household_id = of_pairing(visit.pairing_id).household.id
    return codes.issue_code(place.actor(by), household_id=household_id, after=after)


def _wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_code_at_the_door(visit, north):
    code = _code(north, visit)
    assert codes.enter_code(north.actor("volunteer"), visit_id=visit.id, code=f" {code} ") is None
    assert (visit.state, visit.household_how, visit.household_by) == ("confirmed", "code", None)


def test_the_code_is_kept_as_a_digest_of_its_own_household(visit, north):
    code = _code(north, visit)
    held = db.session.scalars(select(HouseholdCode)).one()
    assert code not in held.code_key
    other = visits.make_visit(north)
    _code(north, other, after=0)
    assert db.session.scalars(select(HouseholdCode.code_key)).all().count(held.code_key) == 1


def test_five_wrong_tries_close_the_door_for_the_day(visit, north):
    code = _code(north, visit)
    helper = north.actor("volunteer")
    for left in (4, 3, 2, 1, 0):
        assert codes.enter_code(helper, visit_id=visit.id, code=_wrong(code)) == left
    with pytest.raises(DomainError, match="too_many_tries"):
        codes.enter_code(helper, visit_id=visit.id, code=code)
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert codes.enter_code(helper, visit_id=visit.id, code=code) is None


def test_tries_are_of_the_household_not_of_the_visit(visit, north):
    code = _code(north, visit)
    pairing = of_pairing(visit.pairing_id).pairing
    second = visits.make_visit(north, pairing, ago=8)
    for tried in (visit, second, visit, second, visit):
        codes.enter_code(north.actor("volunteer"), visit_id=tried.id, code=_wrong(code))
    with pytest.raises(DomainError, match="too_many_tries"):
        codes.enter_code(north.actor("volunteer"), visit_id=second.id, code=code)


def test_a_new_code_ends_the_old_one(visit, north):
    old = _code(north, visit)
    new = _code(north, visit, by="admin", after=1)
    while new == old:
        new = _code(north, visit, by="admin", after=2)
    assert codes.enter_code(north.actor("volunteer"), visit_id=visit.id, code=old) == 4
    assert codes.enter_code(north.actor("volunteer"), visit_id=visit.id, code=new) is None


def test_a_code_is_not_issued_twice_by_a_reload(visit, north):
    _code(north, visit)
    with pytest.raises(Conflict):
        _code(north, visit)


def test_only_staff_issue_codes_and_only_the_helper_types_them(visit, north):
    with pytest.raises(Forbidden):
        _code(north, visit, by="volunteer")
    code = _code(north, visit)
    with pytest.raises(Forbidden):
        codes.enter_code(north.actor("staff"), visit_id=visit.id, code=code)


def test_a_code_of_the_noters_own_making_opens_nothing(session, north):
    world.enter(north)
    noted = visits.make_visit(north, role="staff")
    code = _code(north, noted, by="staff")
    with pytest.raises(Forbidden, match="own_code"):
        codes.enter_code(north.actor("volunteer"), visit_id=noted.id, code=code)
    code = _code(north, noted, by="admin", after=1)
    assert codes.enter_code(north.actor("volunteer"), visit_id=noted.id, code=code) is None


def test_without_a_code_it_says_so(visit, north):
    with pytest.raises(DomainError, match="no_code"):
        codes.enter_code(north.actor("volunteer"), visit_id=visit.id, code="123456")


# The link.


def _link(place, visit, role="staff"):
    return links.issue_link(place.actor(role), visit_id=visit.id)


def test_a_link_of_staff_is_the_households_word(visit, north):
    secret = _link(north, visit)
    assert links.answer_link(guest(north.id), secret=secret, right=True) is None
    assert (visit.state, visit.household_how) == ("confirmed", "link")
    assert (visit.household_by, visit.link_by) == (None, north.accounts["staff"].id)
    with pytest.raises(DomainError, match="link"):
        links.answer_link(guest(north.id), secret=secret, right=True)
    assert links.open_link(guest(north.id), secret=secret)[2] is False


@pytest.mark.parametrize("noter", ["volunteer", "staff"])
def test_a_link_from_the_noters_hand_needs_the_households_code(session, north, noter):
    world.enter(north)
    visit = visits.make_visit(north, role=noter, helper_called=True)
    secret = _link(north, visit, noter)
    with pytest.raises(DomainError, match="no_code"):
        links.answer_link(guest(north.id), secret=secret, right=True)
    code = _code(north, visit, by="admin")
    assert links.answer_link(guest(north.id), secret=secret, right=True, code=_wrong(code)) == 4
    assert links.answer_link(guest(north.id), secret=secret, right=True, code=code) is None
    assert visit.state == "confirmed"


def test_the_helper_signed_in_does_not_answer_for_the_household(visit, north):
    secret = _link(north, visit)
    with pytest.raises(Forbidden, match="own_link"):
        links.answer_link(north.actor("volunteer"), secret=secret, right=True)


def test_no_by_link_is_a_dispute_without_a_code(visit, north):
    secret = _link(north, visit, "volunteer")
    links.answer_link(guest(north.id), secret=secret, right=False, reason="wrong_day")
    assert (visit.state, visit.disputed_how, visit.dispute_reason) == ("disputed", "link", "wrong_day")


def test_an_old_link_opens_nothing(visit, north):
    secret = _link(north, visit)
    token = db.session.scalars(select(Token).where(Token.purpose == links.PURPOSE)).one()
    token.expires_at = clock.now()
    for call in (links.open_link, lambda actor, secret: links.answer_link(actor, secret=secret, right=True)):
        with pytest.raises(DomainError, match="link"):
            call(guest(north.id), secret=secret)


def test_links_are_for_visits_that_wait(visit, north):
    _confirm(north, visit, "resident")
    with pytest.raises(Conflict):
        _link(north, visit)


# The database holds it below the rules.


@pytest.mark.parametrize(
    "change",
    [
        "state = 'confirmed'",
        "state = 'confirmed', household_at = now(), helper_at = null",
        "state = 'maybe'",
        "state = 'attempt'",
        "minutes = 0",
        "minutes = 721",
        "outcome = 'absent', minutes = 0",
        "household_how = 'account', household_by = noted_by",
        "household_how = 'call', household_by = null",
        "household_how = 'call', household_by = helper_by",
        "household_how = 'witness', household_by = helper_by, witness = 'x'",
        "household_how = 'witness', household_by = gen_random_uuid()",
        "witness = 'x'",
    ],
)
def test_the_database_refuses_a_back_door(visit, change):
    with pytest.raises(IntegrityError):
        db.session.execute(text(f"UPDATE visit SET {change} WHERE id = :id"), {"id": visit.id})


def test_every_step_leaves_an_audit_row(visit, north):
    _link(north, visit)
    _confirm(north, visit, "resident")
    confirmations.dispute(north.actor("staff"), visit_id=visit.id, reason="other")
    corrections.withdraw_visit(north.actor("staff"), visit_id=visit.id)
    actions = db.session.scalars(
        select(audit.AuditEntry.action)
        .where(audit.AuditEntry.subject_id == visit.id)
        .order_by(audit.AuditEntry.id)
    ).all()
    steps = ["noted", "link_issued", "confirmed", "disputed", "withdrawn"]
    assert actions == [f"visit.{step}" for step in steps]


# Two at once.


def _race(app, place, *acts):
    """What each of the acts, done at the same moment in transactions of their own, came to."""
    barrier, outcomes = Barrier(len(acts)), []

    def run(act):
        with app.app_context():
            world.enter(place)
            barrier.wait()
            try:
                act()
                db.session.commit()
                outcomes.append("done")
            except DomainError as error:
                db.session.rollback()
                outcomes.append(error.code)
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def living(live_app):
    with live_app.app_context():
        place = world.make_place("race")
    with world.inside(live_app, place):
        visit = visits.make_visit(place)
    return live_app, place, visit


def test_two_confirmations_at_once_are_one(living):
    app, place, visit = living
    assert _race(
        app,
        place,
        lambda: _confirm(place, visit, "resident"),
        lambda: _confirm(place, visit, "staff"),
        lambda: _confirm(place, visit, "admin"),
    ) == ["confirmed_before", "confirmed_before", "done"]


def test_yes_and_no_at_once_end_in_one_of_them(living):
    app, place, visit = living
    outcomes = _race(
        app,
        place,
        lambda: _confirm(place, visit, "resident"),
        lambda: corrections.withdraw_visit(place.actor("volunteer"), visit_id=visit.id),
    )
    with world.inside(app, place):
        state = db.session.scalars(select(Visit.state).where(Visit.id == visit.id)).one()
    assert outcomes in (["closed", "done"], ["done", "done"])
    assert state == "withdrawn"


def test_two_notes_of_one_hour_at_once_are_one(living):
    app, place, visit = living
    with world.inside(app, place):
        pairing = of_pairing(visit.pairing_id).pairing
    hours = itertools.repeat(20)
    acts = [lambda: visits.make_visit(place, pairing, ago=next(hours)) for _ in range(4)]
    assert _race(app, place, *acts) == ["done", "overlap", "overlap", "overlap"]


def test_a_double_tap_at_once_is_one_visit(living):
    app, place, visit = living
    key = world.some_id()
    with world.inside(app, place):
        pairing = of_pairing(visit.pairing_id).pairing
    acts = [lambda: visits.make_visit(place, pairing, ago=20, submission=key) for _ in range(4)]
    assert _race(app, place, *acts) == ["done"] * 4
    with world.inside(app, place):
        assert len(db.session.scalars(select(Visit).where(Visit.submission == key)).all()) == 1


def test_guessing_at_once_is_counted_each_time(living):
    app, place, visit = living
    with world.inside(app, place):
        code = _code(place, visit)
    acts = [
        lambda: codes.enter_code(place.actor("volunteer"), visit_id=visit.id, code=_wrong(code))
        for _ in range(8)
    ]
    assert _race(app, place, *acts).count("too_many_tries") == 3

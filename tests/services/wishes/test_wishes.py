"""A wish is taken on once, given back, fulfilled, thanked for, and ends with its household."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.communities import regions
from services.core import clock, scope
from services.core.actor import system
from services.core.db import db, transaction
from services.core.errors import Conflict, DomainError, Forbidden, NotFound
from services.followups.models import LIVING, FollowUp, Plan
from services.messages.models import Message
from services.register import merging, undoing
from services.volunteers import profiles
from services.wishes import claims, leaving, lists, plans, wishes
from services.wishes.models import WishClaim
from tests.factories import households, pairings, volunteers, world
from tests.factories import pledges as units
from tests.factories.wishes import make_wish

PEOPLE = 20


@pytest.fixture
def here(session, north):
    world.enter(north)
    volunteers.make_helper(north)
    return north


def _open_asked(kind):
    living = select(func.count()).where(FollowUp.subject_kind == kind, FollowUp.state.in_(LIVING))
    return db.session.scalars(living).one()


def _asked_by(plan):
    living = select(func.count()).where(
        FollowUp.plan_id == Plan.id, Plan.code == plan, FollowUp.state.in_(LIVING)
    )
    return db.session.scalars(living).one()


def _told(place, role, template):
    account = place.accounts[role]
    statement = select(func.count()).where(
        Message.account_id == account.id, Message.template == template, Message.channel == "inbox"
    )
    return db.session.scalars(statement).one()


def test_twenty_at_once_and_one_gets_it(live_app):
    with live_app.app_context():
        place = world.make_place("race")
    actors = []
    with world.inside(live_app, place):
        wish_id = make_wish(place, households.make_household(place).id).id
        for _ in range(PEOPLE):
            volunteers.make_helper(place)
            actors.append(place.actor("volunteer"))
    start, outcomes = threading.Barrier(PEOPLE), []

    def take(actor):
        start.wait()
        with live_app.app_context():
            scope.enter(place.id)
            try:
                with transaction():
                    claims.claim(actor, wish_id=wish_id)
                outcomes.append("claimed")
            except Conflict as refused:
                outcomes.append(refused.code)
            except Exception as error:
                outcomes.append(repr(error))
            db.session.remove()

    threads = [threading.Thread(target=take, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["claimed"] + ["taken"] * (PEOPLE - 1)
    with world.inside(live_app, place):
        assert db.session.scalars(select(func.count()).select_from(WishClaim)).one() == 1


def test_a_household_asks_and_the_office_puts_it_up(here):
    home = households.make_resident(here)
    asked = wishes.ask(here.actor("resident"), kind="health", text="一副老花镜")
    assert lists.open_page(here.actor("volunteer"))[0] == []
    with pytest.raises(NotFound):
        claims.claim(here.actor("volunteer"), wish_id=asked.id)
    wishes.change(here.actor("staff"), wish_id=asked.id, kind="health", text="一副200度的老花镜", worth=60)
    (shown,) = lists.open_page(here.actor("volunteer"))[0]
    assert (shown.text, shown.estate) == ("一副200度的老花镜", "东里")
    assert lists.open_kinds(here.actor("volunteer")) == {"health": 1}
    for _ in range(wishes.MOST_ASKED):
        wishes.ask(here.actor("resident"), kind="other", text="一盆花")
    with pytest.raises(Conflict):
        wishes.ask(here.actor("resident"), kind="other", text="一盆花")
    assert len(lists.of_own_household(here.actor("resident"))) == 4
    assert home.name not in repr(shown)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("text", {"text": "证件 110101194906151234"}),
        ("text", {"text": "打 138 0000 1234"}),
        ("text", {"text": "王秀英想要一盏灯"}),
        ("text", {"text": "   "}),
        ("worth", {"worth": 501}),
        ("kind", {"kind": "car"}),
    ],
)
def test_what_helpers_must_not_read_is_refused(here, field, facts):
    home = households.make_household(here, name="王秀英")
    with pytest.raises(DomainError) as refused:
        make_wish(here, home.id, **facts)
    assert refused.value.field == field


def test_three_at_a_time_and_given_back_is_open_again(here):
    helper, home = here.actor("volunteer"), households.make_household(here)
    made = [make_wish(here, home.id) for _ in range(4)]
    first = claims.claim(helper, wish_id=made[0].id)
    assert claims.claim(helper, wish_id=made[0].id).id == first.id
    for wish in made[1:3]:
        claims.claim(helper, wish_id=wish.id)
    with pytest.raises(Conflict) as refused:
        claims.claim(helper, wish_id=made[3].id)
    assert refused.value.code == "enough"
    claims.give_back(helper, wish_id=made[0].id)
    assert made[0].state == "open"
    # Nobody has it: the office is asked anew; of the two claimed ones it is asked later.
    assert (_open_asked("wish"), _open_asked("wish_claim")) == (1, 3)
    claims.claim(helper, wish_id=made[3].id)
    assert _open_asked("wish") == 0


def test_it_comes_true_and_the_claimer_is_thanked(here):
    home = households.make_resident(here)
    wish, helper = make_wish(here, home.id), here.actor("volunteer")
    claims.claim(helper, wish_id=wish.id)
    assert _told(here, "resident", "wish.claimed") == 1
    today = regions.today(here.id)
    with pytest.raises(DomainError):
        claims.fulfil(helper, wish_id=wish.id, day=today + timedelta(days=1))
    claims.fulfil(helper, wish_id=wish.id, day=today, note="送到社区了")
    assert (wish.state, _open_asked("wish_claim")) == ("fulfilled", 0)
    claims.confirm(here.actor("resident"), wish_id=wish.id)
    claims.confirm(here.actor("resident"), wish_id=wish.id)
    assert (wish.state, _told(here, "volunteer", "wish.thanks")) == ("confirmed", 1)
    with pytest.raises(Conflict):
        wishes.close(here.actor("staff"), wish_id=wish.id, reason="mistake")


def test_it_has_not_come_and_the_claimer_looks_again(here):
    home = households.make_resident(here)
    wish, helper, today = make_wish(here, home.id), here.actor("volunteer"), regions.today(here.id)
    row = claims.claim(helper, wish_id=wish.id)
    with pytest.raises(Conflict):
        claims.not_come(here.actor("resident"), wish_id=wish.id)
    claims.fulfil(helper, wish_id=wish.id, day=today, note="送到社区了")
    for _ in range(2):
        claims.not_come(here.actor("resident"), wish_id=wish.id)
    assert (wish.state, row.fulfilled_on, row.not_come_on, row.note) == ("claimed", None, today, "送到社区了")
    assert (_told(here, "volunteer", "wish.not_come"), _open_asked("wish_claim")) == (1, 1)
    assert row.next_at is not None
    claims.fulfil(helper, wish_id=wish.id, day=today)
    assert (_told(here, "resident", "wish.fulfilled"), _open_asked("wish_claim")) == (2, 0)
    # Said once more, it is the office's to ask, and others can take it on.
    claims.not_come(here.actor("staff"), wish_id=wish.id)
    assert (wish.state, row.given_back_on, _told(here, "volunteer", "wish.over")) == ("open", today, 1)
    assert _asked_by("wish_not_come") == 1
    volunteers.make_helper(here)
    claims.claim(here.actor("volunteer"), wish_id=wish.id)
    assert _asked_by("wish_not_come") == 0


def test_what_has_not_come_from_somebody_who_left_is_open_again(here):
    helper, home = volunteers.make_helper(here), households.make_household(here)
    wish, kept = (make_wish(here, home.id) for _ in range(2))
    for one in (wish, kept):
        claims.claim(here.actor("volunteer"), wish_id=one.id)
        claims.fulfil(here.actor("volunteer"), wish_id=one.id, day=regions.today(here.id))
    leaving.set_helper_state(here.actor("staff"), volunteer_id=helper.id, state="left")
    claims.not_come(here.actor("staff"), wish_id=wish.id)
    assert (wish.state, _asked_by("wish_not_come")) == ("open", 1)
    leaving.close_household(
        here.actor("staff"), household_id=home.id, reason="moved", day=regions.today(here.id)
    )
    with pytest.raises(Conflict):
        claims.not_come(here.actor("staff"), wish_id=kept.id)


def test_only_the_claimer_the_household_and_the_office_move_it(here):
    mine = make_wish(here, households.make_resident(here).id)
    claims.claim(here.actor("volunteer"), wish_id=mine.id)
    volunteers.make_helper(here)
    households.make_resident(here)
    today = regions.today(here.id)
    for act in (
        lambda: claims.give_back(here.actor("volunteer"), wish_id=mine.id),
        lambda: claims.fulfil(here.actor("volunteer"), wish_id=mine.id, day=today),
        lambda: claims.confirm(here.actor("resident"), wish_id=mine.id),
        lambda: claims.not_come(here.actor("resident"), wish_id=mine.id),
        lambda: wishes.close(here.actor("resident"), wish_id=mine.id, reason="no_longer"),
        lambda: lists.own_claim(here.actor("volunteer"), mine.id),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        claims.claim(here.actor("resident"), wish_id=mine.id)
    claims.fulfil(here.actor("staff"), wish_id=mine.id, day=today)
    assert mine.state == "confirmed"


def test_whose_it_is_learns_only_the_own_paired_helper(here):
    helper = profiles.own_volunteer(here.actor("volunteer"))
    home = households.make_household(here)
    pairings.agree(here, pairings.publish_between(here, helper, home))
    for household in (home, households.make_household(here)):
        claims.claim(here.actor("volunteer"), wish_id=make_wish(here, household.id).id)
    other, own = lists.own_claims(here.actor("volunteer"), only_open=True)[0]
    assert (own.name, other.name, other.pairing_id) == (home.name, "", None)


def test_the_claimer_is_reminded_once(here):
    wish = make_wish(here, households.make_household(here).id)
    row = claims.claim(here.actor("volunteer"), wish_id=wish.id)
    plans.remind(system(here.id), row.id)
    assert _told(here, "volunteer", "wish.reminder") == 0
    row.next_at = clock.now() - timedelta(hours=1)
    plans.remind(system(here.id), row.id)
    plans.remind(system(here.id), row.id)
    assert (_told(here, "volunteer", "wish.reminder"), row.next_at) == (1, None)


def test_who_leaves_leaves_nothing_waiting(here):
    staff, today = here.actor("staff"), regions.today(here.id)
    helper, home = volunteers.make_helper(here), households.make_household(here)
    kept, gone = make_wish(here, households.make_household(here).id), make_wish(here, home.id)
    for wish in (kept, gone):
        claims.claim(here.actor("volunteer"), wish_id=wish.id)
    leaving.close_household(staff, household_id=home.id, reason="moved", day=today)
    assert (gone.state, _told(here, "volunteer", "wish.over")) == ("closed", 1)
    leaving.set_helper_state(staff, volunteer_id=helper.id, state="left")
    assert kept.state == "open"
    unit = units.make_unit(here)
    person = units.join_unit(here, unit)
    claims.claim(here.actor("unit"), wish_id=kept.id)
    assert lists.one(staff, kept.id).unit == unit.name
    leaving.remove_person(staff, person_id=person.id)
    assert (kept.state, len(lists.given_back(staff, kept.id))) == ("open", 2)


def test_wishes_go_over_with_a_merge_and_back(here):
    one, other = (households.make_household(here, name="王秀英") for _ in range(2))
    wish = make_wish(here, other.id)
    twin = merging.merge(here.actor("staff"), kind="household", kept_id=one.id, other_id=other.id)
    assert wish.household_id == one.id
    undoing.undo(here.actor("staff"), twin_id=twin.id)
    assert wish.household_id == other.id


def test_what_somebody_took_on_with_two_accounts_stays_his(here):
    kept, first = profiles.of_account(here.accounts["volunteer"].id), here.actor("volunteer")
    other = volunteers.make_helper(here)
    home = households.make_household(here)
    made = [make_wish(here, home.id) for _ in range(2)]
    rows = [
        claims.claim(who, wish_id=wish.id)
        for who, wish in zip((first, here.actor("volunteer")), made, strict=True)
    ]
    twin = merging.merge(here.actor("staff"), kind="volunteer", kept_id=kept.id, other_id=other.id)
    assert [row.account_id for row in rows] == [kept.account_id, kept.account_id]
    assert claims.give_back(first, wish_id=made[1].id).state == "open"
    undoing.undo(here.actor("staff"), twin_id=twin.id)
    assert [row.account_id for row in rows] == [kept.account_id, other.account_id]

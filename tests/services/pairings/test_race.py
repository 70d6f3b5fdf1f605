"""Fifty people at once for one place: one winner, forty-nine clear answers."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from services.communities import regions
from services.core import locks, scope
from services.core.db import db, transaction
from services.core.errors import Conflict
from services.followups.models import LIVING, FollowUp
from services.pairings import leaving, proposals
from services.pairings.models import Pairing, Proposal
from services.volunteers.models import Volunteer
from tests.factories import households, pairings, volunteers, world

PEOPLE = 50


def test_fifty_at_once(live_app):
    place, asked = prepare(live_app)
    start = threading.Barrier(PEOPLE)
    outcomes: list[str] = []

    def accept(proposal_id):
        start.wait()
        with live_app.app_context():
            scope.enter(place.id)
            try:
                with transaction():
                    answered = proposals.answer(
                        place.actor("staff"),
                        proposal_id=proposal_id,
                        side="helper",
                        answer="yes",
                        how="staff call",
                    )
                outcomes.append(answered.state)
            except Conflict as refused:
                outcomes.append(refused.code)
            except Exception as error:
                outcomes.append(repr(error))
            db.session.remove()

    threads = [threading.Thread(target=accept, args=(one,)) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] + ["taken"] * (PEOPLE - 1)
    with world.inside(live_app, place):
        assert db.session.scalars(select(func.count()).select_from(Pairing)).one() == 1
        states = dict(db.session.execute(select(Proposal.state, func.count()).group_by(Proposal.state)).all())
        assert states == {"accepted": 1, "lost": PEOPLE - 1}
        open_asking = select(func.count()).where(
            FollowUp.subject_kind == "proposal", FollowUp.state.in_(LIVING)
        )
        assert db.session.scalars(open_asking).one() == 0


def prepare(live_app):
    with live_app.app_context():
        place = world.make_place("race")
    with world.inside(live_app, place):
        household = households.make_household(place)
        first = pairings.publish_between(place, volunteers.make_volunteer(place), household)
        rows = [first]
        for _ in range(PEOPLE - 1):
            rows.append(
                Proposal(
                    volunteer_id=volunteers.make_volunteer(place).id,
                    household_id=household.id,
                    run_id=first.run_id,
                    needs=first.needs,
                    state="published",
                )
            )
        db.session.add_all(rows)
        db.session.flush()
        for row in rows:
            pairings.agree(place, row, "household")
        return place, [row.id for row in rows]


def test_one_helper_cannot_be_won_twice(live_app):
    """The same helper for many households at the same time: his places are never exceeded."""
    with live_app.app_context():
        place = world.make_place("race")
    with world.inside(live_app, place):
        helper = volunteers.make_volunteer(place, places=2)
        rows = []
        for _ in range(12):
            household = households.make_household(place)
            rows.append(Proposal(volunteer_id=helper.id, household_id=household.id, state="published"))
        db.session.add_all(rows)
        db.session.flush()
        for row in rows:
            pairings.agree(place, row, "household")
        asked = [row.id for row in rows]
    start = threading.Barrier(len(asked))
    outcomes: list[str] = []

    def accept(proposal_id):
        start.wait()
        with live_app.app_context():
            scope.enter(place.id)
            try:
                with transaction():
                    outcomes.append(
                        proposals.answer(
                            place.actor("staff"),
                            proposal_id=proposal_id,
                            side="helper",
                            answer="yes",
                            how="paper",
                        ).state
                    )
            except Conflict as refused:
                outcomes.append(refused.code)
            except Exception as error:
                outcomes.append(repr(error))
            db.session.remove()

    threads = [threading.Thread(target=accept, args=(one,)) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] * 2 + ["taken"] * 10
    with world.inside(live_app, place):
        assert db.session.scalars(select(func.count()).select_from(Pairing)).one() == 2


@pytest.mark.parametrize("leaver", ["helper", "household"])
def test_who_leaves_while_a_yes_is_written_leaves_no_pairing_behind(live_app, leaver):
    with live_app.app_context():
        place = world.make_place("race")
    with world.inside(live_app, place):
        helper, household = volunteers.make_volunteer(place), households.make_household(place)
        asked = pairings.agree(place, pairings.publish_between(place, helper, household), "household").id
        helper_id, household_id = helper.id, household.id
    staff, said = place.actor("staff"), threading.Event()

    def say_yes():
        with world.inside(live_app, place):
            proposals.answer(staff, proposal_id=asked, side="helper", answer="yes", how="paper")
            said.set()
            # Other tests have waiting locks too: only who waits for this transaction counts.
            waiting = text(
                "SELECT count(*) FROM pg_locks WHERE NOT granted"
                " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            patience = time.monotonic() + 10
            while not db.session.scalars(waiting).one() and time.monotonic() < patience:
                pass

    def leave():
        said.wait(10)
        with world.inside(live_app, place):
            if leaver == "helper":
                leaving.set_helper_state(staff, volunteer_id=helper_id, state="left")
            else:
                day = regions.today(place.id)
                leaving.close_household(staff, household_id=household_id, reason="moved", day=day)

    with ThreadPoolExecutor(2) as pool:
        yes, left = pool.submit(say_yes), pool.submit(leave)
        yes.result(30)
        with contextlib.suppress(Conflict):
            left.result(30)
    with world.inside(live_app, place):
        living = db.session.scalars(select(func.count()).where(Pairing.ended_on.is_(None))).one()
        state = locks.get(Volunteer, helper_id).state
        # A helper's leaving is refused and can be repeated; nobody ends up gone and paired.
        assert (living, state) == ((1, "active") if leaver == "helper" else (0, "active"))

"""Fifty people at once for one place: one winner, forty-nine clear answers."""

import threading

from sqlalchemy import func, select

from services.core import scope
from services.core.db import db, transaction
from services.core.errors import Conflict
from services.followups.models import LIVING, FollowUp
from services.pairings import proposals
from services.pairings.models import Pairing, Proposal
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

"""Find and matching never disagree, whoever the helper and the households are; and two offers at once."""

import threading
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from matching.candidates import candidates
from matching.model import Helper, Household, Need
from services.core import scope
from services.core.db import db, transaction
from services.core.errors import Conflict
from services.pairings import find, offers
from services.pairings.models import Proposal
from tests.factories import households, volunteers, world

kinds = st.sampled_from(["company", "homework"])
papers = st.frozensets(st.just("no_criminal_record"))
dogs = st.frozensets(st.just("dog"))
points = st.none() | st.tuples(st.sampled_from([0.0, 500.0, 3000.0]), st.just(0.0))
weeks = st.sampled_from([1, 3, 1 << 100])
a_helper = st.builds(
    Helper,
    id=st.just("v"),
    skills=st.dictionaries(kinds, st.integers(1, 3), max_size=2),
    week=weeks,
    position=points,
    reach_m=st.sampled_from([None, 600]),
    checks=papers,
    limits=dogs,
    hours=st.none() | st.integers(0, 2),
    gender=st.sampled_from([None, "female"]),
    exclusions=st.frozensets(st.just("h1")),
)
a_household = st.builds(
    Household,
    id=st.just("?"),
    needs=st.lists(
        st.builds(Need, kinds, st.integers(1, 3), st.integers(1, 2), st.none() | weeks),
        min_size=1,
        max_size=2,
    ).map(tuple),
    position=points,
    check_required=papers,
    circumstances=dogs,
    same_gender=st.sampled_from([None, "female"]),
    places=st.integers(0, 2),
    declined=st.frozensets(st.just("v")),
)


@settings(max_examples=200, deadline=None)
@given(a_helper, st.lists(a_household, max_size=5))
def test_what_is_found_is_what_a_run_could_propose(helper, homes):
    homes = [replace(one, id=f"h{number}") for number, one in enumerate(homes)]
    could, aside = find.sort_out(helper, homes)
    table = candidates([helper], homes)
    assert {one.id for one in could} == {table.household_ids[h] for h in table.household.tolist()}
    assert len(could) + sum(one.count for one in aside) == len(homes)


def test_two_taps_of_two_helpers_at_once_make_one_offer(live_app):
    with live_app.app_context():
        place = world.make_place("race")
    with world.inside(live_app, place):
        home = households.make_household(place).id
        people = []
        for _ in range(2):
            volunteers.make_helper(place)
            people.append(place.actor("volunteer"))
    start, outcomes = threading.Barrier(4), []

    def tap(actor):
        start.wait()
        with live_app.app_context():
            scope.enter(place.id)
            try:
                with transaction():
                    outcomes.append(str(offers.offer(actor, household_id=home).id))
            except Conflict as refused:
                outcomes.append(refused.code)
            db.session.remove()

    threads = [threading.Thread(target=tap, args=(actor,)) for actor in people * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.inside(live_app, place):
        made = str(db.session.scalars(select(Proposal)).one().id)
    assert sorted(outcomes) == sorted([made, made, "taken", "taken"])

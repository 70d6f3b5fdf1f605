"""The pages of who is away, one's own and everybody's, and of handing everything over."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.core.actor import system
from services.followups import absences, life
from services.people import memberships
from tests.factories import followups, world


@pytest.fixture
def today(app, north):
    with world.inside(app, north):
        return regions.today(north.id)


@pytest.fixture
def garden(app, north, today):
    with world.inside(app, north):
        for name in ("deputy", "volunteer"):
            north.accounts[name] = world.make_account(f"Helper {name}")
            memberships.enrol(
                system(north.id), account_id=north.accounts[name].id, role="volunteer", since=world.SINCE
            )
        return followups.make_followups(
            north, day=today, helper=north.accounts["volunteer"].id, deputy=north.accounts["deputy"].id
        )


def typed(today, first=1, last=9, **more):
    days = {"since": today + timedelta(days=first), "until": today + timedelta(days=last)}
    return {name: day.isoformat() for name, day in days.items()} | more


def known(app, north):
    with world.inside(app, north):
        return list(absences.everybodys(north.actor("staff")))


def test_a_helper_records_ends_and_cancels_his_own(client, app, north, garden, today):
    world.sign_in(client, north.accounts["volunteer"])
    address = north.path("followups/away")
    assert address in client.get(north.path("followups/")).text
    page = client.get(address).text
    assert "Helper deputy" in page
    deputy = str(north.accounts["deputy"].id)
    assert client.post(address, data=typed(today, deputy=deputy)).status_code == 303
    (absence,) = known(app, north)
    assert (absence.account_id, str(absence.deputy_id)) == (north.accounts["volunteer"].id, deputy)
    assert "Ends earlier" in client.get(address).text
    until = north.path(f"followups/absences/{absence.id}/until")
    assert client.post(until, data={"until": (today + timedelta(days=99)).isoformat()}).status_code == 422
    answer = client.post(until, data={"until": (today + timedelta(days=3)).isoformat()})
    assert (answer.status_code, answer.location) == (303, address)
    assert known(app, north)[0].until == today + timedelta(days=3)
    assert client.post(north.path(f"followups/absences/{absence.id}/cancel")).status_code == 303
    assert known(app, north) == []
    assert client.post(north.path(f"followups/absences/{absence.id}/cancel")).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [{"since": "soon"}, {"until": ""}, {"until": "2020-01-01"}, {"until": "9999-12-31"}, {"deputy": "x"}],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(client, app, north, garden, today, wrong):
    world.sign_in(client, north.accounts["volunteer"])
    answer = client.post(north.path("followups/away"), data=typed(today) | wrong)
    assert answer.status_code == 422
    assert all(value in answer.text for name, value in wrong.items() if name != "deputy")
    assert known(app, north) == []


def test_the_office_sees_who_is_away_and_records_it_for_others(client, app, north, garden, today):
    world.sign_in(client, north.accounts["staff"])
    address = north.path("followups/absences/")
    assert "Nobody is away" in client.get(address).text
    helper = str(north.accounts["volunteer"].id)
    deputy = str(north.accounts["deputy"].id)
    assert client.post(address, data=typed(today, 0, account=helper, deputy=deputy)).status_code == 303
    page = client.get(address).text
    assert "Away now" in page
    (absence,) = known(app, north)
    shown = client.get(north.path(f"followups/{garden['look'].id}")).text
    assert "Stands in: Helper deputy" in shown
    again = client.post(address, data=typed(today, account=helper))
    assert again.status_code == 422
    assert "already an absence" in again.text
    for wrong in ("", "x", str(world.some_id())):
        assert client.post(address, data=typed(today, account=wrong)).status_code == 422
    answer = client.post(north.path(f"followups/absences/{absence.id}/cancel"))
    assert answer.location == address


def test_the_absences_of_others_are_the_office_s(client, app, north, south, garden, today):
    with world.inside(app, north):
        absence = absences.register(
            north.actor("staff"), account_id=north.accounts["volunteer"].id, since=today, until=today
        )
    cancel = f"followups/absences/{absence.id}/cancel"
    world.sign_in(client, north.accounts["deputy"])
    assert client.get(north.path("followups/absences/")).status_code == 403
    assert client.get(north.path("followups/hand-over")).status_code == 403
    assert client.post(north.path(cancel)).status_code == 404
    world.sign_in(client, south.accounts["staff"])
    assert client.post(south.path(cancel)).status_code == 404
    assert len(known(app, north)) == 1


def test_handing_over_all_of_one_person(client, app, north, garden):
    world.sign_in(client, north.accounts["staff"])
    address = north.path("followups/hand-over")
    assert "Helper volunteer" in client.get(address).text
    helper, deputy = (str(north.accounts[name].id) for name in ("volunteer", "deputy"))
    for wrong in ({"owner": "", "to": deputy}, {"owner": helper, "to": "x"}, {"owner": helper, "to": helper}):
        assert client.post(address, data=wrong).status_code == 422
    answer = client.post(address, data={"owner": helper, "to": deputy, "note": ""}, follow_redirects=True)
    assert "Follow-ups handed over: 2." in answer.text
    with world.inside(app, north):
        rows = life.of_subjects(followups.KIND, [garden["look"].subject_id])
    assert sorted(str(row.owner_id) for row in rows) == sorted([deputy, deputy, "None"])

"""The pages of hours and certificates: who reaches them, what a stranger with a paper sees, what the paper holds."""

from datetime import timedelta

import pytest

from services.communities import regions
from services.visits import certificates
from tests.factories import visits, world


@pytest.fixture
def paper(app, north):
    """The public address of a certificate, and its id."""
    with world.inside(app, north):
        pairing = visits.make_old_pairing(north)
        visits.make_confirmed(north, pairing)
        today = regions.today(north.id)
        row = certificates.issue(north.actor("volunteer"), since=today - timedelta(days=20), until=today)
        return f"verify/{row.number}-{certificates.secret_of(row)}", row.id


def test_a_helper_takes_a_paper_of_his_hours(client, north, paper):
    world.sign_in(client, north.accounts["volunteer"])
    page = client.get(north.path("visits/hours"))
    assert page.status_code == 200 and "1 h" in page.text
    sent = client.post(north.path("visits/certificates"), data={"since": "2026-01-01", "until": "2099-01-01"})
    assert sent.status_code == 303
    shown = client.get(sent.location)
    assert "It stands" in shown.text
    made = client.get(sent.location + ".pdf")
    assert made.mimetype == "application/pdf" and made.data.startswith(b"%PDF-")
    assert "volunteer" not in made.headers["Content-Disposition"]


def test_anybody_may_check_a_paper_and_sees_no_name(client, north, south, paper):
    page = client.get(north.path(paper[0]))
    assert page.status_code == 200 and "Genuine" in page.text
    assert "v**" in page.text and "volunteer of" not in page.text
    assert client.get(north.path(paper[0] + "x")).status_code == 404
    assert client.get(south.path(paper[0])).status_code == 404


def test_the_office_lists_papers_and_others_do_not(client, north, paper):
    world.sign_in(client, north.accounts["resident"])
    for address in ("visits/certificates", f"visits/certificates/{paper[1]}", "visits/hours"):
        assert client.get(north.path(address)).status_code == 403
    world.sign_in(client, north.accounts["staff"])
    assert "volunteer of north" in client.get(north.path("visits/certificates?state=stands")).text
    assert "No certificates here" in client.get(north.path("visits/certificates?state=fallen")).text
    assert client.get(north.path("visits/certificates?year=1")).status_code == 422


def test_a_period_without_confirmed_hours_is_refused_and_kept(client, north, paper):
    world.sign_in(client, north.accounts["volunteer"])
    page = client.post(north.path("visits/certificates"), data={"since": "2020-01-01", "until": "2020-12-31"})
    assert page.status_code == 422
    assert "no confirmed hours" in page.text and 'value="2020-12-31"' in page.text
    page = client.get(north.path("visits/hours?since=2026-02-01&until=2026-01-01"))
    assert page.status_code == 422 and "begin before it ends" in page.text

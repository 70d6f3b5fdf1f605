"""The pages on which a person makes tokens for programs, and an administrator sees everybody's."""

from datetime import timedelta

import pytest

from services.access import tokens
from services.communities import regions
from services.core.db import db
from tests.factories import access, world


@pytest.fixture
def last(app, north):
    with world.inside(app, north):
        return regions.today(north.id) + timedelta(days=9)


@pytest.fixture
def signed_in(client, north):
    def of(role):
        world.sign_in(client, north.accounts[role])
        return client

    return of


def make(app, north, role="staff"):
    """The id of a token of a role."""
    access.make_token(app, north, role, {"households:read"})
    with world.inside(app, north):
        return tokens.own(north.actor(role)).rows[0].id


def test_a_token_is_made_shown_once_and_works(app, north, signed_in, last):
    staff = signed_in("staff")
    assert "New token" in staff.get(north.path("tokens/")).text
    typed = {"title": "Monthly sheet", "scopes": ["households:read"], "expires_on": last.isoformat()}
    shown = staff.post(north.path("tokens/new"), data=typed)
    secret = "linli_" + shown.text.partition('value="linli_')[2].partition('"')[0]
    assert access.program(app, secret).get(f"/api/v1/c/{north.code}/households").status_code == 200
    listed = staff.get(north.path("tokens/")).text
    assert "Monthly sheet" in listed and secret not in listed


def test_what_is_offered_is_what_ones_roles_may(app, north, signed_in):
    with world.inside(app, north):
        world.add_member(north, "volunteer")
        db.session.commit()
    office, helper = (signed_in(role).get(north.path("tokens/new")).text for role in ("staff", "volunteer"))
    assert 'value="households:read"' in office and 'value="households:read"' not in helper
    assert 'value="messages:read"' in helper


def test_a_refused_form_keeps_what_was_typed(north, signed_in, last):
    typed = {"title": "Sheet", "scopes": ["households:read"], "expires_on": "1999-01-01"}
    refused = signed_in("staff").post(north.path("tokens/new"), data=typed)
    assert refused.status_code == 422 and "within a year" in refused.text
    assert 'value="Sheet"' in refused.text and 'value="households:read" checked' in refused.text
    nothing = signed_in("staff").post(north.path("tokens/new"), data={**typed, "scopes": ["nothing"]})
    assert nothing.status_code == 422


def test_a_token_is_switched_off_by_its_owner_or_an_administrator(app, north, south, signed_in):
    token_id = make(app, north)
    off = north.path(f"tokens/{token_id}/revoke")
    assert signed_in("staff").get(north.path("tokens/everybodys")).status_code == 403
    assert "A program" in signed_in("admin").get(north.path("tokens/everybodys")).text
    assert signed_in("admin").post(south.path(f"tokens/{token_id}/revoke")).status_code == 404
    assert signed_in("admin").post(off).location.endswith("tokens/everybodys")
    assert "Switched off" in signed_in("staff").get(north.path("tokens/")).text
    assert signed_in("staff").post(off).status_code == 303
    theirs = make(app, north, "admin")
    assert signed_in("staff").post(north.path(f"tokens/{theirs}/revoke")).status_code == 404


def test_the_account_leads_there(north, signed_in):
    assert north.path("tokens/") in signed_in("staff").get("/account").text

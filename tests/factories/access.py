"""Programs at work: tokens of accounts."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from app.api.area import SCOPES
from services.access import tokens
from services.communities import regions
from services.core.actor import Actor
from services.core.db import db
from tests.factories import world


def make_token(app: Flask, place: world.Place, role: str = "staff", scopes: set[str] | None = None) -> str:
    """The secret of a new token of a role's account, for every scope unless some are named."""
    account = place.accounts[role]
    with world.inside(app, place):
        actor = Actor(account.id, place.id, frozenset({role}))
        last = regions.today(place.id) + timedelta(days=30)
        wanted = SCOPES if scopes is None else scopes
        _token, secret = tokens.make(actor, title="A program", scopes=wanted, expires_on=last, known=SCOPES)
        db.session.commit()
        return secret


def program(app: Flask, secret: str) -> FlaskClient:
    """A client that sends a token with each request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client

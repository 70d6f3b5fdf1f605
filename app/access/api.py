"""One's tokens for programs, and for the administrator everybody's."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import g

from app.access.api_schemas import NewTokenSchema, TokenRowSchema
from app.access.schemas import TokenSchema
from app.api.area import SCOPES, Area
from app.api.bodies import body
from app.auth import allow
from services.access import tokens
from services.access.models import AccessToken
from services.core.paging import Page

bp = Area("access", __name__, "Tokens: what lets programs in.")

TOKEN = "/tokens/<uuid:token_id>"


@dataclass(frozen=True)
class NewToken:
    """A token with its secret."""

    token: AccessToken
    secret: str


@bp.lists("/tokens", TokenRowSchema)
@allow("access.own")
def list_tokens(asked: dict[str, Any]) -> Page[AccessToken]:
    """One's own tokens, also those that open nothing any more."""
    return tokens.own(g.actor, **asked)


@bp.lists("/tokens/everybodys", TokenRowSchema)
@allow("access.all")
def list_everybodys_tokens(asked: dict[str, Any]) -> Page[AccessToken]:
    """All tokens of the community that open something."""
    return tokens.everybodys(g.actor, **asked)


@bp.creates("/tokens", NewTokenSchema, body(TokenSchema))
@allow("access.own")
def make_token(data: dict[str, Any]) -> NewToken:
    """Make a token; a token gives on no more than it has itself."""
    return NewToken(*tokens.make(g.actor, known=SCOPES, within=g.get("token"), **data))


@bp.shows(TOKEN, TokenRowSchema)
@allow("access.own")
def show_token(token_id: uuid.UUID) -> AccessToken:
    """A token."""
    return tokens.get_token(g.actor, token_id)


@bp.acts(f"{TOKEN}/revoke", TokenRowSchema)
@allow("access.own")
def revoke_token(token_id: uuid.UUID) -> AccessToken:
    """Switch a token off from this moment."""
    return tokens.revoke(g.actor, token_id=token_id)

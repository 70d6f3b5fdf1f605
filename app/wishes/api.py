"""Small wishes for programs: the office's, those that helpers take on, a household's own."""

import uuid
from typing import Any

from flask import g

from app.api.area import Area
from app.api.bodies import body
from app.auth import allow
from app.wishes.api_schemas import (
    ClaimQuery,
    OpenWishQuery,
    OpenWishSchema,
    OwnClaimSchema,
    OwnWishSchema,
    WishQuery,
    WishRowSchema,
)
from app.wishes.schemas import CloseSchema, FulfilSchema, WishSchema
from services.core.paging import Page
from services.wishes import claims, lists, wishes
from services.wishes.lists import Line, OwnClaim, Shown
from services.wishes.models import Wish

bp = Area("wishes", __name__, "Small wishes of households, and who takes them on.")

WISH = "/wishes/<uuid:wish_id>"
CLAIM = "/wish-claims/<uuid:wish_id>"
OWN = "/own-wishes/<uuid:wish_id>"
SAID, DONE = body(WishSchema), body(FulfilSchema)


@bp.lists("/wishes", WishRowSchema, WishQuery)
@allow("wishes.manage")
def list_wishes(asked: dict[str, Any]) -> Page[Line]:
    """Every wish, the newest first."""
    return Page(*lists.page(g.actor, **asked))


@bp.creates("/households/<uuid:household_id>/wishes", WishRowSchema, SAID, at=WISH)
@allow("wishes.manage")
def add_wish(data: dict[str, Any], household_id: uuid.UUID) -> Line:
    """Write down a household's wish; helpers see it at once."""
    return lists.one(g.actor, wishes.add(g.actor, household_id=household_id, **data).id)


@bp.shows(WISH, WishRowSchema)
@allow("wishes.manage")
def show_wish(wish_id: uuid.UUID) -> Line:
    """A wish, whose it is, and who has taken it on."""
    return lists.one(g.actor, wish_id)


@bp.changes(WISH, WishRowSchema, body(WishSchema, partial=True), Wish, show_wish)
@allow("wishes.manage")
def change_wish(data: dict[str, Any], wish_id: uuid.UUID) -> Line:
    """Put a wish into words that helpers may read; one that was asked for is open from then on."""
    wish = lists.one(g.actor, wish_id).wish
    said = {"kind": wish.kind, "text": wish.text, "worth": wish.worth}
    return lists.one(g.actor, wishes.change(g.actor, wish_id=wish_id, **said | data).id)


@bp.acts(f"{WISH}/hand-over", WishRowSchema, DONE)
@allow("wishes.manage")
def hand_wish_over(data: dict[str, Any], wish_id: uuid.UUID) -> Line:
    """The office handed it over: who took it on is thanked."""
    return lists.one(g.actor, claims.fulfil(g.actor, wish_id=wish_id, **data).id)


@bp.acts(f"{WISH}/confirm", WishRowSchema)
@allow("wishes.manage")
def confirm_wish(wish_id: uuid.UUID) -> Line:
    """The household has it: who took it on is thanked."""
    return lists.one(g.actor, claims.confirm(g.actor, wish_id=wish_id).id)


@bp.acts(f"{WISH}/release", WishRowSchema)
@allow("wishes.manage")
def release_wish(wish_id: uuid.UUID) -> Line:
    """Let others take the wish on."""
    return lists.one(g.actor, claims.give_back(g.actor, wish_id=wish_id).id)


@bp.acts(f"{WISH}/close", WishRowSchema, body(CloseSchema))
@allow("wishes.manage")
def close_wish(data: dict[str, Any], wish_id: uuid.UUID) -> Line:
    """Close a wish, for a reason."""
    return lists.one(g.actor, wishes.close(g.actor, wish_id=wish_id, **data).id)


@bp.lists("/open-wishes", OpenWishSchema, OpenWishQuery)
@allow("wishes.claim")
def list_open_wishes(asked: dict[str, Any]) -> Page[Shown]:
    """Wishes that somebody could fulfil, the newest first; never whose they are."""
    return Page(*lists.open_page(g.actor, **asked))


@bp.acts("/open-wishes/<uuid:wish_id>/claim", OwnClaimSchema)
@allow("wishes.claim")
def claim_wish(wish_id: uuid.UUID) -> OwnClaim:
    """Take a wish on; of many at once one gets it."""
    return lists.own_claim(g.actor, claims.claim(g.actor, wish_id=wish_id).wish_id)


@bp.lists("/wish-claims", OwnClaimSchema, ClaimQuery)
@allow("wishes.claim")
def list_own_claims(asked: dict[str, Any]) -> Page[OwnClaim]:
    """What one has taken on, the newest first."""
    return Page(*lists.own_claims(g.actor, **asked))


@bp.shows(CLAIM, OwnClaimSchema)
@allow("wishes.claim")
def show_own_claim(wish_id: uuid.UUID) -> OwnClaim:
    """A wish one has taken on."""
    return lists.own_claim(g.actor, wish_id)


@bp.acts(f"{CLAIM}/fulfil", OwnClaimSchema, DONE)
@allow("wishes.claim")
def fulfil_claim(data: dict[str, Any], wish_id: uuid.UUID) -> OwnClaim:
    """Say that it is done."""
    claims.fulfil(g.actor, wish_id=lists.own_claim(g.actor, wish_id).wish.id, **data)
    return lists.own_claim(g.actor, wish_id)


@bp.acts(f"{CLAIM}/give-back", None)
@allow("wishes.claim")
def give_claim_back(wish_id: uuid.UUID) -> None:
    """Give a wish back; others can take it on."""
    claims.give_back(g.actor, wish_id=lists.own_claim(g.actor, wish_id).wish.id)


@bp.lists("/own-wishes", OwnWishSchema)
@allow("wishes.own")
def list_own_wishes(asked: dict[str, Any]) -> Page[Line]:
    """The own household's wishes, the newest first; who took them on stays with the office."""
    return Page(lists.of_own_household(g.actor), None)


@bp.creates("/own-wishes", OwnWishSchema, SAID)
@allow("wishes.own")
def ask_wish(data: dict[str, Any]) -> Line:
    """Wish for something; the office looks at it before anybody else does."""
    return lists.own(g.actor, wishes.ask(g.actor, **data).id)


@bp.shows(OWN, OwnWishSchema)
@allow("wishes.own")
def show_own_wish(wish_id: uuid.UUID) -> Line:
    """A wish of the own household."""
    return lists.own(g.actor, wish_id)


@bp.acts(f"{OWN}/confirm", OwnWishSchema)
@allow("wishes.own")
def confirm_own_wish(wish_id: uuid.UUID) -> Line:
    """It came."""
    return lists.own(g.actor, claims.confirm(g.actor, wish_id=lists.own(g.actor, wish_id).wish.id).id)


@bp.acts(f"{OWN}/close", OwnWishSchema)
@allow("wishes.own")
def close_own_wish(wish_id: uuid.UUID) -> Line:
    """We no longer wish for it."""
    found = lists.own(g.actor, wish_id).wish
    return lists.own(g.actor, wishes.close(g.actor, wish_id=found.id, reason="no_longer").id)

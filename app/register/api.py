"""The register for programs: finding anyone, and who is in it twice."""

import uuid
from typing import Any

from flask import g

from app.api.area import Area, needs_scope
from app.api.bodies import ListQuery, body
from app.auth import allow
from app.register.api_schemas import (
    AlikeQuery,
    AlikeSchema,
    ApartSchema,
    DecisionSchema,
    FoundSchema,
    MergeSchema,
    TextSchema,
)
from services.core.paging import Page
from services.register import likeness, merging, search, undoing
from services.register.likeness import Alike
from services.register.models import Twin

bp = Area("register", __name__, "Anyone the office knows, found by one question; and who is known twice.")

DECISION = "/decisions/<uuid:decision_id>"


@bp.acts("/register/find", FoundSchema, body(TextSchema))
@needs_scope("register:read")
@allow("register.read")
def find_anyone(data: dict[str, Any]) -> search.Found:
    """A household, somebody who lives in one, or a helper, by name or phone, which stand in no address."""
    return search.find(g.actor, **data)


@bp.lists("/register/alike", AlikeSchema, AlikeQuery)
@allow("register.merge")
def list_alike(asked: dict[str, Any]) -> Page[Alike]:
    """The likeliest pairs that nobody has decided about, the surest first."""
    return Page(likeness.find(g.actor, kind=asked["kind"])[: asked["limit"]], None)


@bp.creates("/register/merge", DecisionSchema, body(MergeSchema), at=DECISION)
@allow("register.merge")
def merge_twins(data: dict[str, Any]) -> Twin:
    """Put one into the other; for 30 days this can be undone."""
    return merging.merge(g.actor, **data)


@bp.creates("/register/keep-apart", DecisionSchema, body(ApartSchema), at=DECISION)
@allow("register.merge")
def keep_twins_apart(data: dict[str, Any]) -> Twin:
    """They are not the same: nobody is asked again."""
    return merging.keep_apart(g.actor, **data)


@bp.lists("/decisions", DecisionSchema, ListQuery)
@allow("register.merge")
def list_decisions(asked: dict[str, Any]) -> Page[Twin]:
    """What was decided about pairs, the newest first."""
    return likeness.decisions(g.actor, **asked)


@bp.shows(DECISION, DecisionSchema)
@allow("register.merge")
def show_decision(decision_id: uuid.UUID) -> Twin:
    """A decision about two."""
    return likeness.get_decision(g.actor, decision_id)


@bp.acts(f"{DECISION}/undo", DecisionSchema)
@allow("register.merge")
def undo_decision(decision_id: uuid.UUID) -> Twin:
    """Take a decision back: these are two again."""
    return undoing.undo(g.actor, twin_id=decision_id)

"""What a community says in which words, and how fast, for programs."""

from dataclasses import dataclass
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.communities.api_schemas import CommunityRowSchema
from app.messages.api_area import bp
from app.messages.api_schemas import PreviewSchema, WordingLineSchema, WordingRowSchema
from app.messages.schemas import RateSchema, WordingSchema
from app.messages.words import parts, texts
from services.communities import regions
from services.communities.models import Community
from services.core import locks
from services.core.paging import Page
from services.messages import templates, wordings
from services.messages.templates import Text

WORDING = "/wordings/<code>"
WORDS = body(WordingSchema)


@dataclass(frozen=True)
class Line:
    """A kind of message."""

    code: str
    own: bool


@bp.lists("/wordings", WordingLineSchema)
@allow("communities.settings")
def list_wordings(asked: dict[str, Any]) -> Page[Line]:
    """Every kind of message."""
    return Page([Line(code, own) for code, own in wordings.codes(g.actor)], None)


@bp.shows(WORDING, WordingRowSchema)
@allow("communities.settings")
def show_wording(code: str) -> dict[str, Any]:
    """A message's words as the community says them."""
    now = parts(wordings.current(g.actor, code=code))
    return {"code": code, "placeholders": sorted(templates.placeholders(code)), **now}


def _hold(code: str) -> None:
    locks.advisory("wordings", g.community.id)


@bp.changes(WORDING, WordingRowSchema, WORDS, _hold, show_wording, "PUT")
@allow("communities.settings")
def change_wording(data: dict[str, Any], code: str) -> dict[str, Any]:
    """Say a message in the community's own words from now on."""
    wordings.save(g.actor, code=code, texts=texts(data))
    return show_wording(code)


@bp.acts(f"{WORDING}/preview", PreviewSchema, WORDS)
@allow("communities.settings")
def preview_wording(data: dict[str, Any], code: str) -> dict[str, Text]:
    """What words become, filled with examples; nothing is changed."""
    return {
        language: wordings.preview(g.actor, code=code, language=language, text=text)
        for language, text in texts(data).items()
    }


@bp.acts(f"{WORDING}/restore", WordingRowSchema)
@allow("communities.settings")
def restore_wording(code: str) -> dict[str, Any]:
    """Back to the words that Linli came with."""
    wordings.restore(g.actor, code=code)
    return show_wording(code)


@bp.acts("/community/rate", CommunityRowSchema, body(RateSchema))
@allow("communities.settings")
def set_message_rate(data: dict[str, Any]) -> Community:
    """How many messages may leave the community in a minute."""
    return regions.set_rate(g.actor, **data)

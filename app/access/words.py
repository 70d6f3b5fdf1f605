"""What a token may do, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from flask_babel import gettext as _

from app.language import english
from app.people import explained
from services.core import permissions
from services.core.errors import N_

AREAS = {**explained.AREAS, "jobs": N_("Long work")}
DEEDS = {
    "read": (N_("See"), ""),
    "write": (N_("Change"), ""),
    "private": (
        N_("Look at private facts"),
        N_("Phone, door, birthday, notes: one by one, and each look is on record."),
    ),
}


@dataclass(frozen=True)
class Group:
    """The scopes of one area: (scope, word, explanation)."""

    label: str
    options: list[tuple[str, str, str]]


def offered() -> list[Group]:
    """The scopes that open something to the actor's roles, by area."""
    views: list[Any] = [view for view in current_app.view_functions.values() if hasattr(view, "__scope__")]
    return groups({view.__scope__ for view in views if permissions.allowed(g.actor, view.__permission__)})


def groups(scopes: Iterable[str]) -> list[Group]:
    """Scopes by area, in the order of the areas."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for scope in sorted(scopes, key=_order):
        area, _colon, deed = scope.partition(":")
        word, about = DEEDS.get(deed, (deed, ""))
        found.setdefault(area, []).append((scope, _(word), _(about) if about else ""))
    return [Group(_(AREAS.get(area, area)), options) for area, options in found.items()]


def said(scopes: Iterable[str]) -> list[str]:
    """Scopes in words, a line for each area."""
    colon, between = (": ", ", ") if english() else ("：", "、")
    return [
        group.label + colon + between.join(word for _scope, word, _about in group.options)
        for group in groups(scopes)
    ]


def _order(scope: str) -> tuple[int, int, str]:
    area, _colon, deed = scope.partition(":")
    places, deeds = list(AREAS), list(DEEDS)
    return (
        places.index(area) if area in places else len(places),
        deeds.index(deed) if deed in deeds else len(deeds),
        scope,
    )

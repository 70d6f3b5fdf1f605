"""What the list of households shows of each."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from flask import g
from flask_babel import gettext as _

from app.language import english
from app.words import options
from services.communities import catalogue
from services.households import disclosure, needs, registration
from services.households.models import Household
from services.pairings import pairings


class Line(NamedTuple):
    """One row. `lacks` are its open needs in words, `urgency` that of the most urgent one and 0 when there is none;
    `served` says how many helpers it has of how many at most."""

    id: uuid.UUID
    name: str
    place: str
    lacks: str
    urgency: int
    helpers: int
    served: str
    agreed: bool


def lines(households: Sequence[Household]) -> list[Line]:
    """The rows of a page, in a fixed number of queries."""
    ids = [household.id for household in households]
    lacking, helpers, agreed = needs.lacking(ids), pairings.helpers(ids), registration.agreed(ids)
    places = disclosure.place_labels(households, g.actor.language)
    words, between = dict(options(catalogue.NEED_KINDS)), ", " if english() else "、"
    served = _("%(now)s of %(most)s")
    found = []
    for household in households:
        open_needs, helping = lacking.get(household.id, []), helpers.get(household.id, 0)
        found.append(
            Line(
                household.id,
                household.name,
                places[household.id],
                between.join(words.get(kind, kind) for kind, _urgency in open_needs),
                open_needs[0][1] if open_needs else 0,
                helping,
                served % {"now": helping, "most": household.places},
                household.id in agreed,
            )
        )
    return found

"""What programs ask and send about matching, where a page's form is shaped for the page."""

from copy import copy
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.api.bodies import ChosenFields, ListQuery
from app.forms import PLAIN, FormSchema, choice, codes, whole
from app.pairings.schemas import QUESTION_FIELDS, AnswerSchema, HelperSchema, WhatIfSchema, row_id
from services.communities import catalogue
from services.core.errors import N_
from services.pairings import whatif
from services.pairings.board import VIEWS
from services.pairings.pairings import REVEALED
from services.pairings.parties import SIDES
from services.pairings.whatif import Question

PROPOSAL_STATES = ("draft", "offered", "published", "accepted", "declined", "lost", "withdrawn")


def one_of(*options: str) -> fields.String:
    """A filter: one of the options, or all."""
    rule = validate.OneOf(("", *options), error=N_("Please choose from the list."))
    return fields.String(load_default="", validate=rule, error_messages={**PLAIN})


class OfRunQuery(ListQuery):
    """Which proposals of a run."""

    state = one_of(*PROPOSAL_STATES)


class BoardQuery(ListQuery):
    """Which households of the board."""

    view = fields.String(
        load_default="all", validate=validate.OneOf(tuple(VIEWS), error=N_("Please choose from the list."))
    )


class PairingsQuery(ListQuery):
    """Which pairings; "stop": the helper asks to stop."""

    state = one_of("living", "ended", "stop")
    household_id = row_id(required=False)
    volunteer_id = row_id(required=False)


class NearQuery(ChosenFields):
    """Which kind of help, and from which household on."""

    kind = choice(codes(catalogue.NEED_KINDS), required=False, default="")
    first = whole(0, 1_000_000, required=False)


class WhyQuery(ChosenFields):
    """Two to ask about."""

    household_id = row_id()
    volunteer_id = row_id()


def _optional() -> dict[str, Any]:
    found = {name: copy(field) for name, field in WhatIfSchema().fields.items()}
    for field in found.values():
        field.required, field.load_default = False, None
    return found


class WhatIfQuery(ChosenFields.from_dict(_optional())):  # type: ignore[misc]
    """A question; what else it needs depends on its kind."""

    kind = choice(whatif.QUESTIONS)

    @validates_schema
    def _complete(self, asked: dict[str, Any], **_kwargs: Any) -> None:
        form = WhatIfSchema()
        for name in QUESTION_FIELDS.get(asked.get("kind", ""), ()):
            if form.fields[name].required and asked.get(name) is None:
                raise ValidationError(PLAIN["required"], name)

    @post_load
    def _asked(self, asked: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        given = {name: asked[name] for name in QUESTION_FIELDS[asked["kind"]] if asked[name] is not None}
        return {"picked": asked.get("picked"), "question": Question(asked["kind"], **given)}


class PublishDraftsSchema(FormSchema):
    """Which drafts; all when left out."""

    proposal_ids = fields.List(
        fields.UUID(error_messages={**PLAIN}), load_default=None, error_messages={**PLAIN}
    )


class ChooseSchema(HelperSchema):
    """A helper for a household, instead of the one of a draft when named."""

    replaces = row_id(required=False)


class OtherSchema(FormSchema):
    """The draft to change helpers with."""

    other_id = row_id()


class OwnAnswerSchema(AnswerSchema):
    """One's own answer, as which of the two sides."""

    side = choice(SIDES)


class LookUpSchema(FormSchema):
    """Which private fact."""

    field = choice(REVEALED)

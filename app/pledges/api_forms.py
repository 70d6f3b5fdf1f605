"""What programs ask about units and pledges, and what they send; a quantity is a whole number as in the representations."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.api.bodies import ListQuery
from app.forms import PLAIN, FormSchema, choice, whole
from app.pledges.schemas import (
    AllocationSchema,
    HelpSchema,
    PledgeSchema,
    ReceiptSchema,
    ReturnSchema,
    WithdrawSchema,
    WriteOffSchema,
)
from services.core.errors import N_
from services.pledges import offers, quantities, standings, unit_pairings, uses

_SAID: dict[str, Any] = dict(PLAIN)
_LISTED = N_("Please choose from the list.")
ONLY = ("open", "free", "expiring", "expired", "withdrawn")


def some(*, required: bool = False) -> Any:
    """How much of something is sent, in the smallest part of its measure."""
    return whole(1, quantities.LARGEST, required=required)


def code(codes: tuple[str, ...], **more: Any) -> Any:
    """One of a list's codes; "" for any."""
    return fields.String(load_default="", validate=validate.OneOf(("", *codes), error=_LISTED), **more)


def as_written(measure: str) -> str:
    """A measure as people write it: hours are what the ledger counts in minutes."""
    return "hours" if measure == quantities.MINUTES else measure


class PledgeQuery(ListQuery):
    """Which pledges."""

    unit_id = fields.UUID(load_default=None, error_messages=_SAID)
    kind = code(offers.KINDS)
    theme = code((*offers.THEMES, standings.UNTHEMED))
    only = code(
        ONLY,
        metadata={"description": "expiring: something is free, and it ends within 30 days."},
    )


class AsOfQuery(ListQuery):
    """The evening of which day is looked at; today when it is left out."""

    as_of = fields.Date(load_default=None, error_messages=_SAID)


class PledgesAsOfQuery(AsOfQuery):
    """Which pledges, on which evening."""

    unit_id = fields.UUID(load_default=None, error_messages=_SAID)


class YearQuery(ListQuery):
    """Of one year, or of all."""

    year = whole(2000, 2200, required=False)


class UseQuery(ListQuery):
    """Which allocations of a unit."""

    state = code(uses.STATES)
    pledge_id = fields.UUID(load_default=None, error_messages=_SAID)


class AllocationQuery(UseQuery):
    """Which allocations."""

    household_id = fields.UUID(load_default=None, error_messages=_SAID)
    project_id = fields.UUID(load_default=None, error_messages=_SAID)
    delivered_since = fields.Date(load_default=None, error_messages=_SAID)


class KindQuery(ListQuery):
    """Of which kind; of every kind when it is left out."""

    kind = fields.String(load_default="")


class PairUnitSchema(FormSchema):
    """Which unit looks after the community, or after a household, and how often the office makes contact."""

    unit_id = fields.UUID(required=True, error_messages=_SAID)
    household_id = fields.UUID(load_default=None, allow_none=True, error_messages=_SAID)
    rhythm = choice(tuple(unit_pairings.RHYTHMS))


class NewPledgeSchema(PledgeSchema):
    """A unit's promise; a room has `week` instead of a quantity, and a service by the hour counts in "minute"."""

    unit_id = fields.UUID(required=True, error_messages=_SAID)
    quantity = some()

    @post_load
    def _hours(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return data | {"measure": as_written(data["measure"])}


class TakeBackSchema(WithdrawSchema):
    """How much is taken back, and why; without a quantity, all that is free."""

    quantity = some()


class LostSchema(WriteOffSchema):
    """How much will not come, and why; without a quantity, all that is free."""

    quantity = some()


class CameBackSchema(ReturnSchema):
    """How much came back, and why; without a quantity, all that came."""

    quantity = some()


class ReserveSchema(AllocationSchema):
    """Part of a pledge for a need or a project, on a day; a room from–to instead of a quantity."""

    quantity = some()

    @validates_schema
    def _one_end(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data.get("need_id") is None) == (data.get("project_id") is None):
            raise ValidationError(N_("Please choose a need or a project."), "need_id")


class OfferPartSchema(HelpSchema):
    """Part of an own pledge that is offered; of a room everything free is."""

    quantity = some()


class OwnReceiptSchema(ReceiptSchema):
    """A household says by itself that something came; without a quantity, all that is left."""

    quantity = some()


class DeliverySchema(OwnReceiptSchema):
    """The receiver signed with the office; `last`: the rest does not come, `met`: the need is met with it."""

    how = choice(("typed", "paper"))
    day = fields.Date(load_default=None, error_messages=_SAID)
    last = fields.Boolean(load_default=False, error_messages=_SAID)
    met = fields.Boolean(load_default=False, error_messages=_SAID)


class FindNeedsSchema(FormSchema):
    """Part of a household's name."""

    name = fields.String(
        required=True,
        validate=validate.Length(1, 60, error=N_("Please shorten this: it is too long.")),
        error_messages=_SAID,
    )

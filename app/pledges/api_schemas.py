"""What programs read and send about units, pledges and what became of them.

A quantity is a whole number of the smallest part of its `measure`: fen for "CNY", minutes for "minute", else pieces.
"""

from typing import Any

from marshmallow import Schema, fields, missing, validate

from app.forms import WeekTicks
from services.pledges import deliveries, movements, offers, periods, unit_pairings, units, uses

STATES = ("open", "withdrawn")


def one_of(codes: tuple[str, ...], **more: Any) -> fields.String:
    """A code of a list that is the same everywhere."""
    return fields.String(required=True, validate=validate.OneOf(codes), **more)


class UnitRowSchema(Schema):
    """A co-building unit."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = one_of(units.KINDS)
    area = fields.String(required=True)
    hopes = fields.List(one_of(units.HOPES), required=True)
    wish = fields.String(required=True)
    state = fields.String(required=True)
    created_at = fields.DateTime(required=True)


class UnitPersonRowSchema(Schema):
    """Somebody who speaks for a unit."""

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    name = fields.String(required=True)
    signs_in = fields.Boolean(required=True)


class BenefitRowSchema(Schema):
    """Something a unit got in return; an entry that `counters` another takes it back."""

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    kind = one_of(units.HOPES)
    line = fields.String(required=True)
    given_on = fields.Date(required=True)
    counters = fields.UUID(required=True, allow_none=True)


class UnitPairingRowSchema(Schema):
    """A unit that looks after the community, or a household."""

    id = fields.UUID(required=True)
    unit_id = fields.UUID(required=True)
    household_id = fields.UUID(required=True, allow_none=True)
    rhythm = one_of(tuple(unit_pairings.RHYTHMS))
    started_on = fields.Date(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    end_reason = fields.String(required=True)


class UnitPairingLineSchema(Schema):
    """A living pairing of a unit, and when the office is to make contact; the household is told to the office alone."""

    id = fields.UUID(required=True, attribute="pairing.id")
    unit_id = fields.UUID(required=True, attribute="unit.id")
    household_id = fields.UUID(required=True, allow_none=True)
    rhythm = one_of(tuple(unit_pairings.RHYTHMS), attribute="pairing.rhythm")
    started_on = fields.Date(required=True, attribute="pairing.started_on")
    next_on = fields.Date(required=True, allow_none=True)


class StandingSchema(Schema):
    """A pledge's numbers in the period from `begin` to `end`, in its measure."""

    begin = fields.Date(required=True)
    end = fields.Date(required=True, allow_none=True)
    promised = fields.Integer(required=True)
    reserved = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    written_off = fields.Integer(required=True)
    free = fields.Integer(required=True)


class PledgeThenSchema(Schema):
    """A pledge, and how it stood in the period of an evening."""

    id = fields.UUID(required=True, attribute="pledge.id")
    unit_id = fields.UUID(required=True, attribute="pledge.unit_id")
    kind = one_of(offers.KINDS, attribute="pledge.kind")
    item = fields.String(required=True, attribute="pledge.item")
    measure = fields.String(required=True, attribute="pledge.measure")
    period = one_of(periods.PERIODS, attribute="pledge.period")
    week = WeekTicks(required=True, load_default=missing, attribute="pledge.week")
    starts_on = fields.Date(required=True, attribute="pledge.starts_on")
    ends_on = fields.Date(required=True, allow_none=True, attribute="pledge.ends_on")
    need_kind = fields.String(required=True, attribute="pledge.need_kind")
    theme = one_of(("", *offers.THEMES), attribute="pledge.theme")
    conditions = fields.String(required=True, attribute="pledge.conditions")
    standing = fields.Nested(StandingSchema, required=True)


class PledgeRowSchema(PledgeThenSchema):
    """A pledge, and how it stands today."""

    state = one_of(STATES, attribute="pledge.state")
    expired = fields.Boolean(required=True, metadata={"description": "Its last day is over."})


class MovementRowSchema(Schema):
    """An entry of a pledge's ledger; entries are never changed."""

    id = fields.Integer(required=True, attribute="movement.id")
    kind = one_of(tuple(movements.COURSES), attribute="movement.kind")
    quantity = fields.Integer(required=True, attribute="movement.quantity")
    at = fields.DateTime(required=True, attribute="movement.at")
    reason = fields.String(required=True, attribute="movement.reason")
    allocation_id = fields.UUID(required=True, allow_none=True, attribute="movement.allocation_id")
    period_begin = fields.Date(required=True, attribute="balance.starts_on")


class AllocationLineSchema(Schema):
    """Part of a pledge for a household's need or a project, in a list."""

    id = fields.UUID(required=True, attribute="allocation.id")
    pledge_id = fields.UUID(required=True, attribute="allocation.pledge_id")
    household_id = fields.UUID(required=True, allow_none=True, attribute="allocation.household_id")
    need_id = fields.UUID(required=True, allow_none=True, attribute="allocation.need_id")
    project_id = fields.UUID(required=True, allow_none=True, attribute="allocation.project_id")
    part_id = fields.UUID(required=True, allow_none=True, attribute="allocation.part_id")
    state = one_of(uses.STATES, attribute="allocation.state")
    measure = fields.String(required=True, attribute="pledge.measure")
    quantity = fields.Integer(required=True, attribute="allocation.quantity")
    came = fields.Integer(required=True, metadata={"description": "Delivered, less what came back."})
    returned = fields.Integer(required=True)
    left = fields.Integer(required=True, metadata={"description": "Still to come."})
    planned_on = fields.Date(required=True, attribute="allocation.planned_on")
    begins_at = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Of a room, from when."}
    )
    ends_at = fields.DateTime(required=True, allow_none=True)


class DeliveryRowSchema(Schema):
    """What was handed over once, and how it was signed for."""

    id = fields.UUID(required=True)
    quantity = fields.Integer(required=True)
    delivered_on = fields.Date(required=True)
    how = one_of(tuple(deliveries.WAYS))


class AllocationRowSchema(AllocationLineSchema):
    """Part of a pledge for a household's need or a project, with its deliveries."""

    deliveries = fields.List(fields.Nested(DeliveryRowSchema), required=True)


class UnitUseSchema(Schema):
    """What became of part of a unit's pledge, as the unit may know it: never for whom."""

    id = fields.UUID(required=True)
    item = fields.String(required=True)
    measure = fields.String(required=True)
    quantity = fields.Integer(required=True)
    came = fields.Integer(required=True)
    left = fields.Integer(required=True)
    need_kind = fields.String(required=True)
    project = fields.String(required=True)
    month = fields.Date(required=True, metadata={"description": "The first day of its month."})
    state = one_of(uses.STATES)


class ReceivedSchema(Schema):
    """What is reserved for the own household, or came."""

    id = fields.UUID(required=True, attribute="allocation.id")
    item = fields.String(required=True, attribute="pledge.item")
    unit = fields.String(required=True, attribute="unit.name")
    state = one_of(uses.STATES, attribute="allocation.state")
    measure = fields.String(required=True, attribute="pledge.measure")
    quantity = fields.Integer(required=True)
    came = fields.Integer(required=True)
    left = fields.Integer(required=True)
    planned_on = fields.Date(required=True, attribute="allocation.planned_on")


class SuggestedPledgeSchema(Schema):
    """A free pledge for a need; `exact` when it is meant for that kind of need."""

    pledge = fields.Nested(PledgeRowSchema, required=True, attribute="line")
    exact = fields.Boolean(required=True)


class WantedNeedSchema(Schema):
    """An open need that a pledge would do for, and how many allocations it has already."""

    id = fields.UUID(required=True, attribute="need.id")
    household_id = fields.UUID(required=True, attribute="need.household_id")
    kind = fields.String(required=True, attribute="need.kind")
    urgency = fields.Integer(required=True, attribute="need.urgency")
    allocations = fields.Integer(required=True)
    exact = fields.Boolean(required=True)


class WantedNeedsSchema(Schema):
    """The needs that were found."""

    items = fields.List(fields.Nested(WantedNeedSchema), required=True)


class MarketNeedSchema(Schema):
    """An open need without a word of whose it is."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    estate = fields.String(required=True)
    hours = fields.Decimal(required=True, allow_none=True, as_string=True)
    times = fields.Integer(required=True, allow_none=True)
    once = fields.Boolean(required=True)
    urgent = fields.Boolean(required=True)
    offered = fields.Boolean(required=True, metadata={"description": "The own unit offered help already."})


class SecretSchema(Schema):
    """A one-time link, told only now."""

    url = fields.String(required=True)


class PhoneSchema(Schema):
    """A phone in clear; empty when it is not recorded."""

    value = fields.String(required=True)


class SignatureSchema(Schema):
    """A drawn signature as the path of an SVG on a plane of 1000 × 400; empty when nothing was drawn."""

    path = fields.String(required=True)

"""Forms of pledges: units, their people, promises, allocations and signatures."""

from typing import Any

from marshmallow import fields

from app.forms import PLAIN, FormSchema, WeekTicks, choice, choices, codes, day, text, whole
from app.pledges.words import WITHDRAW_REASONS
from services.communities import catalogue
from services.core.errors import N_
from services.pledges import allocations, offers, periods, quantities, settling, unit_pairings, units

_SAID: dict[str, Any] = dict(PLAIN)


class UnitSchema(FormSchema):
    """A unit: what it is called, what it is, what it hopes for in return."""

    name = text(80)
    kind = choice(units.KINDS)
    area = text(80, required=False)
    hopes = choices(units.HOPES)
    wish = text(200, required=False)


class BenefitSchema(FormSchema):
    """What a unit got from the community."""

    kind = choice(units.HOPES)
    line = text(200)
    given_on = day()


class UnitPairingSchema(FormSchema):
    """Which unit looks after whom or what, and how often the office makes contact."""

    unit = fields.UUID(required=True, error_messages={**_SAID, "required": N_("Please choose the unit.")})
    rhythm = choice(tuple(unit_pairings.RHYTHMS))


class EndPairingSchema(FormSchema):
    """Why a unit no longer looks after somebody."""

    reason = choice(tuple(unit_pairings.END_REASONS))


class PersonSchema(FormSchema):
    """Somebody who speaks for a unit."""

    person_name = text(60)
    phone = text(30, required=False)


class ColleagueSchema(FormSchema):
    """A colleague whom a unit lets in."""

    person_name = text(60)


class HelpSchema(FormSchema):
    """Part of an own pledge for a need of the market."""

    pledge_id = fields.UUID(
        required=True, error_messages={**_SAID, "required": N_("Please choose a pledge.")}
    )
    quantity = text(30, required=False)


class WeekSchema(FormSchema):
    """A room's weekly hours."""

    week = WeekTicks()


class PledgeSchema(WeekSchema):
    """A unit's promise; `quantity` as people write it, `week` for a venue."""

    kind = choice(offers.KINDS)
    item = text(80)
    quantity = text(30, required=False)
    measure = text(20, required=False)
    period = choice(periods.PERIODS, required=False, default="")
    starts_on = day()
    ends_on = day(required=False)
    need_kind = choice(codes(catalogue.NEED_KINDS), required=False, default="")
    theme = choice(("", *offers.THEMES), required=False, default="")
    conditions = text(200, required=False)


class ThemeSchema(FormSchema):
    """What a pledge is for in the neighbourhood's life."""

    theme = choice(("", *offers.THEMES), required=False, default="")


class WithdrawSchema(FormSchema):
    """What is taken back, and why; without a quantity, all that is free."""

    quantity = text(30, required=False)
    reason = choice(tuple(WITHDRAW_REASONS))


class ExtendSchema(FormSchema):
    """Until when a pledge holds now."""

    ends_on = day()


class AllocationSchema(FormSchema):
    """Part of a pledge for a need or a project, on a day; a room from–to."""

    need_id = fields.UUID(load_default=None, error_messages=_SAID)
    project_id = fields.UUID(load_default=None, error_messages=_SAID)
    part_id = fields.UUID(load_default=None, error_messages=_SAID)
    quantity = text(30, required=False)
    planned_on = day()
    from_time = fields.Time(load_default=None, error_messages=_SAID)
    to_time = fields.Time(load_default=None, error_messages=_SAID)


class WhenSchema(FormSchema):
    """The day and time of an allocation that an address brings along."""

    planned_on = day(required=False)
    from_time = fields.Time(load_default=None, error_messages=_SAID)
    to_time = fields.Time(load_default=None, error_messages=_SAID)


class WeekOfSchema(FormSchema):
    """A day of the week that is looked at."""

    week = day()


class WriteOffSchema(FormSchema):
    """What will not come, and why; without a quantity, all that is free."""

    quantity = text(30, required=False)
    reason = choice(tuple(settling.WRITE_OFF_REASONS))


class ReturnSchema(FormSchema):
    """What came back, and why; without a quantity, all that came."""

    quantity = text(30, required=False)
    reason = choice(tuple(settling.RETURN_REASONS))


class AsOfSchema(FormSchema):
    """The evening of which day is looked at."""

    as_of = day(required=False)


class ReleaseSchema(FormSchema):
    """Why an allocation is given back."""

    reason = choice(tuple(allocations.RELEASE_REASONS))


class ReceiptSchema(FormSchema):
    """A household says by itself that something came."""

    receiver = text(60)
    quantity = text(30, required=False)
    left = whole(0, quantities.LARGEST, required=False)
    confirmed = fields.Boolean(load_default=False, error_messages=_SAID)


class SignSchema(ReceiptSchema):
    """The receiver signs with the office: drawn, by name, or on paper on an earlier day; what becomes of a rest."""

    rest = choice(("later", "none"), required=False, default="later")
    strokes = text(60_000, required=False)
    paper = fields.Boolean(load_default=False, error_messages=_SAID)
    day = day(required=False)
    met = fields.Boolean(load_default=False, error_messages=_SAID)

"""Forms of households: the household, its sensitive facts, residents, needs, consent, closing, looks."""

from marshmallow import fields

from app.forms import FormSchema, WeekTicks, amount, choice, choices, codes, day, text, whole
from services.communities import catalogue
from services.households.disclosure import CLASSES
from services.households.disclosure import REASONS as LOOK_REASONS
from services.households.needs import REASONS
from services.households.registration import CLOSE_REASONS, EVIDENCE


class PlaceSchema(FormSchema):
    """What registering and changing have in common."""

    name = text(60)
    estate = text(60, required=False)
    building = text(20)
    entrance = text(20, required=False)
    people = whole(1, 50, required=False)
    languages = choices(codes(catalogue.LANGUAGES))
    circumstances = choices(codes(catalogue.CIRCUMSTANCES))
    gender_wish = choice(codes(catalogue.WISHED_GENDER), required=False, default="")
    places = whole(1, 20, required=False)


class RegisterSchema(PlaceSchema):
    """A new household."""

    door = text(20)
    phone = text(30, required=False)
    gender = choice(codes(catalogue.GENDERS), required=False, default="")
    birthday = day(required=False)
    categories = choices(codes(catalogue.HOUSEHOLD_CATEGORIES))
    note = text(2000, required=False)
    consent_on = day(required=False)
    evidence = choice(EVIDENCE, required=False, default="paper")


class ChangeSchema(PlaceSchema):
    """Changing a household; an empty door or phone leaves what there is."""

    door = text(20, required=False)
    phone = text(30, required=False)
    drop = choices(("phone",))
    version = whole(1, 10**9)


class SensitiveSchema(FormSchema):
    """The facts that are shown only when somebody says what for."""

    categories = choices(codes(catalogue.HOUSEHOLD_CATEGORIES))
    note = text(2000, required=False)
    version = whole(1, 10**9)


class ResidentSchema(FormSchema):
    """Somebody who lives there."""

    name = text(60)
    gender = choice(codes(catalogue.GENDERS), required=False, default="")
    birthday = day(required=False)


class AskSchema(FormSchema):
    """A need as the household says it."""

    kind = choice(codes(catalogue.NEED_KINDS))
    hours = amount("0.5", "168", required=False)
    times = whole(1, 99, required=False)
    once = fields.Boolean(load_default=False)
    week = WeekTicks()


class NeedSchema(AskSchema):
    """A need as the office records it."""

    urgency = whole(1, 5)


class NeedChangeSchema(FormSchema):
    """How much of a need there is now."""

    hours = amount("0.5", "168", required=False)
    times = whole(1, 99, required=False)
    once = fields.Boolean(load_default=False)
    week = WeekTicks()
    urgency = whole(1, 5)


class NeedCloseSchema(FormSchema):
    """Why a need closes."""

    reason = choice(REASONS)


class ConsentSchema(FormSchema):
    """When and how a household agreed."""

    given_on = day()
    evidence = choice(EVIDENCE)


class CloseSchema(FormSchema):
    """What became of a household; `sure` is the second yes."""

    reason = choice(CLOSE_REASONS)
    day = day(required=False)
    sure = fields.Boolean(load_default=False)


class RevealSchema(FormSchema):
    """What is looked at, and what for."""

    field = choice(tuple(CLASSES))
    reason = choice(LOOK_REASONS)
    resident_id = fields.UUID(load_default=None)

"""Forms of volunteers: the profile, registering oneself, papers, exclusions, answers."""

from typing import Any

from marshmallow import fields, post_load

from app.forms import PLAIN, FormSchema, WeekTicks, amount, choice, choices, codes, day, text, whole
from services.communities import catalogue
from services.households.disclosure import REASONS as LOOK_REASONS
from services.volunteers.applications import REASONS
from services.volunteers.profiles import REVEALABLE

SKILLS = codes(catalogue.NEED_KINDS)


class ProfileSchema(FormSchema):
    """What a helper says of himself. Loads to the facts that services take."""

    name = text(60)
    gender = choice(codes(catalogue.GENDERS), required=False, default="")
    phone = text(30, required=False)
    languages = choices(codes(catalogue.LANGUAGES))
    skills: fields.Field[Any] = choices(SKILLS)
    well = choices(SKILLS)
    trained = choices(SKILLS)
    week = WeekTicks()
    hours = amount("0.5", "100", required=False)
    places = whole(0, 50, required=False)
    reach = whole(1, 50_000, required=False)
    limits = choices(codes(catalogue.BARS))
    building = fields.UUID(load_default=None, error_messages={**PLAIN})

    @post_load
    def _facts(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        levels = dict.fromkeys(data.pop("skills"), 1)
        levels |= dict.fromkeys(data.pop("well"), 2)
        levels |= dict.fromkeys(data.pop("trained"), 3)
        data["skills"] = levels
        data["building_id"] = data.pop("building")
        data["phone"] = data["phone"] or None
        if data["places"] is None:
            data["places"] = 1
        return data


class RegisterSchema(ProfileSchema):
    """Registering oneself without an account: the profile, and how one signs in."""

    email = text(120, required=False)
    password = text(200)


class StaffSchema(ProfileSchema):
    """The office's form: also what only the office records. An empty phone, birthday or note leaves what there is."""

    birthday = day(required=False)
    party = choice(codes(catalogue.POLITICAL_STATUS), required=False, default="")
    party_kind = choice(codes(catalogue.PARTY_REGISTRATION), required=False, default="")
    employer = text(60, required=False)
    note = text(2000, required=False)
    drop = choices(("phone", "birthday", "note"))
    version = whole(1, 10**9, required=False)


class OwnSchema(ProfileSchema):
    """One's own profile."""

    version = whole(1, 10**9, required=False)


class AvailabilitySchema(FormSchema):
    """When I am free, and for how much."""

    week = WeekTicks()
    hours = amount("0.5", "100", required=False)
    places = whole(0, 50)
    version = whole(1, 10**9, required=False)


class PaperSchema(FormSchema):
    """A paper the office has seen."""

    kind = choice(codes(catalogue.CHECKS))
    issued_on = day(required=False)
    expires_on = day(required=False)


class ExclusionSchema(FormSchema):
    """Households not to be paired with."""

    surname = text(10)
    building = text(20, required=False)


class DeclineSchema(FormSchema):
    """Why a registration is refused."""

    reason = choice(REASONS)


class StateSchema(FormSchema):
    """What becomes of a helper."""

    state = choice(("active", "paused", "left"))


class RevealSchema(FormSchema):
    """What is looked at, and what for."""

    field = choice(REVEALABLE)
    reason = choice(LOOK_REASONS)

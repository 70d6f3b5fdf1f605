"""Forms of small wishes."""

from app.forms import FormSchema, choice, codes, day, text, whole
from services.communities import catalogue
from services.wishes import claims, wishes


class WishSchema(FormSchema):
    """A wish in a line, of a kind, worth about so many yuan."""

    kind = choice(codes(catalogue.WISH_KINDS))
    text = text(wishes.LONGEST)
    worth = whole(1, wishes.MOST_WORTH, required=False)


class FulfilSchema(FormSchema):
    """When a wish was fulfilled, and a line about it."""

    day = day()
    note = text(claims.NOTE_LENGTH, required=False)


class CloseSchema(FormSchema):
    """Why a wish is closed."""

    reason = choice(tuple(wishes.REASONS))

"""Forms of a community: what it says of itself, and its word lists."""

import re
from typing import Any

from marshmallow import ValidationError, fields

from app.forms import PLAIN, FormSchema, text, whole
from services.core.errors import N_


class Lines(fields.String):
    """Short texts, one to a line (or with commas between), as a list."""

    def __init__(self, longest: int, most: int) -> None:
        super().__init__(load_default=list, error_messages={**PLAIN})
        self.longest, self.most = longest, most

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        found = [
            part.strip() for part in re.split(r"[\n,，、;；]+", super()._deserialize(value, *args, **kwargs))
        ]
        found = [part for part in found if part]
        if len(found) > self.most or any(len(part) > self.longest for part in found):
            raise ValidationError(N_("Please shorten this: it is too long."))
        return found


class CommunitySchema(FormSchema):
    """The community's names and totals."""

    name = text(60)
    name_en = text(60)
    estates: fields.Field[Any] = Lines(60, 100)
    households_total = whole(0, 1_000_000)
    people_total = whole(0, 1_000_000)
    floating_total = whole(0, 1_000_000)


class TermSchema(FormSchema):
    """A word of a list: both names, and further words that ledgers use."""

    name = text(20)
    name_en = text(60)
    words: fields.Field[Any] = Lines(20, 30)


class OfferedSchema(FormSchema):
    """Whether a word is offered for choice."""

    offered = fields.Boolean(required=True, error_messages={**PLAIN})

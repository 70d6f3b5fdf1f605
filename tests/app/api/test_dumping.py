"""The generated dump writes what marshmallow's `dump` writes, whatever a row holds."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, fields, post_dump

from app.api.dumping import dumper
from app.forms import WeekTicks


class InnerSchema(Schema):
    name = fields.String()
    number = fields.Integer()


class RowSchema(Schema):
    id = fields.UUID()
    text = fields.String(data_key="words")
    other = fields.String(attribute="text")
    deep = fields.String(attribute="inner.name")
    number = fields.Integer()
    as_text = fields.Integer(as_string=True)
    half = fields.Float()
    exact = fields.Decimal(as_string=True)
    yes = fields.Boolean()
    day = fields.Date()
    at = fields.DateTime()
    stamp = fields.DateTime(format="timestamp")
    codes = fields.List(fields.String())
    inner = fields.Nested(InnerSchema)
    inners = fields.List(fields.Nested(InnerSchema))
    week = WeekTicks()
    made = fields.Function(lambda row: str(row.number))
    fixed = fields.Constant(7)
    unsaid = fields.String(dump_default="nothing")


class Text(str):
    """A text that is not plainly a text."""


TEXT = st.text(max_size=8) | st.builds(Text, st.text(max_size=3))
MOMENT = st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
INNER = st.builds(SimpleNamespace, name=st.none() | TEXT, number=st.none() | st.integers() | st.booleans())
VALUES = {
    "id": st.none() | st.uuids() | st.uuids().map(str),
    "text": st.none() | TEXT | st.integers(),
    "number": st.none()
    | st.integers()
    | st.booleans()
    | st.integers().map(float).filter(lambda n: n == int(n)),
    "as_text": st.none() | st.integers(),
    "half": st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.just(Decimal("1.5")),
    "exact": st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    "yes": st.none() | st.booleans() | st.just(1),
    "day": st.none() | st.dates(min_value=date(1, 1, 1)),
    "at": st.none() | MOMENT,
    "stamp": st.none() | MOMENT,
    "codes": st.none() | st.lists(TEXT, max_size=3) | st.tuples(TEXT),
    "inner": st.none() | INNER,
    "inners": st.none() | st.lists(INNER, max_size=3),
    "week": st.none() | st.integers(0, 2**336 - 1),
}


@st.composite
def rows(draw):
    values = {name: draw(value) for name, value in VALUES.items()}
    for name in draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=2)):
        del values[name]
    return draw(st.sampled_from([dict, lambda **named: SimpleNamespace(**named)]))(**values)


def same(row, only=None):
    try:
        wanted = RowSchema(only=only).dump(row)
    except Exception as error:
        wanted = type(error)
    try:
        made = dumper(RowSchema, only)(row)
    except Exception as error:
        made = type(error)
    assert made == wanted
    assert repr(made) == repr(wanted)


@settings(max_examples=150, deadline=None)
@given(rows(), st.none() | st.frozensets(st.sampled_from(sorted(RowSchema._declared_fields)), min_size=1))
def test_it_is_the_same(row, only):
    same(row, only)


def test_a_schema_with_a_hook_is_dumped_by_itself():
    class Hooked(Schema):
        name = fields.String()

        @post_dump
        def louder(self, made, **_kwargs):
            return {**made, "name": made["name"].upper()}

    assert dumper(Hooked)(SimpleNamespace(name="a")) == {"name": "A"}

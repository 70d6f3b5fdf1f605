"""What programs read and send about projects."""

from typing import Any

from marshmallow import Schema, fields, post_load

from app.api.bodies import ListQuery
from app.forms import PLAIN
from app.pledges.api_forms import as_written, code, some
from app.pledges.api_schemas import one_of
from app.pledges.project_schemas import PartSchema
from services.pledges import offers, projects

_SAID: dict[str, Any] = dict(PLAIN)


class StepRowSchema(Schema):
    """A step of a project."""

    id = fields.UUID(required=True)
    project_id = fields.UUID(required=True)
    title = fields.String(required=True)
    due_on = fields.Date(required=True)
    done_on = fields.Date(required=True, allow_none=True)
    line = fields.String(required=True)


class PartRowSchema(Schema):
    """One thing a project takes, and how much of it is there."""

    id = fields.UUID(required=True, attribute="part.id")
    project_id = fields.UUID(required=True, attribute="part.project_id")
    kind = one_of(offers.KINDS, attribute="part.kind")
    item = fields.String(required=True, attribute="part.item")
    measure = fields.String(required=True, attribute="part.measure")
    quantity = fields.Integer(required=True, attribute="part.quantity")
    delivered = fields.Integer(required=True)
    reserved = fields.Integer(required=True, metadata={"description": "Reserved, and still to come."})
    missing = fields.Integer(required=True)


class GivenSchema(Schema):
    """What a unit gives or gave for a project."""

    unit = fields.String(required=True, attribute="unit.name")
    item = fields.String(required=True, attribute="pledge.item")
    measure = fields.String(required=True, attribute="pledge.measure")
    quantity = fields.Integer(required=True)


class PublicProjectSchema(Schema):
    """A project as anybody may know it."""

    id = fields.UUID(required=True, attribute="project.id")
    title = fields.String(required=True, attribute="project.title")
    theme = one_of(offers.THEMES, attribute="project.theme")
    about = fields.String(required=True, attribute="project.about")
    place = fields.String(required=True, attribute="project.place")
    state = one_of(projects.STATES, attribute="project.state")
    starts_on = fields.Date(required=True, attribute="project.starts_on")
    target_on = fields.Date(required=True, attribute="project.target_on")
    ended_on = fields.Date(required=True, allow_none=True, attribute="project.ended_on")
    published_on = fields.Date(required=True, allow_none=True, attribute="project.published_on")
    steps = fields.List(fields.Nested(StepRowSchema), required=True)
    parts = fields.List(fields.Nested(PartRowSchema), required=True)
    given = fields.List(fields.Nested(GivenSchema), required=True)


class ProjectRowSchema(PublicProjectSchema):
    """A project."""

    lead_id = fields.UUID(
        required=True,
        attribute="project.lead_id",
        metadata={"description": "The account that answers for it."},
    )
    stop_reason = fields.String(required=True, attribute="project.stop_reason")


class LackingSchema(Schema):
    """One thing a published project still lacks; `offered` when the own unit offered it already."""

    project_id = fields.UUID(required=True, attribute="project.id")
    project = fields.String(required=True, attribute="project.title")
    part = fields.Nested(PartRowSchema, required=True)
    offered = fields.Boolean(required=True)


class ProjectQuery(ListQuery):
    """Which projects."""

    state = code(projects.STATES)
    theme = code(offers.THEMES)
    mine = fields.Boolean(load_default=False, error_messages=_SAID)
    late = fields.Boolean(load_default=False, error_messages=_SAID)


class NewPartSchema(PartSchema):
    """One thing that a project takes; a service by the hour counts in "minute"."""

    quantity = some(required=True)

    @post_load
    def _hours(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return data | {"measure": as_written(data["measure"])}

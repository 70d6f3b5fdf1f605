"""Forms of projects: what one is, its steps, what it takes."""

from marshmallow import fields

from app.forms import PLAIN, FormSchema, choice, codes, day, text
from services.communities import catalogue
from services.pledges import offers, projects


class ProjectSchema(FormSchema):
    """What a project is, who answers for it, from when until when."""

    title = text(80)
    theme = choice(codes(catalogue.THEMES))
    about = text(500, required=False)
    place = text(80, required=False)
    lead_id = fields.UUID(required=True, error_messages=dict(PLAIN))
    starts_on = day()
    target_on = day()


class PartSchema(FormSchema):
    """One thing that a project takes."""

    kind = choice(offers.KINDS)
    item = text(80)
    quantity = text(30)
    measure = text(20, required=False)


class StepSchema(FormSchema):
    """A step and the day it is due."""

    title = text(80)
    due_on = day()
    line = text(200, required=False)


class TickSchema(FormSchema):
    """When a step was done, and a line about it."""

    day = day()
    line = text(200, required=False)


class StopSchema(FormSchema):
    """Why a project does not go on."""

    reason = choice(tuple(projects.STOP_REASONS))

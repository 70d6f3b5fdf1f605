"""A community's plans for programs: the list, changing one, and what changed terms would mean."""

import uuid
from dataclasses import replace
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.followups.api_area import PLAN, bp
from app.followups.api_schemas import PlanRowSchema, PreviewSchema
from app.followups.schemas import PlanSchema
from services.core.paging import Page, in_parts
from services.followups import editing, plans
from services.followups.editing import Preview
from services.followups.models import Plan

TERMS = body(PlanSchema, without=("repeat", "times"), partial=True, name="TermsSchema")


@bp.lists("/plans", PlanRowSchema)
@allow("followups.plans")
def list_plans(asked: dict[str, Any]) -> Page[Plan]:
    """Every rule by which follow-ups are made here."""
    return in_parts(plans.all_plans(g.actor), **asked)


@bp.shows(PLAN, PlanRowSchema)
@allow("followups.plans")
def show_plan(plan_id: uuid.UUID) -> Plan:
    """A plan."""
    return plans.get_plan(g.actor, plan_id=plan_id)


@bp.changes(PLAN, PlanRowSchema, TERMS, Plan, show_plan)
@allow("followups.plans")
def change_plan(data: dict[str, Any], plan_id: uuid.UUID) -> Plan:
    """Change its terms; what lies ahead moves to the new days, what has begun keeps its own."""
    plan = show_plan(plan_id)
    editing.update_plan(g.actor, plan_id=plan_id, terms=replace(editing.terms_of(plan), **data))
    return plan


@bp.acts(f"{PLAN}/preview", PreviewSchema, TERMS)
@allow("followups.plans")
def preview_plan(data: dict[str, Any], plan_id: uuid.UUID) -> Preview:
    """What changed terms would mean; nothing is changed."""
    terms = replace(editing.terms_of(show_plan(plan_id)), **data)
    return editing.preview(g.actor, plan_id=plan_id, terms=terms)

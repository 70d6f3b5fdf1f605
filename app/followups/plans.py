"""The community's plans: the list, and changing one with its next days in view."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError

from app import forms
from app.auth import allow
from app.followups import Page, bp
from app.followups.schemas import PlanSchema, PreviewSchema
from services.communities import regions
from services.core.errors import N_
from services.followups import calendar, editing, plans

OWNERS = {"helper": N_("The helper"), "staff": N_("The staff")}


@bp.get("/plans/")
@allow("followups.plans")
def plan_list() -> Page:
    """Every rule by which follow-ups are made here."""
    return render_template("followups/plans.html", rows=plans.all_plans(g.actor), owners=OWNERS)


@bp.route("/plans/<uuid:plan_id>", methods=["GET", "POST"])
@allow("followups.plans")
def edit_plan(plan_id: uuid.UUID) -> Page:
    """Change a plan."""
    plan = plans.get_plan(g.actor, plan_id=plan_id)
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            editing.update_plan(g.actor, plan_id=plan_id, **forms.read(PlanSchema))
            flash(_("The plan is changed."), "success")
            return redirect(url_for("followups.plan_list"), 303)
    today = regions.today(g.actor.community_id)
    page = render_template(
        "followups/plan.html",
        plan=plan,
        owners=[(code, _(OWNERS.get(code, code))) for code in plans.owners(plan)],
        form=request.form,
        errors=errors,
        today=today,
        days=calendar.preview(day=today, after_days=plan.after_days, every_months=plan.every_months),
    )
    return page, 422 if errors else 200


@bp.get("/plans/preview")
@allow("followups.plans")
def preview() -> Page:
    """The days of a rule that is being typed, as a part of the page."""
    today = regions.today(g.actor.community_id)
    try:
        data = PreviewSchema().load(request.args)
    except ValidationError:
        return render_template("followups/_days.html", days=[], today=today)
    return render_template("followups/_days.html", days=calendar.preview(day=today, **data), today=today)

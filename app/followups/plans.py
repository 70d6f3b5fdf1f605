"""The community's plans: the list, and changing one with its next days in view."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import forms
from app.auth import allow
from app.followups import Page, bp
from app.followups.schemas import PlanSchema
from services.communities import regions
from services.core.errors import N_, DomainError
from services.followups import editing, plans, rules
from services.followups.models import Plan

OWNERS = {"helper": N_("The helper"), "staff": N_("The staff")}
OTHER = "other"
# The common rules under names that people understand.
REPEATS = {
    "once": ("", N_("Once")),
    "weekly": ("FREQ=WEEKLY", N_("Every week")),
    "fortnightly": ("FREQ=WEEKLY;INTERVAL=2", N_("Every two weeks")),
    "monthly": ("FREQ=MONTHLY", N_("Every month")),
    "quarterly": ("FREQ=MONTHLY;INTERVAL=3", N_("Every three months")),
    "half_yearly": ("FREQ=MONTHLY;INTERVAL=6", N_("Every half year")),
    "yearly": ("FREQ=YEARLY", N_("Every year")),
}
HOLIDAYS = {
    "next": N_("It moves to the next working day"),
    "previous": N_("It moves to the working day before"),
    "same": N_("It stays on that day"),
    "skip": N_("It is left out"),
}
LATE_TO = {
    "deputy": N_("The deputy, or the staff when there is none"),
    "staff": N_("The staff"),
    "admin": N_("The administrators"),
}


@bp.get("/plans/")
@allow("followups.plans")
def plan_list() -> Page:
    """Every rule by which follow-ups are made here."""
    rows = plans.all_plans(g.actor)
    return render_template(
        "followups/plans.html", rows=rows, owners=OWNERS, again={plan.id: _again(plan.rule) for plan in rows}
    )


@bp.route("/plans/<uuid:plan_id>", methods=["GET", "POST"])
@allow("followups.plans")
def edit_plan(plan_id: uuid.UUID) -> Page:
    """Change a plan, or look what typed terms would mean."""
    plan = plans.get_plan(g.actor, plan_id=plan_id)
    errors: forms.Errors = {}
    if request.method == "POST" and request.form.get("do") != "look":
        with forms.collect(errors):
            moved = editing.update_plan(g.actor, plan_id=plan_id, terms=_terms(request.form))
            flash(_("The plan is changed."), "success")
            if moved:
                flash(_("Follow-ups that moved to another day: %(num)s.", num=moved), "info")
            return redirect(url_for("followups.plan_list"), 303)
    repeat, times, rule = _repeat(plan.rule)
    page = render_template(
        "followups/plan.html",
        plan=plan,
        owners=[(code, _(OWNERS.get(code, code))) for code in plans.owners(plan)],
        repeats=[(code, _(words)) for code, (_rule, words) in REPEATS.items()] + [(OTHER, _("Another rule"))],
        holidays=[(code, _(words)) for code, words in HOLIDAYS.items()],
        late_to=[(code, _(words)) for code, words in LATE_TO.items()],
        saved={"repeat": repeat, "times": times, "rule": rule},
        form=request.form,
        errors=errors,
        **_days(plan, request.form),
    )
    return page, 422 if errors else 200


@bp.get("/plans/<uuid:plan_id>/preview")
@allow("followups.plans")
def preview(plan_id: uuid.UUID) -> Page:
    """The days of terms that are being typed, as a part of the page."""
    plan = plans.get_plan(g.actor, plan_id=plan_id)
    return render_template("followups/_days.html", **_days(plan, request.args))


def _days(plan: Plan, typed: MultiDict[str, str]) -> dict[str, object]:
    """What typed terms would mean, or why they cannot be; without any, what is saved."""
    wrong: forms.Errors = {}
    shown = None
    plan_id = plan.id
    with forms.collect(wrong):
        terms = _terms(typed) if typed else editing.terms_of(plan)
        shown = editing.preview(g.actor, plan_id=plan_id, terms=terms)
    return {
        "shown": shown,
        "wrong": wrong,
        "typed": bool(typed),
        "today": regions.today(g.actor.community_id),
    }


def _terms(typed: MultiDict[str, str]) -> editing.Terms:
    """The terms somebody typed. Raises ValidationError, DomainError."""
    data = PlanSchema().load(typed)
    repeat, times, rule = data.pop("repeat"), data.pop("times"), data.pop("rule")
    if repeat == OTHER:
        if not rule:
            raise DomainError("rule", N_("Please fill this in."), field="rule")
    elif repeat in REPEATS:
        rule = REPEATS[repeat][0]
    else:
        raise DomainError("repeat", N_("Please choose one of the list."), field="repeat")
    if rule and times:
        rule = f"{rule.rstrip('; ')};COUNT={times}"
    return editing.Terms(rule=rule, **data)


def _repeat(rule: str) -> tuple[str, int | None, str]:
    """A kept rule as the form shows it: the choice, how many times, and the text of another rule."""
    count = rules.parse(rule).count if rule else None
    plain = rules.endless(rule) if count else rule
    code = next((code for code, (common, _words) in REPEATS.items() if common == plain), OTHER)
    return (code, count, "") if code != OTHER else (code, None, rule)


def _again(rule: str) -> str:
    """A kept rule in words, as far as it has any."""
    code, times, text = _repeat(rule)
    words = text or _(REPEATS[code][1])
    return _("%(rule)s, %(num)s times", rule=words, num=times) if times else words

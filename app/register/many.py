"""The ticked rows of a list: one thing done with each of them, or taken along as a file."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields

from app import forms
from app.auth import allow
from app.language import say
from app.ledgers.exports import as_file
from app.people import joining
from app.register import words
from app.register.blueprint import Page, bp
from services.communities import regions
from services.households.registration import EVIDENCE
from services.ledgers.files import exports
from services.register import many
from services.register.many import Outcome

ACTS = {"household": ("consent", "invite", "export"), "volunteer": ("approve", "invite", "export")}


class ManySchema(forms.FormSchema):
    """Which rows, and what to do with them."""

    ids: fields.List = forms.many_ids("id")
    do = forms.choice(("consent", "approve", "invite", "export"))
    day = forms.day(required=False)
    evidence = forms.choice(EVIDENCE[:2], required=False, default="paper")


@bp.post("/many/<any(household, volunteer):kind>")
@allow("register.read")
def many_rows(kind: str) -> Page:
    """Do it, and say for how many it was done and for whom not, and why."""
    errors: forms.Errors = {}
    back = url_for("households.index" if kind == "household" else "volunteers.index")
    with forms.collect(errors):
        data = forms.read(ManySchema)
        if data["do"] not in ACTS[kind]:
            raise forms.ValidationError({"do": [forms.PLAIN["invalid"]]})
        if data["do"] == "export":
            return as_file(exports.export(g.actor, kind=f"{kind}s", ids=data["ids"], say=_))
        outcome = _act(kind, data)
        if data["do"] != "invite" and not outcome.refused:
            flash(_said(data["do"], len(outcome.done)), "success")
            return redirect(back, 303)
        return _answer(kind, data["do"], outcome, back), 200 if outcome.done else 422
    return render_template("register/many.html", kind=kind, outcome=None, errors=errors, back=back), 422


def _act(kind: str, data: dict[str, Any]) -> Outcome:
    if data["do"] == "consent":
        day = data["day"] or regions.today(g.community.id)
        return many.consent(g.actor, ids=data["ids"], day=day, evidence=data["evidence"])
    if data["do"] == "approve":
        return many.approve(g.actor, ids=data["ids"])
    return many.invite(g.actor, kind=kind, ids=data["ids"])


def _said(do: str, number: int) -> str:
    """How often it was done, in words."""
    if do == "consent":
        return ngettext("%(num)s consent is recorded.", "%(num)s consents are recorded.", number)
    if do == "approve":
        return ngettext("%(num)s applicant is now a helper.", "%(num)s applicants are now helpers.", number)
    return ngettext("%(num)s link is made.", "%(num)s links are made.", number)


def _answer(kind: str, do: str, outcome: Outcome, back: str) -> str:
    join = "households.join" if kind == "household" else "volunteers.join"
    links = [
        (row, url := url_for(join, secret=secret, _external=True), joining.picture(url))
        for row, secret in (outcome.done if do == "invite" else [])
    ]
    return render_template(
        "register/many.html",
        kind=kind,
        outcome=outcome,
        said=_said(do, len(outcome.done)),
        links=links,
        errors={},
        back=back,
        words=words,
        say=say,
    )

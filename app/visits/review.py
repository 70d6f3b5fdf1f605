"""The office's review list: patterns in a month's visits, in words, each with its visits and "looked at, fine"."""

import uuid
from collections.abc import Sequence
from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.visits.schemas import LookSchema
from app.visits.shown import Page, bp, month_of, today
from app.words import named
from services.core.errors import N_
from services.people import accounts
from services.visits import review
from services.visits.review import Finding
from services.volunteers import profiles

SENTENCES = {
    "overlap": N_("Two visits of %(helper)s were at the same time."),
    "way": N_(
        "Between two visits of %(helper)s there were %(minutes)s minutes for a way of %(metres)s metres."
    ),
    "calls_of_helper": N_("%(number)s of %(all)s visits of %(helper)s were confirmed by calls of %(by)s."),
    "calls": N_("%(number)s visits of this month were confirmed by calls of %(by)s."),
    "month_end": N_(
        "%(number)s visits of %(helper)s of whole hours were noted on the last two days of the month."
    ),
    "same_length": N_("All %(number)s visits of %(helper)s lasted %(minutes)s minutes."),
}
# As many visits as one line names; the rest are in the list of visits.
NAMED = 6


@bp.get("/review")
@allow("visits.review")
def review_list() -> Page:
    """What is worth a look in a month."""
    return _page(month_of(request.args.get("month", "")) or today(), {})


@bp.post("/review/<uuid:finding_id>")
@allow("visits.review")
def look_at(finding_id: uuid.UUID) -> Page:
    """Looked at, and fine."""
    errors: forms.Errors = {}
    month = month_of(request.form.get("month", "")) or today()
    with forms.collect(errors):
        data = forms.read(LookSchema)
        review.look_at(g.actor, month=month, finding_id=finding_id, reason=data["reason"])
        flash(_("Looked at. It is off the list."), "success")
        return redirect(url_for("visits.review_list", month=f"{month:%Y-%m}"), 303)
    return _page(month, errors)


def _page(month: date, errors: forms.Errors) -> Page:
    found = review.findings(g.actor, month=month)
    page = render_template(
        "visits/review.html",
        findings=[
            (one, said, one.pattern.visits[:NAMED]) for one, said in zip(found, _said(found), strict=True)
        ],
        month=f"{month:%Y-%m}",
        reasons=named(review.REASONS),
        errors=errors,
    )
    return page, 422 if errors else 200


def _said(found: Sequence[Finding]) -> list[str]:
    helpers = profiles.names({one.pattern.about for one in found})
    people = accounts.names({one.pattern.facts["by"] for one in found if "by" in one.pattern.facts})
    gone = _("Account no longer here")
    return [
        _(
            SENTENCES[one.pattern.code],
            **{
                **one.pattern.facts,
                "helper": helpers.get(one.pattern.about, ""),
                "by": people.get(one.pattern.facts.get("by"), gone),  # type: ignore[arg-type]
            },
        )
        for one in found
    ]

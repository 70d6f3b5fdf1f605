"""A side's own answer: signed in, or a household by its one-time link."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for

from app import auth, forms
from app.auth import allow
from app.language import say
from app.pairings.blueprint import Page, bp
from app.pairings.proposals import outcome
from app.pairings.schemas import AnswerSchema
from app.words import options
from services.core.errors import DomainError
from services.pairings import proposals, reasons, telling
from services.volunteers import profiles


@bp.post("/mine/<uuid:proposal_id>/<any(helper, household):side>")
@allow("pairings.own")
def answer(proposal_id: uuid.UUID, side: str) -> Page:
    """A helper's or a household's own yes or no."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        found = proposals.answer(
            g.actor, proposal_id=proposal_id, side=side, how="account", **forms.read(AnswerSchema)
        )
        flash(*outcome(found))
        return redirect(url_for("pairings.mine"), 303)
    for messages in errors.values():
        flash(messages[0], "error")
    return redirect(url_for("pairings.mine"), 303)


@bp.route("/answer/<secret>", methods=["GET", "POST"])
@auth.limiter.limit("30 per minute")
@allow("pairings.answer")
def answer_link(secret: str) -> Page:
    """The page a household's link opens: who would come, and two big buttons."""
    try:
        found = proposals.open_link(g.actor, secret=secret)
    except DomainError as error:
        return render_template("pairings/link_gone.html", message=say(error)), 404
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            answered = proposals.answer_by_link(g.actor, secret=secret, **forms.read(AnswerSchema))
            return render_template("pairings/answered.html", proposal=answered)
    page = render_template(
        "pairings/answer.html",
        helper=found.volunteer.name,
        skills=profiles.skills_of({found.volunteer.id}).get(found.volunteer.id, {}),
        needs=telling.needs_of(found.row),
        open=found.row.state == "published",
        reasons_no=options(reasons.HOUSEHOLD),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200

"""One proposal as the office sees it: change it, refuse it, enter answers, ask why."""

import uuid
from collections.abc import Callable

import segno
from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import forms
from app.auth import allow
from app.pairings import changes
from app.pairings.blueprint import Page, bp
from app.pairings.schemas import ReasonSchema, StaffAnswerSchema, WhySchema
from app.words import options
from services.households import registration
from services.pairings import choices, parties, proposals, reasons
from services.pairings.models import Proposal
from services.volunteers import profiles


@bp.get("/proposals", endpoint="proposals")
@allow("pairings.decide")
def waiting() -> Page:
    """Every proposal that waits for an answer."""
    page = proposals.published(g.actor, after=request.args.get("after"))
    return render_template(
        "pairings/proposals.html",
        page=page,
        rows=parties.of(page.rows),
        needs=proposals.needs_by_proposal(page.rows),
    )


@bp.get("/proposals/<uuid:proposal_id>")
@allow("pairings.decide")
def proposal(proposal_id: uuid.UUID) -> Page:
    """A proposal with its score, its answers and what the office can do."""
    return _page(proposal_id, {})


@bp.post("/proposals/<uuid:proposal_id>/refuse")
@allow("pairings.decide")
def refuse(proposal_id: uuid.UUID) -> Page:
    """Take a proposal back with a reason."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        found = proposals.refuse(g.actor, proposal_id=proposal_id, **forms.read(ReasonSchema))
        flash(_("The proposal is taken back."), "success")
        if found.run_id:
            return redirect(url_for("pairings.run", run_id=found.run_id), 303)
        return redirect(url_for("pairings.proposal", proposal_id=proposal_id), 303)
    return _page(proposal_id, errors), 422


@bp.post("/proposals/<uuid:proposal_id>/answer")
@allow("pairings.decide")
def enter_answer(proposal_id: uuid.UUID) -> Page:
    """Enter what a side said on the phone or on paper."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        found = proposals.answer(g.actor, proposal_id=proposal_id, **forms.read(StaffAnswerSchema))
        flash(*outcome(found))
        return redirect(url_for("pairings.proposal", proposal_id=proposal_id), 303)
    return _page(proposal_id, errors), 422


@bp.post("/proposals/<uuid:proposal_id>/link")
@allow("pairings.decide")
def make_link(proposal_id: uuid.UUID) -> Page:
    """Make a household's one-time link and show it once."""
    found = proposals.get_proposal(g.actor, proposal_id)
    secret = proposals.make_link(g.actor, proposal_id=proposal_id)
    url = url_for("pairings.answer_link", secret=secret, _external=True)
    picture = segno.make(url, error="m").svg_data_uri(scale=6, border=2)
    return render_template("pairings/link.html", one=found, url=url, picture=picture)


def outcome(found: Proposal) -> tuple[str, str]:
    """What to flash after an answer: the sentence and its category."""
    if found.state == "accepted":
        return _("Both have said yes: they are paired now."), "success"
    if found.state == "lost":
        return _(
            "Somebody else was first: this is taken. Please load the page again and choose from what is left."
        ), "warning"
    if found.state == "declined":
        return _(
            "The no is noted. The other side is told politely, and the two are not proposed again."
        ), "info"
    return _("The yes is noted. The pairing begins when the other side says yes too."), "success"


def _page(proposal_id: uuid.UUID, errors: forms.Errors) -> str:
    found = proposals.get_proposal(g.actor, proposal_id)
    both = {term.code: term for term in (*reasons.HOUSEHOLD, *reasons.HELPER)}
    return render_template(
        "pairings/proposal.html",
        one=found,
        needs=proposals.needs_by_proposal([found.row])[found.row.id],
        answer_reasons=options(tuple(both.values())),
        form=request.form,
        errors=errors,
    )


@bp.get("/runs/why")
@allow("pairings.decide")
def why() -> Page:
    """Why a helper and a household are paired, cannot be, or could be at what cost."""
    errors: forms.Errors = {}
    answer, values = None, {}
    if request.args.get("household_id") and request.args.get("volunteer_id"):
        with forms.collect(errors):
            values = WhySchema().load(MultiDict(request.args))
            answer = choices.why(g.actor, **values)
    page = render_template(
        "pairings/why.html",
        answer=answer,
        told=changes.tell(answer.change) if answer else None,
        household_name=_name(registration.names, values.get("household_id")),
        volunteer_name=_name(profiles.names, values.get("volunteer_id")),
        households=[(row.id, row.name) for row in registration.active()],
        volunteers=[(row.id, row.name) for row in profiles.active()],
        form=request.args,
        errors=errors,
    )
    return page, 422 if errors else 200


def _name(names: Callable[[set[uuid.UUID]], dict[uuid.UUID, str]], row_id: uuid.UUID | None) -> str:
    return names({row_id}).get(row_id, "") if row_id else ""

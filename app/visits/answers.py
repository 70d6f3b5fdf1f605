"""One visit: its page, and what each side says about it by account, call, code or link."""

import uuid

import segno
from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import escape
from werkzeug.wrappers import Response

from app import auth, forms
from app.auth import allow
from app.visits.schemas import (
    CodeSchema,
    ConfirmSchema,
    DisputeSchema,
    IssueSchema,
    LinkAnswerSchema,
    WitnessSchema,
)
from app.visits.shown import Page, bp, told
from services.followups import life, plans
from services.followups.models import Plan
from services.people import accounts
from services.visits import codes, confirmations, corrections, links, lists, sight
from services.visits.models import Visit


@bp.get("/<uuid:visit_id>")
@allow("visits.see")
def show(visit_id: uuid.UUID) -> Page:
    """A visit: what was noted, what each side said, and what can be done now."""
    return _page(visit_id, {})


def _page(visit_id: uuid.UUID, errors: forms.Errors) -> Page:
    line = lists.get_line(g.actor, visit_id)
    visit, there = line.visit, line.there
    page = render_template(
        "visits/show.html",
        line=told([line])[0],
        visit=visit,
        names=_names(visit),
        helper_how=confirmations.may_confirm(g.actor, visit, there, side="helper"),
        household_how=confirmations.may_confirm(g.actor, visit, there, side="household"),
        must_ask_others=confirmations.must_ask_others(g.actor, visit, there),
        may_dispute=confirmations.may_dispute(g.actor, visit, there),
        may_correct=corrections.may_correct(g.actor, visit, there),
        may_show_link=confirmations.waits_for_household(visit) and not there.is_household(g.actor),
        may_enter_code=codes.may_enter(g.actor, visit, there),
        own_note=sight.own_note(g.actor, visit),
        witness=sight.witness(g.actor, visit, there),
        may_reveal_note=sight.may_reveal_note(g.actor, visit),
        reasons=confirmations.DISPUTE_REASONS,
        correction_reasons=corrections.CORRECTION_REASONS,
        replacement=lists.replacement(visit),
        plan=_plan(visit),
        errors=errors,
        form=request.form,
    )
    return page, 422 if errors else 200


def _names(visit: Visit) -> dict[uuid.UUID, str]:
    who = (
        visit.noted_by,
        visit.helper_by,
        visit.household_by,
        visit.link_by,
        visit.disputed_by,
        visit.closed_by,
    )
    return accounts.names({account_id for account_id in who if account_id})


def _plan(visit: Visit) -> Plan | None:
    if visit.follow_up_id is None:
        return None
    found = life.of_subjects("pairing", {visit.pairing_id})
    named = plans.by_id({one.plan_id for one in found if one.id == visit.follow_up_id})
    return next(iter(named.values()), None)


def _back(visit_id: uuid.UUID) -> Response:
    own = request.form.get("back") == "mine"
    return redirect(url_for("visits.mine") if own else url_for("visits.show", visit_id=visit_id), 303)


@bp.post("/<uuid:visit_id>/confirm")
@allow("visits.see")
def confirm(visit_id: uuid.UUID) -> Page:
    """Confirm one side by its own account, or as staff who rang it."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(ConfirmSchema)
        confirmations.confirm(g.actor, visit_id=visit_id, **data)
        flash(_("Confirmed. Thank you."), "success")
        return _back(visit_id)
    return _page(visit_id, errors)


@bp.post("/<uuid:visit_id>/witness")
@allow("visits.read")
def name_witness(visit_id: uuid.UUID) -> Page:
    """Staff name who vouches for a household that cannot speak for itself."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        confirmations.confirm_by_witness(g.actor, visit_id=visit_id, **forms.read(WitnessSchema))
        flash(_("Confirmed. Thank you."), "success")
        return redirect(url_for("visits.show", visit_id=visit_id), 303)
    return _page(visit_id, errors)


@bp.post("/<uuid:visit_id>/dispute")
@allow("visits.see")
def dispute(visit_id: uuid.UUID) -> Page:
    """Say that a visit was not so."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(DisputeSchema)
        confirmations.dispute(g.actor, visit_id=visit_id, reason=data["reason"])
        flash(_("Noted. The community office will look into it."), "success")
        return _back(visit_id)
    return _page(visit_id, errors)


@bp.post("/<uuid:visit_id>/withdraw")
@allow("visits.note")
def withdraw(visit_id: uuid.UUID) -> Page:
    """Take back a visit that did not happen."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        corrections.withdraw_visit(g.actor, visit_id=visit_id)
        flash(_("The visit is taken back; it does not count."), "success")
        return redirect(url_for("visits.show", visit_id=visit_id), 303)
    return _page(visit_id, errors)


@bp.post("/<uuid:visit_id>/note")
@allow("households.reveal")
def reveal_note(visit_id: uuid.UUID) -> Page:
    """What the helper wrote, for staff; it leaves an audit row."""
    note = sight.reveal_note(g.actor, visit_id=visit_id)
    if request.headers.get("HX-Request"):
        return str(escape(note))
    return render_template("visits/note.html", note=note, visit_id=visit_id)


@bp.post("/<uuid:visit_id>/code")
@allow("visits.see")
def enter_code(visit_id: uuid.UUID) -> Page:
    """The helper types the household's code at the door; a wrong try is counted."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        data = forms.read(CodeSchema)
        left = codes.enter_code(g.actor, visit_id=visit_id, code=data["code"])
        _tell_tries(left)
        return redirect(url_for("visits.show", visit_id=visit_id), 303)
    return _page(visit_id, errors)


def _tell_tries(left: int | None) -> None:
    if left is None:
        flash(_("Confirmed. Thank you."), "success")
    else:
        flash(_("This is not the household's code. Tries left today: %(left)s", left=left), "error")


@bp.post("/<uuid:visit_id>/link")
@allow("visits.note")
def link(visit_id: uuid.UUID) -> Page:
    """A fresh one-time link for the household, as a QR code and as text; shown this once."""
    secret = links.issue_link(g.actor, visit_id=visit_id)
    address = url_for("visits.answer", secret=secret, _external=True)
    line = lists.get_line(g.actor, visit_id)
    return render_template(
        "visits/link.html",
        address=address,
        qr=_qr(address),
        days=links.DAYS,
        asks_code=links.comes_from_helper(g.actor.account_id, line.visit, line.there),
        has_code=codes.find_code(line.there.household.id) is not None,
        visit=line.visit,
    )


def _qr(text: str) -> str:
    return segno.make(text, error="m").svg_data_uri(scale=6, border=2, light="#fff")


@bp.route("/answer/<secret>", methods=["GET", "POST"])
@auth.limiter.limit("30 per minute", methods=["POST"])
@allow("visits.confirm")
def answer(secret: str) -> Page:
    """A household answers by link, without signing in: yes, or no with a reason."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(LinkAnswerSchema)
            left = links.answer_link(
                g.actor,
                secret=secret,
                right=data["right"] == "yes",
                code=data["code"],
                reason=data["reason"],
            )
            if left is not None:
                _tell_tries(left)
            return redirect(url_for("visits.answer", secret=secret), 303)
    visit, there, waiting, asks_code = links.open_link(g.actor, secret=secret)
    page = render_template(
        "visits/answer.html",
        visit=visit,
        helper=there.volunteer.name,
        waiting=waiting,
        asks_code=asks_code,
        reasons=confirmations.DISPUTE_REASONS,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.route("/code/<uuid:household_id>", methods=["GET", "POST"])
@allow("households.write")
def code(household_id: uuid.UUID) -> Page:
    """The code a household confirms visits with: issue it, or issue it anew; the digits are shown this once."""
    household = codes.household_for_code(g.actor, household_id)
    digits = None
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(IssueSchema)
            digits = codes.issue_code(g.actor, household_id=household_id, after=data["after"])
    held = codes.find_code(household_id)
    page = render_template(
        "visits/code.html",
        household=household,
        held=held,
        digits=digits,
        issuer=accounts.names({held.issued_by}).get(held.issued_by) if held and held.issued_by else "",
        errors=errors,
    )
    return page, 422 if errors else 200

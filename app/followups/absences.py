"""Who is away: one's own absences, everybody's for the office, and handing everything over."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.followups import Page, bp, people_options
from app.followups.schemas import AbsenceSchema, AwaySchema, HandOverAllSchema, UntilSchema
from app.followups.shown import taker
from services.communities import regions
from services.core import permissions
from services.core.errors import N_, DomainError
from services.followups import absences, handing, lists
from services.people import accounts


@bp.route("/away", methods=["GET", "POST"])
@allow("followups.act")
def away() -> Page:
    """One's own absences."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(AwaySchema)
            absences.register(
                g.actor,
                account_id=g.actor.account_id,
                since=data["since"],
                until=data["until"],
                deputy_id=_account(data["deputy"], "deputy"),
            )
            flash(_("Recorded. Your reminders go to who stands in for you."), "success")
            return redirect(url_for("followups.away"), 303)
    return _own(errors)


@bp.route("/absences/", methods=["GET", "POST"])
@allow("followups.hand_over")
def absence_list() -> Page:
    """Who is away now and soon, and recording it for somebody."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(AbsenceSchema)
            account_id = _account(data["account"], "account")
            if account_id is None:
                raise DomainError("account", N_("Please choose one of the list."), field="account")
            absences.register(
                g.actor,
                account_id=account_id,
                since=data["since"],
                until=data["until"],
                deputy_id=_account(data["deputy"], "deputy"),
            )
            flash(_("The absence is recorded."), "success")
            return redirect(url_for("followups.absence_list"), 303)
    return _everybodys(errors)


@bp.post("/absences/<uuid:absence_id>/until")
@allow("followups.act")
def end_absence(absence_id: uuid.UUID) -> Page:
    """Let an absence end earlier."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        absence = absences.end_earlier(g.actor, absence_id=absence_id, **forms.read(UntilSchema))
        flash(_("The last day is changed."), "success")
        return redirect(_back(absence.account_id), 303)
    return _everybodys(errors) if permissions.allowed(g.actor, "followups.hand_over") else _own(errors)


@bp.post("/absences/<uuid:absence_id>/cancel")
@allow("followups.act")
def cancel_absence(absence_id: uuid.UUID) -> Page:
    """Take an absence back."""
    absence = absences.cancel(g.actor, absence_id=absence_id)
    flash(_("The absence is cancelled."), "success")
    return redirect(_back(absence.account_id), 303)


@bp.route("/hand-over", methods=["GET", "POST"])
@allow("followups.hand_over")
def hand_over_all() -> Page:
    """Give everything in one person's charge to another."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(HandOverAllSchema)
            owner_id = _account(data["owner"], "owner")
            if owner_id is None:
                raise DomainError("owner", N_("Please choose one of the list."), field="owner")
            to = taker(data["to"])
            given = handing.hand_over_all(g.actor, owner_id=owner_id, account_id=to, note=data["note"])
            flash(_("Follow-ups handed over: %(num)s.", num=len(given)), "success")
            return redirect(url_for("followups.index"), 303)
    page = render_template(
        "followups/hand_over_all.html",
        owners=people_options(lists.owner_ids(g.actor)),
        takers=[(lists.STAFF, _("The staff")), *people_options(absences.people(g.actor))],
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _own(errors: forms.Errors) -> Page:
    rows = absences.own(g.actor)
    account_id = g.actor.account_id
    page = render_template(
        "followups/away.html",
        rows=rows,
        names=accounts.names({row.deputy_id for row in rows if row.deputy_id}),
        deputies=people_options(absences.deputies(g.actor, account_id=account_id)),
        today=regions.today(g.actor.community_id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _everybodys(errors: forms.Errors) -> Page:
    rows = absences.everybodys(g.actor)
    shown = {row.account_id for row in rows} | {row.deputy_id for row in rows if row.deputy_id}
    page = render_template(
        "followups/absences.html",
        rows=rows,
        names=accounts.names(shown),
        people=people_options(absences.people(g.actor)),
        today=regions.today(g.actor.community_id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _back(account_id: uuid.UUID) -> str:
    return url_for("followups.away" if account_id == g.actor.account_id else "followups.absence_list")


def _account(text: str, field: str) -> uuid.UUID | None:
    """The account somebody chose; None for no choice. Raises DomainError."""
    account_id = forms.id_of(text)
    if text and account_id is None:
        raise DomainError(field, N_("Please choose one of the list."), field=field)
    return account_id

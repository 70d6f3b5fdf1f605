"""I can, I cannot, and taking either back: one tap each on the first page."""

import uuid

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.followups import Page, bp
from app.followups.schemas import CannotSchema
from services.followups import answers


@bp.post("/<uuid:follow_up_id>/can")
@allow("followups.act")
def can(follow_up_id: uuid.UUID) -> Page:
    """Say that one will do it."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        answers.can(g.actor, follow_up_id=follow_up_id)
    return _back(errors)


@bp.post("/<uuid:follow_up_id>/cannot")
@allow("followups.act")
def cannot(follow_up_id: uuid.UUID) -> Page:
    """Say that one cannot, and why."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        answers.cannot(g.actor, follow_up_id=follow_up_id, **forms.read(CannotSchema))
    return _back(errors)


@bp.post("/<uuid:follow_up_id>/take-back")
@allow("followups.act")
def take_back(follow_up_id: uuid.UUID) -> Page:
    """Undo one's last answer."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        answers.take_back(g.actor, follow_up_id=follow_up_id)
        flash(_("It is as it was before."), "success")
    return _back(errors)


def _back(errors: forms.Errors) -> Page:
    for messages in errors.values():
        flash(messages[0], "error")
    return redirect(url_for("reports.home"), 303)

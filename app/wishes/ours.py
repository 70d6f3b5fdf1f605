"""A household's own wishes: what we wish for, and saying that it came."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.language import say
from app.wishes.blueprint import Page, bp
from app.wishes.schemas import WishSchema
from services.core.errors import Conflict
from services.households import registration
from services.wishes import claims, lists, wishes


@bp.route("/ours", methods=["GET", "POST"])
@allow("wishes.own")
def ours() -> Page:
    """Our wishes, and a form for one more."""
    household = registration.own_household(g.actor)
    if household is None:
        return render_template("households/none.html")
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            wishes.ask(g.actor, **forms.read(WishSchema))
            flash(_("Thank you. The community office will look at it."), "success")
            return redirect(url_for("wishes.ours"), 303)
    page = render_template(
        "wishes/ours.html",
        served=household.state == "active",
        lines=lists.of_own_household(g.actor),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/ours/<uuid:wish_id>/confirm")
@allow("wishes.own")
def confirm_own(wish_id: uuid.UUID) -> Page:
    """It came."""
    try:
        claims.confirm(g.actor, wish_id=wish_id)
        flash(_("How good. We say thank you for you."), "success")
    except Conflict as refused:
        flash(say(refused), "warning")
    return redirect(url_for("wishes.ours"), 303)


@bp.post("/ours/<uuid:wish_id>/not-come")
@allow("wishes.own")
def not_come_own(wish_id: uuid.UUID) -> Page:
    """It has not come yet."""
    try:
        claims.not_come(g.actor, wish_id=wish_id)
        flash(_("Thank you for telling us. We ask where it is."), "success")
    except Conflict as refused:
        flash(say(refused), "warning")
    return redirect(url_for("wishes.ours"), 303)


@bp.post("/ours/<uuid:wish_id>/close")
@allow("wishes.own")
def close_own(wish_id: uuid.UUID) -> Page:
    """We no longer wish for this."""
    try:
        wishes.close(g.actor, wish_id=wish_id, reason="no_longer")
        flash(_("It is closed. You can wish again at any time."), "success")
    except Conflict as refused:
        flash(say(refused), "warning")
    return redirect(url_for("wishes.ours"), 303)

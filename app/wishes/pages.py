"""The office's small wishes: the list, one wish, a new one, and what the office does about it."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.wishes import claims, ours, words
from app.wishes.blueprint import Page, bp
from app.wishes.schemas import CloseSchema, FulfilSchema, WishSchema
from services.communities import catalogue, regions
from services.core import locks
from services.households.models import Household
from services.wishes import claims as rules
from services.wishes import lists, wishes

__all__ = ["bp", "claims", "ours", "words"]


@bp.get("/")
@allow("wishes.manage")
def index() -> Page:
    """Every wish, by state, kind or household."""
    state, kind, household = (request.args.get(name, "") for name in ("state", "kind", "household"))
    state = state if state in wishes.STATES else ""
    kind = kind if kind in {term.code for term in catalogue.WISH_KINDS} else ""
    chosen = locks.get(Household, household) if household else None
    lines, following = lists.page(
        g.actor,
        state=state,
        kind=kind,
        household_id=chosen.id if chosen else None,
        after=request.args.get("after"),
    )
    kept: dict[str, Any] = {
        name: value for name, value in (("state", state), ("kind", kind), ("household", household)) if value
    }
    return render_template(
        "wishes/index.html",
        lines=lines,
        counts=lists.counts(g.actor),
        household=chosen,
        form={"state": state, "kind": kind},
        first_url=url_for("wishes.index", **kept),
        next_url=following and url_for("wishes.index", after=following, **kept),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("wishes.manage")
def new() -> Page:
    """Write down a wish of a household."""
    household = locks.get(Household, request.args.get("household"))
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            made = wishes.add(g.actor, household_id=household.id, **forms.read(WishSchema))
            flash(_("The wish is open: volunteers and units see it now."), "success")
            return redirect(url_for("wishes.show", wish_id=made.id), 303)
    page = render_template("wishes/new.html", household=household, form=request.form, errors=errors)
    return page, 422 if errors else 200


@bp.get("/<uuid:wish_id>")
@allow("wishes.manage")
def show(wish_id: uuid.UUID) -> Page:
    """One wish: whose it is, who has taken it on, and what comes next."""
    return _page(wish_id, {})


def _page(wish_id: uuid.UUID, errors: forms.Errors) -> Page:
    page = render_template(
        "wishes/show.html",
        line=lists.one(g.actor, wish_id),
        before=lists.given_back(g.actor, wish_id),
        today=regions.today(g.community.id),
        form=request.form if errors else {},
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/<uuid:wish_id>/change")
@allow("wishes.manage")
def change(wish_id: uuid.UUID) -> Page:
    """Put a wish into words that helpers may read; one that was asked for is open from then on."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        wishes.change(g.actor, wish_id=wish_id, **forms.read(WishSchema))
        flash(_("The wish is open: volunteers and units see it now."), "success")
        return redirect(url_for("wishes.show", wish_id=wish_id), 303)
    return _page(wish_id, errors)


@bp.post("/<uuid:wish_id>/hand-over")
@allow("wishes.manage")
def hand_over(wish_id: uuid.UUID) -> Page:
    """The office handed it over: who took it on is thanked."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        rules.fulfil(g.actor, wish_id=wish_id, **forms.read(FulfilSchema))
        flash(_("The wish has come true. Who took it on is thanked."), "success")
        return redirect(url_for("wishes.show", wish_id=wish_id), 303)
    return _page(wish_id, errors)


@bp.post("/<uuid:wish_id>/confirm")
@allow("wishes.manage")
def confirm(wish_id: uuid.UUID) -> Page:
    """The household has it."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        rules.confirm(g.actor, wish_id=wish_id)
        flash(_("The wish has come true. Who took it on is thanked."), "success")
        return redirect(url_for("wishes.show", wish_id=wish_id), 303)
    return _page(wish_id, errors)


@bp.post("/<uuid:wish_id>/not-come")
@allow("wishes.manage")
def not_come(wish_id: uuid.UUID) -> Page:
    """The household does not have it."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        wish = rules.not_come(g.actor, wish_id=wish_id)
        if wish.state == "open":
            flash(
                _("The wish is open again: others can take it on. Please ask what became of it."), "success"
            )
        else:
            flash(_("Who took it on is kindly asked to look again."), "success")
        return redirect(url_for("wishes.show", wish_id=wish_id), 303)
    return _page(wish_id, errors)


@bp.post("/<uuid:wish_id>/release")
@allow("wishes.manage")
def release(wish_id: uuid.UUID) -> Page:
    """Let others take the wish on."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        rules.give_back(g.actor, wish_id=wish_id)
        flash(_("Given back. Somebody else can take it on now."), "success")
        return redirect(url_for("wishes.show", wish_id=wish_id), 303)
    return _page(wish_id, errors)


@bp.post("/<uuid:wish_id>/close")
@allow("wishes.manage")
def close(wish_id: uuid.UUID) -> Page:
    """Close a wish for a reason."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        wishes.close(g.actor, wish_id=wish_id, reason=forms.read(CloseSchema)["reason"])
        flash(_("The wish is closed."), "success")
        return redirect(url_for("wishes.show", wish_id=wish_id), 303)
    return _page(wish_id, errors)

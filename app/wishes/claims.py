"""For volunteers and units: open wishes, taking one on in a tap, and what one has taken on."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.language import say
from app.wishes.blueprint import Page, bp
from app.wishes.schemas import FulfilSchema
from app.words import options
from services.communities import catalogue, regions
from services.core.errors import Conflict
from services.wishes import claims, lists


@bp.get("/open")
@allow("wishes.claim")
def open_wishes() -> Page:
    """Wishes somebody could fulfil; never whose they are."""
    kind = request.args.get("kind", "")
    kind = kind if kind in {term.code for term in catalogue.WISH_KINDS} else ""
    shown, following = lists.open_page(g.actor, kind=kind, after=request.args.get("after"))
    counts = lists.open_kinds(g.actor)
    return render_template(
        "wishes/open.html",
        wishes=shown,
        kind=kind,
        kinds=[
            (code, f"{name} ({counts.get(code, 0)})")
            for code, name in options(catalogue.WISH_KINDS)
            if code in counts or code == kind
        ],
        total=sum(counts.values()),
        mine=claims.open_claims(g.actor.account_id) if g.actor.account_id else 0,
        next_url=following and url_for("wishes.open_wishes", kind=kind or None, after=following),
    )


@bp.post("/open/<uuid:wish_id>/claim")
@allow("wishes.claim")
def claim(wish_id: uuid.UUID) -> Page:
    """Take a wish on."""
    try:
        claims.claim(g.actor, wish_id=wish_id)
    except Conflict as refused:
        flash(say(refused), "warning")
        return redirect(url_for("wishes.open_wishes"), 303)
    flash(_("It is yours to fulfil. Thank you! If it was a slip, give it back below."), "success")
    return redirect(url_for("wishes.own_claims"), 303)


@bp.get("/claims")
@allow("wishes.claim")
def own_claims() -> Page:
    """What the actor has taken on: all of it, or what waits to be fulfilled."""
    only_open = request.args.get("show") == "open"
    found, following = lists.own_claims(g.actor, only_open=only_open, after=request.args.get("after"))
    return render_template(
        "wishes/claims.html",
        claims=found,
        only_open=only_open,
        next_url=following
        and url_for("wishes.own_claims", show="open" if only_open else None, after=following),
    )


@bp.post("/claims/<uuid:wish_id>/give-back")
@allow("wishes.claim")
def give_back(wish_id: uuid.UUID) -> Page:
    """Give a wish back; others can take it on."""
    try:
        claims.give_back(g.actor, wish_id=wish_id)
    except Conflict as refused:
        flash(say(refused), "warning")
        return redirect(url_for("wishes.own_claims"), 303)
    flash(_("Given back. Somebody else can take it on now."), "success")
    return redirect(url_for("wishes.open_wishes"), 303)


@bp.route("/claims/<uuid:wish_id>/fulfil", methods=["GET", "POST"])
@allow("wishes.claim")
def fulfil(wish_id: uuid.UUID) -> Page:
    """Say that it is done."""
    own = lists.own_claim(g.actor, wish_id)
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            claims.fulfil(g.actor, wish_id=wish_id, **forms.read(FulfilSchema))
            flash(_("Wonderful, thank you! We tell you when it is confirmed."), "success")
            return redirect(url_for("wishes.own_claims"), 303)
    page = render_template(
        "wishes/fulfil.html",
        own=own,
        today=regions.today(g.community.id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200

"""One's tokens for programs: what there is, making one, switching one off; for the administrator everybody's."""

import uuid
from datetime import timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import forms
from app.access import words
from app.access.schemas import TokenSchema
from app.api.area import SCOPES
from app.auth import allow
from services.access import tokens
from services.communities import regions
from services.people import accounts

bp = Blueprint("access", __name__, url_prefix="/c/<community>/tokens")

Page = str | Response | tuple[str, int]

USUAL_DAYS = 90


@bp.get("/")
@allow("access.own")
def index() -> Page:
    """My tokens."""
    page = tokens.own(g.actor, after=request.args.get("after"))
    return render_template(
        "access/index.html",
        rows=page.rows,
        names={},
        said=words.said,
        today=regions.today(g.community.id),
        next_url=url_for(".index", after=page.next) if page.next else None,
    )


@bp.get("/everybodys")
@allow("access.all")
def everybodys() -> Page:
    """All tokens of the community that open something."""
    page = tokens.everybodys(g.actor, after=request.args.get("after"))
    return render_template(
        "access/everybodys.html",
        rows=page.rows,
        names=accounts.names({row.account_id for row in page.rows}),
        said=words.said,
        today=regions.today(g.community.id),
        next_url=url_for(".everybodys", after=page.next) if page.next else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("access.own")
def new() -> Page:
    """Make a token; its secret is shown on the answer and never again."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            token, secret = tokens.make(g.actor, known=SCOPES, **forms.read(TokenSchema))
            return render_template("access/made.html", token=token, secret=secret, said=words.said)
    today = regions.today(g.community.id)
    text = render_template(
        "access/new.html",
        groups=words.offered(),
        form=request.form,
        errors=errors,
        usual=today + timedelta(days=USUAL_DAYS),
        first=today,
        last=today + timedelta(days=tokens.LONGEST_DAYS),
    )
    return text, 422 if errors else 200


@bp.post("/<uuid:token_id>/revoke")
@allow("access.own")
def revoke(token_id: uuid.UUID) -> Page:
    """Switch a token off."""
    token = tokens.revoke(g.actor, token_id=token_id)
    flash(_("“%(title)s” is switched off: nothing comes in with it any more.", title=token.title), "success")
    own = token.account_id == g.actor.account_id
    return redirect(url_for(".index" if own else ".everybodys"), 303)

"""Webhooks, for the administrator: where other systems hear of what happens, and what became of each telling."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import forms
from app.auth import allow
from app.webhooks import words
from app.webhooks.schemas import AddressSchema, EventsSchema, SecretSchema
from services.webhooks import deliveries, endpoints
from services.webhooks.models import WebhookEndpoint

bp = Blueprint("webhooks", __name__, url_prefix="/c/<community>/settings/webhooks")

Page = str | Response | tuple[str, int]


@bp.context_processor
def _words() -> dict[str, object]:
    return {"words": words}


@bp.get("")
@allow("webhooks.manage")
def index() -> Page:
    """The addresses, and how each is doing."""
    return render_template(
        "webhooks/index.html", rows=endpoints.listed(g.actor), counts=deliveries.counts(g.actor)
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("webhooks.manage")
def new() -> Page:
    """Add an address; its secret is shown in the answer, once."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            given = forms.read(AddressSchema)
            return _secret(endpoints.add(g.actor, url=given["url"], wanted=given["events"]))
    page = render_template("webhooks/new.html", form=request.form, errors=errors)
    return page, 422 if errors else 200


@bp.get("/<endpoint_id>")
@allow("webhooks.manage")
def show(endpoint_id: str) -> Page:
    """One address, and the log of what it was told."""
    row = endpoints.get(g.actor, endpoint_id=endpoint_id)
    state = request.args.get("state", "")
    state = state if state in deliveries.STATES else ""
    page = deliveries.log(g.actor, endpoint_id=endpoint_id, state=state, after=request.args.get("after"))
    here: dict[str, Any] = {"endpoint_id": row.id, "state": state or None}
    return render_template(
        "webhooks/show.html",
        row=row,
        log=page.rows,
        counts=deliveries.counts(g.actor).get(row.id, {}),
        state=state,
        here=url_for("webhooks.show", **here),
        next_url=url_for("webhooks.show", **here, after=page.next) if page.next else None,
    )


@bp.route("/<endpoint_id>/events", methods=["GET", "POST"])
@allow("webhooks.manage")
def change(endpoint_id: str) -> Page:
    """Choose other events."""
    errors: forms.Errors = {}
    row = endpoints.get(g.actor, endpoint_id=endpoint_id)
    if request.method == "POST":
        with forms.collect(errors):
            given = forms.read(EventsSchema)
            endpoints.change(
                g.actor, endpoint_id=endpoint_id, wanted=given["events"], version=given["version"]
            )
            flash(_("The events are saved."), "success")
            return redirect(url_for("webhooks.show", endpoint_id=row.id), 303)
    page = render_template("webhooks/change.html", row=row, form=request.form, errors=errors)
    return page, 422 if errors else 200


@bp.post("/<endpoint_id>/secret")
@allow("webhooks.manage")
def renew_secret(endpoint_id: str) -> Page:
    """Make a new secret and show it, this once."""
    given = forms.read(SecretSchema)
    return _secret(endpoints.renew_secret(g.actor, endpoint_id=endpoint_id, version=given["version"]))


@bp.post("/<endpoint_id>/pause")
@allow("webhooks.manage")
def pause(endpoint_id: str) -> Page:
    """Send nothing for now."""
    endpoints.pause(g.actor, endpoint_id=endpoint_id)
    return _said(endpoint_id, _("Nothing is sent there until you start it again."))


@bp.post("/<endpoint_id>/start")
@allow("webhooks.manage")
def start(endpoint_id: str) -> Page:
    """Send again."""
    endpoints.start(g.actor, endpoint_id=endpoint_id)
    return _said(endpoint_id, _("What happens from now on is sent there."))


@bp.post("/<endpoint_id>/remove")
@allow("webhooks.manage")
def remove(endpoint_id: str) -> Page:
    """Forget an address."""
    endpoints.remove(g.actor, endpoint_id=endpoint_id)
    flash(_("The address is removed. Nothing is sent there any more."), "success")
    return redirect(url_for("webhooks.index"), 303)


@bp.post("/<endpoint_id>/test")
@allow("webhooks.manage")
def send_test(endpoint_id: str) -> Page:
    """Send a test."""
    deliveries.send_test(g.actor, endpoint_id=endpoint_id)
    return _said(endpoint_id, _("The test is on its way. Open this page again to see what became of it."))


@bp.post("/<endpoint_id>/deliveries/<delivery_id>")
@allow("webhooks.manage")
def again(endpoint_id: str, delivery_id: str) -> Page:
    """Send one delivery once more."""
    deliveries.again(g.actor, endpoint_id=endpoint_id, delivery_id=delivery_id)
    return _said(endpoint_id, _("It is on its way once more. Open this page again to see what became of it."))


def _secret(row: WebhookEndpoint) -> Page:
    return render_template("webhooks/secret.html", row=row)


def _said(endpoint_id: str, text: str) -> Page:
    flash(text, "success")
    return redirect(url_for("webhooks.show", endpoint_id=endpoint_id), 303)

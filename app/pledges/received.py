"""A household signs for what came: in its own account, or by a one-time link."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import auth, forms
from app.auth import allow
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import ReceiptSchema
from services.core.actor import guest
from services.core.errors import N_, DomainError, NotFound
from services.pledges import deliveries, quantities, uses


@bp.get("/received")
@allow("households.own")
def received() -> Page:
    """What is reserved for the own household, and what has come."""
    return render_template("pledges/received.html", uses=uses.of_own_household(g.actor))


@bp.route("/received/<uuid:allocation_id>", methods=["GET", "POST"])
@allow("households.own")
def sign_own(allocation_id: uuid.UUID) -> Page:
    """The household signs in its own account."""
    errors: forms.Errors = {}
    own = {use.allocation.id: use for use in uses.of_own_household(g.actor)}
    if allocation_id not in own:
        raise NotFound()
    use = own[allocation_id]
    if request.method == "POST":
        with forms.collect(errors):
            deliveries.sign(
                g.actor,
                allocation_id=allocation_id,
                how="account",
                **_receipt(use.pledge.measure),
            )
            flash(_("Thank you, you have signed."), "success")
            return redirect(url_for("pledges.received"))
    page = render_template(
        "pledges/receipt.html",
        pledge=use.pledge,
        allocation=use.allocation,
        left=deliveries.still_to_come(use.allocation),
        name=g.actor.name,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.route("/sign/<secret>", methods=["GET", "POST"])
@auth.limiter.limit("20 per minute", methods=["POST"])
@allow("public")
def sign_by_link(secret: str) -> Page:
    """Whoever holds the link signs for the household, once."""
    errors: forms.Errors = {}
    # The link speaks, not the account that happens to be signed in on this browser.
    holder = guest(g.community.id)
    _token, allocation, pledge = deliveries.by_link(holder, secret)
    if request.method == "POST":
        with forms.collect(errors):
            deliveries.sign_by_link(
                holder,
                secret=secret,
                **_receipt(pledge.measure),
            )
            return render_template("pledges/thanks.html")
    page = render_template(
        "pledges/receipt.html",
        pledge=pledge,
        allocation=allocation,
        left=deliveries.still_to_come(allocation),
        name="",
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _receipt(measure: str) -> dict[str, Any]:
    data: dict[str, Any] = forms.read(ReceiptSchema)
    if not data.pop("confirmed"):
        raise DomainError("unsigned", N_("Please tick that you have received it."), field="confirmed")
    typed = data["quantity"]
    return data | {"quantity": quantities.read(typed, measure) if typed else None}

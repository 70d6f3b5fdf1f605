"""The receiver signs with the office, or is given a link to sign by himself."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.people import joining
from app.pledges import paper_copies, words
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import SignSchema
from services.communities import regions
from services.core.errors import N_, DomainError
from services.pledges import deliveries, quantities, uses
from services.pledges import paper_copies as copies
from services.pledges.uses import Use


@bp.route("/allocations/<uuid:allocation_id>/sign", methods=["GET", "POST"])
@allow("pledges.allocate")
def sign(allocation_id: uuid.UUID) -> Page:
    """The receiver signs on this device, or the office notes what was signed on paper."""
    errors: forms.Errors = {}
    use = uses.one(g.actor, allocation_id)
    if request.method == "POST":
        with forms.collect(errors):
            _sign(use)
            flash(_said(uses.one(g.actor, allocation_id)), "success")
            return redirect(url_for("pledges.allocation", allocation_id=allocation_id))
    page = render_template(
        "pledges/sign.html",
        use=uses.one(g.actor, allocation_id),
        place=words.place(use),
        today=regions.today(g.community.id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


def _said(use: Use) -> str:
    if not use.left:
        return _("Delivered and signed. Thank you!")
    rest = words.quantity(use.left, use.pledge.measure)
    return _("This part is signed for. Still to come: %(rest)s.", rest=rest)


def _sign(use: Use) -> None:
    data: dict[str, Any] = forms.read(SignSchema)
    paper, confirmed = data.pop("paper"), data.pop("confirmed")
    content = paper_copies.sent()
    how = "paper" if paper or content is not None else "screen" if data["strokes"] else "typed"
    if how == "typed" and not confirmed:
        raise DomainError(
            "unsigned",
            N_("Please let the receiver sign in the box, or tick that he confirms by his name."),
            field="confirmed",
        )
    typed = data.pop("quantity")
    delivery = deliveries.sign(
        g.actor,
        allocation_id=use.allocation.id,
        how=how,
        quantity=quantities.read(typed, use.pledge.measure) if typed else None,
        left=data["left"],
        last=data["rest"] == "none",
        receiver=data["receiver"],
        strokes=data["strokes"],
        day=data["day"] if how == "paper" else None,
        met=data["met"],
    )
    if content is not None:
        copies.attach(g.actor, delivery_id=delivery.id, content=content)


@bp.post("/allocations/<uuid:allocation_id>/link")
@allow("pledges.allocate")
def delivery_link(allocation_id: uuid.UUID) -> Page:
    """A one-time link by which the household signs on its own phone; shown once."""
    secret = deliveries.invite(g.actor, allocation_id=allocation_id)
    link = url_for("pledges.sign_by_link", secret=secret, _external=True)
    return render_template(
        "pledges/link.html",
        link=link,
        picture=joining.picture(link),
        back_url=url_for("pledges.allocation", allocation_id=allocation_id),
    )

"""The copy of a signed paper: put to its delivery, shown again, taken away."""

import uuid

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pledges.blueprint import Page, bp
from services.core import locks
from services.core.errors import N_, DomainError
from services.pledges import paper_copies, uses
from services.pledges.models import Delivery


def sent() -> bytes | None:
    """The file that came with the form, or None."""
    file = request.files.get("paper_copy")
    # One byte more than is accepted is enough to refuse it.
    return file.read(paper_copies.LARGEST + 1) if file and file.filename else None


@bp.route("/deliveries/<uuid:delivery_id>/paper", methods=["GET", "POST"])
@allow("pledges.allocate")
def attach_paper(delivery_id: uuid.UUID) -> Page:
    """Put a photo or scan to what was signed on paper, or a better one in its place."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            content = sent()
            if content is None:
                raise DomainError("file", N_("Please choose a file."), field="paper_copy")
            kept = paper_copies.attach(g.actor, delivery_id=delivery_id, content=content)
            flash(_("The copy is kept with the delivery, encrypted."), "success")
            return redirect(url_for("pledges.allocation", allocation_id=kept.allocation_id))
    delivery = locks.get(Delivery, delivery_id)
    page = render_template(
        "pledges/paper.html",
        delivery=delivery,
        use=uses.one(g.actor, delivery.allocation_id),
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/deliveries/<uuid:delivery_id>/paper/open")
@allow("pledges.allocate")
def open_paper(delivery_id: uuid.UUID) -> Page:
    """The copy as a file; the look is on record."""
    copy = paper_copies.reveal(g.actor, delivery_id=delivery_id)
    return Response(
        copy.content,
        mimetype=copy.media_type,
        headers={"Content-Disposition": f'attachment; filename="{copy.filename}"'},
    )


@bp.post("/deliveries/<uuid:delivery_id>/paper/remove")
@allow("pledges.allocate")
def remove_paper(delivery_id: uuid.UUID) -> Page:
    """Take away a copy that does not belong here."""
    delivery = paper_copies.remove(g.actor, delivery_id=delivery_id)
    flash(_("The copy is removed. The delivery stays on record."))
    return redirect(url_for("pledges.allocation", allocation_id=delivery.allocation_id))

"""Handing a living pairing over: who could take it, and the one step."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.pairings.blueprint import Page, bp
from app.pairings.schemas import TakerSchema
from services.pairings import hand_over, pairings
from services.volunteers import profiles

# Each of the two lists ends here; anybody else can be asked about by name.
SHOWN = 25


@bp.route("/<uuid:pairing_id>/hand-over", methods=["GET", "POST"])
@allow("pairings.end")
def take_over(pairing_id: uuid.UUID) -> Page:
    """Choose the helper who takes over, and hand the pairing to him."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            made = hand_over.hand_over(g.actor, pairing_id=pairing_id, **forms.read(TakerSchema))
            flash(
                _("It is handed over. Both helpers and the household are told; what was open goes on."),
                "success",
            )
            return redirect(url_for("pairings.show", pairing_id=made.id), 303)
    found = pairings.get_pairing(g.actor, pairing_id)
    can, cannot = hand_over.takers(g.actor, pairing_id=pairing_id)
    page = render_template(
        "pairings/take_over.html",
        one=found,
        can=can[:SHOWN],
        more_can=max(0, len(can) - SHOWN),
        cannot=cannot[:SHOWN],
        names=profiles.names({choice.volunteer_id for choice in (*can[:SHOWN], *cannot[:SHOWN])}),
        errors=errors,
    )
    return page, 422 if errors else 200

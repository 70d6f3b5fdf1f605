"""A household's own pages: its data, its needs, its consent, and who has looked."""

import uuid

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.households import words
from app.households.blueprint import Page, bp
from app.households.files import history_rows
from app.households.schemas import AskSchema
from services.communities import regions
from services.households import disclosure, needs, registration, residents


@bp.get("/mine")
@allow("households.own")
def mine() -> Page:
    """Our household."""
    household = registration.own_household(g.actor)
    if household is None:
        return render_template("households/none.html")
    return render_template(
        "households/mine.html",
        row=household,
        place=disclosure.place_label(household, g.actor.language),
        residents=residents.residents_of([household.id]).get(household.id, []),
        needs=[need for need in needs.of_household(household.id) if need.state in ("asked", "open")],
        consent=registration.consented([household.id]).get(household.id),
        looks=history_rows(disclosure.looks(household.id)),
        categories=disclosure.category_names(household, g.actor.language),
        labels=words.labels(),
        words=words,
    )


@bp.route("/mine/ask", methods=["GET", "POST"])
@allow("households.own")
def ask() -> Page:
    """Ask for help; the office looks at it before anybody is asked to give it."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            needs.ask(g.actor, **forms.read(AskSchema))
            flash(_("Thank you. The community office will look at it."), "success")
            return redirect(url_for(".mine"), 303)
    text = render_template(
        "households/ask.html",
        mask=forms.mask_of(request.form, 0),
        form=request.form,
        errors=errors,
        labels=words.labels(),
        choices=words.choices(),
    )
    return text, 422 if errors else 200


@bp.post("/mine/needs/<uuid:need_id>/close")
@allow("households.own")
def close_own_need(need_id: uuid.UUID) -> Page:
    """We no longer need this."""
    reason = "met" if request.form.get("reason") == "met" else "no_longer"
    needs.close_need(g.actor, need_id=need_id, reason=reason)
    flash(_("It is closed. You can ask again at any time."), "success")
    return redirect(url_for(".mine"), 303)


@bp.post("/mine/consent")
@allow("households.own")
def own_consent() -> Page:
    """Agree to being matched with a helper, or take it back."""
    household = registration.own_household(g.actor)
    if household is not None and request.form.get("agree") == "1":
        registration.give_consent(
            g.actor, household_id=household.id, day=regions.today(g.community.id), evidence="account"
        )
        flash(_("Thank you: the office may now look for a helper for you."), "success")
    elif household is not None:
        registration.withdraw_consent(g.actor, household_id=household.id)
        flash(_("It is taken back: no helper will be looked for."), "success")
    return redirect(url_for(".mine"), 303)

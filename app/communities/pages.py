"""The administrator's settings: what the community says of itself, and its word lists."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import forms
from app.auth import allow
from app.communities.schemas import CommunitySchema, OfferedSchema, TermSchema
from services.communities import regions, wordlists
from services.core.errors import N_

bp = Blueprint("communities", __name__, url_prefix="/c/<community>/settings")

Page = str | Response | tuple[str, int]

LISTS = {
    "kinds": (
        N_("Skills and kinds of need"),
        N_("What households need is what volunteers can do: one list."),
    ),
    "categories": (N_("Categories of households"), N_("Why the office looks after a household.")),
}


@bp.route("", methods=["GET", "POST"])
@allow("communities.settings")
def settings() -> Page:
    """What the community says of itself, and the way to all its other settings."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            regions.change(g.actor, **forms.read(CommunitySchema))
            flash(_("The settings are saved."), "success")
            return redirect(url_for("communities.settings"), 303)
    page = render_template(
        "communities/settings.html",
        lists=LISTS,
        street=regions.get_region(g.community.street_id),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.route("/words/<which>", methods=["GET", "POST"])
@allow("communities.settings")
def words(which: str) -> Page:
    """A word list; add a word of the community's own."""
    errors: forms.Errors = {}
    terms = wordlists.terms(g.actor, which=which)
    if request.method == "POST":
        with forms.collect(errors):
            given = forms.read(TermSchema)
            wordlists.add(g.actor, which=which, **given)
            flash(
                _("“%(word)s” is in the list. It can be chosen from now on.", word=given["name"]), "success"
            )
            return redirect(url_for("communities.words", which=which), 303)
    page = render_template(
        "communities/words.html", which=which, lists=LISTS, terms=terms, form=request.form, errors=errors
    )
    return page, 422 if errors else 200


@bp.route("/words/<which>/<code>", methods=["GET", "POST"])
@allow("communities.settings")
def word(which: str, code: str) -> Page:
    """One word: its names, whether it is offered, and removing it."""
    errors: forms.Errors = {}
    term = wordlists.term(g.actor, which=which, code=code)
    if request.method == "POST":
        with forms.collect(errors):
            wordlists.rename(g.actor, which=which, code=code, **forms.read(TermSchema))
            flash(_("The word is changed, on every page and in every list."), "success")
            return redirect(url_for("communities.words", which=which), 303)
    page = render_template(
        "communities/word.html",
        which=which,
        lists=LISTS,
        term=term,
        own_words=wordlists.words_of(which, code),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/words/<which>/<code>/offered")
@allow("communities.settings")
def word_offered(which: str, code: str) -> Page:
    """Offer a word for choice, or no longer."""
    offered = forms.read(OfferedSchema)["offered"]
    wordlists.offer(g.actor, which=which, code=code, offered=offered)
    flash(
        _("The word is offered again.")
        if offered
        else _("The word is no longer offered. Records that hold it keep it."),
        "success",
    )
    return redirect(url_for("communities.words", which=which), 303)


@bp.post("/words/<which>/<code>/remove")
@allow("communities.settings")
def word_remove(which: str, code: str) -> Page:
    """Remove a word of the community's own that nothing uses."""
    wordlists.remove(g.actor, which=which, code=code)
    flash(_("The word is removed."), "success")
    return redirect(url_for("communities.words", which=which), 303)

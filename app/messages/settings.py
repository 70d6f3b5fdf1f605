"""What a community says, in which words, and how fast."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.messages import Page, bp, words
from app.messages.schemas import RateSchema, WordingSchema
from services.communities import regions
from services.core.errors import DomainError
from services.messages import templates, wordings
from services.messages.templates import Text

# As the form names them.
PARTS = ("subject_zh", "body_zh", "subject_en", "body_en")


@bp.route("/c/<community>/messages/settings", methods=["GET", "POST"])
@allow("communities.settings")
def settings() -> Page:
    """Every kind of message, and how many leave in a minute."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            regions.set_rate(g.actor, **forms.read(RateSchema))
            flash(_("The rate is changed."), "success")
            return redirect(url_for("messages.settings"), 303)
    codes = wordings.codes(g.actor)
    page = render_template(
        "messages/settings.html",
        rows=codes,
        titles={code: templates.title(code, str(get_locale())) for code, _own in codes},
        rate=g.community.messages_a_minute,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.route("/c/<community>/messages/settings/<code>", methods=["GET", "POST"])
@allow("communities.settings")
def wording(code: str) -> Page:
    """A message's words in both languages, with what they become."""
    errors: forms.Errors = {}
    now = words.parts(wordings.current(g.actor, code=code))
    if request.method == "POST":
        with forms.collect(errors):
            wordings.save(g.actor, code=code, texts=words.texts(forms.read(WordingSchema)))
            flash(_("The words are changed. They hold for what is sent from now on."), "success")
            return redirect(url_for("messages.settings"), 303)
    page = render_template(
        "messages/wording.html",
        code=code,
        title=templates.title(code, str(get_locale())),
        now=now,
        names=" ".join(f"{{{name}}}" for name in sorted(templates.placeholders(code))),
        languages=words.LANGUAGES,
        form=request.form,
        errors=errors,
        **_previews(code, request.form or now),
    )
    return page, 422 if errors else 200


@bp.post("/c/<community>/messages/settings/<code>/preview")
@allow("communities.settings")
def wording_preview(code: str) -> Page:
    """What words that are being typed become, as a part of the page."""
    return render_template(
        "messages/_preview.html", languages=words.LANGUAGES, **_previews(code, request.form)
    )


@bp.post("/c/<community>/messages/settings/<code>/original")
@allow("communities.settings")
def wording_original(code: str) -> Page:
    """Back to the words that Linli came with."""
    wordings.restore(g.actor, code=code)
    flash(_("The original words are back."), "success")
    return redirect(url_for("messages.settings"), 303)


def _previews(code: str, typed: object) -> dict[str, object]:
    """Per language the words filled with examples, or what is wrong with them."""
    given = {name: str(typed.get(name, ""))[:4000] for name in PARTS}  # type: ignore[attr-defined]
    filled: dict[str, Text] = {}
    wrong: dict[str, str] = {}
    for language in words.LANGUAGES:
        text = Text(given[f"subject_{language}"], given[f"body_{language}"])
        try:
            filled[language] = wordings.preview(g.actor, code=code, language=language, text=text)
        except DomainError as error:
            if error.status != 422:
                raise
            wrong[language] = _(error.message, **error.params)
    return {"filled": filled, "wrong": wrong}

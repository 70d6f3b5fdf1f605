"""What if: a question by its address, so that an answer can be linked; nothing is written."""

from typing import Any

from flask import g, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from app import forms
from app.auth import allow
from app.pairings import changes
from app.pairings.blueprint import Page, bp
from app.pairings.schemas import QUESTION_FIELDS, KindSchema, WhatIfSchema
from app.volunteers.words import LEVELS
from app.words import named, options, said
from services.communities import catalogue
from services.core.errors import N_
from services.households import registration
from services.pairings import advice, whatif
from services.pairings.whatif import Question
from services.volunteers import profiles

KINDS = {
    "newcomer": (N_("One more helper"), N_("Somebody new joins")),
    "without_helper": (N_("Without one of the helpers"), N_("Somebody falls ill or leaves")),
    "more_room": (N_("One household more for a helper"), N_("Somebody takes on one more")),
    "more_skill": (N_("One skill more for a helper"), N_("Somebody learns or dares it")),
    "more_places": (N_("One helper more for a household"), N_("A home wants somebody besides")),
    "further": (N_("Everybody goes further"), N_("Longer ways are accepted")),
    "loose": (N_("Living pairs may part"), N_("Only for a clear gain")),
}
LABELS = {
    "kind": N_("What if …"),
    "skill": N_("Kind of help"),
    "level": N_("How well"),
    "times": N_("Times"),
    "area": N_("Lives near"),
    "gender": N_("Gender"),
    "volunteer_id": N_("Helper"),
    "household_id": N_("Household"),
    "metres": N_("How many metres further"),
    "points": N_("For a gain of more than so many points"),
}


@bp.get("/runs/what-if")
@allow("pairings.decide")
def what_if() -> Page:
    """How the best pairing would change if something were otherwise."""
    errors: forms.Errors = {}
    told, title = None, ""
    if request.args.get("kind"):
        with forms.collect(errors):
            asked = question()
            told, title = changes.tell(whatif.ask(g.actor, asked)), asked_text(asked)
    page = render_template(
        "pairings/what_if.html",
        told=told,
        title=title,
        kinds=[(code, _(name), _(example)) for code, (name, example) in KINDS.items()],
        skills=options(catalogue.NEED_KINDS),
        levels=[(str(code), _(name)) for code, name in LEVELS.items()],
        times=named({code: name for code, name in changes.TIMES.items() if code}),
        areas=[(estate, estate) for estate in advice.areas()],
        genders=named(changes.MEN_OR_WOMEN),
        volunteers=[(row.id, row.name) for row in profiles.active()],
        households=[(row.id, row.name) for row in registration.active()],
        labels={field: _(name) for field, name in LABELS.items()},
        form=request.args,
        errors=errors,
    )
    return page, 422 if errors else 200


def question() -> Question:
    """What the address asks; only the fields of its kind of question count. Raises ValidationError by field."""
    asked: MultiDict[str, str] = MultiDict(request.args)
    kind = KindSchema().load(asked)["kind"]
    given: dict[str, Any] = WhatIfSchema(only=QUESTION_FIELDS[kind]).load(asked)
    return Question(kind, **{field: value for field, value in given.items() if value is not None})


def asked_text(asked: Question) -> str:
    """A question in words."""
    if asked.kind == "newcomer":
        return changes.wanted_person(vars(asked))
    kind = _(KINDS[asked.kind][0])
    about = {
        "further": _("%(number)s m", number=asked.metres),
        "loose": ngettext("more than %(num)s point", "more than %(num)s points", asked.points),
    }.get(asked.kind, "")
    if asked.volunteer_id:
        about = profiles.names({asked.volunteer_id})[asked.volunteer_id]
    elif asked.household_id:
        about = registration.names({asked.household_id})[asked.household_id]
    if asked.kind == "more_skill":
        about += f" · {said(catalogue.NEED_KINDS, [asked.skill])}"
    return f"{kind} · {about}"

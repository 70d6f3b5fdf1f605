"""The words of matching on pages: states, score terms, rules that bar a pair, reasons and costs."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, g, url_for
from flask_babel import gettext as _

from app.language import english, local
from app.pairings.blueprint import bp
from app.words import amount, options, said
from services.communities import catalogue
from services.communities.catalogue import Term
from services.communities.models import Building
from services.core import permissions
from services.core.errors import N_
from services.households.models import Household
from services.pairings import reasons, telling

RUN_STATES = {
    "queued": (N_("Waiting to begin"), "wait"),
    "running": (N_("Being computed"), "wait"),
    "done": (N_("Ready to look at"), "info"),
    "published": (N_("Published"), "good"),
    "replaced": (N_("Replaced by a later run"), "plain"),
    "failed": (N_("Did not work"), "bad"),
}
RUN_ERRORS = {
    "took_too_long": N_(
        "The computation did not come to an end. Please start it again; if it stops once more, tell the operator."
    ),
    "not_proven": N_(
        "The independent check did not confirm the result, so it was thrown away. Please start again and tell the operator."
    ),
    "overflow": N_("There are too many people and places for one run. Please tell the operator."),
}
OTHER_ERROR = N_("The data could not be used (%(code)s). Please tell the operator.")
PROPOSAL_STATES = {
    "draft": (N_("Draft"), "plain"),
    "offered": (N_("The helper offers"), "info"),
    "published": (N_("Waiting for answers"), "wait"),
    "accepted": (N_("Paired"), "good"),
    "declined": (N_("Declined"), "bad"),
    "lost": (N_("Somebody else was first"), "warn"),
    "withdrawn": (N_("Taken back"), "plain"),
}
FOLLOWUP_STATES = {
    "open": N_("Still open"),
    "reminded": N_("Reminded"),
    "escalated": N_("Late"),
    "done": N_("Done"),
    "closed": N_("Closed"),
}
KINDS = {"primary": N_("One helps one"), "supporting": N_("Supporting")}
ANSWERS = {"": N_("Not answered yet"), "yes": N_("Yes"), "no": N_("No")}
HOW = {
    "account": N_("by own sign-in"),
    "link": N_("by the link"),
    "staff call": N_("by a call of the office"),
    "paper": N_("on paper"),
}
SCORE = {
    "need_urgency": N_("Urgency of the need"),
    "skill_fit": N_("Skill fits"),
    "needs_covered": N_("Needs met"),
    "time_overlap": N_("Common times"),
    "first_language": N_("Language of the home"),
    "good_history": N_("Good history"),
    "wished_helper": N_("Wished for"),
    "nearness": N_("Near"),
    "complement": N_("Brings what is missing"),
    "light_load": N_("Has time for more"),
}
BARS = {
    "skill": N_("Does not offer what is needed (%(skills)s)"),
    "level": N_("%(skill)s is asked at level %(required)s; the helper has level %(held)s"),
    "time": N_("Common times are too short for %(skill)s: %(overlap)s of %(required)s half-hours"),
    "hours": N_("Has no hours left for %(skill)s: %(free)s of %(required)s half-hours a week"),
    "excluded": N_("There is a conflict, or they are a pair already"),
    "declined": N_("One of the two has declined the other before"),
    "language": N_("No common language: the home speaks %(wanted)s, the helper %(spoken)s"),
    "same_gender": N_("The household wishes for a helper of the other gender"),
    "check": N_("A paper is missing or out of date: %(missing)s"),
    "circumstance": N_("The helper does not go to such a home: %(circumstances)s"),
    "distance": N_("Too far: %(metres)s m, and the helper goes at most %(reach)s m"),
    "no_places": N_("No place is free"),
}
BAR_NAMES = {
    "skill": N_("skill not offered"),
    "level": N_("level too low"),
    "time": N_("no common time long enough"),
    "hours": N_("no hours left"),
    "excluded": N_("conflict"),
    "declined": N_("declined before"),
    "language": N_("no common language"),
    "same_gender": N_("other gender wished for"),
    "check": N_("paper missing or out of date"),
    "circumstance": N_("does not go to such a home"),
    "distance": N_("too far away"),
    "no_places": N_("no free place"),
}
LEFT_OUT = {
    "no_consent": N_("Has not agreed to being matched: ask for consent first"),
    "held_back": N_("Left out by the office"),
    "no_helper": N_("No helper can come"),
    "shortage": N_("Not enough helpers: %(wanted)s households as urgent compete for %(places)s places"),
}
# The same, short, as one of several reasons.
LEFT_OUT_SHORT = {
    "no_consent": N_("has not agreed to being matched"),
    "held_back": N_("left out by the office"),
    "no_helper": N_("no helper can come"),
    "shortage": N_("more households than helpers"),
}
WHY = {
    "standing": N_("The two are a pair already, or are being asked."),
    "chosen": N_("By today's data the best pairing has these two together."),
    "locked": N_("The office has locked the two together; the run takes them as given."),
    "possible": N_("They could be paired, but the best pairing has it otherwise."),
    "barred": N_("They cannot be paired."),
    "hours_together": N_(
        "They fit, but with the helper's other households it would take more hours than there are."
    ),
    "helper_state": N_("The helper is not active at present."),
    "household_state": N_("The household is closed."),
    "no_needs": N_("The household has no open need."),
    "no_consent": N_("The household has not agreed to being matched."),
    "held_back": N_("The office leaves the household out."),
}
OTHER_REASONS = {
    "replaced": N_("Another draft took its place"),
    "offered": N_("The helper offered by himself meanwhile"),
    "taken_back": N_("The helper took his offer back"),
    "held_back": N_("The office leaves the household out"),
    "left": N_("One of the two has left"),
    "no_longer_fits": N_("Did not fit any more when it was published"),
}
_CODED: dict[str, tuple[Term, ...]] = {
    "skill": catalogue.NEED_KINDS,
    "skills": catalogue.NEED_KINDS,
    "wanted": catalogue.LANGUAGES,
    "spoken": catalogue.LANGUAGES,
    "missing": catalogue.CHECKS,
    "circumstances": catalogue.CIRCUMSTANCES,
}


def run_error(code: str) -> str:
    """Why a run failed and what to do."""
    return _(RUN_ERRORS.get(code, OTHER_ERROR), code=code)


def bar(code: str, facts: Mapping[str, Any]) -> str:
    """Why a rule keeps two apart."""
    filled = {}
    for name, value in facts.items():
        terms = _CODED.get(name)
        if terms and code != "same_gender":
            value = said(terms, [value] if isinstance(value, str) else value) or _("nothing known")
        filled[name] = value
    return _(BARS[code], **filled)


def left_out(why: Mapping[str, Any]) -> str:
    """Why a household has no helper, in a sentence."""
    code = why["code"]
    sentence = _(LEFT_OUT[code], wanted=why.get("wanted"), places=why.get("places"))
    bars = why.get("bars") or {}
    parts = [
        _("%(what)s (%(number)s)", number=bars[name], what=_(BAR_NAMES[name]))
        for name in BAR_NAMES
        if name in bars
    ]
    colon, between = (": ", "; ") if english() else ("：", "；")
    return sentence + (colon + between.join(parts) if parts else "")


def left_out_reason(code: str) -> str:
    """One of the reasons of `coverage.reasons` in few words."""
    return _(LEFT_OUT_SHORT[code] if code in LEFT_OUT_SHORT else BAR_NAMES[code])


def reason(side: str, code: str) -> str:
    """A stored reason in words."""
    term = reasons.find(reasons.BY_SIDE.get(side, reasons.STAFF), code)
    return local(term) if term else (_(OTHER_REASONS[code]) if code in OTHER_REASONS else "")


def term_of(terms: tuple[Term, ...], code: str) -> str:
    """A coded reason of a list in words; "" for none."""
    term = reasons.find(terms, code)
    return local(term) if term else ""


def parts(terms: Mapping[str, int]) -> list[tuple[str, int]]:
    """The parts of a score for the bar and its list."""
    return [(_(SCORE[code]), terms[code]) for code in SCORE if terms.get(code)]


def way(proposal: Any) -> str:
    """The way between the two homes; "" when one of them is not placed."""
    metres = proposal.travel
    if not metres:
        return _("same building") if "nearness" in proposal.terms else ""
    return (
        _("%(number)s m", number=metres)
        if metres < 1000
        else _("%(number)s km", number=f"{metres / 1000:.1f}")
    )


def _spoken(pair: Mapping[str, str]) -> str:
    return pair["en" if english() else "zh"]


def buildings(households: Iterable[Household]) -> dict[uuid.UUID, str]:
    """Estate and building by household, in the page's language."""
    return {household_id: _spoken(pair) for household_id, pair in telling.buildings(households).items()}


def place(building: Building) -> str:
    """Estate and building, in the page's language."""
    return _spoken(telling.place(building))


def times(needs: Iterable[Any]) -> str:
    """When needs suit, in the page's language."""
    return _spoken(telling.times(needs))


def page_of(endpoint: str, **values: Any) -> str | None:
    """The address of another area's page, or None when the actor has no such page."""
    view: Any = current_app.view_functions.get(endpoint)
    if view is None or not permissions.allowed(g.actor, view.__permission__):
        return None
    return url_for(endpoint, **values)


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "run_state": lambda code: (_(RUN_STATES[code][0]), RUN_STATES[code][1]),
        "run_error": run_error,
        "proposal_state": lambda code: (_(PROPOSAL_STATES[code][0]), PROPOSAL_STATES[code][1]),
        "followup_state": lambda code: _(FOLLOWUP_STATES[code]) if code in FOLLOWUP_STATES else code,
        "kind_name": lambda code: _(KINDS[code]),
        "answer_name": lambda code: _(ANSWERS[code]),
        "how_name": lambda code: _(HOW[code]) if code else "",
        "amount": amount,
        "need_name": lambda need: said(catalogue.NEED_KINDS, [need.kind]),
        "need_names": lambda needs: said(catalogue.NEED_KINDS, dict.fromkeys(need.kind for need in needs)),
        "skill_names": lambda codes: said(catalogue.NEED_KINDS, codes),
        "bar_text": bar,
        "bar_name": lambda code: _(BAR_NAMES[code]),
        "left_out_reason": left_out_reason,
        "left_out_text": left_out,
        "why_text": lambda code: _(WHY[code]),
        "reason_text": reason,
        "term_text": term_of,
        "score_parts": parts,
        "way": way,
        "times_text": times,
        "options": options,
        "reasons": reasons,
        "page_of": page_of,
    }

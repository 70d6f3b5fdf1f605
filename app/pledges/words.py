"""The words of pledges on pages: kinds, periods, states and quantities in the page's language."""

import uuid

from flask_babel import gettext as _

from app.households import words as needs
from app.language import speech
from app.pledges.blueprint import bp
from app.words import named, said, week
from services.communities import catalogue
from services.core.errors import N_
from services.households import disclosure
from services.households.models import Household
from services.pledges import (
    allocations,
    deliveries,
    movements,
    projects,
    quantities,
    settling,
    unit_pairings,
)
from services.pledges.burndown import Point
from services.pledges.models import Unit
from services.pledges.standings import Line
from services.pledges.uses import Use

PERIOD_NAMES = {
    "": N_("in all"),
    "day": N_("every day"),
    "week": N_("every week"),
    "month": N_("every month"),
    "quarter": N_("every quarter"),
    "year": N_("every year"),
}
STATE_NAMES = {
    "offered": (N_("Offered"), "info"),
    "reserved": (N_("Reserved"), "wait"),
    "delivered": (N_("Delivered"), "good"),
    "released": (N_("Released"), "plain"),
}
MOVEMENT_NAMES = {
    "pledged": N_("Pledged"),
    "reserved": N_("Reserved"),
    "released": N_("Released"),
    "delivered": N_("Delivered"),
    "returned": N_("Came back"),
    "withdrawn": N_("Taken back"),
    "written_off": N_("Written off"),
}
WITHDRAW_REASONS = {
    "unit_cannot": N_("The unit cannot give it now"),
    "given_elsewhere": N_("It was given elsewhere"),
    "mistake": N_("Entered by mistake"),
}
REASONS = {
    "extended": N_("The pledge was extended"),
    "partial": N_("Less came than was reserved"),
    **allocations.RELEASE_REASONS,
    **WITHDRAW_REASONS,
    **settling.RETURN_REASONS,
    **settling.WRITE_OFF_REASONS,
}


PROJECT_STATES = {
    "planned": N_("In planning"),
    "under_way": N_("Under way"),
    "done": N_("Done"),
    "stopped": N_("Stopped"),
}
PROJECT_TONES = {"planned": "info", "under_way": "wait", "done": "good", "stopped": "plain"}
PROJECT_FILTERS = {
    "mine": N_("That I answer for"),
    "late": N_("A step is late"),
}


def quantity(amount: int, measure: str) -> str:
    """A quantity in the page's language."""
    return quantities.written(amount, measure, speech().code)


def standing_state(line: Line) -> str:
    """How a pledge of a list stands, in a word."""
    if line.pledge.state == "withdrawn":
        return _("Taken back")
    if line.expired:
        return _("Ended")
    return _("Something is free") if line.standing.free else _("All given")


def typed(amount: int, measure: str) -> str:
    """A quantity as it would be typed again."""
    return f"{quantities.number(amount, measure):f}"


def place(use: Use) -> str:
    """Where something goes: a household's building and entrance, or a project's place; for the office."""
    if use.household:
        return places([use.household])[use.household.id]
    return use.project.place if use.project else ""


def sign(kind: str) -> str:
    """Whether a movement makes more or less of a pledge free; nothing for what only changes hands."""
    source, target = movements.COURSES[kind]
    return "+" if target == "free" else "−" if source == "free" else ""


def places(households: list[Household]) -> dict[uuid.UUID, str]:
    """Building and entrance of each household, for the office."""
    return disclosure.place_labels(households, speech().code)


def numbers(points: list[Point], measure: str) -> list[tuple[str, list[float | int]]]:
    """A burndown's series, in yuan, hours or pieces."""

    def shown(amount: int) -> float | int:
        exact = round(quantities.number(amount, measure), 2)
        return int(exact) if exact == int(exact) else float(exact)

    return [
        (_("Still to come"), [shown(point.to_come) for point in points]),
        (_("Reserved"), [shown(point.reserved) for point in points]),
        (_("Delivered"), [shown(point.delivered) for point in points]),
    ]


def theme(code: str) -> str:
    """A theme's name; what a pledge without one is called."""
    return said(catalogue.THEMES, [code]) if code else _("No theme")


def hopes(unit: Unit) -> str:
    """What a unit hopes for in return: the kinds, and its own line."""
    return " · ".join(part for part in (said(catalogue.BENEFIT_KINDS, unit.hopes), unit.wish) if part)


def measure_name(measure: str) -> str:
    """What the numbers of a pledge count."""
    return {quantities.MONEY: _("yuan"), quantities.MINUTES: _("hours")}.get(measure, measure)


@bp.context_processor
def in_templates() -> dict[str, object]:
    """What every page of pledges and projects speaks with."""
    return {
        "quantity": quantity,
        "typed": typed,
        "numbers": numbers,
        "measure_name": measure_name,
        "need_amount": needs.amount,
        "week_text": week,
        "unit_kind": lambda code: said(catalogue.UNIT_KINDS, [code]),
        "pledge_kind": lambda code: said(catalogue.PLEDGE_KINDS, [code]),
        "need_kind": lambda code: said(catalogue.NEED_KINDS, [code]),
        "theme_name": theme,
        "rhythm_name": lambda code: _(unit_pairings.RHYTHMS[code]),
        "end_reasons": named(unit_pairings.END_REASONS),
        "hopes_text": hopes,
        "benefit_kind": lambda code: said(catalogue.BENEFIT_KINDS, [code]),
        "period_name": lambda code: _(PERIOD_NAMES[code]),
        "state_name": lambda code: _(STATE_NAMES[code][0]),
        "state_tone": lambda code: STATE_NAMES[code][1],
        "project_state": lambda code: _(PROJECT_STATES[code]),
        "project_tone": lambda code: PROJECT_TONES[code],
        "stop_reason": lambda code: _(projects.STOP_REASONS[code]) if code in projects.STOP_REASONS else code,
        "movement_name": lambda code: _(MOVEMENT_NAMES[code]),
        "movement_sign": sign,
        "reason_name": lambda code: _(REASONS[code]) if code in REASONS else code,
        "way_name": lambda code: _(deliveries.WAYS[code]),
        "withdraw_reasons": named(WITHDRAW_REASONS),
        "release_reasons": named(allocations.RELEASE_REASONS),
        "return_reasons": named(settling.RETURN_REASONS),
        "write_off_reasons": named(settling.WRITE_OFF_REASONS),
    }

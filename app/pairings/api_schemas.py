"""What programs read about matching: codes, and a `text` in the reader's language beside some of them."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from app.pairings import changes, words
from app.pairings.whatif import asked_text
from services.pairings.models import MatchingRun, Proposal
from services.pairings.whatif import NEWCOMER, QUESTIONS

ANSWERS = ("", "yes", "no")
KINDS = ("primary", "supporting")


def made(make: Callable[[Any], Any], *kinds: str) -> fields.Function:
    """A field that a function makes of the whole row; `kinds` of JSON it is."""
    return fields.Function(
        make, required=True, metadata={"type": list(kinds) if len(kinds) > 1 else kinds[0]}
    )


class ChangeSchema(Schema):
    """A change of the best pairing. A helper who is only supposed has no id."""

    points = fields.Integer(required=True)
    travel = fields.Integer(required=True, metadata={"description": "Metres."})
    coverage = made(lambda change: _levels(change.coverage), "array")
    added = made(lambda change: _pairs(change.added), "array")
    removed = made(lambda change: _pairs(change.removed), "array")
    text = made(lambda change: changes.sentences(change), "array")


def _levels(coverage: Any) -> list[dict[str, Any]]:
    return [
        {"place": place, "urgency": urgency, "more": more, "text": changes.level(place, urgency, more)}
        for (place, urgency), more in coverage.items()
    ]


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str | None]]:
    return [
        {"volunteer_id": None if helper_id == NEWCOMER else helper_id, "household_id": household_id}
        for helper_id, household_id in pairs
    ]


class WhyAnswerSchema(Schema):
    """Why two are paired or not."""

    code = fields.String(required=True)
    text = made(lambda answer: _(words.WHY[answer.code]), "string")
    terms = made(lambda answer: _terms(answer.terms), "array")
    bars = made(lambda answer: _bars(answer.bars), "array")
    change = fields.Nested(ChangeSchema, required=True, allow_none=True)


def _terms(terms: Any) -> list[dict[str, Any]]:
    return [
        {"code": code, "points": terms[code], "text": _(name)}
        for code, name in words.SCORE.items()
        if terms.get(code)
    ]


def _bars(bars: Any) -> list[dict[str, Any]]:
    return [
        {"code": bar.code, "facts": dict(bar.facts), "text": words.bar(bar.code, bar.facts)} for bar in bars
    ]


class WhatIfAnswerSchema(Schema):
    """What would change."""

    kind = fields.String(required=True, attribute="question.kind", validate=validate.OneOf(QUESTIONS))
    text = made(lambda one: asked_text(one["question"]), "string")
    change = fields.Nested(ChangeSchema, required=True)


class RunsSchema(Schema):
    """A run in a list."""

    id = fields.UUID(required=True)
    state = made(
        lambda run: {"code": run.state, "text": _(words.RUN_STATES[run.state][0])},
        "object",
    )
    created_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    published_at = fields.DateTime(required=True, allow_none=True)
    seconds = fields.Float(required=True, allow_none=True)
    households = fields.Integer(required=True)
    helpers = fields.Integer(required=True)
    covered = fields.Integer(required=True)
    possible_pairs = fields.Integer(required=True, attribute="candidates")
    proven = fields.Boolean(required=True)
    error = made(
        lambda run: {"code": run.error, "text": words.run_error(run.error)} if run.error else None,
        "object",
        "null",
    )


class RunSchema(RunsSchema):
    """A run with what it found. Values and prices are whole numbers as text: readers of JSON may round large ones."""

    value = fields.String(required=True)
    bound = fields.String(required=True)
    certificate = made(lambda run: run.certificate, "object")
    snapshot = fields.String(required=True)
    levels = made(lambda run: run.levels.get("coverage", []), "array")
    left_out = made(lambda run: _left_out(run), "array")
    advice = made(lambda run: [_advice(row) for row in run.advice], "array")
    fairness = made(lambda run: run.fairness, "object")


def _left_out(run: MatchingRun) -> list[dict[str, Any]]:
    return [
        {"household_id": household_id, **why, "text": words.left_out(why)}
        for household_id, why in sorted(run.left_out.items())
    ]


def _advice(row: dict[str, Any]) -> dict[str, Any]:
    text = [changes.wanted_person(row), *changes.gains(row), changes.waiting(row)]
    return {**row, "text": text}


class PublishedSchema(Schema):
    """What publishing did."""

    sent = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True, metadata={"description": "No longer fitting, taken back."})


class ProposalSchema(Schema):
    """A pair that a run, a helper's offer or the office proposed."""

    id = fields.UUID(required=True)
    run_id = fields.UUID(required=True, allow_none=True)
    volunteer_id = fields.UUID(required=True)
    household_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    needs = fields.List(fields.UUID(), required=True)
    score = fields.Integer(required=True)
    travel = fields.Integer(required=True, metadata={"description": "Metres."})
    terms = made(lambda proposal: _terms(proposal.terms), "array")
    state = fields.String(required=True)
    published_at = fields.DateTime(required=True, allow_none=True)
    helper_answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    helper_how = fields.String(required=True)
    household_answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    household_how = fields.String(required=True)
    declined_by = fields.String(required=True)
    reason = fields.String(required=True)
    text = made(lambda proposal: _said(proposal), "object")


def _said(proposal: Proposal) -> dict[str, str]:
    return {
        "kind": _(words.KINDS[proposal.kind]),
        "state": _(words.PROPOSAL_STATES[proposal.state][0]),
        "reason": words.reason(proposal.declined_by, proposal.reason),
    }


class ProposalsSchema(Schema):
    """Several proposals."""

    proposals = fields.List(fields.Nested(ProposalSchema), required=True)


class LinkSchema(Schema):
    """A one-time link, told only now."""

    address = fields.String(required=True)


class FactSchema(Schema):
    """A private fact in clear; empty when it is not recorded."""

    value = fields.String(required=True)


class PairLockSchema(Schema):
    """A pair the office insists on; without a helper a household it leaves out."""

    id = fields.UUID(required=True)
    household_id = fields.UUID(required=True)
    volunteer_id = fields.UUID(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)


class BoardLineSchema(Schema):
    """A household of the board."""

    household_id = fields.UUID(required=True, attribute="id")
    urgency = fields.Integer(required=True)
    kinds = fields.List(fields.String(), required=True)
    helpers = made(lambda line: len(line.helpers), "integer")
    state = fields.String(required=True)
    locked = fields.Boolean(required=True)


class ChoiceSchema(Schema):
    """A helper beside a household: points when he could come, else what keeps them apart."""

    volunteer_id = fields.UUID(required=True)
    score = fields.Integer(required=True)
    travel = fields.Integer(required=True, metadata={"description": "Metres."})
    terms = made(lambda choice: _terms(choice.terms), "array")
    bars = made(lambda choice: _bars(choice.bars), "array")
    busy = fields.Boolean(
        required=True, metadata={"description": "All places are taken by drafts of this run for others."}
    )


class EntrySchema(Schema):
    """The households in need of one entrance."""

    building_id = fields.UUID(required=True, attribute="building.id")
    estate = fields.String(required=True, attribute="building.estate")
    number = fields.String(required=True, attribute="building.number")
    entrance = fields.String(required=True)
    paired = fields.Integer(required=True)
    unpaired = fields.Integer(required=True)


class DeclinesSchema(Schema):
    """How often a no came between."""

    volunteer_id = fields.UUID(required=True)
    by_helper = fields.Integer(required=True)
    by_household = fields.Integer(required=True)


class PairingSchema(Schema):
    """Who helps whom."""

    id = fields.UUID(required=True)
    volunteer_id = fields.UUID(required=True)
    household_id = fields.UUID(required=True)
    proposal_id = fields.UUID(required=True, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    started_on = fields.Date(required=True)
    ended_on = fields.Date(required=True, allow_none=True, metadata={"description": "The last day."})
    end_reason = fields.String(required=True)
    stop_reason = fields.String(
        required=True, metadata={"description": "Why the helper asked to stop, until the office saw to it."}
    )

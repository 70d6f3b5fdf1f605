"""The answers of the API about matching: codes for programs, and a `text` in the reader's language beside them."""

from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, fields, post_dump

from app.pairings import changes, words
from services.pairings.models import MatchingRun, Proposal
from services.pairings.whatif import NEWCOMER


class ChangeSchema(Schema):
    """A change of the best pairing. A helper who is only supposed has no id."""

    points = fields.Integer()
    travel = fields.Integer()
    coverage = fields.Function(
        lambda change: [
            {
                "place": place,
                "urgency": urgency,
                "more": more,
                "text": changes.level(place, urgency, more),
            }
            for (place, urgency), more in change.coverage.items()
        ]
    )
    added = fields.Function(lambda change: _pairs(change.added))
    removed = fields.Function(lambda change: _pairs(change.removed))
    text = fields.Function(lambda change: changes.sentences(change))


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str | None]]:
    return [
        {
            "volunteer_id": None if helper_id == NEWCOMER else helper_id,
            "household_id": household_id,
        }
        for helper_id, household_id in pairs
    ]


class WhySchema(Schema):
    """Why two are paired or not."""

    code = fields.String()
    text = fields.Function(lambda answer: _(words.WHY[answer.code]))
    terms = fields.Function(lambda answer: _terms(answer.terms))
    bars = fields.Function(
        lambda answer: [
            {"code": bar.code, "facts": dict(bar.facts), "text": words.bar(bar.code, bar.facts)}
            for bar in answer.bars
        ]
    )
    change = fields.Nested(ChangeSchema)


def _terms(terms: Any) -> list[dict[str, Any]]:
    return [
        {"code": code, "points": terms[code], "text": _(name)}
        for code, name in words.SCORE.items()
        if terms.get(code)
    ]


class RunsSchema(Schema):
    """A run in a list."""

    id = fields.UUID()
    state = fields.Function(lambda run: {"code": run.state, "text": _(words.RUN_STATES[run.state][0])})
    created_at = fields.DateTime()
    finished_at = fields.DateTime()
    published_at = fields.DateTime()
    seconds = fields.Float()
    households = fields.Integer()
    helpers = fields.Integer()
    covered = fields.Integer()
    possible_pairs = fields.Integer(attribute="candidates")
    proven = fields.Boolean()
    error = fields.Function(
        lambda run: {"code": run.error, "text": words.run_error(run.error)} if run.error else None
    )


class RunSchema(RunsSchema):
    """A run with what it found. Values and prices are whole numbers as text: readers of JSON may round large ones."""

    value = fields.String()
    bound = fields.String()
    certificate = fields.Raw()
    snapshot = fields.String()
    levels = fields.Function(lambda run: run.levels.get("coverage", []))
    left_out = fields.Function(lambda run: _left_out(run))
    advice = fields.Function(lambda run: [_advice(row) for row in run.advice])
    fairness = fields.Raw()


def _left_out(run: MatchingRun) -> list[dict[str, Any]]:
    return [
        {"household_id": household_id, **why, "text": words.left_out(why)}
        for household_id, why in sorted(run.left_out.items())
    ]


def _advice(row: dict[str, Any]) -> dict[str, Any]:
    text = [changes.wanted_person(row), *changes.gains(row), changes.waiting(row)]
    return {**row, "text": text}


class ProposalSchema(Schema):
    """A pair a run proposed."""

    id = fields.UUID()
    volunteer_id = fields.UUID()
    household_id = fields.UUID()
    kind = fields.String()
    needs = fields.List(fields.UUID())
    score = fields.Integer()
    travel = fields.Integer()
    terms = fields.Function(lambda proposal: _terms(proposal.terms))
    state = fields.String()
    declined_by = fields.String()
    reason = fields.String()

    @post_dump(pass_original=True)
    def _say(self, data: dict[str, Any], proposal: Proposal, **_kwargs: Any) -> dict[str, Any]:
        data["text"] = {
            "kind": _(words.KINDS[proposal.kind]),
            "state": _(words.PROPOSAL_STATES[proposal.state][0]),
            "reason": words.reason(proposal.declined_by, proposal.reason),
        }
        return data

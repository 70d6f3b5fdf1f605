"""What the office does with many rows at once: each by itself, and of each it is said what came of it."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from services.core import permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, DomainError, NotFound
from services.households import invitation as home_invitation
from services.households import registration
from services.register.fields import MODELS
from services.volunteers import applications
from services.volunteers import invitation as helper_invitation

MOST = 200


@dataclass
class Outcome:
    """For whom it was done (with what came of it), and for whom not, with the reason."""

    done: list[tuple[Any, Any]] = field(default_factory=list)
    refused: list[tuple[Any, DomainError]] = field(default_factory=list)


def consent(actor: Actor, *, ids: Collection[uuid.UUID], day: date, evidence: str) -> Outcome:
    """Record that households agreed to matching. Raises Forbidden, NotFound, DomainError for none or too many."""
    return _each(
        actor,
        "household",
        ids,
        "households.write",
        lambda one: registration.give_consent(actor, household_id=one, day=day, evidence=evidence),
    )


def invite(actor: Actor, *, kind: str, ids: Collection[uuid.UUID]) -> Outcome:
    """The secrets of one-time links for those who do not sign in yet. Raises Forbidden, NotFound, DomainError."""

    def one_of(row_id: uuid.UUID) -> str:
        if kind == "household":
            return home_invitation.invite(actor, household_id=row_id)
        return helper_invitation.invite(actor, volunteer_id=row_id)

    return _each(actor, kind, ids, "people.invite", one_of)


def approve(actor: Actor, *, ids: Collection[uuid.UUID]) -> Outcome:
    """Let applicants help. Raises Forbidden, NotFound, DomainError for none or too many."""
    return _each(
        actor,
        "volunteer",
        ids,
        "volunteers.write",
        lambda one: applications.approve(actor, volunteer_id=one),
    )


def _each(
    actor: Actor,
    kind: str,
    ids: Collection[uuid.UUID],
    permission: str,
    act: Callable[[uuid.UUID], Any],
) -> Outcome:
    permissions.require(actor, permission)
    outcome = Outcome()
    # By id, so that two at once wait for each other in turn.
    for row in sorted(_rows(kind, ids), key=lambda one: one.id):
        try:
            with db.session.begin_nested():
                outcome.done.append((row, act(row.id)))
        except DomainError as error:
            outcome.refused.append((row, error))
    return outcome


def _rows(kind: str, ids: Collection[uuid.UUID]) -> list[Any]:
    if not ids:
        raise DomainError("none", N_("Please tick at least one."), field="id")
    if len(set(ids)) > MOST:
        raise DomainError("many", N_("Please choose at most %(most)s at once."), field="id", most=MOST)
    model = MODELS[kind]
    rows = list(db.session.scalars(select(model).where(model.id.in_(ids)).order_by(model.name, model.id)))
    if len(rows) != len(set(ids)):
        raise NotFound()
    return rows

"""The rules that make follow-ups: declared by the area that knows the subject, edited by each community."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.core import locks, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.followups import rules
from services.followups.models import Plan

STAFF = "staff"


@dataclass(frozen=True)
class Declared:
    """A plan as an area proposes it to every community."""

    code: str
    name: str
    name_en: str
    subject_kind: str
    event: str
    after_days: int
    rule: str
    on_holiday: str
    owner: str
    remind_days: int
    remind_every: int | None
    late_days: int
    late_to: str


DECLARED: dict[tuple[str, str], Declared] = {}


def declare(
    code: str,
    *,
    name: str,
    name_en: str,
    subject_kind: str,
    event: str,
    after_days: int,
    rule: str = "",
    on_holiday: str = "next",
    owner: str = "helper",
    remind_days: int = 1,
    remind_every: int | None = None,
    late_days: int = 2,
    late_to: str = "deputy",
) -> None:
    """Propose a plan for subjects of `subject_kind`; `owner` is a role of the subject or "staff".

    Raises ValueError for a code taken, DomainError for a rule that is none.
    """
    if (subject_kind, code) in DECLARED:
        raise ValueError(f"plan {code} is declared twice")
    DECLARED[subject_kind, code] = Declared(
        code=code,
        name=name,
        name_en=name_en,
        subject_kind=subject_kind,
        event=event,
        after_days=after_days,
        rule=rules.understand(rule),
        on_holiday=on_holiday,
        owner=owner,
        remind_days=remind_days,
        remind_every=remind_every,
        late_days=late_days,
        late_to=late_to,
    )


def ensure(actor: Actor, subject_kind: str) -> Sequence[Plan]:
    """The community's plans for a kind of subject, by first day; what it does not have yet is made as declared."""
    rows = [
        asdict(one) | {"community_id": scope.community_id()}
        for (kind, _), one in DECLARED.items()
        if kind == subject_kind
    ]
    statement = select(Plan).where(Plan.subject_kind == subject_kind).order_by(Plan.after_days, Plan.code)
    found = db.session.scalars(statement).all()
    if rows and {row["code"] for row in rows} - {plan.code for plan in found}:
        db.session.execute(insert(Plan).on_conflict_do_nothing(), rows)
        found = db.session.scalars(statement).all()
    return found


def hold(actor: Actor, subject_kind: str) -> Sequence[Plan]:
    """The community's plans for a kind of subject, unchanged until the transaction ends.

    For who makes follow-ups by them; to be called before follow-ups are locked, since a change of a plan locks it first too.
    """
    ensure(actor, subject_kind)
    statement = select(Plan).where(Plan.subject_kind == subject_kind).order_by(Plan.id)
    held = statement.with_for_update(read=True).execution_options(populate_existing=True)
    return db.session.scalars(held).all()


def all_plans(actor: Actor) -> Sequence[Plan]:
    """Every plan of the community, by kind of subject and first day. Raises Forbidden."""
    permissions.require(actor, "followups.plans")
    kinds = dict.fromkeys(kind for kind, _ in DECLARED)
    return [plan for kind in kinds for plan in ensure(actor, kind)]


def get_plan(actor: Actor, *, plan_id: uuid.UUID) -> Plan:
    """One plan. Raises Forbidden, NotFound."""
    permissions.require(actor, "followups.plans")
    return locks.get(Plan, plan_id)


def by_id(plan_ids: set[uuid.UUID]) -> dict[uuid.UUID, Plan]:
    """The plans with these ids."""
    return {plan.id: plan for plan in db.session.scalars(select(Plan).where(Plan.id.in_(plan_ids)))}


def owners(plan: Plan) -> tuple[str, ...]:
    """Who may own the follow-ups of a plan: the subject's role it was declared for, or the staff."""
    declared = DECLARED.get((plan.subject_kind, plan.code))
    return tuple(dict.fromkeys((declared.owner if declared else plan.owner, STAFF)))

"""Follow-ups for programs: what is due, and what people say and do about it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g, url_for
from marshmallow import ValidationError

from app.api.bodies import body
from app.auth import allow
from app.followups import api_absences, api_plans
from app.followups.api_area import FOLLOW_UP, Told, bp, one, told
from app.followups.api_forms import (
    FollowUpsQuery,
    GiveAllSchema,
    GiveSchema,
    GiveSeveralSchema,
    SeveralSchema,
    StandInSchema,
    WantedSchema,
)
from app.followups.api_schemas import (
    CalendarLinkSchema,
    CountsSchema,
    EntrySchema,
    FollowUpRowSchema,
    NumberSchema,
)
from app.followups.schemas import CannotSchema, NoteSchema, PostponeSchema
from app.language import say
from services.core.paging import Page, in_parts
from services.followups import answers, bulk, deputies, feeds, handing, life, lists, occurrences
from services.followups.models import FollowUpEntry

__all__ = ["api_absences", "api_plans", "bp"]


def _wanted(asked: dict[str, Any]) -> lists.Wanted:
    owner = asked.pop("whose") or str(asked["owner_id"] or "")
    del asked["owner_id"]
    return lists.Wanted(owner, *(asked.pop(name) for name in ("plan_id", "building_id", "month")))


@bp.lists("/follow-ups", FollowUpRowSchema, FollowUpsQuery)
@allow("followups.read")
def list_follow_ups(asked: dict[str, Any]) -> Page[Told]:
    """What is due, the earliest first: for the office all, for a helper his own."""
    page = lists.find(g.actor, wanted=_wanted(asked), **asked)
    return Page(told(page.rows), page.next)


@bp.shows("/follow-ups/counts", CountsSchema, WantedSchema)
@allow("followups.read")
def count_follow_ups(asked: dict[str, Any]) -> dict[str, dict[str, int]]:
    """How many are in each stage and overdue for how long, under the filters of the list."""
    wanted = _wanted(asked)
    return {
        "stages": lists.counts(g.actor, wanted),
        "ages": lists.ages(g.actor, wanted),
        "funnel": lists.funnel(g.actor, wanted),
    }


@bp.shows(FOLLOW_UP, FollowUpRowSchema)
@allow("followups.read")
def show_follow_up(follow_up_id: uuid.UUID) -> Told:
    """A follow-up."""
    return one(life.get(g.actor, follow_up_id))


@bp.lists(f"{FOLLOW_UP}/history", EntrySchema)
@allow("followups.read")
def list_history(asked: dict[str, Any], follow_up_id: uuid.UUID) -> Page[FollowUpEntry]:
    """What happened to it, the earliest first."""
    return in_parts(occurrences.history(life.get(g.actor, follow_up_id).id), **asked)


@bp.acts(f"{FOLLOW_UP}/can", FollowUpRowSchema)
@allow("followups.act")
def say_can(follow_up_id: uuid.UUID) -> Told:
    """Say that I will do it on its day."""
    return one(answers.can(g.actor, follow_up_id=follow_up_id))


@bp.acts(f"{FOLLOW_UP}/cannot", FollowUpRowSchema, body(CannotSchema))
@allow("followups.act")
def say_cannot(data: dict[str, Any], follow_up_id: uuid.UUID) -> Told:
    """Say that I cannot, and why: the deputy or the office hears of it."""
    return one(answers.cannot(g.actor, follow_up_id=follow_up_id, **data))


@bp.acts(f"{FOLLOW_UP}/take-back", FollowUpRowSchema)
@allow("followups.act")
def take_answer_back(follow_up_id: uuid.UUID) -> Told:
    """Undo my last answer."""
    return one(answers.take_back(g.actor, follow_up_id=follow_up_id))


@bp.acts(f"{FOLLOW_UP}/finish", FollowUpRowSchema, body(NoteSchema))
@allow("followups.act")
def finish_follow_up(data: dict[str, Any], follow_up_id: uuid.UUID) -> Told:
    """Mark it as done; of a recurring plan the next one is made."""
    return one(life.finish(g.actor, follow_up_id=follow_up_id, **data))


@bp.acts(f"{FOLLOW_UP}/postpone", FollowUpRowSchema, body(PostponeSchema))
@allow("followups.act")
def postpone_follow_up(data: dict[str, Any], follow_up_id: uuid.UUID) -> Told:
    """Move it to a later day."""
    return one(life.postpone(g.actor, follow_up_id=follow_up_id, **data))


@bp.acts(f"{FOLLOW_UP}/hand-over", FollowUpRowSchema, body(GiveSchema))
@allow("followups.act")
def hand_follow_up_over(data: dict[str, Any], follow_up_id: uuid.UUID) -> Told:
    """Give it to another account; to the staff when none is named."""
    return one(life.hand_over(g.actor, follow_up_id=follow_up_id, **data))


@bp.acts(f"{FOLLOW_UP}/deputy", FollowUpRowSchema, body(StandInSchema))
@allow("followups.hand_over")
def name_deputy(data: dict[str, Any], follow_up_id: uuid.UUID) -> Told:
    """Name who stands in for its owner when it is late; nobody with null."""
    deputies.name_deputy(g.actor, follow_up_id=follow_up_id, account_id=data["deputy"])
    return one(life.get(g.actor, follow_up_id))


@contextmanager
def _each_named(ids: list[uuid.UUID]) -> Iterator[None]:
    """Say of each that could not be, at its place in the body, why."""
    try:
        yield
    except bulk.Refused as refused:
        wrong = {str(ids.index(row_id)): [say(error)] for row_id, error in refused.rows.items()}
        raise ValidationError({"ids": wrong}) from refused


@bp.acts("/follow-ups/finish", NumberSchema, body(SeveralSchema))
@allow("followups.act")
def finish_several(data: dict[str, Any]) -> dict[str, int]:
    """Mark several as done: all or none."""
    with _each_named(data["ids"]):
        return {"number": bulk.finish(g.actor, follow_up_ids=data["ids"], note=data["note"])}


@bp.acts("/follow-ups/hand-over", NumberSchema, body(GiveSeveralSchema))
@allow("followups.act")
def hand_several_over(data: dict[str, Any]) -> dict[str, int]:
    """Give several to one account, or to the staff: all or none."""
    with _each_named(ids := data.pop("ids")):
        return {"number": bulk.hand_over(g.actor, follow_up_ids=ids, **data)}


@bp.acts("/follow-ups/hand-all-over", NumberSchema, body(GiveAllSchema))
@allow("followups.hand_over")
def hand_all_over(data: dict[str, Any]) -> dict[str, int]:
    """Give everything in one account's charge to another, or to the staff."""
    given = handing.hand_over_all(g.actor, owner_id=data["owner"], account_id=data["to"], note=data["note"])
    return {"number": len(given)}


@bp.acts("/follow-ups/calendar-link", CalendarLinkSchema)
@allow("followups.read")
def make_calendar_link() -> dict[str, str]:
    """A fresh address of my follow-ups for the calendar of a phone; the one before it ends."""
    secret = feeds.make_link(g.actor)
    return {"address": url_for("calendar.feed", secret=secret, _external=True)}


@bp.acts("/follow-ups/calendar-link/end", None)
@allow("followups.read")
def end_calendar_link() -> None:
    """End that address."""
    feeds.switch_off(g.actor)

"""Matching runs: asked for by staff, computed in the background, published when the office has looked at them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from matching.model import MatchingError
from services.communities import regions
from services.core import audit, clock, jobs, locks, permissions, scope
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, NotFound
from services.core.paging import Page, newest_first
from services.pairings import acceptance, pair_locks, parties, proposals, results
from services.pairings.models import MatchingRun, Proposal
from services.pairings.parties import Parties
from services.people import consents

LEASE = timedelta(seconds=60)
# A run that has not come to an end by now never will: it is given up instead of being repeated for ever.
LONGEST = timedelta(minutes=15)


@dataclass(frozen=True)
class Published:
    """What publishing did: how many proposals went out, and how many no longer fit and were withdrawn."""

    sent: int
    withdrawn: int


jobs.sweep("matching_run", due="state in ('queued', 'running')", order="state", job="pairings.begin")


def request_run(actor: Actor) -> MatchingRun:
    """Ask for a run; one that is still under way is returned instead of a second. Raises Forbidden."""
    permissions.require(actor, "pairings.run")
    locks.advisory("pairings.run", scope.community_id() or 0)
    run = db.session.scalars(
        select(MatchingRun).where(MatchingRun.state.in_(("queued", "running"))).limit(1)
    ).first()
    if run is None:
        run = MatchingRun(requested_by=actor.account_id, state="queued")
        db.session.add(run)
        db.session.flush()
        audit.record(actor, "run.requested", "matching_run", run.id)
    jobs.ring("pairings.begin", run.community_id, run.id)
    return run


def get_run(actor: Actor, run_id: uuid.UUID) -> MatchingRun:
    """The run with that id. Raises Forbidden, NotFound."""
    permissions.require(actor, "pairings.run")
    return locks.get(MatchingRun, run_id)


def list_runs(actor: Actor, *, after: str | None = None, limit: int = 20) -> Page[MatchingRun]:
    """Runs, the newest first. Raises Forbidden."""
    permissions.require(actor, "pairings.run")
    return newest_first(select(MatchingRun), MatchingRun.id, after=after, limit=limit)


def latest_run(actor: Actor) -> MatchingRun:
    """The newest run that has something to publish or was published. Raises Forbidden, NotFound when there is none."""
    permissions.require(actor, "pairings.run")
    run = db.session.scalars(
        select(MatchingRun)
        .where(MatchingRun.state.in_(("done", "published")))
        .order_by(MatchingRun.id.desc())
        .limit(1)
    ).first()
    if run is None:
        raise NotFound()
    return run


@jobs.job("pairings.begin", permission="pairings.run")
def begin(actor: Actor, run_id: uuid.UUID) -> None:
    """Show that a run is being worked on, and have it computed; one under way too long is given up."""
    run = locks.lock(MatchingRun, run_id)
    if run.state not in ("queued", "running"):
        return
    now = clock.now()
    if run.state == "queued":
        run.state, run.started_at = "running", now
    elif run.started_at and now - run.started_at > LONGEST:
        results.fail(run, "took_too_long")
        return
    run.lease_until = now + LEASE
    db.session.flush()
    jobs.ring("pairings.compute", run.community_id, run.id)


@jobs.job("pairings.compute", permission="pairings.run")
def compute(actor: Actor, run_id: uuid.UUID) -> None:
    """Solve a run that is not solved yet, verify the answer and keep it with its draft proposals.

    The row is locked only to write the result: pages stay free meanwhile, and a second worker's answer is dropped.
    """
    permissions.require(actor, "pairings.run")
    if locks.get(MatchingRun, run_id).state not in ("queued", "running"):
        return
    begun = clock.now()
    error, result = None, None
    try:
        result = results.solve_all(regions.today(actor.community_id))
    except MatchingError as refused:
        error = refused.code
    locks.advisory("pairings.run", scope.community_id() or 0)
    run = locks.lock(MatchingRun, run_id)
    if run.state not in ("queued", "running"):
        return
    run.started_at = run.started_at or begun
    if result is None:
        results.fail(run, error or "")
    else:
        results.keep(run, result)
    run.seconds = round((clock.now() - begun).total_seconds(), 3)
    db.session.flush()


def publish(
    actor: Actor, *, run_id: uuid.UUID, proposal_ids: Collection[uuid.UUID] | None = None
) -> Published:
    """Ask both sides about the drafts of a run, or about those of `proposal_ids`; what no longer fits is withdrawn.

    Raises Forbidden, NotFound, Conflict when the run has no drafts to publish.
    """
    permissions.require(actor, "pairings.decide")
    run = locks.lock(MatchingRun, run_id)
    if run.state not in ("done", "published"):
        raise Conflict(
            "run_state",
            N_(
                "This run has nothing to publish: it is not finished, or a later one took its place. Open the newest run."
            ),
        )
    drafts = _drafts(run_id, proposal_ids)
    if not drafts:
        raise Conflict("no_drafts", N_("There is no draft to publish. Choose at least one."))
    agreed = consents.current(
        subject_kind="household", subject_ids={one.household.id for one in drafts}, purpose="matching"
    )
    sent = []
    for found in drafts:
        if found.household.id in agreed and acceptance.fits(found):
            proposals.send(actor, found)
            sent.append((found.household.id, found.volunteer.id))
        else:
            found.row.state, found.row.reason = "withdrawn", "no_longer_fits"
    pair_locks.forget_pairs(sent)
    run.state, run.published_at = "published", run.published_at or clock.now()
    db.session.flush()
    audit.record(actor, "run.published", "matching_run", run.id, proposals=len(sent))
    return Published(len(sent), len(drafts) - len(sent))


def _drafts(run_id: uuid.UUID, proposal_ids: Collection[uuid.UUID] | None) -> list[Parties[Proposal]]:
    statement = select(Proposal).where(Proposal.run_id == run_id, Proposal.state == "draft")
    if proposal_ids is not None:
        statement = statement.where(Proposal.id.in_(proposal_ids))
    rows = db.session.scalars(
        statement.order_by(Proposal.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return parties.of(rows)

"""Long work as a resource of its own: how far it is, what came of it, and a way to call it off.

The work's row is what it always was (a matching run, an import); each kind says here how it looks as a job.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, g
from marshmallow import Schema, fields, validate

from app.api.area import Area, Declare, View, needs_scope, written
from app.api.dumping import dumper
from app.api.once import once
from app.auth import allow
from services.core.errors import N_, Conflict, NotFound

STATES = ("waiting", "running", "done", "failed", "called_off")


@dataclass(frozen=True)
class Job:
    """A piece of long work. `done` of `total` is the work's own count; `result` and `errors` are addresses, once there are any."""

    kind: str
    id: uuid.UUID
    state: str
    created_at: datetime
    finished_at: datetime | None = None
    phase: str = ""
    done: int = 0
    total: int = 0
    result: str | None = None
    errors: str | None = None


class JobSchema(Schema):
    """A piece of long work."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    phase = fields.String(required=True, metadata={"description": "What it is at, as a code."})
    done = fields.Integer(required=True, metadata={"description": "Of `total`, counted by the work itself."})
    total = fields.Integer(required=True, metadata={"description": "0 while it is not known."})
    created_at = fields.DateTime(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    result = fields.String(
        required=True, allow_none=True, metadata={"description": "Address of what came of it."}
    )
    errors = fields.String(
        required=True, allow_none=True, metadata={"description": "Address of the file with what was refused."}
    )


@dataclass(frozen=True)
class Kind:
    """How work of a kind is shown (and allowed to be seen), and called off where that is possible."""

    show: Callable[[uuid.UUID], Job]
    call_off: Callable[[uuid.UUID], Any] | None = None


KINDS: dict[str, Kind] = {}


def starts(
    area: Area, rule: str, kind: str, form: Schema | None = None, *, location: str = "json"
) -> Declare:
    """POST that begins long work: 202 with the job and its address. The view returns the work's row."""

    def declare(view: View) -> View:
        @wraps(view)
        def answer(*data: dict[str, Any], **path: Any) -> Response:
            job = KINDS[kind].show(view(*data, **path).id)
            made = written(dumper(JobSchema)(job), 202)
            made.headers["Location"] = f"/api/v1/c/{g.community.code}/jobs/{kind}/{job.id}"
            return made

        given = area.arguments(form, location=location)(answer) if form else answer
        return area.add(rule, "POST", area.response(202, JobSchema)(once(given)), "act")

    return declare


bp = Area("jobs", __name__, "Long work: how far it is and what came of it.")


@bp.shows("/jobs/<kind>/<uuid:job_id>", JobSchema)
@needs_scope("jobs:read")
@allow("signed_in")
def show_job(kind: str, job_id: uuid.UUID) -> Job:
    """How far a piece of long work is. Who may start it may see it."""
    return _kind(kind).show(job_id)


@bp.acts("/jobs/<kind>/<uuid:job_id>/call-off", JobSchema)
@needs_scope("jobs:write")
@allow("signed_in")
def call_off_job(kind: str, job_id: uuid.UUID) -> Job:
    """Stop it before it has an effect."""
    found = _kind(kind)
    if found.call_off is None:
        raise Conflict("not_possible", N_("Work of this kind cannot be stopped."))
    found.call_off(job_id)
    return found.show(job_id)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound()
    return KINDS[name]

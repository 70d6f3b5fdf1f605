"""Who may be in the register twice: compared side by side, put together, kept apart, and taken back."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.language import say
from app.register import words
from app.register.blueprint import Page, bp
from app.words import look_reasons
from services.core import clock, locks
from services.core.db import db
from services.core.errors import DomainError
from services.pairings import pairings
from services.people import accounts
from services.register import likeness, merging, undoing
from services.register.fields import FIELDS, HEAD
from services.register.models import Twin

KIND = "any(household, volunteer):kind"
PAIR = f"/twice/<{KIND}>/<uuid:kept_id>/<uuid:other_id>"


@bp.get(f"/twice/<{KIND}>")
@allow("register.merge")
def twice(kind: str) -> Page:
    """Pairs that look like one household or person."""
    found = likeness.find(g.actor, kind=kind)
    rows = [row for pair in found for row in (pair.one, pair.other)]
    return render_template(
        "register/twice.html", kind=kind, found=found, places=words.places_of(kind, rows), words=words
    )


@bp.get(PAIR)
@allow("register.merge")
def compare(kind: str, kept_id: uuid.UUID, other_id: uuid.UUID) -> Page:
    """Two rows side by side; the first is the one to keep."""
    return _compare(kind, kept_id, other_id, {})


@bp.post(f"{PAIR}/merge")
@allow("register.merge")
def merge(kind: str, kept_id: uuid.UUID, other_id: uuid.UUID) -> Page:
    """Put the second into the first."""
    errors: forms.Errors = {}
    chosen = {name for name in (*FIELDS[kind], *HEAD) if request.form.get(name) == "other"}
    seen = tuple(int(one) if one.isascii() and one.isdigit() and len(one) < 10 else 0 for one in _versions())
    with forms.collect(errors):
        twin = merging.merge(
            g.actor, kind=kind, kept_id=kept_id, other_id=other_id, take=chosen, versions=(seen[0], seen[1])
        )
        flash(_("The two are one now. Within 30 days this can be undone, under “Decided”."), "success")
        return redirect(words.address(kind, twin.kept_id), 303)
    return _compare(kind, kept_id, other_id, errors)


def _versions() -> tuple[str, str]:
    return request.form.get("kept_version", ""), request.form.get("other_version", "")


@bp.post(f"{PAIR}/apart")
@allow("register.merge")
def apart(kind: str, kept_id: uuid.UUID, other_id: uuid.UUID) -> Page:
    """They are not the same."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        merging.keep_apart(g.actor, kind=kind, one_id=kept_id, other_id=other_id)
        flash(_("Remembered: these are two, and nobody is asked again."), "success")
        return redirect(url_for(".twice", kind=kind), 303)
    return _compare(kind, kept_id, other_id, errors)


def _compare(kind: str, kept_id: uuid.UUID, other_id: uuid.UUID, errors: forms.Errors) -> Page:
    try:
        rows = merging.both(g.actor, kind=kind, kept_id=kept_id, other_id=other_id)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        db.session.rollback()
        flash(say(error), "warning")
        return redirect(url_for(".twice", kind=kind), 303)
    which = "household_ids" if kind == "household" else "volunteer_ids"
    helps: dict[str, Any] = {which: {kept_id, other_id}}
    living = [getattr(row, f"{kind}_id") for row in pairings.living(**helps)]
    text = render_template(
        "register/compare.html",
        kind=kind,
        rows=rows,
        places=words.places_of(kind, list(rows)),
        living=living,
        fields=words.side_by_side(kind, rows),
        obstacles=[say(one) for one in merging.obstacles(*rows)],
        look_reasons=look_reasons(),
        form=request.form,
        errors=errors,
        words=words,
    )
    return text, 422 if errors else 200


@bp.get("/decided")
@allow("register.merge")
def decided() -> Page:
    """What was decided about pairs, and taking it back."""
    return _decided({})


@bp.post("/decided/<uuid:twin_id>/undo")
@allow("register.merge")
def undo(twin_id: uuid.UUID) -> Page:
    """Take a decision back."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        twin = undoing.undo(g.actor, twin_id=twin_id)
        flash(_("Taken back: these are two again."), "success")
        return redirect(words.address(twin.kind, twin.other_id), 303)
    locks.get(Twin, twin_id)
    return _decided(errors)


def _decided(errors: forms.Errors) -> Page:
    rows = likeness.decisions(g.actor).rows
    text = render_template(
        "register/decided.html",
        rows=rows,
        names=likeness.names(rows),
        people=accounts.names({row.decided_by for row in rows if row.decided_by}),
        limit=clock.now() - merging.UNDO,
        errors=errors,
        words=words,
    )
    return text, 422 if errors else 200

"""A household's file: everything the office knows on one page, and the small forms on it."""

import uuid

from flask import g, render_template, request

from app import forms
from app.households import words
from app.households.blueprint import Page
from app.reports.timeline import told
from services.communities import regions
from services.core import permissions
from services.core.audit import AuditEntry
from services.households import disclosure, needs, registration, residents
from services.pairings import pairings
from services.people import accounts
from services.pledges import unit_pairings
from services.reports import timeline
from services.volunteers import profiles
from services.wishes import lists

# How much of the timeline stands on the file itself.
LATEST = 6


def file_page(
    household_id: uuid.UUID, *, revealed: dict[str, str] | None = None, errors: forms.Errors | None = None
) -> Page:
    """The file; `revealed` are facts just shown in clear, `errors` of one of its small forms."""
    household = registration.get_household(g.actor, household_id)
    helping = pairings.living(household_ids={household.id})
    admin = permissions.allowed(g.actor, "audit.read")
    text = render_template(
        "households/show.html",
        row=household,
        place=disclosure.place_label(household, g.actor.language),
        residents=residents.residents_of([household.id]).get(household.id, []),
        needs=needs.of_household(household.id),
        consent=registration.consented([household.id]).get(household.id),
        helping=helping,
        looked_after=unit_pairings.of_household(g.actor, household_id=household.id),
        wishes=lists.of_household(g.actor, household.id)[:LATEST],
        helpers=profiles.names({one.volunteer_id for one in helping}),
        latest=told(timeline.of_household(g.actor, household_id=household.id).rows[:LATEST], "office"),
        history=history_rows(disclosure.history(g.actor, household_id=household.id)) if admin else None,
        revealed=revealed or {},
        form=request.form if errors else {},
        errors=errors or {},
        choices=words.choices(),
        labels=words.labels(),
        words=words,
        today=regions.today(g.community.id),
    )
    return text, 422 if errors else 200


def history_rows(entries: list[AuditEntry]) -> list[tuple[object, str, str, str]]:
    """Audit entries as a table shows them: when, who, what, what for."""
    names = accounts.names({entry.account_id for entry in entries if entry.account_id})
    return [
        (
            entry.at,
            names.get(entry.account_id, "Linli") if entry.account_id else "Linli",
            words.looked_at(entry),
            words.look_reason(entry),
        )
        for entry in entries
    ]

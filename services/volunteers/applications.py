"""Somebody registers himself; the office looks at him before he is a helper.

Until then the profile is pending and the account an applicant, who sees his own profile and nothing else. A phone
number that an applicant typed proves nothing. When the office already knows a helper by it, that profile is neither
shown nor touched: the office asks the person, then joins the two (`join_profiles`) or declines.
"""

import uuid
from typing import Unpack

from sqlalchemy import delete

from services.communities import regions
from services.core import audit, locks, permissions
from services.core.actor import Actor
from services.core.db import db
from services.core.errors import N_, Conflict, DomainError
from services.people import memberships
from services.volunteers import facts as known
from services.volunteers import notices, profiles
from services.volunteers.facts import Facts
from services.volunteers.models import Volunteer, VolunteerSkill

REASONS = ("unknown_person", "not_now", "not_suitable", "mistake")


def apply(actor: Actor, *, account_id: uuid.UUID, **facts: Unpack[Facts]) -> Volunteer:
    """Register oneself as a helper: pending until the office agrees. Somebody who left or was declined may ask again.

    `account_id` is the actor's own, or the one just opened for him. Raises Forbidden, DomainError, Conflict when
    there is already an open profile.
    """
    permissions.require(actor, "volunteers.register_self")
    if actor.account_id not in (None, account_id):
        raise DomainError(
            "account", N_("This is somebody else's account. Please sign out and sign in with your own.")
        )
    today = regions.today(actor.community_id)
    locks.advisory("volunteer account", actor.community_id or 0)
    volunteer = profiles.of_account(account_id)
    if volunteer is None:
        volunteer = profiles.new(actor, state="pending", account_id=account_id)
    elif locks.lock(Volunteer, volunteer.id).state in ("left", "declined"):
        volunteer.state, volunteer.registered_on = "pending", today
    else:
        raise Conflict(
            "registered", N_("You already have a volunteer's profile here. Open My profile to change it.")
        )
    known.write(actor, volunteer, facts)
    memberships.enrol(actor, account_id=account_id, role="applicant", since=today)
    audit.record(actor, "volunteer.applied", "volunteer", volunteer.id)
    return volunteer


def _pending(actor: Actor, volunteer_id: uuid.UUID) -> Volunteer:
    permissions.require(actor, "volunteers.write")
    volunteer = locks.lock(Volunteer, volunteer_id)
    if volunteer.state != "pending":
        raise Conflict(
            "answered",
            N_(
                "This registration has been answered already. The volunteer's page shows the answer, and can change it."
            ),
        )
    return volunteer


def approve(actor: Actor, *, volunteer_id: uuid.UUID) -> Volunteer:
    """Let an applicant be a helper. Raises Forbidden, NotFound, Conflict (answered already; the phone is a known helper's)."""
    volunteer = _pending(actor, volunteer_id)
    known.claim_phone(actor, volunteer)
    volunteer.state = "active"
    db.session.flush()
    _become_volunteer(actor, volunteer.account_id)
    notices.answered(actor, volunteer, "volunteer.accepted")
    audit.record(actor, "volunteer.approved", "volunteer", volunteer.id)
    return volunteer


def _become_volunteer(actor: Actor, account_id: uuid.UUID | None) -> None:
    if account_id is not None:
        end_application(actor, account_id)
        memberships.enrol(
            actor, account_id=account_id, role="volunteer", since=regions.today(actor.community_id)
        )


def end_application(actor: Actor, account_id: uuid.UUID) -> None:
    """The account waits no longer: what it was as an applicant ends."""
    today = regions.today(actor.community_id)
    memberships.withdraw(actor, account_id=account_id, role="applicant", day=today)


def decline(actor: Actor, *, volunteer_id: uuid.UUID, reason: str) -> Volunteer:
    """Refuse an applicant for a reason of REASONS; he sees that it was refused and may ask again.

    Raises Forbidden, NotFound, DomainError, Conflict.
    """
    if reason not in REASONS:
        raise DomainError("reason", N_("Please choose one of the list."), field="reason")
    volunteer = _pending(actor, volunteer_id)
    volunteer.state = "declined"
    db.session.flush()
    notices.answered(actor, volunteer, "volunteer.declined")
    audit.record(actor, "volunteer.declined", "volunteer", volunteer.id, reason=reason)
    return volunteer


def same_person(actor: Actor, *, volunteer_id: uuid.UUID) -> Volunteer | None:
    """The helper the office already knows by an applicant's phone, or None. Raises Forbidden, NotFound."""
    volunteer = profiles.get_volunteer(actor, volunteer_id)
    return known.same_phone(actor, volunteer) if volunteer.state == "pending" else None


def join_profiles(actor: Actor, *, volunteer_id: uuid.UUID) -> Volunteer:
    """The applicant is the helper the office knows by the same phone: one profile remains, the known one.

    It gets the account and what the person said of himself (skills, times, …); name, papers and exclusions stay as the
    office has them. Raises Forbidden, NotFound, Conflict.
    """
    application = _pending(actor, volunteer_id)
    other = known.same_phone(actor, application)
    if other is None:
        raise Conflict("no_twin", N_("No other helper has this phone number."))
    helper = locks.lock(Volunteer, other.id)
    absorb(actor, helper, application)
    if helper.state == "left":
        helper.state = "active"
    db.session.flush()
    _become_volunteer(actor, helper.account_id)
    notices.answered(actor, helper, "volunteer.accepted")
    audit.record(actor, "volunteer.joined", "volunteer", helper.id, application=str(application.id))
    return helper


def absorb(actor: Actor, helper: Volunteer, application: Volunteer) -> None:
    """Move account and own statements of an application to a known profile; the application is gone. Raises Conflict."""
    if helper.account_id is not None:
        raise Conflict(
            "has_account",
            N_(
                "%(name)s already signs in with another account. Please sign in with that one, or ask the community office."
            ),
            name=helper.name,
        )
    skills = profiles.skills_of({application.id}).get(application.id, {})
    said: Facts = {
        "languages": application.languages,
        "week": application.week,
        "hours": application.hours,
        "places": application.places,
        "reach": application.reach,
        # What somebody asked not to meet is only ever added to here.
        "limits": [*helper.limits, *application.limits],
        "building_id": application.building_id or helper.building_id,
        "skills": {**profiles.skills_of({helper.id}).get(helper.id, {}), **skills},
    }
    account_id = application.account_id
    db.session.execute(delete(VolunteerSkill).where(VolunteerSkill.volunteer_id == application.id))
    db.session.delete(application)
    db.session.flush()
    helper.account_id = account_id
    known.write(actor, helper, said)

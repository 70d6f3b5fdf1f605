"""The small forms on a helper's file: papers, exclusions, state, invitation."""

import uuid

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.people import joining
from app.volunteers import words
from app.volunteers.blueprint import Page, bp
from app.volunteers.files import file_page
from app.volunteers.schemas import ExclusionSchema, PaperSchema, StateSchema
from services.volunteers import invitation, papers, profiles
from services.wishes import leaving


@bp.post("/<uuid:volunteer_id>/papers")
@allow("volunteers.write")
def add_paper(volunteer_id: uuid.UUID) -> Page:
    """Record a paper the office has seen."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        papers.set_credential(g.actor, volunteer_id=volunteer_id, **forms.read(PaperSchema))
        flash(_("The paper is recorded."), "success")
        return redirect(url_for(".show", volunteer_id=volunteer_id), 303)
    return file_page(volunteer_id, errors=errors)


@bp.post("/papers/<uuid:credential_id>/drop")
@allow("volunteers.write")
def drop_paper(credential_id: uuid.UUID) -> Page:
    """Take a wrongly recorded paper away."""
    paper = papers.drop_credential(g.actor, credential_id=credential_id)
    flash(_("The paper is no longer recorded."), "success")
    return redirect(url_for(".show", volunteer_id=paper.volunteer_id), 303)


@bp.post("/<uuid:volunteer_id>/exclusions")
@allow("volunteers.write")
def add_exclusion(volunteer_id: uuid.UUID) -> Page:
    """Never pair the helper with these households."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        papers.add_exclusion(g.actor, volunteer_id=volunteer_id, **forms.read(ExclusionSchema))
        flash(_("This is recorded: they will not be proposed to each other."), "success")
        return redirect(url_for(".show", volunteer_id=volunteer_id), 303)
    return file_page(volunteer_id, errors=errors)


@bp.post("/exclusions/<uuid:exclusion_id>/drop")
@allow("volunteers.write")
def drop_exclusion(exclusion_id: uuid.UUID) -> Page:
    """Take an exclusion away."""
    exclusion = papers.drop_exclusion(g.actor, exclusion_id=exclusion_id)
    flash(_("They may be proposed to each other again."), "success")
    return redirect(url_for(".show", volunteer_id=exclusion.volunteer_id), 303)


@bp.post("/<uuid:volunteer_id>/state")
@allow("volunteers.write")
def set_state(volunteer_id: uuid.UUID) -> Page:
    """Pause a helper, let him go on, record that he left or came back."""
    errors: forms.Errors = {}
    with forms.collect(errors):
        volunteer = leaving.set_helper_state(g.actor, volunteer_id=volunteer_id, **forms.read(StateSchema))
        flash(f"{volunteer.name}: {_(words.STATES[volunteer.state][0])}", "success")
        return redirect(url_for(".show", volunteer_id=volunteer_id), 303)
    return file_page(volunteer_id, errors=errors)


@bp.post("/<uuid:volunteer_id>/invite")
@allow("people.invite")
def invite(volunteer_id: uuid.UUID) -> Page:
    """Make a link by which the helper opens an account; shown once."""
    secret = invitation.invite(g.actor, volunteer_id=volunteer_id)
    url = url_for(".join", secret=secret, _external=True)
    volunteer = profiles.get_volunteer(g.actor, volunteer_id)
    back = (volunteer.name, url_for(".show", volunteer_id=volunteer_id))
    return joining.invitation_page(name=volunteer.name, url=url, back=back)

"""A helper's own pages: the profile, a break, and joining by the office's link."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import auth, forms
from app.auth import allow
from app.people import joining
from app.volunteers import words
from app.volunteers.blueprint import Page, bp
from app.volunteers.files import form_page
from app.volunteers.schemas import OwnSchema
from services.communities import regions
from services.core.errors import NotFound
from services.volunteers import invitation, profiles, states


@bp.get("/own")
@allow("volunteers.own")
def own() -> Page:
    """My profile, and where my registration stands."""
    volunteer = profiles.own_volunteer(g.actor)
    if volunteer is None:
        return redirect(url_for(".register"))
    return render_template(
        "volunteers/own.html",
        row=volunteer,
        place=words.place_of(volunteer),
        skills=profiles.skills_of([volunteer.id]).get(volunteer.id, {}),
        papers=profiles.credentials_of([volunteer.id]).get(volunteer.id, []),
        words=words,
        today=regions.today(g.community.id),
    )


@bp.route("/own/edit", methods=["GET", "POST"])
@allow("volunteers.own")
def edit_own() -> Page:
    """Change my profile."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            profiles.update_own(g.actor, **forms.read(OwnSchema))
            flash(_("Your profile is saved."), "success")
            return redirect(url_for(".own"), 303)
    volunteer = profiles.own_volunteer(g.actor)
    if volunteer is None or volunteer.state in ("left", "declined"):
        raise NotFound()
    saved = words.shown(volunteer, profiles.skills_of([volunteer.id]).get(volunteer.id, {}))
    return form_page("volunteers/own_edit.html", volunteer, saved, errors)


@bp.post("/own/pause")
@allow("volunteers.own")
def pause() -> Page:
    """Take a break, or go on."""
    paused = request.form.get("paused") == "1"
    states.pause_own(g.actor, paused=paused)
    flash(
        _("You are on a break: nothing new will be proposed to you.")
        if paused
        else _("Welcome back: you may be asked again."),
        "success",
    )
    return redirect(url_for(".own"), 303)


@bp.route("/join/<secret>", methods=["GET", "POST"])
@auth.limiter.limit("20 per minute", methods=["POST"])
@allow("public")
def join(secret: str) -> Page:
    """The office's link: open an account for the profile the office made."""
    volunteer = invitation.invited(secret)
    return joining.page(
        name=volunteer.name,
        what=_("Your profile as a helper is ready. Choose a password and look whether everything is right."),
        join=lambda actor, **typed: invitation.join(actor, secret=secret, **typed)[0],
        go=lambda: redirect(url_for(".own"), 303),
    )

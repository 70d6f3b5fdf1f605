"""Signing in and out, one's own account, and a community's members."""

import uuid

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response

from app import auth, forms
from app.auth import allow
from app.people import explained
from app.people.schemas import MemberEndSchema, MemberSchema, PasswordSchema, SignInSchema
from services.communities import regions
from services.core import clock
from services.core.errors import N_, DomainError
from services.people import accounts, memberships

bp = Blueprint("people", __name__)

Page = str | Response | tuple[str, int]

ROLE_NAMES = {
    "applicant": N_("Applicant"),
    "volunteer": N_("Volunteer"),
    "resident": N_("Household"),
    "unit": N_("Co-building unit"),
    "staff": N_("Staff"),
    "admin": N_("Administrator"),
    "official": N_("Official"),
    "operator": N_("Operator"),
}
ROLE_MEANINGS = {
    "volunteer": N_(
        "Sees own profile, proposals, pairings and visits; a household's door and phone only while paired."
    ),
    "resident": N_("Sees own household, its helper and visits."),
    "unit": N_("Sees its own unit's pledges and what became of them."),
    "staff": N_(
        "Sees the community's households, volunteers, pairings and pledges; phones and doors by reveal."
    ),
    "admin": N_("As staff, and gives and ends roles."),
}


@bp.get("/")
@allow("public")
def first() -> Page:
    """The way in: sign-in for strangers, the one community of a member, or the choice among several."""
    account = auth.account()
    if account is None:
        return redirect(url_for("people.sign_in"))
    communities = [
        (regions.get_community(community_id), roles)
        for community_id, roles in memberships.communities_of(account.id).items()
    ]
    offices = [
        (regions.get_region(region_id), roles)
        for region_id, roles in memberships.regions_of(account.id).items()
    ]
    if len(communities) == 1 and not offices:
        return redirect(url_for("reports.home", community=communities[0][0].code))
    if len(offices) == 1 and not communities:
        return redirect(url_for("reports.region", region_id=offices[0][0].id))
    return render_template(
        "people/first.html", communities=communities, offices=offices, role_names=ROLE_NAMES
    )


@bp.route("/sign-in", methods=["GET", "POST"])
@auth.limiter.limit("20 per minute", methods=["POST"])
@allow("public")
def sign_in() -> Page:
    """Sign in by phone or e-mail address and password."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(SignInSchema)
            try:
                account = accounts.sign_in(**data)
            except DomainError as error:
                raise DomainError(error.code, error.message) from error
            session.clear()
            auth.start(account)
            return redirect(own_path(request.args.get("next")) or url_for("people.first"))
    return render_template("people/sign_in.html", form=request.form, errors=errors), 422 if errors else 200


def own_path(target: str | None) -> str | None:
    """`target` when it is a path of ours to return to, else None."""
    # Browsers drop control characters and read a backslash as a slash: what is left must not name a host.
    safe = target and target.isprintable() and target.startswith("/") and target[1:2] not in ("/", "\\")
    return target if safe else None


@bp.get("/join")
@allow("public")
def join() -> Page:
    """Where somebody who would like to help chooses the own community."""
    return render_template("people/communities.html", communities=regions.all_communities())


@bp.post("/sign-out")
@allow("public")
def sign_out() -> Page:
    """Sign out on this browser."""
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("people.sign_in"))


@bp.post("/language")
@allow("public")
def language() -> Page:
    """Change the language, for the account or for this browser."""
    wanted = request.form.get("locale", "")
    if wanted in accounts.LANGUAGES:
        session["language"] = wanted
        if auth.account():
            accounts.set_preferences(g.actor, language=wanted)
    return redirect(own_path(request.form.get("next")) or url_for("people.first"))


@bp.post("/big-text")
@allow("public")
def big_text() -> Page:
    """Turn big text on or off, for the account or for this browser."""
    big = request.form.get("big") == "1"
    session["big_text"] = big
    if auth.account():
        accounts.set_preferences(g.actor, big_text=big)
    return redirect(own_path(request.form.get("next")) or url_for("people.first"))


@bp.route("/account", methods=["GET", "POST"])
@allow("signed_in_anywhere")
def account() -> Page:
    """One's own account: how one is reached, and a new password."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            accounts.change_password(g.actor, **forms.read(PasswordSchema))
            own = accounts.get_account(g.actor.account_id)
            auth.start(own)
            flash(_("Your password is changed. Other devices are signed out."))
            return redirect(url_for("people.account"))
    communities = [regions.get_community(one) for one in memberships.communities_of(g.actor.account_id)]
    page = render_template(
        "people/account.html",
        account=auth.account(),
        communities=communities,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/account/elsewhere")
@allow("signed_in_anywhere")
def sign_out_elsewhere() -> Page:
    """Sign the account out on every other browser."""
    auth.start(accounts.sign_out_elsewhere(g.actor))
    flash(_("You are signed out everywhere else."), "success")
    return redirect(url_for("people.account"), 303)


@bp.route("/c/<community>/members", methods=["GET", "POST"])
@allow("people.members")
def members() -> Page:
    """Who belongs to the community in which role; let somebody in."""
    errors: forms.Errors = {}
    today = clock.today(g.community.zone)
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(MemberSchema)
            member = memberships.let_in(g.actor, since=today, **data)
            account = accounts.get_account(member.account_id)
            flash(_("%(name)s now belongs to this community.", name=account.name))
            return redirect(url_for("people.members"))
    role = request.args.get("role", "")
    found = memberships.members(g.actor, day=today, role=role, after=request.args.get("after"))
    page = render_template(
        "people/members.html",
        rows=found.rows,
        names=accounts.names({row.account_id for row in found.rows}),
        next_url=url_for("people.members", role=role or None, after=found.next) if found.next else None,
        role=role,
        role_names=ROLE_NAMES,
        meanings=ROLE_MEANINGS,
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/c/<community>/members/<uuid:membership_id>/end")
@allow("people.members")
def end_member(membership_id: uuid.UUID) -> Page:
    """End a membership; without a day, yesterday was the last one."""
    memberships.end(g.actor, membership_id=membership_id, **forms.read(MemberEndSchema))
    flash(_("The membership has ended."))
    return redirect(url_for("people.members"))


@bp.get("/c/<community>/members/roles")
@allow("signed_in")
def roles() -> Page:
    """What each role may see and do; anybody may know."""
    return render_template("people/roles.html", explained=explained, role_names=ROLE_NAMES)

"""Units and the people who speak for them."""

import uuid
from functools import partial

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import auth, forms
from app.auth import allow
from app.people import joining
from app.pledges import mine
from app.pledges.blueprint import Page, bp
from app.pledges.schemas import PersonSchema, UnitSchema
from app.words import options
from services.communities import catalogue, regions
from services.pledges import impact, standings, unit_pairings, units
from services.wishes import leaving


@bp.get("/units")
@allow("pledges.read")
def unit_list() -> Page:
    """The community's units."""
    return render_template("pledges/units.html", units=units.all_units(g.actor))


@bp.route("/units/new", methods=["GET", "POST"])
@allow("pledges.allocate")
def new_unit() -> Page:
    """Add a unit."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            unit = units.add_unit(g.actor, **forms.read(UnitSchema))
            flash(_("%(name)s is on the list now.", name=unit.name), "success")
            return redirect(url_for("pledges.unit", unit_id=unit.id))
    page = render_template(
        "pledges/unit_form.html",
        unit=None,
        kinds=options(catalogue.UNIT_KINDS),
        hopes=options(catalogue.BENEFIT_KINDS),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.route("/units/<uuid:unit_id>/edit", methods=["GET", "POST"])
@allow("pledges.allocate")
def edit_unit(unit_id: uuid.UUID) -> Page:
    """Change what is known of a unit."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            units.update_unit(g.actor, unit_id=unit_id, **forms.read(UnitSchema))
            flash(_("Saved."), "success")
            return redirect(url_for("pledges.unit", unit_id=unit_id))
    page = render_template(
        "pledges/unit_form.html",
        unit=units.get_unit(g.actor, unit_id),
        kinds=options(catalogue.UNIT_KINDS),
        hopes=options(catalogue.BENEFIT_KINDS),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.route("/units/<uuid:unit_id>", methods=["GET", "POST"])
@allow("pledges.allocate")
def unit(unit_id: uuid.UUID) -> Page:
    """One unit: its people and pledges; add somebody who speaks for it."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(PersonSchema)
            units.add_person(g.actor, unit_id=unit_id, name=data["person_name"], phone=data["phone"] or None)
            flash(_("%(name)s speaks for this unit now.", name=data["person_name"]), "success")
            return redirect(url_for("pledges.unit", unit_id=unit_id))
    return unit_page(unit_id, errors)


def unit_page(unit_id: uuid.UUID, errors: forms.Errors) -> Page:
    """The office's page of a unit, with what was refused."""
    row = units.get_unit(g.actor, unit_id)
    lines, following = standings.lines(g.actor, unit_id=row.id, after=request.args.get("after"))
    page = render_template(
        "pledges/unit.html",
        unit=row,
        people=units.people_of(g.actor, row.id),
        lines=lines,
        pairings=unit_pairings.of_unit(g.actor, unit_id=row.id),
        impact=impact.of_unit(g.actor, unit_id=row.id, year=regions.today(g.community.id).year),
        next_url=following and url_for("pledges.unit", unit_id=row.id, after=following),
        form=request.form,
        errors=errors,
    )
    return page, 422 if errors else 200


@bp.post("/people/<uuid:person_id>/remove")
@allow("pledges.offer")
def remove_person(person_id: uuid.UUID) -> Page:
    """Take somebody off his unit."""
    person = leaving.remove_person(g.actor, person_id=person_id)
    return mine.gone(person)


@bp.post("/people/<uuid:person_id>/phone")
@allow("pledges.read")
def reveal_phone(person_id: uuid.UUID) -> Page:
    """Show a person's phone; the look is on record."""
    phone = units.reveal_phone(g.actor, person_id=person_id)
    if request.headers.get("HX-Request"):
        return render_template("pledges/_revealed.html", text=phone)
    return render_template("pledges/revealed.html", title=_("Phone"), text=phone)


@bp.post("/people/<uuid:person_id>/invite")
@allow("pledges.offer")
def invite_person(person_id: uuid.UUID) -> Page:
    """A link by which a unit's person opens an account; shown once."""
    secret = units.invite_person(g.actor, person_id=person_id)
    return mine.invitation(units.get_person(g.actor, person_id), secret)


@bp.route("/join/<secret>", methods=["GET", "POST"])
@auth.limiter.limit("20 per minute", methods=["POST"])
@allow("public")
def join(secret: str) -> Page:
    """Somebody invited by the office or a colleague opens his account and sees his unit."""
    _token, person, row = units.invited(secret)
    return joining.page(
        name=person.name,
        what=_("You will see what %(unit)s pledged here, and what became of it.", unit=row.name),
        join=partial(units.join, secret=secret),
        go=lambda: redirect(url_for("pledges.mine")),
    )

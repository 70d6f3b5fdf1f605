"""Households as the office sees them: the list, a household's file, registering and changing."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms, lists
from app.auth import allow
from app.households import closing, needs, own, people, words
from app.households.blueprint import Page, bp
from app.households.files import file_page
from app.households.lines import lines
from app.households.schemas import ChangeSchema, RegisterSchema, RevealSchema, SensitiveSchema
from services.communities import regions
from services.communities.models import Building
from services.core import locks
from services.households import disclosure, registration
from services.households.models import Household
from services.households.search import Wanted, search
from services.pairings import pairings
from services.register import likeness

__all__ = ["bp", "closing", "needs", "own", "people"]

# What the address may ask for, and what is meant when it does not.
FILTERS = {
    "building": "",
    "category": "",
    "state": "active",
    "kind": "",
    "urgency": "",
    "show": "",
    # One place of the coverage's grid: a building by its id, and one of its entrances ("-": those without).
    "at": "",
    "entrance": "",
}


@bp.route("/", methods=["GET", "POST"])
@allow("households.read")
def index() -> Page:
    """Households, found by name, building, phone, circumstances and need; what is typed is posted, not addressed."""
    if elsewhere := lists.moved(FILTERS):
        return elsewhere
    text, after = request.form.get("text", "").strip(), request.values.get("after")
    asked: dict[str, Any] = lists.asked(FILTERS)
    page = search(g.actor, _wanted(asked, text), after=after)
    return render_template(
        "households/index.html",
        rows=lines(page.rows),
        after=page.next,
        text=text,
        asked=asked,
        narrowed=bool(text) or asked != FILTERS,
        next_url=lists.address(FILTERS, asked, None if text else page.next) if page.next else None,
        first_url=lists.address(FILTERS, asked) if after else None,
        today=regions.today(g.community.id),
        choices=words.choices(),
        words=words,
    )


def _wanted(asked: dict[str, str], text: str) -> Wanted:
    paired = None
    if asked["show"] in ("paired", "unpaired"):
        paired = {row.household_id for row in pairings.living()}
    return Wanted(
        text=text,
        building=asked["building"],
        place=forms.id_of(asked["at"]),
        entrance=None if not asked["entrance"] else asked["entrance"].strip("-"),
        category=asked["category"],
        state=asked["state"],
        kind=asked["kind"],
        urgency=int(asked["urgency"]) if asked["urgency"] in ("1", "2", "3", "4", "5") else None,
        in_need=asked["show"] in words.SHOW and asked["show"] != "asking",
        asking=asked["show"] == "asking",
        without_consent=asked["show"] == "no_consent",
        among=paired if asked["show"] == "paired" else None,
        outside=paired if asked["show"] == "unpaired" else None,
    )


@bp.get("/<uuid:household_id>")
@allow("households.read")
def show(household_id: uuid.UUID) -> Page:
    """A household's file; of one that was put together with another, the other's."""
    merged = registration.get_household(g.actor, household_id).state == "merged"
    if merged and (twin := likeness.merge_of(household_id)):
        flash(_("This file was put together with another one, which is shown here."))
        return redirect(url_for(".show", household_id=twin.kept_id), 303)
    return file_page(household_id)


@bp.route("/new", methods=["GET", "POST"])
@allow("households.write")
def new() -> Page:
    """Register a household."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(RegisterSchema)
            household = registration.register_household(g.actor, **_optional(data))
            flash(_("%(name)s is registered. Now record what is needed.", name=household.name), "success")
            return redirect(url_for(".show", household_id=household.id), 303)
    text = render_template(
        "households/new.html",
        form=request.form,
        errors=errors,
        labels=words.labels(),
        choices=words.choices(),
        estates=_estates(),
    )
    return text, 422 if errors else 200


def _optional(data: dict[str, Any]) -> dict[str, Any]:
    """Typed facts as services take them: an empty text is none, helpers are one when not said."""
    for name in ("phone", "note"):
        if name in data:
            data[name] = data[name] or None
    if data.get("places", 1) is None:
        data["places"] = 1
    return data


def _estates() -> list[str]:
    return sorted({*g.community.estates, *(row.estate for row in regions.buildings() if row.estate)})


@bp.route("/<uuid:household_id>/edit", methods=["GET", "POST"])
@allow("households.write")
def edit(household_id: uuid.UUID) -> Page:
    """Change a household. Door and phone stay masked: what is typed takes their place."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = _optional(forms.read(ChangeSchema))
            if data["phone"] is None and "phone" not in data.pop("drop"):
                del data["phone"]
            data.pop("drop", None)
            registration.update_household(g.actor, household_id=household_id, **data)
            flash(_("The changes are saved."), "success")
            return redirect(url_for(".show", household_id=household_id), 303)
    household = registration.get_household(g.actor, household_id)
    saved = words.shown(household, locks.get(Building, household.building_id))
    return _change_page("households/edit.html", household, saved, errors)


@bp.route("/<uuid:household_id>/sensitive", methods=["GET", "POST"])
@allow("households.write")
def sensitive(household_id: uuid.UUID) -> Page:
    """Change circumstances and note. To change them is to see them: opening the page is audited as a look."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = _optional(forms.read(SensitiveSchema))
            registration.update_household(g.actor, household_id=household_id, **data)
            flash(_("The changes are saved."), "success")
            return redirect(url_for(".show", household_id=household_id), 303)
    household = registration.get_household(g.actor, household_id)
    note = disclosure.reveal(g.actor, household_id=household_id, field="note", relation="any", reason="check")
    disclosure.reveal(g.actor, household_id=household_id, field="categories", relation="any", reason="check")
    saved = {"categories": household.categories, "note": note}
    return _change_page("households/sensitive.html", household, saved, errors)


def _change_page(template: str, household: Household, saved: dict[str, Any], errors: forms.Errors) -> Page:
    stale = forms.is_stale(household, request.form)
    text = render_template(
        template,
        row=household,
        saved=saved,
        stale=stale,
        differences=words.differences(saved, request.form) if stale else [],
        form=request.form,
        errors=errors,
        labels=words.labels(),
        choices=words.choices(),
        estates=_estates(),
    )
    return text, 409 if stale else 422 if errors else 200


@bp.post("/<uuid:household_id>/reveal")
@allow("households.write")
def reveal(household_id: uuid.UUID) -> Page:
    """Show a masked fact in clear; the look is audited."""
    data = forms.read(RevealSchema)
    text = disclosure.reveal(g.actor, household_id=household_id, relation="any", **data)
    fact = text or _("not recorded")
    if request.headers.get("HX-Request"):
        return render_template("volunteers/_fact.html", fact=fact)
    shown = f"{data['field']}{data['resident_id'] or ''}"
    return file_page(household_id, revealed={shown: fact})

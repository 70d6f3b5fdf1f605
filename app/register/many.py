"""The ticked rows of a list: one thing done with each of them, or taken along as a file."""

import io
import uuid
from typing import Any

import xlsxwriter
from flask import flash, g, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from marshmallow import fields

from app import forms
from app.auth import allow
from app.households import words as home
from app.language import say
from app.people import joining
from app.register import words
from app.register.blueprint import Page, bp
from app.volunteers import words as helper
from services.communities import regions
from services.households import needs, registration
from services.households.registration import EVIDENCE
from services.pairings import pairings
from services.register import many
from services.register.many import Outcome
from services.volunteers import profiles

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACTS = {"household": ("consent", "invite", "export"), "volunteer": ("approve", "invite", "export")}


class ManySchema(forms.FormSchema):
    """Which rows, and what to do with them."""

    ids: fields.List = forms.many_ids("id")
    do = forms.choice(("consent", "approve", "invite", "export"))
    day = forms.day(required=False)
    evidence = forms.choice(EVIDENCE[:2], required=False, default="paper")


@bp.post("/many/<any(household, volunteer):kind>")
@allow("register.read")
def many_rows(kind: str) -> Page:
    """Do it, and say for how many it was done and for whom not, and why."""
    errors: forms.Errors = {}
    back = url_for("households.index" if kind == "household" else "volunteers.index")
    with forms.collect(errors):
        data = forms.read(ManySchema)
        if data["do"] not in ACTS[kind]:
            raise forms.ValidationError({"do": [forms.PLAIN["invalid"]]})
        if data["do"] == "export":
            return _file(kind, many.export(g.actor, kind=kind, ids=data["ids"]))
        outcome = _act(kind, data)
        if data["do"] != "invite" and not outcome.refused:
            flash(_said(data["do"], len(outcome.done)), "success")
            return redirect(back, 303)
        return _answer(kind, data["do"], outcome, back), 200 if outcome.done else 422
    return render_template("register/many.html", kind=kind, outcome=None, errors=errors, back=back), 422


def _act(kind: str, data: dict[str, Any]) -> Outcome:
    if data["do"] == "consent":
        day = data["day"] or regions.today(g.community.id)
        return many.consent(g.actor, ids=data["ids"], day=day, evidence=data["evidence"])
    if data["do"] == "approve":
        return many.approve(g.actor, ids=data["ids"])
    return many.invite(g.actor, kind=kind, ids=data["ids"])


def _said(do: str, number: int) -> str:
    """How often it was done, in words."""
    if do == "consent":
        return ngettext("%(num)s consent is recorded.", "%(num)s consents are recorded.", number)
    if do == "approve":
        return ngettext("%(num)s applicant is now a helper.", "%(num)s applicants are now helpers.", number)
    return ngettext("%(num)s link is made.", "%(num)s links are made.", number)


def _answer(kind: str, do: str, outcome: Outcome, back: str) -> str:
    join = "households.join" if kind == "household" else "volunteers.join"
    links = [
        (row, url := url_for(join, secret=secret, _external=True), joining.picture(url))
        for row, secret in (outcome.done if do == "invite" else [])
    ]
    return render_template(
        "register/many.html",
        kind=kind,
        outcome=outcome,
        said=_said(do, len(outcome.done)),
        links=links,
        errors={},
        back=back,
        words=words,
        say=say,
    )


def _file(kind: str, rows: list[Any]) -> Any:
    """An xlsx of some rows, without anything that is masked; all cells are text, so that nothing in them runs."""
    titles, cells = (_homes if kind == "household" else _helpers)(rows)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet, head = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
    sheet.set_column(0, len(titles) - 1, 22)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
    for number, line in enumerate(cells, 1):
        for column, text in enumerate(line):
            sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 0)
    book.close()
    buffer.seek(0)
    name = f"{kind}s-{regions.today(g.community.id).isoformat()}.xlsx"
    return send_file(buffer, mimetype=XLSX, as_attachment=True, download_name=name)


def _homes(rows: list[Any]) -> tuple[list[str], list[list[str]]]:
    ids = {row.id for row in rows}
    places, agreed = words.places_of("household", rows), registration.consented(ids)
    lacking: dict[uuid.UUID, list[str]] = {}
    for need in needs.open_needs(ids):
        lacking.setdefault(need.household_id, []).append(need.kind)
    helping = [row.household_id for row in pairings.living(household_ids=ids)]
    titles = [_("Name"), _("Place"), _("State"), _("Open needs"), _("Helpers"), _("Consent to matching")]
    return titles, [
        [
            row.name,
            places[row.id],
            _(home.STATES[row.state][0]),
            home.several("kinds", lacking.get(row.id, [])),
            str(helping.count(row.id)),
            _("Agreed") if row.id in agreed else _("Not recorded"),
        ]
        for row in rows
    ]


def _helpers(rows: list[Any]) -> tuple[list[str], list[list[str]]]:
    places, skills = words.places_of("volunteer", rows), profiles.skills_of([row.id for row in rows])
    titles = [
        _("Name"),
        _("Lives in"),
        _("State"),
        _("Can help with"),
        _("Hours a week"),
        _("Households at most"),
    ]
    return titles, [
        [
            row.name,
            places[row.id],
            _(helper.STATES[row.state][0]),
            helper.several("skills", list(skills.get(row.id, {}))),
            helper.plain(row.hours),
            str(row.places),
        ]
        for row in rows
    ]

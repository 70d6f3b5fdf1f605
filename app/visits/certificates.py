"""A helper's hours of a period, the numbered papers over them, and the page where anybody may check one."""

import io
import uuid
from datetime import date
from typing import Any

import segno
from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from app import auth, forms, papers
from app.auth import allow
from app.language import day, local
from app.visits.schemas import CertificateSchema, CertificatesSchema, PeriodSchema
from app.visits.shown import Page, bp, today, told
from app.visits.words import length
from services.communities import regions
from services.people import accounts
from services.visits import certificates, confirmations, corrections, statements
from services.visits.models import Certificate
from services.visits.statements import Statement

# What is printed has a short address of its own, which opens without signing in.
verify_bp = Blueprint("verify", __name__, url_prefix="/c/<community>/verify")


@bp.get("/hours")
@bp.get("/hours/<uuid:volunteer_id>")
@allow("visits.certify")
def hours_of(volunteer_id: uuid.UUID | None = None) -> Page:
    """Every visit of a period and how it was counted: a helper's own, or anybody's for the office."""
    return _hours(volunteer_id, {})


def _hours(volunteer_id: uuid.UUID | None, errors: forms.Errors) -> Page:
    since, until = _of_year(today().year)
    with forms.collect(errors):
        wanted = _period(PeriodSchema().load(request.values), since, until)
        statements.check_period(*wanted)
        since, until = wanted
    statement = statements.of_helper(g.actor, volunteer_id=volunteer_id, since=since, until=until)
    page = render_template(
        "visits/hours.html",
        statement=statement,
        own=statement.helper.account_id == g.actor.account_id,
        lines=told(statement.lines),
        names=_names(statement),
        years=statements.years_of(statement.helper),
        year=since.year if (since, until) == _of_year(since.year) else None,
        papers=certificates.of_helper(g.actor, statement.helper.id),
        on=lambda instant: format_date(instant, "medium"),
        dispute_reasons=confirmations.DISPUTE_REASONS,
        correction_reasons=corrections.CORRECTION_REASONS,
        form=request.values,
        errors=errors,
    )
    return page, 422 if errors else 200


def _period(chosen: dict[str, Any], since: date, until: date) -> tuple[date, date]:
    if chosen["year"]:
        return _of_year(chosen["year"])
    return chosen["since"] or since, chosen["until"] or until


def _of_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _names(statement: Statement) -> dict[uuid.UUID, str]:
    visits = [line.visit for line in statement.lines]
    who = {by for visit in visits for by in (visit.noted_by, visit.helper_by, visit.household_by)}
    return accounts.names({by for by in who if by})


@bp.post("/certificates")
@allow("visits.certify")
def certify() -> Page:
    """Take a certificate of the confirmed hours of a period."""
    errors: forms.Errors = {}
    volunteer_id = forms.id_of(request.form.get("volunteer_id"))
    with forms.collect(errors):
        data = forms.read(CertificateSchema)
        made = certificates.issue(g.actor, **data)
        return redirect(url_for("visits.certificate", certificate_id=made.id), 303)
    return _hours(volunteer_id, errors)


@bp.get("/certificates/<uuid:certificate_id>")
@allow("visits.certify")
def certificate(certificate_id: uuid.UUID) -> Page:
    """One certificate: whether it stands, and the paper to take along."""
    found = certificates.get(g.actor, certificate_id)
    row = found.certificate
    return render_template(
        "visits/certificate.html",
        row=row,
        stands=found.stands,
        own=statements.helper_for(g.actor, row.volunteer_id).account_id == g.actor.account_id,
        issuer=accounts.names({row.issued_by}).get(row.issued_by, "") if row.issued_by else "",
        address=_address(row),
        qr=segno.make(_address(row), error="m").svg_data_uri(scale=6, border=2, light="#fff"),
    )


@bp.get("/certificates/<uuid:certificate_id>.pdf")
@allow("visits.certify")
def certificate_pdf(certificate_id: uuid.UUID) -> Response:
    """The paper itself; printed again it is the same."""
    row = certificates.get(g.actor, certificate_id).certificate
    return papers.answer("certificate", certificate_data(row), filename=f"linli-{row.number}.pdf")


def certificate_data(row: Certificate) -> dict[str, Any]:
    """What the certificate's layout shows."""
    drawn = io.BytesIO()
    segno.make(_address(row), error="m").save(drawn, kind="svg", border=0, scale=4)
    office = local(g.community)
    return {
        "title": _("Certificate of voluntary service"),
        "place": local(regions.get_region(g.community.street_id)),
        "number": _("No. %(number)s", number=row.number),
        "name": row.name,
        "says": _(
            "helped neighbours in %(community)s from %(since)s to %(until)s for",
            community=office,
            since=day(row.since),
            until=day(row.until),
        ),
        "hours": length(row.minutes),
        "visits": _(
            "in %(num)s visits that both the helper and the household have confirmed", num=len(row.visits)
        ),
        "qr": drawn.getvalue().decode(),
        "qr_alt": _("QR code of the page that checks this certificate"),
        "how_to": _("To check this certificate scan the code, or open:"),
        "address": _address(row),
        "seal": _("Seal"),
        "office": office,
        "day": day(row.issued_on),
        "foot": _("%(community)s · certificate %(number)s", community=office, number=row.number),
    }


def _address(row: Certificate) -> str:
    return url_for("verify.check", paper=f"{row.number}-{certificates.secret_of(row)}", _external=True)


@bp.get("/certificates")
@allow("visits.read")
def certificate_list() -> Page:
    """Every certificate that was issued, newest first."""
    errors: forms.Errors = {}
    chosen: dict[str, Any] = {"year": None, "number": "", "state": ""}
    with forms.collect(errors):
        chosen = CertificatesSchema().load(request.args)
    page = certificates.search(
        g.actor,
        volunteer_id=forms.id_of(request.args.get("volunteer")),
        after=request.args.get("after"),
        **chosen,
    )
    kept = {name: value for name, value in chosen.items() if value}
    if request.args.get("volunteer"):
        kept["volunteer"] = request.args["volunteer"]
    shown = render_template(
        "visits/certificates.html",
        rows=page.rows,
        next_url=page.next and url_for("visits.certificate_list", after=page.next, **kept),
        first_url=url_for("visits.certificate_list", **kept) if request.args.get("after") else None,
        narrowed=kept,
        years=range(today().year, today().year - 5, -1),
        form=request.args,
        errors=errors,
    )
    return shown, 422 if errors else 200


@verify_bp.get("/<paper>")
@auth.limiter.limit("30 per minute")
@allow("public")
def check(paper: str) -> Page:
    """Whether a paper is genuine and still stands, for anybody who holds it."""
    found = certificates.verify(g.actor, paper=paper)
    page = render_template("visits/verify.html", found=found, length=length)
    return page, 200 if found else 404

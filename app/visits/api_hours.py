"""Hours for programs: statements, certificates, and what of a month the office should look at."""

import uuid
from typing import Any

from flask import g

from app.api.bodies import body
from app.auth import allow
from app.visits.api_area import bp
from app.visits.api_forms import CertificatesQuery, HoursQuery, LookedAtSchema, MonthQuery
from app.visits.api_schemas import CertificateRowSchema, FindingSchema, StatementSchema
from app.visits.schemas import CertificateSchema
from services.communities import regions
from services.core.paging import Page, in_parts
from services.visits import certificates, review, statements
from services.visits.certificates import Issued
from services.visits.review import Finding
from services.visits.statements import Statement


@bp.shows("/visits/hours", StatementSchema, HoursQuery)
@allow("visits.certify")
def show_hours(asked: dict[str, Any]) -> Statement:
    """Every visit of a helper's period and how it was counted: one's own, or for the office anybody's."""
    return statements.of_helper(g.actor, **asked)


@bp.lists("/certificates", CertificateRowSchema, CertificatesQuery)
@allow("visits.read")
def list_certificates(asked: dict[str, Any]) -> Page[Issued]:
    """Certificates, the newest first."""
    return certificates.search(g.actor, **asked)


@bp.lists("/certificates/own", CertificateRowSchema)
@allow("visits.certify")
def list_own_certificates(asked: dict[str, Any]) -> Page[Issued]:
    """My latest certificates, the newest first."""
    return in_parts(certificates.of_helper(g.actor, None), **asked)


@bp.creates("/certificates", CertificateRowSchema, body(CertificateSchema))
@allow("visits.certify")
def issue_certificate(data: dict[str, Any]) -> Issued:
    """A certificate of confirmed hours, for oneself or by the office; the same hours again are the same paper."""
    return certificates.get(g.actor, certificates.issue(g.actor, **data).id)


@bp.shows("/certificates/<uuid:certificate_id>", CertificateRowSchema)
@allow("visits.certify")
def show_certificate(certificate_id: uuid.UUID) -> Issued:
    """A certificate, and whether it stands."""
    return certificates.get(g.actor, certificate_id)


@bp.lists("/visit-findings", FindingSchema, MonthQuery)
@allow("visits.review")
def list_findings(asked: dict[str, Any]) -> Page[Finding]:
    """Patterns in a month's visits that nobody has looked at yet."""
    month = asked.pop("month") or regions.today(g.community.id)
    return in_parts(review.findings(g.actor, month=month), **asked)


@bp.acts("/visit-findings/<uuid:finding_id>/look-at", None, body(LookedAtSchema))
@allow("visits.review")
def look_at_finding(data: dict[str, Any], finding_id: uuid.UUID) -> None:
    """Say that a pattern was looked at and is fine: it goes off the list."""
    review.look_at(g.actor, finding_id=finding_id, **data)

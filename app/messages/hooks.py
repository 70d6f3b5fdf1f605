"""What programs call: a provider's reports about texts it took, and the gateway of a developer's machine."""

import hmac
import json
import re
import uuid
from typing import Any

from flask import abort, current_app, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from standardwebhooks import Webhook, WebhookVerificationError

from app import auth, mailbox
from app.auth import allow
from app.local import gateway
from app.messages import bp
from services.core import scope
from services.core.actor import system
from services.core.errors import NotFound
from services.messages import receipts

REFERENCE = re.compile(r"([1-9][0-9]{0,8})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_reference = fields.String(required=True, validate=validate.Length(max=100))


class _Lenient(Schema):
    class Meta:
        unknown = EXCLUDE


class AboutSchema(_Lenient):
    """What a report is about."""

    reference = _reference


class ReportSchema(_Lenient):
    """A provider's report by Standard Webhooks."""

    type = fields.String(required=True)
    data = fields.Nested(AboutSchema, required=True)


class SmsSchema(_Lenient):
    """An SMS to send."""

    reference = fields.String(required=True, validate=validate.Regexp(rf"^{REFERENCE.pattern}\Z"))
    to = fields.String(required=True, validate=validate.Regexp(r"^\+[0-9]{5,15}\Z"))
    text = fields.String(required=True, validate=validate.Length(1, 10_000))


@bp.post("/hooks/messages")
@auth.csrf.exempt
@auth.limiter.limit("1200 per minute")
@allow("public")
def report() -> tuple[str, int]:
    """A provider says what became of a text: 204, also for one that is unknown; 401 without a good signature."""
    body, secret = request.get_data(), current_app.config["LINLI_SMS_SECRET"]
    if not secret:
        abort(401)
    try:
        Webhook(secret).verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        abort(401)
    data = _json(ReportSchema, body)
    if known := REFERENCE.fullmatch(data["data"]["reference"]):
        scope.enter(int(known[1]))
        receipts.note(system(int(known[1])), event=data["type"], reference=uuid.UUID(known[2]))
    return "", 204


@bp.post("/dev/gateway/messages")
@auth.csrf.exempt
@auth.limiter.exempt
@allow("public")
def local_gateway() -> tuple[dict[str, str], int]:
    """Take an SMS on a developer's machine; elsewhere there is no such address."""
    if not mailbox.is_development():
        raise NotFound()
    token = current_app.config["LINLI_SMS_TOKEN"]
    given = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(401)
    sms = _json(SmsSchema, request.get_data())
    if gateway.keep(mailbox.sms_folder(), **sms):
        gateway.report_later(
            current_app.config["LINLI_SMS_URL"] or request.url_root,
            secret=current_app.config["LINLI_SMS_SECRET"],
            reference=sms["reference"],
        )
    return {"reference": sms["reference"]}, 202


def _json(schema: type[Schema], body: bytes) -> dict[str, Any]:
    try:
        return schema().load(json.loads(body))
    except (ValueError, RecursionError, ValidationError):
        abort(400)

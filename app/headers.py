"""The headers every answer carries, and the characters no form may."""

import secrets

from flask import Flask, Response, abort, g, request

from app import forms
from services.core.db import new_id


def init(app: Flask) -> None:
    """Set a nonce and the security headers; refuse text that cannot be stored."""
    app.before_request(_before)
    app.after_request(_after)
    app.context_processor(lambda: {"csp_nonce": g.get("csp_nonce", "")})


def _before() -> None:
    g.csp_nonce = secrets.token_urlsafe(16)
    # One asked for is taken when it is an id and can be nothing else.
    g.request_id = forms.id_of(request.headers.get("Request-Id")) or new_id()
    values = [*request.args.items(multi=True), *request.form.items(multi=True)]
    if "\x00" in request.path or any("\x00" in name or "\x00" in value for name, value in values):
        abort(400)


def _after(response: Response) -> Response:
    nonce = g.get("csp_nonce", "")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    if "request_id" in g:
        response.headers["Request-Id"] = str(g.request_id)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers.setdefault("Cache-Control", "no-store")
    return response

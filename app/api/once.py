"""A POST sent again with the same Idempotency-Key has one effect and gets the same answer."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, request

from services.access import replies
from services.access.models import Reply

KEPT_HEADERS = ("Content-Type", "Location", "ETag")
# How the scope of what is revealed or sealed ends.
PRIVATE = ":private"


def once(view: Callable[..., Response]) -> Callable[..., Response]:
    """Keep what the view answers to a key, in the transaction of its effect; what is refused is not kept.

    Nor is what is private: each look is asked for, allowed and put on record anew.
    """
    if getattr(view, "__scope__", "").endswith(PRIVATE):
        return view

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(*args, **kwargs)
        asked, before = replies.begin(g.actor, key=key, request=_asked())
        if before is not None:
            return _again(before)
        made = view(*args, **kwargs)
        if made.status_code < 400:
            headers = {name: made.headers[name] for name in KEPT_HEADERS if name in made.headers}
            replies.keep(asked, status=made.status_code, headers=headers, body=made.get_data())
        return made

    return answer


def _asked() -> bytes:
    """What was asked, as a digest: method, address and body."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if request.mimetype == "multipart/form-data":
        for name, value in sorted(request.form.items(multi=True)):
            digest.update(f"{name}={value}\n".encode())
        for name, file in sorted(request.files.items(multi=True)):
            digest.update(f"{name}={file.filename}\n".encode() + hashlib.sha256(file.read()).digest())
            file.stream.seek(0)
    else:
        digest.update(request.get_data())
    return digest.digest()


def _again(before: Reply) -> Response:
    return Response(before.body, before.status, headers={**before.headers, "Idempotent-Replayed": "true"})

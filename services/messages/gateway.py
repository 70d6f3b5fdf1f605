"""SMS: a small plain interface to whatever sends them.

POST {url}/messages with JSON {"reference", "to", "text"}, a bearer token, and the reference again as Idempotency-Key: the
same reference is one SMS. 2xx: taken. 4xx: refused for good, but for 408 and 429. Anything else is tried again.
"""

from dataclasses import dataclass

import requests

# Seconds to connect, and to wait for the answer.
TIMEOUT = (5, 15)


@dataclass(repr=False)
class Gateway:
    """Where it is, and the token that opens it."""

    url: str = ""
    token: str = ""


_gateway = Gateway()
# Keeps its connection from one SMS to the next.
_session = requests.Session()


def configure(url: str, token: str) -> None:
    """Send SMS by the gateway at `url`; without one nobody is reached by SMS."""
    _gateway.url, _gateway.token = url.rstrip("/"), token


def is_configured() -> bool:
    """Whether there is a gateway."""
    return bool(_gateway.url)


def send(*, reference: str, to: str, text: str) -> str | None:
    """Hand over one SMS; None when it was taken, else "unreachable", "silent", "rejected" (for now) or "refused" (for good).

    "silent": no usable answer came, so it may have been taken; only the same reference may be tried again.
    """
    try:
        answer = _session.post(
            f"{_gateway.url}/messages",
            json={"reference": reference, "to": to, "text": text},
            headers={"Authorization": f"Bearer {_gateway.token}", "Idempotency-Key": reference},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.ConnectTimeout:
        return "unreachable"
    except requests.ConnectionError as error:
        return "unreachable" if "NewConnectionError" in repr(error) else "silent"
    except requests.RequestException:
        return "silent"
    if answer.ok and answer.status_code < 300:
        return None
    if answer.status_code in (408, 429):
        return "rejected"
    return "refused" if 400 <= answer.status_code < 500 else "silent"

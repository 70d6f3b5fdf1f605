"""The SMS gateway of a developer's machine: keeps what it takes as files, and reports that it arrived."""

import contextlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin

import requests
from standardwebhooks import Webhook

from services.core import clock

NEWEST = 200


@dataclass(frozen=True)
class Sms:
    """One SMS as it went out."""

    reference: str
    to: str
    text: str
    sent_at: str


def keep(folder: Path, *, reference: str, to: str, text: str) -> bool:
    """Keep an SMS as a file named for its reference; False when it is there already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sms = Sms(reference, to, text, clock.now().isoformat())
    part = folder / f"{os.urandom(8).hex()}.part"
    with part.open("x") as file:
        os.chmod(part, 0o600)
        json.dump(asdict(sms), file)
    try:
        # A link, unlike a renaming, leaves what is there.
        os.link(part, folder / f"{reference}.json")
    except FileExistsError:
        return False
    finally:
        part.unlink()
    return True


def kept(folder: Path) -> list[Sms]:
    """The NEWEST SMS among the files, the newest first."""
    found = [Sms(**json.loads(file.read_text())) for file in folder.glob("*.json")]
    return sorted(found, key=lambda sms: sms.sent_at, reverse=True)[:NEWEST]


def report_later(address: str, *, secret: str, reference: str) -> None:
    """Report to the Linli at `address`, as a real gateway would after a while, that an SMS arrived.

    Not before the answer to whoever sent it: Linli hears of it once it has noted that it was taken.
    """
    arguments = {"address": address, "secret": secret, "reference": reference}
    threading.Thread(target=report, kwargs=arguments, daemon=True).start()


def report(address: str, *, secret: str, reference: str, event: str = "message.delivered") -> int | None:
    """Send one signed report; the status of the answer, None without one."""
    body = json.dumps({"type": event, "data": {"reference": reference}})
    with contextlib.suppress(requests.RequestException):
        answer = requests.post(
            urljoin(address, "/hooks/messages"),
            data=body,
            headers=signed(body, secret=secret, name=f"{event}/{reference}", at=clock.now()),
            timeout=30,
        )
        return answer.status_code
    return None


def signed(body: str, *, secret: str, name: str, at: datetime) -> dict[str, str]:
    """The headers of a report by Standard Webhooks."""
    return {
        "Content-Type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body),
    }

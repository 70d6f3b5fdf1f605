"""E-mail: by the office's mail server when MAIL_SERVER names one, else into files that a development page shows."""

import email
import email.policy
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_mailman import EmailMessage, Mail
from flask_mailman.backends.base import BaseEmailBackend

from app.local import gateway as local_gateway
from services.messages import gateway, push, texts

NEWEST = 200


@dataclass(frozen=True)
class Letter:
    """One e-mail or SMS as it went out."""

    to: str
    subject: str
    body: str
    sent_at: datetime
    reference: str


def init(app: Flask) -> None:
    """Choose how e-mail, SMS and notifications leave and what their links begin with."""
    app.config["MAIL_BACKEND"] = "smtp" if app.config["MAIL_SERVER"] else "app.mailbox.EmailBackend"
    app.config["MAIL_FILE_PATH"] = str(Path(app.config["LINLI_VAR"]) / "mailbox")
    # A silent mail server must not hold up the worker.
    app.config["MAIL_TIMEOUT"] = 20
    Mail(app)
    texts.configure(app.config["LINLI_URL"])
    gateway.configure(app.config["LINLI_SMS_URL"], app.config["LINLI_SMS_TOKEN"])
    push.configure(app.config["LINLI_PUSH_KEY"], f"https://{texts.host()}")


def is_development() -> bool:
    """True on a developer's machine: no mail server, so that e-mail goes into files, and no HTTPS either."""
    return not current_app.config["MAIL_SERVER"] and not current_app.config.get("SESSION_COOKIE_SECURE")


class EmailBackend(BaseEmailBackend):
    """flask-mailman's way out into one file for each e-mail, whole or not there."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        """Write the e-mails; how many that were. Raises OSError."""
        folder = Path(self.mailman.file_path)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in messages:
            name = f"{time.time_ns()}-{os.urandom(4).hex()}"
            part = folder / f"{name}.part"
            with part.open("xb") as file:
                os.chmod(part, 0o600)
                file.write(message.message().as_bytes())
                file.flush()
                os.fsync(file.fileno())
            part.rename(folder / f"{name}.eml")
        return len(messages)


def letters() -> list[Letter]:
    """The NEWEST e-mails and SMS among the files, the newest first."""
    folder = Path(current_app.config["MAIL_FILE_PATH"])
    files = sorted(folder.glob("*.eml"), reverse=True)[:NEWEST]
    found = [_letter(file) for file in files] + [_sms(sms) for sms in local_gateway.kept(sms_folder())]
    return sorted(found, key=lambda letter: letter.sent_at, reverse=True)[:NEWEST]


def sms_folder() -> Path:
    """Where the gateway of a developer's machine keeps its files."""
    return Path(current_app.config["LINLI_VAR"]) / "texts"


def _sms(sms: local_gateway.Sms) -> Letter:
    return Letter(sms.to, "", sms.text, datetime.fromisoformat(sms.sent_at), sms.reference)


def _letter(file: Path) -> Letter:
    parsed: Any = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    return Letter(
        to=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        body=parsed.get_content(),
        # A zone of -0000 says that it is UTC.
        sent_at=sent_at if (sent_at := parsed["Date"].datetime).tzinfo else sent_at.replace(tzinfo=UTC),
        reference=str(parsed["Message-ID"]),
    )

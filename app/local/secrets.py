"""Secrets of this installation: made once under var/secrets, never printed; the environment wins."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from app.local.places import private_directory


@dataclass(frozen=True, repr=False)
class Secrets:
    """Everything that must stay the same from one start to the next."""

    admin_password: str
    owner_password: str
    app_password: str
    sweeper_password: str
    secret_key: str
    keys: str
    lookup_key: str
    sms_token: str
    sms_secret: str
    push_key: str

    def environment(self) -> dict[str, str]:
        """Return the variables the application reads its keys from."""
        return {
            "SECRET_KEY": self.secret_key,
            "LINLI_KEYS": self.keys,
            "LINLI_LOOKUP_KEY": self.lookup_key,
            "LINLI_SMS_TOKEN": self.sms_token,
            "LINLI_SMS_SECRET": self.sms_secret,
            "LINLI_PUSH_KEY": self.push_key,
        }


def load_secrets(var: Path, environ: Mapping[str, str] = os.environ) -> Secrets:
    """Read the secrets of this var directory, making those that are missing."""
    directory = private_directory(var / "secrets")
    directory.chmod(0o700)

    def kept(name: str, make: Callable[[], str], variable: str = "") -> str:
        return (variable and environ.get(variable)) or _read_or_make(directory / name, make)

    return Secrets(
        admin_password=kept("admin-password", _password),
        owner_password=kept("owner-password", _password),
        app_password=kept("app-password", _password),
        sweeper_password=kept("sweeper-password", _password),
        secret_key=kept("secret-key", _password, "SECRET_KEY"),
        keys=kept("data-keys", lambda: f"1:{_key()}", "LINLI_KEYS"),
        lookup_key=kept("lookup-key", _key, "LINLI_LOOKUP_KEY"),
        sms_token=kept("sms-token", _password, "LINLI_SMS_TOKEN"),
        sms_secret=kept("sms-secret", lambda: f"whsec_{_key()}", "LINLI_SMS_SECRET"),
        push_key=kept("push-key", _push_key, "LINLI_PUSH_KEY"),
    )


def _password() -> str:
    return secrets.token_urlsafe(32)


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _push_key() -> str:
    """The private number of a key pair for Web Push: 32 bytes in base64url."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    """Return the file's text; a missing file appears whole or not at all, even if we are killed."""
    if path.exists():
        return path.read_text().strip()
    value = make()
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return value

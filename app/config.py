"""Settings, all from the environment; `make run` fills them in for the servers it starts itself."""

from pathlib import Path
from urllib.parse import urlsplit

from environs import Env


def load() -> dict[str, object]:
    """Read the settings. Raises environs' error naming the variable that is missing or malformed."""
    env = Env()
    url = env.str("DATABASE_URL")
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            url = "postgresql+psycopg://" + url.removeprefix(plain)
    return {
        "SECRET_KEY": env.str("SECRET_KEY"),
        "SQLALCHEMY_DATABASE_URI": url,
        # No prepared statements: every pooler in transaction mode stays possible.
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": True,
            "connect_args": {"prepare_threshold": None, "connect_timeout": 5},
            # Values of a failed statement are personal data: they stay out of errors and logs.
            "hide_parameters": True,
        },
        "REDIS_URL": env.str("REDIS_URL"),
        "LINLI_KEYS": env.str("LINLI_KEYS"),
        "LINLI_LOOKUP_KEY": env.str("LINLI_LOOKUP_KEY"),
        "LINLI_VAR": Path(env.str("LINLI_VAR", "var")),
        # Set behind HTTPS on a real server.
        "SESSION_COOKIE_SECURE": env.bool("LINLI_HTTPS", False),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "linli",
        "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAIL_SERVER": env.str("MAIL_SERVER", ""),
        "MAIL_PORT": env.int("MAIL_PORT", 587),
        "MAIL_USE_TLS": env.bool("MAIL_USE_TLS", True),
        "MAIL_USERNAME": env.str("MAIL_USERNAME", None),
        "MAIL_PASSWORD": env.str("MAIL_PASSWORD", None),
        "MAIL_DEFAULT_SENDER": env.str("MAIL_SENDER", "Linli <noreply@localhost>"),
        # Who sends SMS, and the secret that signs its reports.
        "LINLI_SMS_URL": env.str("LINLI_SMS_URL", ""),
        "LINLI_SMS_TOKEN": env.str("LINLI_SMS_TOKEN", ""),
        "LINLI_SMS_SECRET": env.str("LINLI_SMS_SECRET", ""),
        # Signs what goes to browsers' push services; without it no device is notified.
        "LINLI_PUSH_KEY": env.str("LINLI_PUSH_KEY", ""),
        **_platform(env),
        # Where people open the links in their e-mails.
        "LINLI_URL": env.str("LINLI_URL", f"http://localhost:{env.str('PORT', '8000')}"),
    }


def _platform(env: Env) -> dict[str, object]:
    """The district's platform that people may sign in by; nothing when none is named.

    Raises environs' error for one named by half, and ValueError for one that is not reached by HTTPS.
    """
    issuer = env.str("LINLI_OIDC_ISSUER", "")
    if not issuer:
        return {}
    where = urlsplit(issuer)
    if where.scheme != "https" and where.hostname not in ("localhost", "127.0.0.1"):
        raise ValueError("LINLI_OIDC_ISSUER must begin with https://")
    names = ("LINLI_OIDC_CLIENT_ID", "LINLI_OIDC_SECRET", "LINLI_OIDC_NAME")
    return {"LINLI_OIDC_ISSUER": issuer, **{name: env.str(name) for name in names}}

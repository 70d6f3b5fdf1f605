"""Signing in by a district's own platform (OpenID Connect): asking it who somebody is, and whom Linli lets in then."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from services.core import clock
from services.core.errors import N_, DomainError, Forbidden
from services.people import accounts
from services.people.models import Account

log = structlog.get_logger()

SCOPE = "openid email phone"
# Only keys that the platform alone holds: no "none", nothing signed by the shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KINDS_OF_KEY = ("RSA", "EC", "OKP")
DEFAULT_METHODS = ("client_secret_basic",)
TIMEOUT = 5
# How far the platform's clock may be from ours, in seconds.
LEEWAY = 60
# How long somebody may take to sign in there, in seconds.
PATIENCE = 15 * 60

# What becomes of somebody else's answer, whatever it is, in the libraries that read it.
_BAD_ANSWER = (
    requests.RequestException,
    AuthlibBaseError,
    JoseError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
)


@dataclass(frozen=True)
class Platform:
    """What this installation knows of the platform, which knows it as `client_id`; `name` is for people."""

    issuer: str
    client_id: str
    secret: str
    name: str


@dataclass(frozen=True)
class Errand:
    """What a browser keeps while its owner is at the platform, so that only he comes back with the answer."""

    state: str
    nonce: str
    verifier: str
    begun: float


def set_out(platform: Platform, *, back: str) -> tuple[str, dict[str, Any]]:
    """Where to send a browser that shall come back to `back`, and its errand. Raises DomainError."""
    errand = Errand(generate_token(32), generate_token(32), generate_token(48), clock.now().timestamp())
    with _asking(platform, back) as client:
        url, _state = client.create_authorization_url(
            _discover(platform, client)["authorization_endpoint"],
            state=errand.state,
            nonce=errand.nonce,
            code_verifier=errand.verifier,
        )
    return url, asdict(errand)


def come_back(
    platform: Platform, *, back: str, errand: Mapping[str, Any] | None, answer: Mapping[str, str]
) -> Account:
    """The account of who comes back to `back` with the platform's `answer`. Raises DomainError, Forbidden."""
    kept = Errand(**errand) if errand else None
    late = kept is not None and clock.now().timestamp() - kept.begun > PATIENCE
    if kept is None or late or answer.get("state") != kept.state:
        raise DomainError(
            "sign_in_begun_elsewhere",
            N_("This sign-in was begun in another window, or too long ago. Please begin again here."),
        )
    if answer.get("error") or not answer.get("code"):
        raise DomainError(
            "sign_in_given_up",
            N_("%(name)s did not sign you in. Please try again, or sign in with your password."),
            name=platform.name,
        )
    return admit(_claims(platform, back, kept, answer["code"]), platform=platform)


def admit(claims: Mapping[str, Any], *, platform: Platform) -> Account:
    """The one active account with the e-mail address or phone number that the platform has verified.

    Nobody is created. Raises Forbidden.
    """
    known = [accounts.find(login) for login in _verified(claims)]
    found = {account.id: account for account in known if account is not None}
    if len(found) > 1:
        raise Forbidden(
            "sign_in_two_accounts",
            N_(
                "The e-mail address and the phone number at %(name)s belong to two accounts of Linli. Please sign in with your password, and ask your community office to put it right."
            ),
            name=platform.name,
        )
    account = next(iter(found.values()), None)
    if account is None or not account.active:
        raise Forbidden(
            "sign_in_unknown",
            N_(
                "You have signed in at %(name)s, but Linli has no account with the e-mail address or phone number confirmed there. Please ask your community office: it invites you, or corrects what it has written down."
            ),
            name=platform.name,
        )
    return account


def _verified(claims: Mapping[str, Any]) -> list[str]:
    found = []
    for name, has_at in (("email", True), ("phone_number", False)):
        told = claims.get(name)
        if not isinstance(told, str) or claims.get(f"{name}_verified") is not True:
            continue
        # What only looks like somebody's address (another alphabet's K) must not become it in lower case.
        if told.isascii() and told.isprintable() and ("@" in told) is has_at:
            found.append(told)
    return found


def _claims(platform: Platform, back: str, errand: Errand, code: str) -> Mapping[str, Any]:
    """What the platform says of who brought `code`, checked to be its own words, for us, now and for this errand."""
    with _asking(platform, back) as client:
        known = _discover(platform, client)
        if "client_secret_basic" not in known.get("token_endpoint_auth_methods_supported", DEFAULT_METHODS):
            client.token_endpoint_auth_method = "client_secret_post"
        token = client.fetch_token(known["token_endpoint"], code=code, code_verifier=errand.verifier)
        keys = [key for key in _get(client, known["jwks_uri"])["keys"] if key.get("kty") in KINDS_OF_KEY]
        said = jwt.decode(
            token["id_token"],
            KeySet.import_key_set({"keys": keys}),
            registry=JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False),
        )
        claims = CodeIDToken(
            said.claims,
            said.header,
            {
                "iss": {"essential": True, "value": platform.issuer},
                "aud": {"essential": True, "values": [platform.client_id]},
            },
            {
                "nonce": errand.nonce,
                "client_id": platform.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
    return claims


@contextmanager
def _asking(platform: Platform, back: str) -> Iterator[OAuth2Session]:
    """A client for a few questions to the platform. Raises DomainError when it does not answer as it should."""
    try:
        with OAuth2Session(
            platform.client_id,
            platform.secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        ) as client:
            # Each address is the platform's own word; none may send us on to another.
            client.max_redirects = 0
            yield client
    except _BAD_ANSWER as error:
        # Its words may be about somebody: only what kind of failure it was is written down.
        log.warning("sign_in.platform_failed", kind=type(error).__name__)
        raise DomainError(
            "sign_in_platform",
            N_(
                "%(name)s did not answer as it should, so you are not signed in. Please try again in a while, or sign in with your password."
            ),
            name=platform.name,
        ) from error


def _discover(platform: Platform, client: OAuth2Session) -> dict[str, Any]:
    """What the platform says of itself: where to ask what."""
    known = _get(client, f"{platform.issuer.rstrip('/')}/.well-known/openid-configuration")
    if known["issuer"] != platform.issuer:
        raise ValueError("it says to be another")
    scheme = urlsplit(platform.issuer).scheme
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if urlsplit(known[name]).scheme != scheme:
            raise ValueError("an address that is less safe than its own")
    return known


def _get(client: OAuth2Session, url: str) -> Any:
    answer = client.get(url, withhold_token=True)
    answer.raise_for_status()
    return answer.json()

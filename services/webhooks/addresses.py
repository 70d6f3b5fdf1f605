"""Which addresses webhooks may go to: public ones by HTTPS, and nothing inside the network that Linli stands in."""

import re
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import requests

from services.core.errors import N_, DomainError

LONGEST = 500
HTTPS = 443
# What Python takes for public: protocol assignments (where a cloud keeps its metadata), old relays, Azure's metadata.
_NEITHER = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
_NAT64, _UNICAST = IPv6Network("64:ff9b::/96"), IPv6Network("2000::/3")
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")
_INSIDE = re.compile(r"(?:.*\.)?(?:localhost|local|internal|home\.arpa|lan|test|invalid)")


def checked(text: str) -> str:
    """An address as it is kept. Raises DomainError for any that is not HTTPS at a public place.

    What a name stands for is looked at whenever something is sent: it may change.
    """
    try:
        # Chinese host names, spaces and wide digits become what is really called.
        url = requests.Request("POST", text.partition("#")[0]).prepare().url or ""
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or HTTPS
    except (ValueError, requests.RequestException) as error:
        raise _refused() from error
    if not url.isascii() or not url.isprintable() or len(url) > LONGEST:
        raise _refused()
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        raise _refused()
    if port != HTTPS and port < 1024:
        raise DomainError("webhook_port", N_("Webhooks go to port 443, or to one from 1024 on."), field="url")
    if _is_inside(host):
        raise DomainError(
            "webhook_private",
            N_(
                "This address is inside a private network or on this server itself. Webhooks only go to public addresses."
            ),
            field="url",
        )
    if not (_literal(host) or _NAME.fullmatch(host)):
        raise _refused()
    return url


def _refused() -> DomainError:
    return DomainError(
        "webhook_url",
        N_(
            "This is not an address webhooks can go to. It begins with https:// and holds no user name; copy it from the other system."
        ),
        field="url",
    )


def _is_inside(host: str) -> bool:
    """Whether a host by its writing alone is none of the public ones."""
    if literal := _literal(host):
        return not is_public(literal)
    return "." not in host or _INSIDE.fullmatch(host) is not None


def _literal(host: str) -> str | None:
    """The IP address that a host is, also written as 127.1 or 0x7f000001; None for a name."""
    if ":" in host:
        return host
    with suppress(OSError):
        return socket.inet_ntoa(socket.inet_aton(host))
    return None


def is_public(text: str) -> bool:
    """Whether an IP address is of the public Internet, also when it is wrapped in another."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (inner := _wrapped(address)) is not None:
        address = inner
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv6Address):
        return address in _UNICAST
    return not any(address in network for network in _NEITHER)


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)

"""Where webhooks may go: public addresses by HTTPS, in whatever disguise the others come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.errors import DomainError
from services.webhooks import addresses

PRIVATE_HOSTS = (
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "１２７.０.０.１",
    "0.0.0.0",
    "0",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[64:ff9b:1::a00:1]",
    "[fec0::1]",
    "[::127.0.0.1]",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "db.localhost",
    "printer.local",
    "redis",
    "metadata.google.internal",
)


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_nothing_inside_is_an_address_for_webhooks(host):
    with pytest.raises(DomainError) as refused:
        addresses.checked(f"https://{host}/hook")
    assert refused.value.field == "url" and refused.value.code in ("webhook_private", "webhook_url")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "ftp://hooks.example.org/",
        "//hooks.example.org/",
        "hooks.example.org",
        "https://",
        "https:///x",
        "https://me:secret@hooks.example.org/",
        "https://me@hooks.example.org/",
        "https://hooks.example.org:22/",
        "https://hooks.example.org:80/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org:x/",
        "https://[::1/",
        "https://a..b/",
        "https://hooks.example.org/" + "x" * 600,
        "https://hooks.example.org/\r\nX: y",
        "https://127.0.0.1\\@hooks.example.org/",
        "https://hooks.example.org\\@127.0.0.1/",
    ],
)
def test_what_is_no_public_https_address_is_refused(url):
    try:
        kept = addresses.checked(url)
    except DomainError as refused:
        assert refused.field == "url"
    else:
        # What is left is one line, and leads to where it says.
        assert kept.startswith("https://hooks.example.org/") and kept.isprintable()


def test_a_public_address_is_kept_as_it_is_called():
    assert (
        addresses.checked("https://Hooks.example.org:8443/a?b=c#d") == "https://hooks.example.org:8443/a?b=c"
    )
    assert addresses.checked("https://例子.中国/钩").startswith("https://xn--fsqu00a.xn--fiqs8s/%E9")
    assert addresses.checked("https://93.184.215.14/") == "https://93.184.215.14/"
    assert addresses.checked("https://[2606:4700::1111]/") == "https://[2606:4700::1111]/"


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text):
    for url in (text, f"https://{text}", f"https://hooks.example.org/{text}"):
        try:
            kept = addresses.checked(url)
        except DomainError:
            continue
        assert kept.isascii() and kept.isprintable() and addresses.checked(kept) == kept


@given(st.ip_addresses(v=4))
def test_an_address_in_another_is_judged_by_the_inner_one(address):
    public = addresses.is_public(str(address))
    assert addresses.is_public(f"::ffff:{address}") is public
    assert addresses.is_public(f"64:ff9b::{int(address) >> 16:x}:{int(address) & 0xFFFF:x}") is public
    if address.is_private or address.is_multicast or address.is_link_local:
        assert not public


def test_what_is_no_ip_address_is_not_public():
    assert not addresses.is_public("hooks.example.org")
    assert not addresses.is_public("fe80::1%eth0")
    assert addresses.is_public("93.184.215.14") and addresses.is_public("2606:4700::1111")

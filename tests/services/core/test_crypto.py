"""Sealed text opens for its own column under a known key, and nothing else."""

import base64
import os

import pytest

from services.core import crypto

KEYS = {name: base64.b64encode(os.urandom(32)).decode() for name in ("old", "new", "lookup")}


@pytest.fixture(autouse=True)
def ring(app):
    yield
    crypto.configure(app.config["LINLI_KEYS"], app.config["LINLI_LOOKUP_KEY"])


def test_a_new_key_seals_and_the_old_one_still_opens():
    crypto.configure(f"old:{KEYS['old']}", KEYS["lookup"])
    before = crypto.seal("门牌 101", "household.door")
    crypto.configure(f"new:{KEYS['new']},old:{KEYS['old']}", KEYS["lookup"])
    after = crypto.seal("门牌 101", "household.door")
    assert crypto.unseal(before, "household.door") == crypto.unseal(after, "household.door") == "门牌 101"
    assert b"new" in after[:4]


def test_another_column_a_lost_key_and_altered_bytes_do_not_open():
    crypto.configure(f"old:{KEYS['old']}", KEYS["lookup"])
    blob = crypto.seal("secret", "household.door")
    with pytest.raises(crypto.SealError):
        crypto.unseal(blob, "household.phone")
    with pytest.raises(crypto.SealError):
        crypto.unseal(blob[:-1] + bytes([blob[-1] ^ 1]), "household.door")
    crypto.configure(f"new:{KEYS['new']}", KEYS["lookup"])
    with pytest.raises(crypto.SealError):
        crypto.unseal(blob, "household.door")


def test_the_same_text_never_seals_alike_but_always_looks_up_alike():
    crypto.configure(f"old:{KEYS['old']}", KEYS["lookup"])
    assert crypto.seal("a", "t.c") != crypto.seal("a", "t.c")
    assert (
        crypto.lookup_key("phone", "1") == crypto.lookup_key("phone", "1") != crypto.lookup_key("door", "1")
    )


@pytest.mark.parametrize(
    "keys", ["", "old", "old:abc=", f":{KEYS['old']}"], ids=["none", "bare", "short", "nameless"]
)
def test_bad_keys_are_refused(keys):
    with pytest.raises(ValueError):
        crypto.configure(keys, KEYS["lookup"])

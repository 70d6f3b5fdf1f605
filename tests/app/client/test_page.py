"""What docs/api.md tells people to type works, line for line."""

import json
import os
import re
import shlex
import sys
from pathlib import Path

import requests

from app import client
from app.client.command import main

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")
# What prepares a shell: the test has done it.
PREPARES = ("export", "read", "cp", "alias")


def blocks(kind):
    """The examples of a kind, each with what stands behind it."""
    return re.findall(rf"^```{kind} ?(.*)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)


def typed(line):
    """A line of the shell, run here; what it wrote decides whether it worked."""
    words = shlex.split(os.path.expandvars(line))
    if words[0] == "linli":
        assert main(words[1:]) == 0, line
    elif words[0] == "curl":
        flag, header, address = words[1:]
        assert flag == "-H"
        answer = requests.get(address, headers=dict([header.split(": ")]), timeout=30)
        assert answer.ok and answer.json()["items"] == []
    else:
        assert words[0] in PREPARES, line


def test_what_is_typed_into_a_shell(wire, north, secret, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    for name, value in (("ADDRESS", wire.address), ("COMMUNITY", north.code), ("TOKEN", secret)):
        monkeypatch.setenv(f"LINLI_{name}", value)
    for name, text in blocks("json"):
        Path(name).write_text(text, "utf-8")
    lines = [line for _more, block in blocks("sh") for line in block.splitlines()]
    for line in lines:
        typed(line)
        said = capsys.readouterr().out
        if "register_household --body" in line:
            monkeypatch.setenv("HOUSEHOLD", json.loads(said)["id"])
    assert len(lines) > 8 and json.loads(said)["people"] == 2


def test_the_program(wire, north, secret, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "linli", client)
    ((_more, program),) = blocks("python")
    made = {"address": wire.address, "community": north.code, "token": secret}
    exec(program, made)  # noqa: S102
    said = capsys.readouterr().out
    assert "王强" in said and "out_of_range" in said
    assert made["linli"].get(f"households/{made['made']['id']}")["state"] == "moved"

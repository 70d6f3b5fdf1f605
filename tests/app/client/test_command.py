"""The command `linli`."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.client.command import main
from tests.factories import access

CLIENT = Path(__file__).parents[3] / "app" / "client"
NEW = {"name": "李梅", "estate": "枣园北里", "building": "3", "door": "2-101"}


@pytest.fixture
def shell(wire, north, secret, monkeypatch):
    """The environment of somebody who uses the command."""
    known = {"ADDRESS": wire.address, "COMMUNITY": north.code, "TOKEN": secret, "LANGUAGE": "en"}
    for name, value in known.items():
        monkeypatch.setenv(f"LINLI_{name}", value)
    return monkeypatch


@pytest.fixture
def home(tmp_path):
    file = tmp_path / "home.json"
    file.write_text(json.dumps(NEW), "utf-8")
    return str(file)


def test_what_there_is_and_what_it_takes(shell, capsys):
    shell.delenv("LINLI_TOKEN")
    assert (
        main(["operations"]) == main(["show", "register_household"]) == main(["show", "list_households"]) == 0
    )
    told = capsys.readouterr().out
    for part in ("register_household  ", "scope households:write", "building*", "state  "):
        assert part in told


def test_a_call_answers_json_and_a_list_lines_of_it(shell, home, capsys):
    assert main(["call", "register_household", "--body", home]) == 0
    made = json.loads(capsys.readouterr().out)
    assert main(["call", "list_households", "fields=id,name", "limit=1", "--all"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"id": made["id"], "name": "李梅"}
    ]


def test_seen_by_another_is_refused(shell, home, capsys):
    main(["call", "register_household", "--body", home])
    at = "household_id=" + json.loads(capsys.readouterr().out)["id"]
    assert main(["call", "change_household", at, "--body", home, "--if-match", '"old"']) == 1
    assert capsys.readouterr().err.startswith("412 changed: Somebody changed this")


@pytest.mark.parametrize(
    ("arguments", "ends", "told"),
    [
        (["call", "show_household", "household_id=nothing"], 1, "404 not_found"),
        (["call", "list_households", "limit=0"], 1, "  limit out_of_range: "),
        (["call", "show_household"], 2, "needs household_id"),
        (["call", "show_household", "household_id"], 2, "write name=value"),
        (["call", "show_household", "household_id=1", "--all"], 2, "is no list"),
        (["call", "list_households", "--wait"], 2, "no long work"),
        (["call", "wash_household"], 2, "no operation"),
        (["call", "register_household", "--body", "/nowhere"], 2, "/nowhere"),
        (["--address", "http://127.0.0.1:9", "operations"], 3, "127.0.0.1"),
        (["--address", "http://linli.example.org", "operations"], 2, "https"),
        (["--address", "", "operations"], 2, "LINLI_ADDRESS"),
    ],
)
def test_a_refusal_is_a_line_and_an_exit_code(shell, capsys, arguments, ends, told):
    shell.setattr("app.client.client.RESTS", ())
    assert main(arguments) == ends
    said = capsys.readouterr()
    assert told in said.err and not said.out


def test_without_a_token_nothing_is_asked(shell, wire, capsys):
    shell.delenv("LINLI_TOKEN")
    assert main(["call", "list_households"]) == 2
    assert "LINLI_TOKEN" in capsys.readouterr().err and not wire.asked


def test_a_token_that_may_not_is_told_why(app, north, shell, home, capsys):
    shell.setenv("LINLI_TOKEN", access.make_token(app, north, scopes={"households:read"}))
    assert main(["call", "register_household", "--body", home]) == 1
    assert "403 scope" in capsys.readouterr().err


def test_it_may_be_copied_away(shell, tmp_path):
    shutil.copytree(CLIENT, tmp_path / "linli", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "linli", "operations"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "list_households" in done.stdout, done.stderr

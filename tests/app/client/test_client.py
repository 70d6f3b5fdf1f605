"""The Python client: what is asked once happens once, whatever the wire does."""

import uuid

import pytest
import requests
from werkzeug import Request, Response

from app.api import jobs
from app.client import Client, Problem
from services.core import clock

NEW = {"name": "李梅", "estate": "枣园北里", "building": "3", "door": "2-101"}


def test_any_operation_is_called_by_its_name(linli):
    made = linli.call("register_household", NEW)
    at = {"household_id": made["id"]}
    assert linli.call("show_household", **at, fields=["id", "name"]) == {"id": made["id"], "name": "李梅"}
    assert linli.call("change_household", {"people": 2}, **at)["people"] == 2
    assert linli.call("withdraw_consent", **at) is None
    listed = linli.call("list_households", state="active", limit=1)
    assert [row["id"] for row in listed["items"]] == [made["id"]]


@pytest.mark.parametrize(
    ("name", "named", "told"),
    [
        ("wash_household", {}, "no operation wash_household"),
        ("show_household", {}, "needs household_id"),
        ("list_households", {"colour": "red"}, "takes no colour; it takes .*state"),
    ],
)
def test_what_is_not_in_the_document_is_not_sent(linli, wire, name, named, told):
    with pytest.raises(ValueError, match=told):
        linli.call(name, **named)
    assert [path for _method, path, _key in wire.asked] == ["/api/v1/openapi.json"]


def test_no_parameter_is_named_as_the_clients_own(linli):
    own = {"operation", "body", "file", "idempotency_key", "if_match"}
    assert not own & {line.name for one in linli.operations.values() for line in one.parameters}


def test_a_lost_answer_is_asked_for_again_with_the_same_key(linli, wire):
    wire.faults = ["lost", "503 Service Unavailable", "429 Too Many Requests"]
    made = linli.post("households", NEW)
    assert len({key for _method, _path, key in wire.asked}) == 1 and len(wire.asked) == 4
    assert wire.rests[1:] == [7, 7]
    assert [row["id"] for row in linli.every("households")] == [made["id"]]


def test_two_posts_are_two(linli):
    linli.post("households", NEW)
    linli.post("households", {**NEW, "door": "2-102"}, idempotency_key="ours")
    linli.post("households", {**NEW, "door": "2-102"}, idempotency_key="ours")
    assert len(list(linli.every("households"))) == 2


def test_a_change_whose_answer_is_lost_is_not_repeated_blindly(linli, wire):
    home = linli.post("households", NEW)
    wire.asked.clear()
    wire.faults = ["", "lost"]
    with pytest.raises(requests.ConnectionError):
        linli.change(f"households/{home['id']}", {"people": 3})
    assert [method for method, _path, _key in wire.asked] == ["GET", "PATCH"]


def test_it_does_not_try_for_ever(linli, wire):
    wire.faults = ["502 Bad Gateway"] * 9
    with pytest.raises(Problem) as told:
        linli.get("households")
    assert told.value.code == "http_502" and len(wire.asked) == 4


def test_somebody_elses_change_in_between_is_looked_at(linli):
    home = linli.post("households", {**NEW, "people": 2})
    path, others = f"households/{home['id']}", iter([5, None])

    def one_more(seen):
        if other := next(others):
            linli.change(path, {"people": other})
        return {"people": seen["people"] + 1}

    assert linli.change(path, one_more)["people"] == 6
    others = iter([1, 3])
    with pytest.raises(Problem) as told:
        linli.change(path, one_more)
    assert (told.value.status, told.value.code) == (412, "changed")


def test_every_row_comes_once(linli):
    made = [linli.post("households", {**NEW, "door": f"1-{n}"})["id"] for n in range(5)]
    assert [row["id"] for row in linli.every("households", limit=2, fields=["id"])] == made[::-1]


def test_a_refusal_says_what_and_where(linli):
    with pytest.raises(Problem) as told:
        linli.post("households", {"name": "", "building": "3", "door": "1"})
    refusal = told.value
    assert (refusal.status, refusal.code) == (422, "invalid")
    assert refusal.errors == [
        {"pointer": "#/name", "code": "required", "detail": "Please fill this in."},
    ]
    assert uuid.UUID(refusal.instance.removeprefix("urn:uuid:"))


def test_another_communitys_token_opens_nothing(wire, south, secret):
    with pytest.raises(Problem) as told:
        wire.client(south, secret).get("households")
    assert told.value.status == 401


def test_a_token_goes_over_no_open_wire(north, secret):
    with pytest.raises(ValueError, match="https"):
        Client("http://linli.example.org", north.code, secret)


@pytest.fixture
def work(monkeypatch):
    """Long work that is a step further at each look."""
    steps = iter([("running", 1), ("running", 1), ("running", 2), ("done", 3)])

    def show(job_id):
        state, done = next(steps)
        return jobs.Job("stub", job_id, state, clock.now(), done=done, total=3)

    monkeypatch.setitem(jobs.KINDS, "stub", jobs.Kind(show))
    return {"kind": "stub", "id": str(uuid.uuid4()), "state": "waiting", "done": 0}


def test_long_work_is_waited_for(linli, wire, work):
    seen = [(job["state"], job["done"]) for job in linli.wait(work)]
    assert seen[0] == ("waiting", 0) and seen[-1] == ("done", 3) and ("running", 2) in seen
    assert wire.rests == [1.0] * 4


def test_what_is_no_work_is_not_waited_for(linli):
    with pytest.raises(ValueError, match="no long work"):
        next(linli.wait({"id": "1"}))


def test_a_file_goes_up_and_comes_back(north, tmp_path, wire):
    @Request.application
    def mirror(request):
        return Response(request.files["file"].read() + request.form["kind"].encode(), mimetype="text/csv")

    file = tmp_path / "a.csv"
    file.write_bytes("姓名\n".encode("gb18030"))
    wire.app = mirror
    back = wire.client(north, "").upload("imports", file, kind="household")
    assert back == file.read_bytes() + b"household" and wire.asked[0][2]

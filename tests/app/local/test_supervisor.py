"""The supervisor: what dies is started again, what is wrong is said, nothing outlives its parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.local.console import StartError
from app.local.processes import MARK, Child, end_marked, mark_of
from app.local.supervisor import Address, free_address, revivals


def child(tmp_path: Path, *command: str) -> Child:
    return Child(
        "piece",
        list(command),
        tmp_path / "piece.log",
        {"PATH": os.defpath, MARK: mark_of(tmp_path)},
        tmp_path,
    )


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running(pid)


def test_a_dead_child_is_started_again_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    piece = child(tmp_path, "sleep", "1000")
    piece.start()
    assert piece.process is not None
    first = piece.process.pid
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 10
    for _ in revivals([piece]):
        if piece.alive() and piece.process.pid != first:
            break
        assert time.monotonic() < deadline
        time.sleep(0.01)
    piece.stop()
    assert not piece.alive()
    assert capsys.readouterr().out.count("piece ended unexpectedly; starting it again in 0.5 s") == 1


def test_a_child_that_will_not_end_is_killed_with_its_group(tmp_path: Path) -> None:
    piece = child(tmp_path, "sh", "-c", "trap '' TERM; sleep 1000 & echo $! > grandchild; wait; wait")
    piece.patience = 0.1
    piece.start()
    note = tmp_path / "grandchild"
    while not (note.exists() and note.read_text().strip()):
        time.sleep(0.01)
    piece.stop()
    assert piece.process is not None
    assert not running(piece.process.pid)
    wait_until_gone(int(note.read_text()))


def test_what_lost_its_supervisor_is_found_by_its_mark_and_nothing_else_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "other").mkdir()
    sleepers = {
        name: subprocess.Popen(["sleep", "1000"], env={"PATH": os.defpath, MARK: mark_of(tmp_path / name)})
        for name in ("mine", "other")
    }
    try:
        end_marked(tmp_path / "mine")
        assert sleepers["mine"].wait(10) == -signal.SIGKILL
        assert sleepers["other"].poll() is None
    finally:
        sleepers["other"].kill()
        sleepers["other"].wait()


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from app.local.processes import Child\n"
        "here = Path(sys.argv[1])\n"
        "piece = Child('piece', ['sleep', '1000'], here / 'log', {'PATH': '/usr/bin:/bin'}, here)\n"
        "piece.start(); print(piece.process.pid, flush=True); time.sleep(1000)"
    )
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", program, tmp_path], cwd=root, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert running(pid)
        parent.kill()
    wait_until_gone(pid)


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(StartError, match=f"Port {port} .*PORT=8001 make run"):
            free_address({"PORT": port})
    assert free_address({"PORT": port}) == Address("127.0.0.1", int(port))


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０００"])
def test_a_wrong_port_is_named(port: str) -> None:
    with pytest.raises(StartError, match="PORT must be a number from 1 to 65535"):
        free_address({"PORT": port})


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:80"), ("::", "http://[::1]:80"), ("example", "http://example:80")],
)
def test_the_printed_address_can_be_opened(host: str, url: str) -> None:
    assert Address(host, 80).url == url

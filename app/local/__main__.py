"""`python -m app.local run`: start everything on this machine."""

import argparse
import sys

from app.local.supervisor import run


def main() -> int:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m app.local", description="Run Linli on this machine.")
    parser.add_argument("command", choices=["run"], help="start the servers, web, worker and sweeper")
    parser.parse_args()
    return run()


if __name__ == "__main__":
    sys.exit(main())

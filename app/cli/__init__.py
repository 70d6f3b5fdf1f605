"""The `flask` commands: what staff do on pages, for scripts and for the first start."""

from flask import Flask

from app.cli import sweep

COMMANDS = (sweep.sweep,)


def init(app: Flask) -> None:
    """Put every command on `flask`."""
    for command in COMMANDS:
        app.cli.add_command(command)

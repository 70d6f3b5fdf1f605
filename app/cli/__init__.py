"""The `flask` commands: what staff do on pages, for scripts and for the first start."""

import click
from flask import Flask
from flask.cli import AppGroup

from app.cli import api, communities, demo, ledgers, pairings, people, sweep

# "group verb" makes `flask group verb`.
COMMANDS = (
    sweep.sweep,
    communities.add,
    people.add_admin,
    people.add_official,
    ledgers.bring_in,
    pairings.run,
    pairings.publish,
    demo.load,
    demo.sign_ins,
    api.document,
)


def init(app: Flask) -> None:
    """Put every command on `flask`."""
    for command in COMMANDS:
        group, _, verb = (command.name or "").rpartition(" ")
        _group(app.cli, group).add_command(command, verb)


def _group(parent: click.Group, name: str) -> click.Group:
    if not name:
        return parent
    if name not in parent.commands:
        parent.add_command(AppGroup(name))
    made = parent.commands[name]
    assert isinstance(made, click.Group)
    return made

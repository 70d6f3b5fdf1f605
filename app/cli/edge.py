"""What every command shares: a declared permission, one transaction, refusals as one clear line."""

import functools
from collections.abc import Callable
from typing import Any

import click
from flask.cli import with_appcontext

from app import queue
from services.communities import regions
from services.core import permissions, scope
from services.core.actor import Actor
from services.core.db import transaction
from services.core.errors import DomainError, NotFound

# Commands act for the office whose machine it is: whoever can start them can read the database's password.
OPERATOR = frozenset({"operator", "system", "admin", "staff"})


def command(name: str, *, permission: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A `flask` command that declares its permission, commits when it returns and rolls back when it refuses."""
    permissions.PERMISSIONS[permission]

    def declare(body: Callable[..., Any]) -> click.Command:
        @functools.wraps(body)
        def run(*args: Any, **kwargs: Any) -> None:
            try:
                with transaction():
                    body(*args, **kwargs)
            except DomainError as error:
                raise click.ClickException(error.message % error.params) from error
            queue.ring_all()

        made = click.command(name)(with_appcontext(run))
        made.__permission__ = permission  # type: ignore[attr-defined]
        return made

    return declare


def office(code: str) -> Actor:
    """The actor of a command in the community `code`, whose rows the session serves from now on. Raises ClickException."""
    try:
        community = regions.community_by_code(code)
    except NotFound as error:
        raise click.ClickException(f"There is no community with the code {code}.") from error
    scope.enter(community.id)
    return Actor(None, community.id, OPERATOR)

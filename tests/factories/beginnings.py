"""What the database of a test holds when it begins: nothing, one community, two, or two full ones. Made once for all."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.orm import make_transient_to_detached

from services.core.db import db
from services.followups import plans
from services.people.models import Account
from tests.factories import full, world

Make = Callable[[Flask], dict[str, full.Full]]


@dataclass
class Beginning:
    """A database that tests begin with and leave as it is, and who is in it."""

    engine: Engine
    held: dict[str, full.Full] = field(default_factory=dict)

    def there(self, code: str) -> full.Full:
        """A community of it, for one test: what that does to the accounts at hand, the next does not see."""
        known = self.held[code]
        accounts = {role: _again(account) for role, account in known.place.accounts.items()}
        place = world.Place(known.place.id, code, known.place.region_id, accounts)
        return full.Full(place, list(known.links))


def begin(app: Flask, database: str, make: Make) -> Beginning:
    """Make a beginning in an empty database."""
    with app.app_context():
        engines = db.engines
    usual = engines[None]
    usual.connect().close()
    engine = create_engine(usual.url.set(database=database), hide_parameters=True)
    # A statement that was compiled for one of the databases is known for all.
    engine.dialect, engine._compiled_cache = usual.dialect, usual._compiled_cache
    engines[None] = engine
    try:
        return Beginning(engine, make(app))
    finally:
        engines[None] = usual


def north(app: Flask) -> dict[str, full.Full]:
    """A community with an office."""
    with app.app_context():
        return {"north": full.Full(world.make_place("north"))}


def both(app: Flask) -> dict[str, full.Full]:
    """Two of them."""
    with app.app_context():
        return {code: full.Full(world.make_place(code)) for code in ("north", "south")}


def filled(app: Flask) -> dict[str, full.Full]:
    """Two with one of everything."""
    made = both(app)
    for code in reversed(made):
        with world.inside(app, made[code].place):
            made[code] = full.fill(made[code].place)
            # A community's plans become its own when somebody first looks at them.
            plans.all_plans(made[code].place.actor("admin"))
    return made


def _again(account: Account) -> Account:
    again = Account(**{one.key: getattr(account, one.key) for one in inspect(Account).column_attrs})
    make_transient_to_detached(again)
    return again

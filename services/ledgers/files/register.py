"""The kinds of files there are, in the order in which they refer to each other."""

from services.ledgers.files.households import HOUSEHOLDS
from services.ledgers.files.kinds import Kind
from services.ledgers.files.needs import NEEDS
from services.ledgers.files.pledges import PLEDGES
from services.ledgers.files.units import UNITS
from services.ledgers.files.visits import VISITS
from services.ledgers.files.volunteers import VOLUNTEERS

_ALL = (HOUSEHOLDS, VOLUNTEERS, UNITS, PLEDGES, NEEDS, VISITS)
KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}
# An import of Linli's own file is told by its kind from one of an office's ledger.
PREFIX = "file:"


def of_import(kind: str) -> Kind | None:
    """The kind of Linli's own file that an import is of, or None for an office's ledger."""
    return KINDS.get(kind.removeprefix(PREFIX)) if kind.startswith(PREFIX) else None

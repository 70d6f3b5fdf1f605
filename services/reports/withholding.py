"""Which counts of a table must not be told, so that no small one can be read or worked out.

A count of 1 to SMALL is withheld. So is, beside it, as little else as it takes: from the sums that readers know,
no withheld count may follow by adding and subtracting, and those withheld together in one sum leave each other
room. Zero is told: it is nobody. docs/decisions/roll-up.md says why.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

SMALL = 10

Cell = Hashable
Equation = dict[Cell, Fraction]


@dataclass(frozen=True)
class Sum:
    """What every reader knows: `total` is the sum of `parts`."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Parts and total."""
        return (*self.parts, self.total)


def withheld(values: Mapping[Cell, int], sums: Sequence[Sum]) -> frozenset[Cell]:
    """The cells of `values` not to be told. The same counts always give the same answer."""
    hidden = {cell for cell, value in values.items() if 0 < value <= SMALL}
    while True:
        for one in sums:
            _cover(one, values, hidden)
        if all(_covered(one, values, hidden) for one in sums):
            found = determined(sums, hidden)
            if not found:
                return frozenset(hidden)
            near = [cell for one in sums if not found.isdisjoint(one.cells) for cell in one.cells]
            hidden.add(_smallest(near, values, hidden) or _smallest(values, values, hidden))


def _cover(one: Sum, values: Mapping[Cell, int], hidden: set[Cell]) -> None:
    while not _covered(one, values, hidden):
        hidden.add(_smallest(one.parts, values, hidden) or one.total)


def _covered(one: Sum, values: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """True when the sum gives none of its withheld cells away."""
    inside = [cell for cell in one.parts if cell in hidden]
    if one.total in hidden:
        return bool(inside)
    # Were the others as small as can be, each could still be anything up to SMALL.
    return not inside or (len(inside) > 1 and sum(values[cell] for cell in inside) >= SMALL + len(inside) - 1)


def _smallest(cells: Iterable[Cell], values: Mapping[Cell, int], hidden: set[Cell]) -> Cell | None:
    told = (cell for cell in cells if values[cell] and cell not in hidden)
    return min(told, key=lambda cell: values[cell], default=None)


def determined(sums: Sequence[Sum], hidden: set[Cell]) -> set[Cell]:
    """The withheld cells that some combination of the sums gives, were every total told to the last one."""
    rows: dict[Cell, Equation] = {}
    for one in sums:
        row = {cell: Fraction(1) for cell in one.parts if cell in hidden}
        if one.total in hidden:
            row[one.total] = Fraction(-1)
        for pivot in [cell for cell in row if cell in rows]:
            _subtract(row, rows[pivot], pivot)
        if row:
            pivot = next(iter(row))
            row = {cell: factor / row[pivot] for cell, factor in row.items()}
            for other in [held for held in rows.values() if pivot in held]:
                _subtract(other, row, pivot)
            rows[pivot] = row
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _subtract(row: Equation, other: Equation, pivot: Cell) -> None:
    """Take `other` out of `row` as often as clears `pivot` from it."""
    times = row[pivot]
    for cell, factor in other.items():
        left = row.get(cell, Fraction(0)) - times * factor
        row[cell] = left
        if not left:
            del row[cell]

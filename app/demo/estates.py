"""Where the demo's buildings stand: rows of houses on a plane in metres, so that distance means something."""

from random import Random

from services.communities import regions
from services.core.actor import Actor

# Between two houses of a row, between two rows, between two estates.
APART, ROWS, ESTATES = 55, 48, 420
IN_A_ROW = 5


def place_buildings(actor: Actor, seed: int) -> None:
    """Give every building of the community that has none its place; the same for the same seed."""
    random = Random(seed)
    estates = list(dict.fromkeys(building.estate for building in regions.buildings()))
    for building in regions.buildings():
        column, row = divmod(estates.index(building.estate), 2)
        number = int(building.number) - 1 if building.number.isdigit() else random.randrange(12)
        x = ESTATES * column + APART * (number % IN_A_ROW) + random.uniform(-6, 6)
        y = ESTATES * row + ROWS * (number // IN_A_ROW) + random.uniform(-6, 6)
        regions.place_building(actor, building_id=building.id, x=round(x, 1), y=round(y, 1))

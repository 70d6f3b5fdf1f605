"""`python -m matching.ready`: compile the engine once and keep it on disk, so that nobody waits for that at a click."""

from matching.candidates import candidates
from matching.check import check
from matching.live import Edge, Live
from matching.model import Helper, Household, Need
from matching.solve import solve


def warm() -> None:
    """Call everything that is compiled, on a handful of made-up people; fast when it is on disk already."""
    helpers = [Helper(id=f"v{j}", skills={"cook": 1}, position=(j, 0.0), reach_m=100) for j in range(3)]
    homes = [
        Household(id=f"h{h}", needs=(Need("cook", urgency=1 + h % 5),), places=1 + h % 3, position=(0.0, h))
        for h in range(6)
    ]
    for some in (helpers, [*helpers, *(Helper(id=f"w{j}", skills={"cook": 1}, places=3) for j in range(9))]):
        table = candidates(some, homes)
        check(table, solve(table))
    live = Live(table)
    live.add_household("new", 3, 1, [Edge("v0", 9, 5)])
    live.add_helper("new", 1, [Edge("h0", 9, 5)])
    live.forbid("v0", "new")
    live.lock("new", "h0")
    live.add_room("v1")
    live.remove_helper("v1")
    live.remove_household("h1")


if __name__ == "__main__":
    warm()

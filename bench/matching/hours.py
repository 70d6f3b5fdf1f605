"""Our hours layer on a table: what it takes, and the gap it leaves.

python -m bench.matching.hours TABLE.npz
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from bench.matching import instance, peer
from matching.hours import within_hours

TIMES = 3


def main() -> None:
    """Measure after a warm-up, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path)
    path = parser.parse_args().table
    table, stored = instance.read_candidates(path), peer.read(path)
    half_hours, hours = stored.pair_half_hours.astype(np.int32), stored.helper_hours.astype(np.int32)
    within_hours(table, half_hours, hours, steps=1)
    seconds = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        found = within_hours(table, half_hours, hours)
        seconds.append(time.perf_counter() - begin)
    told = {
        "seconds": seconds,
        "paired": found.rows.size,
        "score": found.totals.score,
        "gap": found.gap,
        "proven": found.proven,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()

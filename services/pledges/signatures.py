"""A signature drawn on a screen: strokes of points on a plane of 1000 × 400, kept as text and shown as a path."""

import json

from services.core.errors import N_, DomainError

WIDTH, HEIGHT = 1000, 400
MOST_POINTS = 4000

Strokes = list[list[tuple[int, int]]]


def read(text: str) -> Strokes:
    """The strokes a browser sent as JSON `[[[x, y], …], …]`. Raises DomainError for anything else, or for a mere dot."""
    refusal = DomainError(
        "signature", N_("The signature could not be read. Please draw it again."), field="strokes"
    )
    try:
        drawn = json.loads(text[: MOST_POINTS * 16])
        strokes = [[(int(x), int(y)) for x, y in stroke] for stroke in drawn]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise refusal from error
    points = [point for stroke in strokes for point in stroke]
    if not 3 <= len(points) <= MOST_POINTS or not all(
        0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points
    ):
        raise refusal
    return strokes


def path(text: str) -> str:
    """Stored strokes as the `d` of an SVG path."""
    return " ".join("M" + " L".join(f"{x} {y}" for x, y in stroke) for stroke in read(text) if stroke)

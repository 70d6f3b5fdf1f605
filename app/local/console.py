"""What the person at the terminal reads: progress lines, and refusals that say what to do."""


class StartError(Exception):
    """Linli cannot start; the text says why and what to do about it."""


def say(text: str) -> None:
    """Print one progress line at once, also when the output is a pipe."""
    print(text, flush=True)

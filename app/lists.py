"""Lists whose filters stand in the address while what names people is posted."""

import uuid
from collections.abc import Callable, Mapping

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

_ANY = uuid.UUID(int=0)


def asked(names: Mapping[str, str]) -> dict[str, str]:
    """What the address asks for of each filter: `names` says what each means when it is not there."""
    return {name: request.args.get(name, "").strip() or usual for name, usual in names.items()}


def address(names: Mapping[str, str], values: Mapping[str, str], after: str | None = None) -> str:
    """The address of the list with these filters, from a cursor on; what is usual is left out."""
    chosen = {name: values[name] for name, usual in names.items() if values[name] not in ("", usual)}
    return url_for(request.endpoint or "", after=after, **chosen)  # type: ignore[arg-type]


def addresses(endpoint: str, name: str, **more: str) -> Callable[[object], str]:
    """The addresses of the rows of a list by their id, the view's argument `name`: made once, then each id takes its turn in it."""
    begin, end = url_for(endpoint, **{name: _ANY}, **more).split(str(_ANY))  # type: ignore[arg-type]
    return lambda row_id: f"{begin}{row_id}{end}"


def moved(names: Mapping[str, str]) -> Response | None:
    """Where a sent form belongs when it names other filters than its address: to the address that has them, with what was typed."""
    if request.method != "POST":
        return None
    sent = {
        name: request.form.get(name, asked(names)[name]).strip() or usual for name, usual in names.items()
    }
    if not request.form.get("text", "").strip():
        return redirect(address(names, sent), 303)
    # 307: the browser sends the same form once more, so that nothing of it stands in the address.
    return redirect(address(names, sent), 307) if sent != asked(names) else None

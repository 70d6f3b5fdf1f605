"""Lists whose filters stand in the address while what names people is posted."""

from collections.abc import Mapping

from flask import redirect, request, url_for
from werkzeug.wrappers import Response


def asked(names: Mapping[str, str]) -> dict[str, str]:
    """What the address asks for of each filter: `names` says what each means when it is not there."""
    return {name: request.args.get(name, "").strip() or usual for name, usual in names.items()}


def address(names: Mapping[str, str], values: Mapping[str, str], after: str | None = None) -> str:
    """The address of the list with these filters, from a cursor on; what is usual is left out."""
    chosen = {name: values[name] for name, usual in names.items() if values[name] not in ("", usual)}
    return url_for(request.endpoint or "", after=after, **chosen)  # type: ignore[arg-type]


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

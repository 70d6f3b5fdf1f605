"""The parts that stand in every row of a page, as functions: a template's macro takes several times as long."""

from functools import cache

from flask import Flask
from markupsafe import Markup, escape

from app import lists

# The same for everybody and in every process: nothing that a request could change.
_STATIC = "/static/"
_SHEET = f"{_STATIC}vendor/lucide-static-1.62.0/icons.svg"
_MARKS = {
    "good": "circle-check",
    "wait": "hourglass",
    "warn": "triangle-alert",
    "bad": "circle-x",
    "info": "info",
}


def init(app: Flask) -> None:
    """Give them to templates: `static` everywhere, the others through their macros' files."""
    app.jinja_env.globals |= {
        "static": static,
        "draw_icon": icon,
        "draw_badge": badge,
        "draw_tick": tick,
        "addresses": lists.addresses,
    }


def static(name: str) -> str:
    """The address of a static file."""
    return _STATIC + name


@cache
def icon(name: str) -> Markup:
    """A drawing beside words; `name` is a symbol of the sheet."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        _SHEET, name
    )


def badge(text: str, tone: str = "plain", icon_name: str = "") -> Markup:
    """A state in words with an icon, never colour alone. `tone`: plain, good, wait, warn, bad, info."""
    mark = icon(icon_name or _MARKS.get(tone, "circle-dot"))
    return Markup(f'<span class="state tone-{escape(tone)}">{mark}{escape(text)}</span>')


def tick(row_id: object, name: str, choose: str) -> Markup:
    """The cell in which a row of a list is ticked; `choose` is the column's heading."""
    return Markup(
        f'<td data-label="{escape(choose)}"><label class="row-tick"><input class="form-check-input" type="checkbox" '
        f'form="many" name="id" value="{escape(row_id)}" aria-label="{escape(name)}"></label></td>'
    )

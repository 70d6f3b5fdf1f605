"""Papers as PDF: a layout of this folder, filled with data. What people have written is only ever data, never markup."""

import json
from pathlib import Path
from typing import Any

import typst
from flask import Response
from flask_babel import get_locale

HERE = Path(__file__).parent
# One weight with every Chinese character it has, so that no name prints as a box; nothing of this machine.
FONTS = typst.Fonts(
    include_system_fonts=False,
    include_embedded_fonts=False,
    font_paths=[HERE.parent / "static" / "vendor" / "noto-sans-sc-0.4.3"],
)


def inputs(data: dict[str, Any]) -> dict[str, str]:
    """What a layout reads: the data as JSON, with the language it is written in."""
    language = "zh" if str(get_locale()) == "zh_Hans" else "en"
    return {"data": json.dumps({"lang": language, **data})}


def pdf(layout: str, data: dict[str, Any]) -> bytes:
    """The paper `layout` (a file of this folder without its ending) filled with `data`."""
    path = HERE / f"{layout}.typ"
    made = typst.compile(path, root=HERE, font_paths=FONTS, sys_inputs=inputs(data), pdf_standards="ua-1")
    assert isinstance(made, bytes)
    return made


def answer(layout: str, data: dict[str, Any], *, filename: str) -> Response:
    """The paper as a file to keep; `filename` names no person."""
    return Response(
        pdf(layout, data),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )

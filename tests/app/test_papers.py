"""Papers: what people wrote is printed as it is, and every paper can be made."""

import json

import pytest
import typst

from app import papers

STRANGE = '#panic("x") *a* _b_ $c$ [d] <e> @f \\ `g` // h /* 刘䶮 𬍛'
TEXTS = (
    "title lead place number name says hours visits qr_alt how_to address seal office day foot "
    "reached nothing how thanks remark about dates"
)
LIST = {"title": STRANGE, "columns": [STRANGE] * 3, "nothing": STRANGE}
DATA = dict.fromkeys(TEXTS.split(), STRANGE) | {
    "qr": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "columns": [STRANGE] * 4,
    "rows": [[STRANGE] * 4] * 40,
    "got": LIST | {"rows": [[STRANGE] * 3] * 3},
    "themes": LIST | {"rows": [[STRANGE] * 3] * 3},
    "steps": LIST | {"rows": [[True, STRANGE, STRANGE]]},
    "missing": LIST | {"rows": [[STRANGE] * 2]},
    "units": LIST | {"rows": [STRANGE]},
    "tables": [
        {
            "title": STRANGE,
            "columns": [STRANGE] * 2,
            "rows": [{"name": STRANGE, "means": STRANGE, "number": 7}],
        }
    ],
}


@pytest.mark.parametrize("layout", ["certificate", "month", "impact", "poster"])
def test_what_people_wrote_is_no_markup_on_paper(app, layout):
    with app.test_request_context():
        assert papers.pdf(layout, DATA).startswith(b"%PDF-")
        found = typst.query(
            papers.HERE / f"{layout}.typ",
            "heading",
            field="body",
            root=papers.HERE,
            font_paths=papers.FONTS,
            sys_inputs=papers.inputs(DATA),
        )
    assert {text["text"] for text in json.loads(found)} == {STRANGE}


def test_a_layout_reaches_no_file_but_the_layouts(app):
    with pytest.raises(typst.TypstError):
        typst.compile(b'#read("../config.py")', root=papers.HERE, font_paths=papers.FONTS)

"""Taking Linli's records out as a file: which kind, what sort of file, and what of it is sealed."""

import tempfile

from flask import g, render_template, request, send_file
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.ledgers import words
from app.ledgers.blueprint import Page, bp
from app.ledgers.schemas import ExportSchema
from services.communities import regions
from services.ledgers.files import exports, writing
from services.ledgers.files.exports import Export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/export", methods=["GET", "POST"])
@allow("ledgers.export")
def export() -> Page:
    """Choose what to take out; the answer to the form is the file."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            data = forms.read(ExportSchema)
            made = exports.export(
                g.actor, kind=data["kind"], sealed=data["sealed"], reason=data["reason"] or "", say=_
            )
            return as_file(made, data["form"])
    form = request.form or request.args
    return render_template(
        "ledgers/export.html", form=form, errors=errors, words=words
    ), 422 if errors else 200


def as_file(made: Export, form: str = "xlsx") -> Page:
    """The answer that is the file; `form` is one of words.FORMS. Its rows go by way of the disk, however many there are."""
    ending, encoding = words.FORMS[form][0]
    name = f"{g.community.code}-{made.kind.key}-{regions.today(g.community.id).isoformat()}.{ending}"
    # Nameless and gone with the answer.
    buffer = tempfile.TemporaryFile()  # noqa: SIM115 the answer closes it
    writing.write(made.rows, buffer, ending=ending, encoding=encoding, name=_(made.kind.label))
    buffer.seek(0)
    mimetype = XLSX if ending == "xlsx" else f"text/csv; charset={encoding.removesuffix('-sig')}"
    return send_file(buffer, mimetype=mimetype, as_attachment=True, download_name=name)

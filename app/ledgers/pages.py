"""Bringing an office's ledger in: the list of imports, the upload, and what each column holds."""

import uuid
from collections.abc import Mapping

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import forms
from app.auth import allow
from app.ledgers import exports, previews, words
from app.ledgers.blueprint import Page, bp
from app.ledgers.schemas import ReadAgainSchema
from services.core.errors import N_, DomainError
from services.ledgers import background, columns, layout, uploads
from services.ledgers.files.register import of_import
from services.ledgers.uploads import Opened
from services.people import accounts

SAMPLES = 3
# The second half of the way has a file of its own, and so has the way out.
__all__ = ["bp", "exports", "previews"]


@bp.get("/")
@allow("ledgers.import")
def index() -> Page:
    """The files that were brought in, and what came of them."""
    page = uploads.imports(g.actor, after=request.args.get("after"))
    names = accounts.names({row.uploaded_by for row in page.rows if row.uploaded_by})
    return render_template("ledgers/index.html", page=page, names=names, words=words)


@bp.route("/upload", methods=["GET", "POST"])
@allow("ledgers.import")
def upload() -> Page:
    """Choose a file; nothing is imported yet."""
    errors: forms.Errors = {}
    if request.method == "POST":
        with forms.collect(errors):
            file = request.files.get("file")
            if file is None or not file.filename:
                raise DomainError("file", N_("Please choose a file."), field="file")
            try:
                row = uploads.upload(g.actor, data=file.read(), filename=file.filename)
            except DomainError as error:
                raise DomainError(error.code, error.message, field="file", **error.params) from error
            if of_import(row.kind):
                # Its columns say themselves what they hold.
                background.ask_reading(g.actor, import_id=row.id)
                return redirect(url_for("ledgers.preview", import_id=row.id))
            return redirect(url_for("ledgers.choose", import_id=row.id))
    return render_template("ledgers/upload.html", errors=errors), 422 if errors else 200


@bp.route("/<uuid:import_id>/columns", methods=["GET", "POST"])
@allow("ledgers.import")
def choose(import_id: uuid.UUID) -> Page:
    """What each column was understood as; correct it."""
    errors: forms.Errors = {}
    row = uploads.get_own(g.actor, import_id)
    if row.state not in uploads.OPEN or of_import(row.kind):
        return redirect(url_for("ledgers.preview", import_id=import_id))
    opened = uploads.open_upload(g.actor, import_id=import_id)
    if request.method == "POST":
        with forms.collect(errors):
            uploads.choose_columns(g.actor, import_id=import_id, fields=_chosen(opened, request.form))
            background.ask_reading(g.actor, import_id=import_id)
            return redirect(url_for("ledgers.preview", import_id=import_id))
        opened = uploads.open_upload(g.actor, import_id=import_id)
    return _columns_page(opened, errors), 422 if errors else 200


@bp.post("/<uuid:import_id>/read-again")
@allow("ledgers.import")
def read_again(import_id: uuid.UUID) -> Page:
    """Read the file as another kind of ledger, from another sheet, or with its titles in another row."""
    errors: forms.Errors = {}
    if of_import(uploads.get_own(g.actor, import_id).kind):
        return redirect(url_for("ledgers.preview", import_id=import_id))
    with forms.collect(errors):
        data = forms.read(ReadAgainSchema)
        uploads.read_again(g.actor, import_id=import_id, **{**data, "sheet": data["sheet"] or 0})
        flash(_("The file was read again."), "success")
        return redirect(url_for("ledgers.choose", import_id=import_id))
    return _columns_page(uploads.open_upload(g.actor, import_id=import_id), errors), 422


@bp.post("/<uuid:import_id>/remove")
@allow("ledgers.import")
def remove(import_id: uuid.UUID) -> Page:
    """Remove the file without importing it."""
    uploads.give_up(g.actor, import_id=import_id)
    flash(_("The file is removed. Nothing was imported."))
    return redirect(url_for("ledgers.index"))


def _chosen(opened: Opened, form: Mapping[str, str]) -> dict[int, str]:
    chosen = {one.position: form.get(f"column-{one.position}", "") for one in opened.columns}
    return {position: field for position, field in chosen.items() if field}


def _columns_page(opened: Opened, errors: forms.Errors) -> str:
    guess = layout.guess_at(opened.sheet, opened.layout.header_row - 1, opened.layout.kind)
    shown = layout.without_ids(opened.sheet, opened.layout)
    body = shown.rows[opened.layout.header_row :]
    held = []
    for position, title in enumerate(guess.titles):
        samples = list(dict.fromkeys(row[position] for row in body if row[position]))[:SAMPLES]
        field = request.form.get(f"column-{position}") if "column-0" in request.form else None
        field = opened.layout.fields.get(position, "") if field is None else field
        if not title and not samples and not field:
            continue
        certain = guess.confidence.get(position, 0) if guess.layout.fields.get(position) == field else None
        locked = columns.names_id_numbers(title)
        held.append(
            {
                "position": position,
                "letter": columns.letter(position),
                "title": title,
                "samples": samples,
                "field": columns.ID_NUMBER if locked else field,
                "certain": certain,
                "locked": locked,
            }
        )
    fields = [(name, _(field.label)) for name, field in columns.FIELDS[opened.layout.kind].items()]
    missing = columns.missing(opened.layout.kind, opened.layout.fields)
    return render_template(
        "ledgers/columns.html",
        opened=opened,
        held=held,
        fields=fields,
        missing=[_(columns.FIELDS[opened.layout.kind][name].label) for name in missing],
        errors=errors,
        words=words,
        form=request.form,
        first_rows=shown.rows[: opened.layout.header_row + 2],
    )

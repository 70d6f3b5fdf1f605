"""`flask ledgers import`: an office's spreadsheet, as by its page."""

from pathlib import Path

import click

from app.cli.edge import command, office
from services.ledgers import columns, imports, steps, uploads
from services.ledgers.imports import Preview
from services.ledgers.issues import ERROR


@command("ledgers import", permission="ledgers.import")
@click.argument("code")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--kind", type=click.Choice(list(columns.FIELDS)), help="What the file is; recognised when left out."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
def bring_in(code: str, file: Path, kind: str | None, dry_run: bool) -> None:
    """Import FILE into the community CODE: everything the file allows, in one transaction."""
    actor, data = office(code), file.read_bytes()
    found, index, layout = uploads.look(data, file.name, kind)
    seen = imports.preview(actor, found[index], layout)
    _say_refused(seen)
    if dry_run:
        _say_counts(seen.kind, seen.counts)
        click.echo("Nothing was imported.")
        return
    row = uploads.upload(actor, data=data, filename=file.name, kind=kind)
    done = imports.bring_in(actor, import_id=row.id, digest=seen.digest)
    _say_counts(done.kind, done.counts)


def _say_refused(seen: Preview) -> None:
    for issue in seen.issues:
        if issue.severity == ERROR:
            text, values = issue.message()
            click.echo(f"row {issue.row}, column {issue.letter or '-'}: {text % values}")


def _say_counts(kind: str, counts: dict[str, int]) -> None:
    parts = ", ".join(f"{counts[name]} {name}" for name in steps.OUTCOMES)
    click.echo(f"{kind}: {counts['rows']} rows: {parts}; {counts['warned']} to check")

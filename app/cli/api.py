"""`flask api …`: what other programs are told about Linli."""

from pathlib import Path

import click
from flask import current_app

from app.api.document import as_file
from app.cli.edge import command


@command("api document", permission="public")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default="docs/openapi.json")
def document(file: Path) -> None:
    """Write the OpenAPI document to FILE (docs/openapi.json when left out)."""
    file.write_bytes(as_file(current_app))

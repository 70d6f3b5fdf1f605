"""The document is valid, and its committed copy is the one that is made."""

from pathlib import Path

from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from app.api.document import document

COPY = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_the_committed_copy_is_the_document(app, tmp_path):
    made = tmp_path / "openapi.json"
    done = app.test_cli_runner().invoke(args=["api", "document", str(made)])
    assert done.exit_code == 0, done.output
    assert made.read_bytes() == COPY.read_bytes(), "flask api document"


def test_it_is_openapi(app):
    told = [
        f"{error.instance_path}: {error.message}" for error in OPENAPI_31_VALIDATOR.iter_errors(document(app))
    ]
    assert not told


def test_every_operation_has_a_name_of_its_own(app):
    names = [
        one["operationId"]
        for some in document(app)["paths"].values()
        for name, one in some.items()
        if name != "parameters"
    ]
    assert len(names) == len(set(names)) > 15

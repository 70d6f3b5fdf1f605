"""Whatever a program sends by the document, or against it: no failure, no status and no shape that the document does not tell.

Few cases here; `python -m bench.api cases` tries a hundred thousand.
"""

import os
import random
import re
import warnings
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import NonInteractiveExampleWarning
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from services.core.db import Base, CommunityRow, db
from services.core.permissions import PERMISSIONS
from tests.app.witness import undone
from tests.factories import access, full, world

# How many cases of each operation and role, and in how many runs with another chance each.
EACH, RUNS = (int(number) for number in os.environ.get("LINLI_API_CASES", "1x1").split("x"))
ROLES = [role for role in full.ROLES if role != "official"]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Where a parameter is not named for its table.
TABLES = {"run": "matching_run", "import": "ledger_import", "person": "unit_person", "step": "milestone"}

warnings.simplefilter("ignore", NonInteractiveExampleWarning)


def known(app, place):
    """The id of a row of each table."""
    with world.inside(app, place):
        kinds = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, CommunityRow)]
        rows = {kind.__tablename__: db.session.scalars(select(kind.id)).first() for kind in kinds}
    return {table: str(row) for table, row in rows.items() if row}


def aim(case: Case, place: world.Place, ids: dict[str, str], chance: random.Random) -> None:
    """Have a case reach something: this community, mostly rows that are there, a change of whatever is seen."""
    case.path_parameters["community"] = place.code
    for name in case.path_parameters:
        table = re.sub("_id$", "", name)
        row = ids.get(TABLES.get(table, table))
        if row and chance.random() < 0.8:
            case.path_parameters[name] = row
    if "If-Match" in case.headers and chance.random() < 0.8:
        case.headers["If-Match"] = "*"
    if isinstance(case.body, dict):
        for name in case.body:
            row = ids.get(re.sub("_id$", "", name)) if name.endswith("_id") else None
            if row and chance.random() < 0.8:
                case.body[name] = row


@pytest.mark.parametrize("run", range(RUNS))
@pytest.mark.parametrize("role", ROLES)
def test_whatever_is_sent(app, full_places, role, run):
    here, _other = full_places
    ids, chance, told = known(app, here.place), random.Random(f"{role} {run}"), Counter()
    secret = {"Authorization": f"Bearer {access.make_token(app, here.place, role)}"}
    for found in schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app).get_all_operations():
        operation = found.ok()
        if role not in PERMISSIONS[operation.definition.raw["x-permission"]]:
            continue

        @seed(run)
        @settings(
            max_examples=EACH,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def tries(case):
            aim(case, here.place, ids, chance)
            with undone(app):
                answer = case.call(headers=secret)
                told[answer.status_code] += 1
                case.validate_response(answer, checks=CHECKS, headers=secret)

        tries()
    print(role, run, dict(told))
    assert told

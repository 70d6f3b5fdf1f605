"""`flask pairings run` and `flask pairings publish`."""

from sqlalchemy import select

from services.core.db import db
from services.pairings.models import MatchingRun, Proposal
from tests.factories import pairings, world


def test_run_and_publish(app, north):
    with world.inside(app, north):
        pairings.make_couple(north)
    call = app.test_cli_runner()
    computed = call.invoke(args=["pairings", "run", "north"])
    assert computed.exit_code == 0, computed.output
    assert "1 of 1 households helped" in computed.output
    with world.inside(app, north):
        assert db.session.scalars(select(MatchingRun)).one().state == "done"
    published = call.invoke(args=["pairings", "publish", "north"])
    assert "1 proposals published" in published.output
    with world.inside(app, north):
        assert db.session.scalars(select(Proposal)).one().state == "published"


def test_refusals_are_one_clear_line(app, north):
    call = app.test_cli_runner()
    for arguments in (["run", "nowhere"], ["publish", "north"], ["publish", "north", str(world.some_id())]):
        refused = call.invoke(args=["pairings", *arguments])
        assert refused.exit_code == 1
        assert "Traceback" not in refused.output and "Error:" in refused.output

"""Plans that recurred by months become rules, and come back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from app import create_app
from services.core.db import db
from tests import conftest

# Any rule can be written; months can say only some of them.
RULES = {
    "once": ("", None),
    "monthly": ("FREQ=MONTHLY", 1),
    "half": ("FREQ=MONTHLY;INTERVAL=6", 6),
    "yearly": ("FREQ=YEARLY;INTERVAL=2", 24),
    "weekly": ("FREQ=WEEKLY;INTERVAL=2", 1),
}


@pytest.fixture
def bare(worker_name):
    """An application as the owner of a database of its own, where its tables hide nothing from it."""
    name = f"linli_months_{worker_name}"
    conftest._make_database(name)
    with create_app(conftest.settings(name, role="OWNER")).app_context():
        upgrade()
        yield
        db.engine.dispose()
    conftest._drop_database(name)


def seen(column):
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE plan NO FORCE ROW LEVEL SECURITY"))
        rows = connection.execute(text(f"SELECT code, {column} FROM plan")).all()
        connection.execute(text("ALTER TABLE plan FORCE ROW LEVEL SECURITY"))
    return {row[0]: row[1] for row in rows}


def test_there_and_back(bare):
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE plan NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text("ALTER TABLE plan DROP CONSTRAINT fk_plan_community_id"))
        for code, (rule, _months) in RULES.items():
            connection.execute(
                text(
                    "INSERT INTO plan (community_id, id, code, name, name_en, subject_kind, event, after_days, rule, on_holiday, "
                    "owner, remind_days, late_days, late_to, active, created_at) VALUES (1, gen_random_uuid(), :code, 'a', 'a', 'a', "
                    "'a', 3, :rule, 'next', 'staff', 1, 2, 'deputy', true, now())"
                ),
                {"code": code, "rule": rule},
            )
        connection.execute(text("ALTER TABLE plan FORCE ROW LEVEL SECURITY"))
    downgrade(revision="0012_matching")
    assert seen("every_months") == {code: months for code, (_rule, months) in RULES.items()}
    upgrade()
    assert seen("rule") == {
        "once": "",
        "monthly": "FREQ=MONTHLY",
        "half": "FREQ=MONTHLY;INTERVAL=6",
        "yearly": "FREQ=MONTHLY;INTERVAL=24",
        "weekly": "FREQ=MONTHLY",
    }

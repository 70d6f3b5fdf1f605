"""Loads a community from its office's own ledgers, as staff would: upload, look, import."""

from pathlib import Path
from random import Random

from sqlalchemy import select

from app.demo.filling import give_accounts
from app.demo.people import Members
from services.core.actor import Actor
from services.core.db import db
from services.households import needs, registration
from services.ledgers import imports, uploads
from services.ledgers.models import LedgerImport
from services.pledges.models import UnitPerson
from services.volunteers import profiles
from services.volunteers.models import Volunteer

FOLDER = Path(__file__).parent / "zaoyuan"
FILES = ("困难户台账.xlsx", "志愿者登记表.csv", "共建单位认捐表.xlsx")


def import_ledger(actor: Actor, path: Path) -> LedgerImport:
    """Import a ledger as it stands, whatever the preview says of single rows; its result tells them."""
    row = uploads.upload(actor, data=path.read_bytes(), filename=path.name)
    opened = uploads.open_upload(actor, import_id=row.id)
    seen = imports.preview(actor, opened.sheet, opened.layout)
    return imports.bring_in(actor, import_id=row.id, digest=seen.digest)


def sign_people_in(members: Members, seed: int) -> None:
    """Give the people of the sign-in list, and most helpers, an account."""
    give_accounts(members, _helpers(), Random(seed))
    agreed = registration.consented({one.id for one in registration.active()})
    waiting = dict.fromkeys(need.household_id for need in needs.open_needs())
    homes = {one.id: one for one in registration.active() if one.id in agreed}
    in_need = [homes[one] for one in waiting if one in homes]
    people = db.session.scalars(select(UnitPerson).order_by(UnitPerson.id)).all()
    for role, rows in (("resident", in_need), ("unit", people)):
        for login, row in zip(members.listed(role), rows, strict=False):
            members.give_account(row, role, login)


def _helpers() -> list[Volunteer]:
    """All helpers; the one with most skills and the ablest party member first, as on the sign-in list."""
    helpers = profiles.active()
    skills = profiles.skills_of({one.id for one in helpers})

    def ability(one: Volunteer) -> int:
        return len(skills.get(one.id, {})) + one.places

    others = [one for one in helpers if one.party != "party_member"]
    first = [max(others, key=ability), max(set(helpers) - set(others), key=ability)]
    return first + [one for one in helpers if one not in first]

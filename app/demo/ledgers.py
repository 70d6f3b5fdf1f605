"""Loads a community from its office's own ledgers, as staff would: upload, look, import."""

from datetime import date
from pathlib import Path
from random import Random

from sqlalchemy import select

from app.demo.filling import give_accounts
from app.demo.people import Members
from services.core.actor import Actor
from services.core.db import db
from services.households import registration
from services.households.models import Household
from services.ledgers import imports, uploads
from services.ledgers.models import LedgerImport
from services.pairings import results
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
    """Give the people of the sign-in list, and most helpers, an account.

    The list's volunteer and household are two whom a matching run will pair, so that whoever publishes one can answer
    it from both sides; the party member is proposed to somebody as well.
    """
    couples = _couples(members.today)
    helper, household = next(couple for couple in couples if couple[0].party != "party_member")
    party = next(one for one, _ in couples if one.party == "party_member")
    first = [helper, party]
    give_accounts(members, first + [one for one in profiles.active() if one not in first], Random(seed))
    members.give_account(household, "resident", *members.listed("resident"))
    person = db.session.scalars(select(UnitPerson).order_by(UnitPerson.id).limit(1)).one()
    members.give_account(person, "unit", *members.listed("unit"))


def _couples(today: date) -> list[tuple[Volunteer, Household]]:
    """Who would be paired today; nothing is written."""
    found = results.solve_all(today)
    helpers = {str(one.id): one for one in profiles.active()}
    households = {str(one.id): one for one in registration.active()}
    return [(helpers[helper_id], households[household_id]) for helper_id, household_id, _ in found.pairs]

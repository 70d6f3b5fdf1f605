"""Co-building units and the people who speak for them."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from services.communities import regions
from services.communities.catalogue import BENEFIT_KINDS, UNIT_KINDS
from services.core import audit, locks, paging, permissions
from services.core.actor import Actor
from services.core.db import db, new_id
from services.core.errors import N_, Conflict, DomainError, NotFound
from services.core.free_text import without_id_numbers
from services.people import accounts, invitations
from services.people.models import Account, Token
from services.pledges.models import Unit, UnitPerson
from services.volunteers.models import Volunteer

KINDS = tuple(term.code for term in UNIT_KINDS)
HOPES = tuple(term.code for term in BENEFIT_KINDS)
# In a unit with fewer people who sign in, a number of volunteers says who they are.
TELLING = 4


def add_unit(
    actor: Actor,
    *,
    name: str,
    kind: str,
    area: str = "",
    hopes: Sequence[str] = (),
    wish: str = "",
    row_id: uuid.UUID | None = None,
) -> Unit:
    """Add a unit; `kind` and `hopes` are codes of the catalogue, `row_id` the number it comes with from a file.

    Raises Forbidden, DomainError for a name that is taken."""
    permissions.require(actor, "pledges.allocate")
    _check(name, kind, area, wish, hopes)
    unit = Unit(name=name.strip(), kind=kind, area=area, hopes=list(hopes), wish=wish, state="active")
    unit.id = row_id or new_id()
    db.session.add(unit)
    db.session.flush()
    audit.record(actor, "unit.added", "unit", unit.id, unit_kind=kind)
    return unit


def update_unit(
    actor: Actor,
    *,
    unit_id: uuid.UUID,
    name: str | None = None,
    kind: str | None = None,
    area: str | None = None,
    hopes: Sequence[str] | None = None,
    wish: str | None = None,
) -> Unit:
    """Change what is known of a unit; what is not said stays. Raises Forbidden, NotFound, DomainError."""
    permissions.require(actor, "pledges.allocate")
    unit = locks.lock(Unit, unit_id)
    name, kind = unit.name if name is None else name, unit.kind if kind is None else kind
    area, wish = unit.area if area is None else area, unit.wish if wish is None else wish
    hopes = unit.hopes if hopes is None else hopes
    _check(name, kind, area, wish, hopes, own=unit.id)
    unit.name, unit.kind, unit.wish = name.strip(), kind, wish
    unit.area, unit.hopes = area, list(hopes)
    db.session.flush()
    audit.record(actor, "unit.changed", "unit", unit.id, unit_kind=kind)
    return unit


def _check(
    name: str, kind: str, area: str, wish: str, hopes: Sequence[str], own: uuid.UUID | None = None
) -> None:
    if not name.strip():
        raise DomainError("name", N_("Please write the unit's name."), field="name")
    for field, written in (("name", name), ("area", area), ("wish", wish)):
        without_id_numbers(written, field=field)
    if not set(hopes) <= set(HOPES):
        raise DomainError("hopes", N_("Please choose from the list."), field="hopes")
    if kind not in KINDS:
        raise DomainError("kind", N_("Please choose one of the list."), field="kind")
    other = find_unit(name)
    if other and other.id != own:
        raise DomainError(
            "name_taken",
            N_(
                "There is already a unit of this name. Open that one, or add to the name what tells the two apart."
            ),
            field="name",
        )


def find_unit(name: str) -> Unit | None:
    """The unit of this community with exactly that name, or None."""
    return db.session.scalars(select(Unit).where(Unit.name == name.strip())).one_or_none()


def get_unit(actor: Actor, unit_id: uuid.UUID) -> Unit:
    """A unit, for the office or its own people. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.offer")
    unit = locks.get(Unit, unit_id)
    check_own(actor, unit.id)
    return unit


def page(actor: Actor, *, after: str | None = None, limit: int = 50) -> paging.Page[Unit]:
    """The community's units, the newest first, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    return paging.newest_first(select(Unit), Unit.id, after=after, limit=limit)


def all_units(actor: Actor) -> Sequence[Unit]:
    """Every unit of the community by name, for the office. Raises Forbidden."""
    permissions.require(actor, "pledges.read")
    return db.session.scalars(select(Unit).order_by(Unit.name)).all()


def own_unit(actor: Actor) -> Unit | None:
    """The unit the actor speaks for, or None. Raises Forbidden."""
    permissions.require(actor, "pledges.own")
    if actor.account_id is None:
        return None
    person = person_of(actor.account_id)
    return locks.get(Unit, person.unit_id) if person else None


def own(actor: Actor) -> Unit:
    """The unit the actor speaks for. Raises Forbidden, NotFound for somebody who speaks for none."""
    unit = own_unit(actor)
    if unit is None:
        raise NotFound()
    return unit


def check_own(actor: Actor, unit_id: uuid.UUID) -> None:
    """Raise NotFound for a unit's person who asks about another unit; the office may ask about any."""
    if actor.has("staff", "admin"):
        return
    if own(actor).id != unit_id:
        raise NotFound()


def person_of(account_id: uuid.UUID) -> UnitPerson | None:
    """The unit's person behind an account, or None."""
    return db.session.scalars(select(UnitPerson).where(UnitPerson.account_id == account_id)).one_or_none()


def add_person(actor: Actor, *, unit_id: uuid.UUID, name: str, phone: str | None = None) -> UnitPerson:
    """Add somebody who speaks for a unit, as the office or as the unit itself. The same name and phone twice gives the same person.

    Raises Forbidden, NotFound, DomainError for what is no phone.
    """
    permissions.require(actor, "pledges.offer")
    unit = locks.get(Unit, unit_id)
    check_own(actor, unit.id)
    if not name.strip():
        raise DomainError("name", N_("Please fill this in."), field="name")
    without_id_numbers(name, field="name")
    normal = accounts.normal_phone(phone) if phone else None
    key = accounts.phone_key(normal) if normal else None
    found = db.session.scalars(
        select(UnitPerson).where(
            UnitPerson.unit_id == unit.id,
            UnitPerson.name == name.strip(),
            UnitPerson.phone_key.is_not_distinct_from(key),
        )
    ).first()
    if found:
        return found
    person = UnitPerson(unit_id=unit.id, name=name.strip(), phone=normal, phone_key=key)
    db.session.add(person)
    db.session.flush()
    audit.record(actor, "unit_person.added", "unit_person", person.id)
    return person


def remove_person(actor: Actor, *, person_id: uuid.UUID) -> UnitPerson:
    """Take somebody off his unit; he sees nothing of it any more. Returns who it was.

    Raises Forbidden, NotFound, DomainError for a unit's person who would remove himself.
    """
    permissions.require(actor, "pledges.offer")
    person = locks.lock(UnitPerson, person_id)
    check_own(actor, person.unit_id)
    if person.account_id is not None and person.account_id == actor.account_id:
        raise DomainError("yourself", N_("You cannot remove yourself. Ask a colleague or the community."))
    db.session.delete(person)
    db.session.flush()
    audit.record(actor, "unit_person.removed", "unit_person", person_id)
    return person


def people_of(actor: Actor, unit_id: uuid.UUID) -> Sequence[UnitPerson]:
    """Who speaks for a unit, by name, for the office or the unit itself. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.offer")
    check_own(actor, unit_id)
    return db.session.scalars(
        select(UnitPerson).where(UnitPerson.unit_id == unit_id).order_by(UnitPerson.name, UnitPerson.id)
    ).all()


def get_person(actor: Actor, person_id: uuid.UUID) -> UnitPerson:
    """Somebody who speaks for a unit, for the office or the unit itself. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.offer")
    person = locks.get(UnitPerson, person_id)
    check_own(actor, person.unit_id)
    return person


def accounts_of(unit_id: uuid.UUID) -> list[uuid.UUID]:
    """The accounts that speak for a unit."""
    statement = select(UnitPerson.account_id).where(
        UnitPerson.unit_id == unit_id, UnitPerson.account_id.is_not(None)
    )
    return [account_id for account_id in db.session.scalars(statement) if account_id]


def helpers_among(actor: Actor, *, unit_id: uuid.UUID) -> tuple[bool, int | None]:
    """Whether the actor is a volunteer of this community too, and how many of the unit's people are.

    The number is kept back (None) in a unit so small that it would point at somebody. Raises Forbidden, NotFound.
    """
    permissions.require(actor, "pledges.own")
    check_own(actor, unit_id)
    accounts_here = set(accounts_of(unit_id))
    helping = set(
        db.session.scalars(
            select(Volunteer.account_id).where(
                Volunteer.account_id.in_(accounts_here), Volunteer.state == "active"
            )
        )
    )
    return actor.account_id in helping, len(helping) if len(accounts_here) >= TELLING else None


def reveal_phone(actor: Actor, *, person_id: uuid.UUID) -> str:
    """A unit person's phone; the look is on record before the answer leaves. Raises Forbidden, NotFound."""
    permissions.require(actor, "pledges.read")
    person = locks.get(UnitPerson, person_id)
    audit.record(actor, "unit_person.revealed", "unit_person", person.id, field="phone")
    return person.phone or ""


def invite_person(actor: Actor, *, person_id: uuid.UUID) -> str:
    """A link's secret by which a unit's person opens an account, from the office or a colleague.

    Raises Forbidden, NotFound, Conflict.
    """
    permissions.require(actor, "pledges.offer")
    person = locks.lock(UnitPerson, person_id)
    check_own(actor, person.unit_id)
    if person.account_id:
        raise Conflict("has_account", N_("This person can sign in already."))
    audit.record(actor, "unit_person.invited", "unit_person", person.id)
    return invitations.invite(actor, role="unit", subject_kind="unit_person", subject_id=person.id)


def invited(secret: str) -> tuple[Token, UnitPerson, Unit]:
    """The invitation behind a secret, the person it is for and his unit. Raises DomainError, NotFound."""
    token = invitations.look_up(secret, role="unit")
    person = locks.lock(UnitPerson, token.subject_id)
    return token, person, locks.get(Unit, person.unit_id)


def join(actor: Actor, *, secret: str, name: str, login: str, password: str, language: str) -> Account:
    """The invited person opens an account (or signs in to his own) and speaks for his unit from now on.

    Raises DomainError, Forbidden for a wrong password of an account that exists, Conflict.
    """
    token, person, _unit = invited(secret)
    if person.account_id:
        raise Conflict("has_account", N_("This person can sign in already."))
    account = invitations.accept(
        actor,
        token=token,
        role="unit",
        name=name,
        login=login,
        password=password,
        language=language,
        day=regions.today(actor.community_id),
    )
    if person_of(account.id):
        raise DomainError(
            "other_unit",
            N_(
                "This account already speaks for a unit of this community. Use another account, or end that one first on the unit's page."
            ),
            field="login",
        )
    person.account_id = account.id
    db.session.flush()
    return account

"""Who may do what, as one table; what is not in it is refused.

Roles: applicant (registered as a helper and waiting for the office), volunteer, resident (a household's own
account), unit (a co-building unit's person), staff, admin (a community's administrator), official (street or district), operator (runs the installation), guest
(no sign-in, perhaps a one-time link) and system (jobs). Being let in here is the first half: whose rows a
volunteer, resident or unit may touch is decided by the service function, which looks at the row.
"""

from services.core.actor import Actor
from services.core.errors import Forbidden

ROLES = ("applicant", "volunteer", "resident", "unit", "staff", "admin", "official", "operator")

_EVERYBODY = frozenset({"guest", "signed_in", "system", *ROLES})
_SIGNED_IN = frozenset(ROLES)
_OFFICE = frozenset({"staff", "admin"})
_ADMIN = frozenset({"admin"})

PERMISSIONS: dict[str, frozenset[str]] = {
    "public": _EVERYBODY,
    "signed_in": _SIGNED_IN,
    # Before a community is chosen an account has no role yet.
    "signed_in_anywhere": _SIGNED_IN | {"signed_in"},
    "communities.create": frozenset({"operator", "system"}),
    "communities.settings": _ADMIN,
    "people.members": _ADMIN,
    "people.invite": _OFFICE,
    "messages.read_own": _SIGNED_IN,
    "messages.outbox": _OFFICE,
    "messages.send": frozenset({"system"}),
    "followups.plans": _OFFICE,
    "followups.read": _OFFICE | {"volunteer"},
    "followups.act": _OFFICE | {"volunteer"},
    "followups.hand_over": _OFFICE,
    "followups.sweep": frozenset({"system"}),
    "volunteers.register_self": _SIGNED_IN | {"guest"},
    "volunteers.own": frozenset({"volunteer", "applicant"}),
    "volunteers.read": _OFFICE,
    "volunteers.write": _OFFICE,
    "households.read": _OFFICE,
    "households.write": _OFFICE,
    "households.reveal": _OFFICE | {"volunteer"},
    "households.own": frozenset({"resident"}),
    "pairings.run": _OFFICE | {"system"},
    "pairings.decide": _OFFICE,
    "pairings.read": _OFFICE,
    "pairings.answer": _OFFICE | {"volunteer", "resident", "guest"},
    "pairings.find": frozenset({"volunteer"}),
    "pairings.own": frozenset({"volunteer", "resident"}),
    "pairings.end": _OFFICE,
    "visits.note": _OFFICE | {"volunteer"},
    "visits.confirm": _OFFICE | {"volunteer", "resident", "guest"},
    "visits.read": _OFFICE,
    "visits.review": _OFFICE,
    "visits.own": frozenset({"volunteer", "resident"}),
    "visits.see": _OFFICE | {"volunteer", "resident"},
    "visits.certify": _OFFICE | {"volunteer"},
    "pledges.read": _OFFICE,
    "pledges.own": frozenset({"unit"}),
    "pledges.offer": _OFFICE | {"unit"},
    "pledges.allocate": _OFFICE,
    "pledges.projects": _OFFICE,
    "pledges.sign": _OFFICE | {"resident", "guest"},
    "pledges.look": frozenset({"system"}),
    "wishes.manage": _OFFICE,
    "wishes.claim": frozenset({"volunteer", "unit"}),
    "wishes.own": frozenset({"resident"}),
    "wishes.remind": frozenset({"system"}),
    "ledgers.import": _OFFICE,
    "ledgers.export": _OFFICE,
    "ledgers.work": frozenset({"system"}),
    "register.read": _OFFICE,
    "register.merge": _OFFICE,
    "reports.community": _OFFICE,
    "reports.region": frozenset({"official", "operator"}),
    "reports.roll_up": frozenset({"system"}),
    "access.own": _SIGNED_IN,
    "access.all": _ADMIN,
    "webhooks.manage": _ADMIN,
    "webhooks.send": frozenset({"system"}),
    "audit.read": _ADMIN,
}


def allowed(actor: Actor, permission: str) -> bool:
    """True when one of the actor's roles is let in by `permission`. Raises KeyError for an unknown one."""
    return bool(actor.roles & PERMISSIONS[permission])


def require(actor: Actor, permission: str) -> None:
    """Raise Forbidden unless `actor` holds a role that `permission` lets in."""
    if not allowed(actor, permission):
        raise Forbidden()


# Who sees which class of a household's personal data: by role, and for a volunteer by the state of the
# pairing. "standing_in" is who does a helper's duty there today in his place. "recent" is the week after a pairing ended; after it the data is masked again.
# A class in VISIBLE is shown; one in REVEALABLE is masked until it is revealed, which is audited.
VISIBLE: dict[tuple[str, str], frozenset[str]] = {
    ("staff", "any"): frozenset({"name", "place"}),
    ("admin", "any"): frozenset({"name", "place"}),
    ("resident", "own"): frozenset({"name", "place", "contact", "door", "sensitive"}),
    ("volunteer", "none"): frozenset(),
    # An open need he could meet, in a household that agreed to being matched.
    ("volunteer", "open"): frozenset({"place"}),
    ("volunteer", "proposed"): frozenset({"place"}),
    ("volunteer", "living"): frozenset({"name", "place"}),
    ("volunteer", "standing_in"): frozenset({"name", "place"}),
    ("volunteer", "recent"): frozenset({"name", "place"}),
    ("volunteer", "ended"): frozenset({"place"}),
}
REVEALABLE: dict[tuple[str, str], frozenset[str]] = {
    ("staff", "any"): frozenset({"contact", "door", "sensitive"}),
    ("admin", "any"): frozenset({"contact", "door", "sensitive"}),
    ("volunteer", "living"): frozenset({"contact", "door"}),
    ("volunteer", "standing_in"): frozenset({"contact", "door"}),
    ("volunteer", "recent"): frozenset({"contact", "door"}),
}


def visible(role: str, relation: str) -> frozenset[str]:
    """Classes of personal data shown at once to `role` in `relation`; unknown pairs see nothing."""
    return VISIBLE.get((role, relation), frozenset())


def revealable(role: str, relation: str) -> frozenset[str]:
    """Classes `role` in `relation` may reveal one by one, each leaving an audit row."""
    return REVEALABLE.get((role, relation), frozenset())

"""What each role may see and do, in plain words, read off the permission tables."""

from dataclasses import dataclass

from services.core import permissions
from services.core.errors import N_

AREAS = {
    "": N_("For everybody"),
    "communities": N_("Community"),
    "people": N_("People who sign in"),
    "messages": N_("Messages"),
    "followups": N_("Follow-ups"),
    "volunteers": N_("Volunteers"),
    "households": N_("Households"),
    "pairings": N_("Pairings"),
    "visits": N_("Visits"),
    "pledges": N_("Units and pledges"),
    "wishes": N_("Small wishes"),
    "ledgers": N_("Ledgers"),
    "register": N_("The register"),
    "reports": N_("Figures"),
    "webhooks": N_("Webhooks"),
    "access": N_("Tokens for programs"),
    "audit": N_("Who did what"),
}
# One phrase for each row of the permission table.
PHRASES = {
    "public": N_("Sees the pages before the sign-in"),
    "signed_in": N_("Sees the own first page in the community"),
    "signed_in_anywhere": N_("Keeps the own account: password, language, big text"),
    "communities.create": N_("Sets up communities and regions"),
    "communities.settings": N_("Changes the community's settings, word lists and texts"),
    "people.members": N_("Sees who belongs to the community; gives and ends roles"),
    "people.invite": N_("Invites volunteers, households and units to sign in"),
    "messages.read_own": N_("Reads the own messages"),
    "messages.outbox": N_("Sees which messages the community sent and whether they arrived"),
    "messages.send": N_("Sends the messages that are due"),
    "followups.plans": N_("Changes the plans that follow-ups are made from"),
    "followups.read": N_("Sees follow-ups; a volunteer only the own ones"),
    "followups.act": N_("Does or postpones a follow-up; a volunteer only the own ones"),
    "followups.hand_over": N_("Hands follow-ups over to somebody else"),
    "followups.sweep": N_("Makes follow-ups when they are due"),
    "volunteers.register_self": N_("Registers as a volunteer"),
    "volunteers.own": N_("Sees and changes the own volunteer's profile"),
    "volunteers.read": N_("Sees the volunteers' profiles"),
    "volunteers.write": N_("Adds, approves and changes volunteers"),
    "households.read": N_("Sees the households and their needs"),
    "households.write": N_("Registers and changes households and needs"),
    "households.reveal": N_("Reveals masked data with a reason; a volunteer only while paired"),
    "households.own": N_("Sees the own household and asks for help"),
    "pairings.run": N_("Lets Linli match helpers with households"),
    "pairings.decide": N_("Publishes, changes and drops proposals"),
    "pairings.read": N_("Sees all proposals and pairings"),
    "pairings.answer": N_("Answers a proposal; others than the office only the own ones"),
    "pairings.find": N_("Looks for households that fit, sees the building only, and offers help"),
    "pairings.own": N_("Sees the own proposals and pairings"),
    "pairings.end": N_("Ends a pairing"),
    "visits.note": N_("Writes down a visit; a volunteer only the own ones"),
    "visits.confirm": N_("Confirms or disputes a visit; others than the office only the own ones"),
    "visits.read": N_("Sees all visits"),
    "visits.review": N_("Looks into visits that seem odd"),
    "visits.certify": N_("Takes a certificate of confirmed hours; a volunteer only of the own ones"),
    "visits.own": N_("Sees the own visits and hours"),
    "visits.see": N_("Opens a single visit; others than the office only the own ones"),
    "pledges.read": N_("Sees all units and their pledges"),
    "pledges.own": N_("Sees the own unit's pledges and what became of them"),
    "pledges.offer": N_("Offers and withdraws pledges; a unit only its own"),
    "pledges.allocate": N_("Assigns pledges to needs and projects"),
    "pledges.projects": N_("Sets up projects, ticks their steps and publishes them"),
    "pledges.sign": N_("Signs that something was handed over; a household only what it received"),
    "pledges.look": N_("Asks the office about pledges that end"),
    "wishes.manage": N_("Looks at households' small wishes, hands over and closes them"),
    "wishes.claim": N_("Sees small wishes without whose they are, and takes them on"),
    "wishes.own": N_("Wishes for something small for the own household"),
    "wishes.remind": N_("Reminds who has taken on a small wish"),
    "ledgers.import": N_("Imports the office's ledgers"),
    "ledgers.export": N_("Takes the community's records out as a file"),
    "ledgers.work": N_("Reads and imports ledgers in the background, and deletes old uploads"),
    "register.read": N_("Finds people in the register, and files that may be the same person's"),
    "register.merge": N_("Puts two files of one person together, and takes that back"),
    "reports.community": N_("Sees the community's figures and what waits for the office"),
    "reports.region": N_("Sees figures of a street or district, never people"),
    "reports.roll_up": N_("Counts the figures for street and district"),
    "webhooks.manage": N_("Chooses which other systems hear of what happens"),
    "webhooks.send": N_("Sends the webhooks that are due"),
    "access.own": N_("Makes tokens by which programs act in the own name"),
    "access.all": N_("Sees everybody's tokens and switches them off"),
    "audit.read": N_("Reads who did and looked at what"),
}
CLASSES = {
    "name": N_("Name"),
    "place": N_("Building and entrance"),
    "contact": N_("Phone and e-mail"),
    "door": N_("Door"),
    "sensitive": N_("Birthday, categories, health and notes"),
}
RELATIONS = {
    "any": N_("always"),
    "own": N_("the own household"),
    "none": N_("before anything is proposed"),
    "open": N_("of an open need that would fit"),
    "proposed": N_("while a proposal waits"),
    "living": N_("while paired"),
    "standing_in": N_("while standing in for the helper"),
    "recent": N_("the week after the pairing"),
    "ended": N_("afterwards"),
}
ROLE_ORDER = permissions.ROLES


@dataclass(frozen=True)
class Area:
    """An area's permissions: a phrase, and for each role of ROLE_ORDER whether it is let in."""

    label: str
    rows: list[tuple[str, list[bool]]]


def areas() -> list[Area]:
    """What each role may do, area by area; what only the product itself does is left out."""
    found = {code: Area(label, []) for code, label in AREAS.items()}
    for permission, roles in permissions.PERMISSIONS.items():
        area = permission.partition(".")[0] if "." in permission else ""
        if roles.intersection(ROLE_ORDER):
            found[area].rows.append((PHRASES[permission], [role in roles for role in ROLE_ORDER]))
    return [area for area in found.values() if area.rows]


def sight() -> list[tuple[str, str, list[str]]]:
    """Of a household's data: role, when, and for each class of CLASSES "sees", "reveals" or "never"."""
    keys = list(permissions.VISIBLE)
    told = {role for role, _relation in keys}
    keys += [(role, "any") for role in ROLE_ORDER if role not in told]
    return [(role, relation, [_sees(role, relation, kind) for kind in CLASSES]) for role, relation in keys]


def _sees(role: str, relation: str, kind: str) -> str:
    if kind in permissions.visible(role, relation):
        return "sees"
    return "reveals" if kind in permissions.revealable(role, relation) else "never"

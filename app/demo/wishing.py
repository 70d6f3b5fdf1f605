"""Small wishes of invented households, some in each state."""

from datetime import date

from app.demo.filling import Filled
from app.demo.history import Pair
from app.demo.people import Members
from services.core.actor import Actor
from services.households.models import Household
from services.wishes import claims, wishes

# kind, the wish, about how many yuan, and how far it has come.
WISHES = (
    ("home", "一盏看书用的台灯", 80, "open"),
    ("health", "一副200度的老花镜", 60, "open"),
    ("keepsake", "一张老两口的合影", 50, "open"),
    ("study", "一套小学四年级的课外书", 120, "open"),
    ("together", "周末去一次江边公园", None, "open"),
    ("food", "一箱软一点的水果", 70, "claimed"),
    ("clothes", "一双防滑的棉鞋", 150, "claimed"),
    ("fixing", "把吱呀响的门修一修", None, "fulfilled"),
    ("home", "一个电热水壶", 90, "confirmed"),
    ("home", "一条厚一点的毛毯", 180, "closed"),
)


def wish(members: Members, filled: Filled, pairs: list[Pair], today: date) -> None:
    """Write wishes down, have some taken on by helpers who sign in, and one asked for by a household."""
    staff = members.office("staff")
    helpers = [actor for one in filled.helpers if (actor := members.acting(one, "volunteer"))]
    homes = [one for one in filled.households if one.account_id is None]
    for number, ((kind, text, worth, state), home) in enumerate(zip(WISHES, homes, strict=False)):
        _wish(staff, helpers[number % len(helpers)], home, (kind, text, worth, state), today)
    resident = next((actor for _, _, home in pairs if (actor := members.acting(home, "resident"))), None)
    if resident is not None:
        wishes.ask(resident, kind="other", text="一盆好养的绿植", worth=40)


def _wish(
    staff: Actor, helper: Actor, home: Household, facts: tuple[str, str, int | None, str], today: date
) -> None:
    kind, text, worth, state = facts
    made = wishes.add(staff, household_id=home.id, kind=kind, text=text, worth=worth)
    if state in ("claimed", "fulfilled", "confirmed"):
        claims.claim(helper, wish_id=made.id)
    if state in ("fulfilled", "confirmed"):
        claims.fulfil(helper if state == "fulfilled" else staff, wish_id=made.id, day=today)
    if state == "closed":
        wishes.close(staff, wish_id=made.id, reason="elsewhere")

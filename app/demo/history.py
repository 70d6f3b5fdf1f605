"""What has happened in the two invented communities: pairs that live for weeks, visits, a matching run, a delivery."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.demo.filling import Filled
from app.demo.people import Members
from services.core.actor import system
from services.households import needs, registration
from services.households.models import Household
from services.pairings import earlier, proposals, runs
from services.pairings.models import Pairing
from services.pledges import allocations, deliveries, unit_pairings
from services.visits import confirmations, notes
from services.visits.models import Visit
from services.volunteers import profiles
from services.volunteers.models import Volunteer

ZONE = "Asia/Shanghai"
PAIRS = 32
LONGEST, SHORTEST = 110, 4
WEEKS = 7
NOTES = (
    "",
    "",
    "聊了近况，精神不错。",
    "买了菜，顺便取了药。",
    "厨房水龙头已修好。",
    "教会了视频通话。",
)
# Of sixty visits: confirmed by both, waiting for the household, disputed.
FATES = ("confirmed",) * 47 + ("waiting",) * 12 + ("disputed",)
# What is said to a proposal: both yes, only the helper so far, no, or nothing yet.
BOTH = (("helper", "yes"), ("household", "yes"))
ANSWERS = (BOTH, BOTH, BOTH[:1], (("helper", "no"),), (), (), ())

Pair = tuple[Pairing, Volunteer, Household]


def pair_up(members: Members, filled: Filled, random: Random, today: date) -> list[Pair]:
    """Enter pairs that have lived for days or months: each helper with the first free household he can help."""
    staff = members.office("staff")
    pairs: list[Pair] = []
    wanted = {one.id: needs.open_needs({one.id}) for one in filled.households}
    agreed = registration.consented({one.id for one in filled.households})
    free = [one for one in filled.households if one.id in agreed and wanted[one.id]]
    skills = profiles.skills_of({one.id for one in filled.helpers})
    for helper in filled.helpers:
        can = skills.get(helper.id, {})
        fitting = [
            one for one in free if wanted[one.id][0].kind in can and one.gender_wish in ("", helper.gender)
        ]
        if fitting and len(pairs) < PAIRS:
            free.remove(fitting[0])
            day = today - timedelta(days=random.randint(SHORTEST, LONGEST))
            pairing = earlier.enter_earlier(
                staff, volunteer_id=helper.id, household_id=fitting[0].id, started_on=day
            )
            pairs.append((pairing, helper, fitting[0]))
    _sign_in(members, [household for _, _, household in pairs])
    return pairs


def _sign_in(members: Members, households: list[Household]) -> None:
    listed = members.listed("resident")
    for number, household in enumerate(households):
        if number < len(listed):
            members.give_account(household, "resident", listed[number])
        elif number % 3 == 0:
            members.give_account(household, "resident")


def visit_all(members: Members, pairs: list[Pair], random: Random, today: date) -> None:
    """Note visits of the last weeks in their order, most of them confirmed by both sides."""
    planned = [
        (today - timedelta(days=back), number)
        for number, (pairing, _, _) in enumerate(pairs)
        for back in range(1 + number % 7, min((today - pairing.started_on).days, WEEKS * 7), 7)
    ]
    for day, number in sorted(planned):
        visit = _note(members, pairs[number], random, day)
        if visit.state == "noted":
            _answer(members, pairs[number], visit, random.choice(FATES))


def _note(members: Members, pair: Pair, random: Random, day: date) -> Visit:
    pairing, helper, _ = pair
    begin = datetime.combine(day, time(random.choice((9, 10, 14, 15, 16))), ZoneInfo(ZONE))
    outcome = random.choices(("well", "concern", "absent"), (90, 4, 6))[0]
    return notes.note_visit(
        members.acting(helper, "volunteer") or members.office("staff"),
        pairing_id=pairing.id,
        started_at=begin,
        minutes=random.choice((30, 45, 60, 60, 90)),
        kind=random.choices(("visit", "call"), (85, 15))[0],
        outcome=outcome,
        note=random.choice(NOTES) if outcome == "well" else "",
        helper_called=helper.account_id is None,
    )


def _answer(members: Members, pair: Pair, visit: Visit, fate: str) -> None:
    resident = members.acting(pair[2], "resident")
    # Who noted a visit does not ring the household about it: the administrator does.
    asker = resident or members.office("admin")
    if fate == "confirmed":
        confirmations.confirm(
            asker, visit_id=visit.id, side="household", how="account" if resident else "call"
        )
    elif fate == "disputed":
        confirmations.dispute(asker, visit_id=visit.id, reason="wrong_length")


def run_matching(members: Members, random: Random) -> None:
    """Compute and publish a run; some say yes, some no, most have not answered yet."""
    staff = members.office("staff")
    run = runs.request_run(staff)
    runs.compute(system(run.community_id), run.id)
    runs.publish(staff, run_id=run.id)
    for proposal in proposals.of_run(staff, run_id=run.id, state="published").rows:
        for side, answer in random.choice(ANSWERS):
            if proposal.state == "published":
                proposals.answer(
                    staff,
                    proposal_id=proposal.id,
                    side=side,
                    answer=answer,
                    how="staff call",
                    reason="times_do_not_fit" if answer == "no" else "",
                )


def pair_units(members: Members, filled: Filled) -> None:
    """Units look after the community; the first one after a household too."""
    staff = members.office("staff")
    for number, unit_id in enumerate(dict.fromkeys(pledge.unit_id for pledge in filled.pledges)):
        if number % 2 == 0:
            unit_pairings.pair(staff, unit_id=unit_id, rhythm="quarterly")
        if number == 0:
            unit_pairings.pair(staff, unit_id=unit_id, rhythm="monthly", household_id=filled.households[0].id)


def use_pledges(members: Members, filled: Filled, today: date) -> None:
    """Allocate parts of pledges to needs they fit; the first has been handed over and signed for."""
    staff = members.office("staff")
    open_needs = needs.open_needs()
    for pledge in filled.pledges:
        fitting = [need for need in open_needs if need.kind == pledge.need_kind][:3]
        for number, need in enumerate(fitting):
            allocation = allocations.allocate(
                staff,
                pledge_id=pledge.id,
                need_id=need.id,
                planned_on=today,
                quantity=60 if pledge.measure == "minute" else 1,
            )
            if number == 0:
                names = registration.names({need.household_id})
                deliveries.sign(
                    staff,
                    allocation_id=allocation.id,
                    receiver=names[need.household_id],
                    how="typed",
                )

"""Every area's blueprint, in one list."""

from app.api.document import bp as document
from app.api.jobs import bp as jobs_api
from app.communities.pages import bp as communities
from app.followups.feeds import feed_bp as calendar
from app.followups.pages import bp as followups
from app.households.api import bp as households_api
from app.households.pages import bp as households
from app.installed import bp as installed
from app.ledgers.pages import bp as ledgers
from app.messages.pages import bp as messages
from app.pairings.api import bp as pairings_api
from app.pairings.pages import bp as pairings
from app.people.pages import bp as people
from app.people.platform import platform_bp as platform
from app.pledges.pages import bp as pledges
from app.pledges.progress import progress_bp as progress
from app.register.pages import bp as register
from app.reports.pages import bp as reports
from app.visits.certificates import verify_bp as verify
from app.visits.pages import bp as visits
from app.volunteers.pages import bp as volunteers
from app.webhooks.pages import bp as webhooks
from app.wishes.pages import bp as wishes

BLUEPRINTS = (
    document,
    jobs_api,
    people,
    platform,
    installed,
    communities,
    messages,
    followups,
    calendar,
    volunteers,
    households,
    households_api,
    pairings,
    pairings_api,
    visits,
    verify,
    pledges,
    progress,
    wishes,
    ledgers,
    register,
    reports,
    webhooks,
)

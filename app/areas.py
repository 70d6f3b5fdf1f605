"""Every area's blueprint, in one list."""

from app.access.api import bp as access_api
from app.access.pages import bp as access
from app.api.document import bp as document
from app.api.jobs import bp as jobs_api
from app.communities.api import bp as communities_api
from app.communities.pages import bp as communities
from app.followups.api import bp as followups_api
from app.followups.feeds import feed_bp as calendar
from app.followups.pages import bp as followups
from app.households.api import bp as households_api
from app.households.pages import bp as households
from app.installed import bp as installed
from app.ledgers.api import bp as ledgers_api
from app.ledgers.pages import bp as ledgers
from app.messages.api import bp as messages_api
from app.messages.pages import bp as messages
from app.pairings.api import bp as pairings_api
from app.pairings.pages import bp as pairings
from app.people.api import bp as people_api
from app.people.pages import bp as people
from app.people.platform import platform_bp as platform
from app.pledges.api import bp as pledges_api
from app.pledges.pages import bp as pledges
from app.pledges.progress import progress_bp as progress
from app.register.api import bp as register_api
from app.register.pages import bp as register
from app.reports.api import bp as reports_api
from app.reports.api_regions import bp as regions_api
from app.reports.pages import bp as reports
from app.visits.api import bp as visits_api
from app.visits.certificates import verify_bp as verify
from app.visits.pages import bp as visits
from app.volunteers.api import bp as volunteers_api
from app.volunteers.pages import bp as volunteers
from app.webhooks.api import bp as webhooks_api
from app.webhooks.pages import bp as webhooks
from app.wishes.api import bp as wishes_api
from app.wishes.pages import bp as wishes

BLUEPRINTS = (
    document,
    jobs_api,
    access,
    access_api,
    people,
    people_api,
    platform,
    installed,
    communities,
    communities_api,
    messages,
    messages_api,
    followups,
    followups_api,
    calendar,
    volunteers,
    volunteers_api,
    households,
    households_api,
    pairings,
    pairings_api,
    visits,
    visits_api,
    verify,
    pledges,
    pledges_api,
    progress,
    wishes,
    wishes_api,
    ledgers,
    ledgers_api,
    register,
    register_api,
    reports,
    webhooks,
    webhooks_api,
    reports_api,
    regions_api,
)

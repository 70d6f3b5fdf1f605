"""One's follow-ups in the calendar of one's phone: the page that makes the link, and what the link answers."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone
from icalendar.enums import STATUS, TRANSP

from app import auth
from app.auth import allow
from app.followups import Page, bp
from app.language import local, speaking
from services.communities import regions
from services.followups import feeds
from services.followups.models import FollowUp

# Beside the pages: what phones ask for has a short address of its own.
feed_bp = Blueprint("calendar", __name__, url_prefix="/c/<community>/calendar")

REFRESH = timedelta(hours=6)


@bp.get("/calendar")
@allow("followups.read")
def calendar() -> Page:
    """Whether there is a link, and what it would be for."""
    return render_template("followups/calendar.html", link=feeds.link_of(g.actor), url="")


@bp.post("/calendar")
@allow("followups.read")
def make_link() -> Page:
    """Make the link and show it, this once."""
    secret = feeds.make_link(g.actor)
    url = url_for("calendar.feed", secret=secret, _external=True)
    return render_template(
        "followups/calendar.html",
        link=feeds.link_of(g.actor),
        url=url,
        picture=segno.make(url, error="m").svg_data_uri(scale=5, border=3),
    )


@bp.post("/calendar/off")
@allow("followups.read")
def switch_off() -> Page:
    """End the link."""
    feeds.switch_off(g.actor)
    flash(
        _("The calendar link is switched off. You may also remove it from your phone's calendar."), "success"
    )
    return redirect(url_for("followups.calendar"), 303)


@feed_bp.get("/<secret>.ics")
@auth.limiter.limit("60 per minute")
@allow("public")
def feed(secret: str) -> Response:
    """The calendar itself, as phones fetch it."""
    found = feeds.open_feed(g.actor, secret=secret)
    with speaking(found.language):
        text = _calendar(found).to_ical()
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _start(follow_up: FollowUp) -> date | datetime:
    if follow_up.agreed_at is None:
        return follow_up.due_on
    return datetime.combine(follow_up.due_on, follow_up.agreed_at, ZoneInfo(g.community.zone))


def _calendar(found: feeds.Feed) -> Calendar:
    made = Calendar.new(
        name=_("Linli: %(community)s", community=local(g.community)),
        prodid="-//Linli//Follow-ups//EN",
        uid=str(found.id),
    )
    # The library leaves out the type, which has no default here; the second name is the one older programs know.
    for name in ("refresh-interval", "x-published-ttl"):
        made.add(name, REFRESH, parameters={"VALUE": "DURATION"})
    made.add_component(_zone())
    for entry in found.entries:
        made.add_component(_event(entry))
    return made


def _zone() -> Timezone:
    # From before anything it can hold, until after anything that can be agreed on.
    year = regions.today(g.community.id).year
    made = Timezone.from_tzid(
        g.community.zone, first_date=date(year - 1, 1, 1), last_date=date(year + 3, 1, 1)
    )
    made.pop("COMMENT", None)
    return made


def _event(entry: feeds.Entry) -> Event:
    return Event.new(
        uid=str(entry.follow_up.id),
        # When it last changed, so that an unchanged calendar is the same to the letter.
        stamp=entry.changed_at,
        last_modified=entry.changed_at,
        sequence=entry.sequence,
        status=STATUS.CANCELLED if entry.called_off else STATUS.CONFIRMED,
        start=_start(entry.follow_up),
        summary=local(entry.plan),
        url=url_for("followups.show", follow_up_id=entry.follow_up.id, _external=True),
        transparency=TRANSP.TRANSPARENT,
    )

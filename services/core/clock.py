"""The one place that reads the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The present calendar day in the IANA time zone `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()

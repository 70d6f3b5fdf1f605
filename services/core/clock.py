"""The one place that reads the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The present calendar day in the IANA time zone `zone`."""
    return day_of(now(), zone)


def day_of(instant: datetime, zone: str) -> date:
    """The calendar day of an instant in the IANA time zone `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()

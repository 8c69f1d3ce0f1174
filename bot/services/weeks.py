"""ISO weeks on an edition's calendar: Monday first, "2017-W45"."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def iso_week(moment: datetime, timezone: str) -> str:
    """The ISO week (ISO 8601) in which a moment falls on the clock of `timezone`."""
    year, week, _ = moment.astimezone(ZoneInfo(timezone)).isocalendar()
    return f"{year}-W{week:02}"


def week_number(week: str) -> int:
    """45 for "2017-W45"."""
    return int(week[-2:])


def monday_of(week: str) -> date:
    """The first day of an ISO week."""
    return date.fromisocalendar(int(week[:4]), week_number(week), 1)


def sunday_of(week: str) -> date:
    """The last day of an ISO week: check-ins stay open until it is over."""
    return monday_of(week) + timedelta(days=6)


def end_of(week: str, timezone: str) -> datetime:
    """The moment at which an ISO week is over, in UTC."""
    return datetime.combine(monday_of(week) + timedelta(days=7), time(0), ZoneInfo(timezone)).astimezone(UTC)

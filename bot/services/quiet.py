"""When not to write to people: at night, in weekends and on public holidays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from bot.models.editions import Edition

_SATURDAY = 5
_STEP = timedelta(days=1)


@dataclass(frozen=True)
class QuietRules:
    """The hours of an edition: quiet from `quiet_from` in the evening to `quiet_until` in the morning."""

    timezone: ZoneInfo
    country: str
    quiet_from: time
    quiet_until: time

    @classmethod
    def of(cls, edition: Edition) -> "QuietRules":
        """The rules an edition keeps."""
        return cls(ZoneInfo(edition.timezone), edition.country, edition.quiet_from, edition.quiet_until)


@cache
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def is_working_day(day: date, rules: QuietRules) -> bool:
    """Neither weekend nor public holiday."""
    return day.weekday() < _SATURDAY and day not in _public_holidays(rules.country)


def is_quiet(moment: datetime, rules: QuietRules) -> bool:
    """Whether no message that can wait may go out at this moment."""
    local = moment.astimezone(rules.timezone)
    awake = rules.quiet_until <= local.time() < rules.quiet_from
    return not (awake and is_working_day(local.date(), rules))


def next_allowed(moment: datetime, rules: QuietRules) -> datetime:
    """The first moment from `moment` on at which a message may go out."""
    if not is_quiet(moment, rules):
        return moment
    local = moment.astimezone(rules.timezone)
    day = local.date()
    if local.time() >= rules.quiet_until:
        day += _STEP
    return _on_working_day(day, rules.quiet_until, rules, lambda day: day + _STEP)


def previous_allowed(moment: datetime, rules: QuietRules) -> datetime:
    """The last moment up to `moment` at which a message may go out: the same clock time on an earlier working day,
    or the end of that day's hours."""
    if not is_quiet(moment, rules):
        return moment
    local = moment.astimezone(rules.timezone)
    day, at = local.date(), local.time()
    last = (datetime.combine(day, rules.quiet_from) - timedelta(minutes=15)).time()
    if at < rules.quiet_until:
        day, at = day - _STEP, last
    return _on_working_day(day, min(at, last), rules, lambda day: day - _STEP)


def _on_working_day(day: date, at: time, rules: QuietRules, step: Callable[[date], date]) -> datetime:
    while not is_working_day(day, rules):
        day = step(day)
    return datetime.combine(day, at, rules.timezone)

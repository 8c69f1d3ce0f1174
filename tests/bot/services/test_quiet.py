from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.quiet import QuietRules, is_quiet, is_working_day, next_allowed, previous_allowed
from tests.bot.support import local
from tests.support.demo import AMSTERDAM, amsterdam

RULES = QuietRules(AMSTERDAM, "NL", quiet_from=time(19), quiet_until=time(8))
MOMENTS = st.datetimes(
    datetime(2017, 9, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2019, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2017, 11, 9), True),
        (date(2017, 11, 11), False),  # Saturday
        (date(2017, 11, 12), False),  # Sunday
        (date(2017, 12, 25), False),  # Christmas
        (date(2017, 12, 26), False),
        (date(2018, 1, 1), False),
        (date(2018, 3, 30), False),  # Good Friday: many have it off, and the library counts it
        (date(2018, 4, 2), False),  # Easter Monday
        (date(2018, 4, 27), False),  # King's Day
        (date(2014, 4, 26), False),  # King's Day a day early, because the 27th is a Sunday
        (date(2018, 5, 10), False),  # Ascension
        (date(2018, 5, 21), False),  # Whit Monday
    ],
)
def test_working_day_is_neither_weekend_nor_dutch_public_holiday(day: date, works: bool):
    assert is_working_day(day, RULES) is works


def test_holidays_are_those_of_the_country():
    german = QuietRules(AMSTERDAM, "DE", quiet_from=time(19), quiet_until=time(8))

    unity_day, kings_day = date(2017, 10, 3), date(2018, 4, 27)

    assert [is_working_day(day, german) for day in (unity_day, kings_day)] == [False, True]
    assert [is_working_day(day, RULES) for day in (unity_day, kings_day)] == [True, False]


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2017-11-09 07:59", True),
        ("2017-11-09 08:00", False),
        ("2017-11-09 18:59", False),
        ("2017-11-09 19:00", True),
        ("2017-11-11 12:15", True),
        ("2018-05-10 12:15", True),
    ],
)
def test_quiet_hours_begin_and_end_to_the_minute(moment: str, quiet: bool):
    assert is_quiet(amsterdam(moment), RULES) is quiet


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2017-11-09 12:15", "2017-11-09 12:15"),
        ("2017-11-09 07:00", "2017-11-09 08:00"),
        ("2017-11-09 19:00", "2017-11-10 08:00"),
        ("2017-11-10 19:00", "2017-11-13 08:00"),  # Friday evening
        ("2017-11-11 12:15", "2017-11-13 08:00"),
        ("2018-05-10 12:15", "2018-05-11 08:00"),  # Ascension
        ("2018-03-31 12:15", "2018-04-03 08:00"),  # the Saturday before Easter
        ("2018-04-27 12:15", "2018-04-30 08:00"),  # King's Day, a Friday
        ("2017-12-24 23:00", "2017-12-27 08:00"),
        ("2017-10-28 20:00", "2017-10-30 08:00"),  # over the night the clock goes back
        ("2018-03-24 20:00", "2018-03-26 08:00"),  # over the night it goes forward
    ],
)
def test_message_that_comes_at_a_quiet_moment_waits_for_the_next_working_morning(moment: str, allowed: str):
    assert local(next_allowed(amsterdam(moment), RULES)) == allowed


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2017-11-09 13:30", "2017-11-09 13:30"),
        ("2017-11-09 07:30", "2017-11-08 18:45"),
        ("2017-11-09 20:00", "2017-11-09 18:45"),
        ("2017-11-12 13:30", "2017-11-10 13:30"),  # Sunday
        ("2017-11-13 06:00", "2017-11-10 18:45"),  # Monday, early
        ("2018-05-10 13:30", "2018-05-09 13:30"),  # Ascension
        ("2018-04-02 13:30", "2018-03-29 13:30"),  # Easter Monday: the Thursday before Good Friday
        ("2017-10-29 13:30", "2017-10-27 13:30"),  # the day the clock went back
        ("2018-03-25 13:30", "2018-03-23 13:30"),
    ],
)
def test_message_that_must_come_before_a_quiet_moment_comes_earlier(moment: str, allowed: str):
    assert local(previous_allowed(amsterdam(moment), RULES)) == allowed


@given(MOMENTS)
def test_next_allowed_is_never_quiet_and_never_earlier(moment: datetime):
    allowed = next_allowed(moment, RULES)

    assert not is_quiet(allowed, RULES)
    assert moment <= allowed < moment + timedelta(days=6)


@given(MOMENTS)
def test_previous_allowed_is_never_quiet_and_never_later(moment: datetime):
    allowed = previous_allowed(moment, RULES)

    assert not is_quiet(allowed, RULES)
    assert moment - timedelta(days=6) < allowed <= moment


@given(MOMENTS)
def test_nothing_allowed_is_passed_over(moment: datetime):
    allowed = next_allowed(moment, RULES)

    quarters = int((allowed - moment) / timedelta(minutes=15))
    between = [moment + timedelta(minutes=15) * step for step in range(quarters)]

    assert [each for each in between if each < allowed and not is_quiet(each, RULES)] == []

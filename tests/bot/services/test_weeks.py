from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.weeks import end_of, iso_week, monday_of, sunday_of, week_number
from tests.support.demo import AMSTERDAM, amsterdam

ZONE = "Europe/Amsterdam"


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2017-11-09 12:15", "2017-W45"),
        ("2015-12-31 12:00", "2015-W53"),  # 2015 has 53 weeks
        ("2016-01-03 23:59", "2015-W53"),
        ("2016-01-04 00:00", "2016-W01"),
        ("2017-01-01 12:00", "2016-W52"),  # a Sunday
        ("2018-12-31 09:00", "2019-W01"),  # a Monday
        ("2020-12-31 12:00", "2020-W53"),
        ("2021-01-03 23:59", "2020-W53"),
    ],
)
def test_week_of_a_moment_follows_iso_also_around_new_year(moment: str, week: str):
    found = iso_week(amsterdam(moment), ZONE)

    assert found == week


def test_week_is_that_of_the_edition_and_not_of_utc():
    monday_just_after_midnight = amsterdam("2017-11-06 00:30")

    weeks = [iso_week(monday_just_after_midnight, zone) for zone in (ZONE, "UTC")]

    assert weeks == ["2017-W45", "2017-W44"]


def test_week_knows_its_number_and_its_days():
    found = (week_number("2015-W53"), monday_of("2015-W53"), sunday_of("2015-W53"))

    assert found == (53, date(2015, 12, 28), date(2016, 1, 3))


@pytest.mark.parametrize(
    ("week", "over"),
    [
        ("2017-W43", "2017-10-30 00:00"),  # the clock went back on its Sunday
        ("2018-W12", "2018-03-26 00:00"),  # the clock went forward on its Sunday
        ("2015-W53", "2016-01-04 00:00"),
        ("2017-W52", "2018-01-01 00:00"),
    ],
)
def test_week_ends_at_local_midnight_also_when_the_clock_changed(week: str, over: str):
    assert end_of(week, ZONE) == amsterdam(over)


BEGIN, END = datetime(2000, 1, 1), datetime(2040, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone


@given(st.datetimes(BEGIN, END, timezones=st.just(AMSTERDAM)))
def test_every_moment_lies_before_the_end_of_its_own_week(moment: datetime):
    week = iso_week(moment, ZONE)

    assert moment < end_of(week, ZONE)
    assert monday_of(week) <= moment.date() <= sunday_of(week)

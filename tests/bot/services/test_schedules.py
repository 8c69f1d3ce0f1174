from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.database import Database
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import schedules
from bot.services.schedules import next_time, weekly_rule
from tests.bot.support import local
from tests.support.demo import AMSTERDAM, START, amsterdam

ZONE = "Europe/Amsterdam"
THURSDAY = weekly_rule(3, time(12, 15))


@pytest.mark.parametrize(
    ("weekday", "at", "rule"),
    [(0, time(9), "0 9 * * mon"), (3, time(12, 15), "15 12 * * thu"), (4, time(18, 45), "45 18 * * fri")],
)
def test_weekly_rule_names_day_and_hour(weekday: int, at: time, rule: str):
    assert weekly_rule(weekday, at) == rule


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ("2017-11-01 09:00", "2017-11-02 12:15"),
        ("2017-11-02 12:14", "2017-11-02 12:15"),
        ("2017-11-02 12:15", "2017-11-09 12:15"),  # strictly after
        ("2017-10-26 12:15", "2017-11-02 12:15"),  # over the night the clock goes back
        ("2018-03-22 12:15", "2018-03-29 12:15"),  # over the night it goes forward
        ("2017-12-28 12:15", "2018-01-04 12:15"),
    ],
)
def test_next_time_keeps_the_wall_clock(after: str, found: str):
    assert local(next_time(THURSDAY, ZONE, amsterdam(after))) == found


def test_week_in_which_the_clock_goes_back_lasts_an_hour_longer():
    first = amsterdam("2017-10-26 12:15")

    second = next_time(THURSDAY, ZONE, first)

    assert second.timestamp() - first.timestamp() == timedelta(days=7, hours=1).total_seconds()


def test_time_that_the_clock_shows_twice_comes_up_once():
    rule = weekly_rule(6, time(2, 30))

    first = next_time(rule, ZONE, amsterdam("2017-10-28 12:00"))
    second = next_time(rule, ZONE, amsterdam("2017-10-29 03:30"))

    assert [local(first), local(second)] == ["2017-10-29 02:30", "2017-11-05 02:30"]


def test_time_that_the_clock_leaves_out_does_not_stop_the_schedule():
    rule = weekly_rule(6, time(2, 30))

    found = [next_time(rule, ZONE, amsterdam("2018-03-24 12:00"))]
    found.append(next_time(rule, ZONE, amsterdam("2018-03-25 12:00")))

    assert [local(moment) for moment in found] == ["2018-03-25 03:30", "2018-04-01 02:30"]


MINUTES = st.datetimes(
    datetime(2017, 9, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2018, 9, 1),  # noqa: DTZ001
    timezones=st.just(AMSTERDAM),
)


@given(MINUTES, st.integers(0, 4), st.integers(8, 18), st.sampled_from([0, 15, 30, 45]))
def test_next_time_is_the_wanted_wall_clock_within_a_week(after: datetime, weekday: int, hour: int, minute: int):
    found = next_time(weekly_rule(weekday, time(hour, minute)), ZONE, after).astimezone(AMSTERDAM)

    assert (found.weekday(), found.hour, found.minute) == (weekday, hour, minute)
    assert 0 < found.timestamp() - after.timestamp() <= timedelta(days=7, hours=1).total_seconds()


def stored(database: Database) -> list[tuple[str, str | None]]:
    with database.begin() as db:
        rows = db.scalars(select(Schedule).order_by(Schedule.id))
        return [(row.rule, local(row.next_at) if row.next_at else None) for row in rows]


def test_weekly_schedule_set_again_with_the_same_rule_stays_as_it_is(empty_database: Database):
    with empty_database.begin() as db:
        schedules.set_weekly(db, ScheduleKind.CHECKIN, 1, ZONE, THURSDAY, START)

    with empty_database.begin() as db:
        schedules.set_weekly(db, ScheduleKind.CHECKIN, 1, ZONE, THURSDAY, amsterdam("2017-11-20 09:00"))

    assert stored(empty_database) == [("15 12 * * thu", "2017-11-02 12:15")]


def test_weekly_schedule_with_another_rule_takes_the_place_of_the_first(empty_database: Database):
    with empty_database.begin() as db:
        schedules.set_weekly(db, ScheduleKind.CHECKIN, 1, ZONE, THURSDAY, START)

    with empty_database.begin() as db:
        schedules.set_weekly(db, ScheduleKind.CHECKIN, 1, ZONE, weekly_rule(0, time(9)), START)

    assert stored(empty_database) == [("0 9 * * mon", "2017-11-06 09:00")]


def test_single_moment_can_be_moved_and_taken_off(empty_database: Database):
    found = []
    for at in (amsterdam("2017-11-02 13:30"), amsterdam("2017-11-03 13:30"), None):
        with empty_database.begin() as db:
            schedules.set_once(db, ScheduleKind.SESSION_REMINDER, 1, ZONE, "P7D", at)
        found += stored(empty_database)

    assert found == [("P7D", "2017-11-02 13:30"), ("P7D", "2017-11-03 13:30"), ("P7D", None)]


def test_due_schedules_come_oldest_first_and_the_others_stay(empty_database: Database):
    moments = {1: "2017-11-01 08:59", 2: "2017-11-01 09:00", 3: "2017-11-01 09:01", 4: "2017-10-30 09:00"}
    with empty_database.begin() as db:
        for subject, moment in moments.items():
            schedules.set_once(db, ScheduleKind.ANNOUNCEMENT, subject, ZONE, "once", amsterdam(moment))
        schedules.set_once(db, ScheduleKind.ANNOUNCEMENT, 5, ZONE, "once", None)

    with empty_database.begin() as db:
        due = [schedule.subject_id for schedule in schedules.take_due(db, START)]
        first = [schedule.subject_id for schedule in schedules.take_due(db, START, most=1)]

    assert (due, first) == ([4, 1, 2], [4])


def test_due_schedule_that_one_worker_holds_is_passed_by_another(shared_database: Database):
    with shared_database.begin() as db:
        schedules.set_once(db, ScheduleKind.ANNOUNCEMENT, 1, ZONE, "once", START)

    with shared_database.begin() as one, shared_database.begin() as other:
        taken = [len(schedules.take_due(one, START)), len(schedules.take_due(other, START))]

    assert taken == [1, 0]

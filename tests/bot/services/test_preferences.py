from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.errors import UserError
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import preferences
from bot.services.preferences import LONGEST_PAUSE, Preferences
from tests.bot.support import EN, NL, local, member_of, participation_of
from tests.support.demo import HUGO, START, amsterdam

DEFAULTS = Preferences(
    language="nl", weekday=3, at=time(12, 15), paused_until=None, quiet_from=time(19), quiet_until=time(8)
)
TODAY = date(2017, 11, 1)


def chosen(database: Database, now: str = "2017-11-01 09:00", person: str | None = None) -> Preferences:
    member = member_of(database, person) if person else member_of(database)
    with database.begin() as db:
        return preferences.of(db, member, amsterdam(now))


def next_asking(database: Database) -> str:
    subject = participation_of(database, "D07").id
    with database.begin() as db:
        schedule = db.scalars(
            select(Schedule).where(Schedule.kind == ScheduleKind.CHECKIN, Schedule.subject_id == subject)
        ).one()
        assert schedule.next_at
        return local(schedule.next_at)


def test_moment_is_that_of_the_edition_until_somebody_chooses(database: Database):
    assert chosen(database) == DEFAULTS


def test_language_is_spoken_from_now_on(database: Database):
    lotte = member_of(database)

    with database.begin() as db:
        preferences.set_language(db, lotte, "en", NL)

    assert chosen(database) == replace(DEFAULTS, language="en")


@pytest.mark.parametrize("language", ["", "de", "EN", "nederlands"])
def test_language_we_do_not_speak_is_refused(database: Database, language: str):
    lotte = member_of(database)

    with pytest.raises(UserError) as refusal, database.begin() as db:
        preferences.set_language(db, lotte, language, EN)

    assert refusal.value.sentence == "Choose a language: `nl` (Nederlands), `en` (English)."
    assert chosen(database) == DEFAULTS


@pytest.mark.parametrize(
    ("weekday", "at", "first"),
    [
        (0, time(8), "2017-11-06 08:00"),
        (2, time(9, 15), "2017-11-01 09:15"),
        (4, time(18, 59), "2017-11-03 18:59"),
    ],
)
def test_own_moment_holds_for_the_next_question(database: Database, weekday: int, at: time, first: str):
    lotte = member_of(database)

    with database.begin() as db:
        preferences.set_moment(db, lotte, weekday, at, NL, START)

    assert chosen(database) == replace(DEFAULTS, weekday=weekday, at=at)
    assert next_asking(database) == first


@pytest.mark.parametrize(
    ("weekday", "at", "field", "sentence"),
    [
        (5, time(12), "weekday", "Choose a day from Monday to Friday."),
        (-1, time(12), "weekday", "Choose a day from Monday to Friday."),
        (3, time(7, 59), "at", "Choose a time between 08:00 and 19:00."),
        (3, time(19), "at", "Choose a time between 08:00 and 19:00."),
    ],
)
def test_moment_at_a_quiet_time_is_refused(database: Database, weekday: int, at: time, field: str, sentence: str):
    lotte = member_of(database)

    with pytest.raises(UserError) as refusal, database.begin() as db:
        preferences.set_moment(db, lotte, weekday, at, EN, START)

    assert (refusal.value.field, refusal.value.sentence) == (field, sentence)
    assert (chosen(database), next_asking(database)) == (DEFAULTS, "2017-11-02 12:15")


def test_pause_holds_until_its_day_and_can_be_ended(database: Database):
    lotte, until = member_of(database), date(2017, 11, 20)
    with database.begin() as db:
        preferences.pause(db, lotte, until, NL, START)
    during, after = chosen(database, "2017-11-19 23:59"), chosen(database, "2017-11-20 00:01")

    with database.begin() as db:
        preferences.pause(db, lotte, None, NL, START)

    assert (during.paused_until, after.paused_until, chosen(database)) == (until, None, DEFAULTS)


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (TODAY, "Choose a day after today."),
        (TODAY - timedelta(days=1), "Choose a day after today."),
        (TODAY + LONGEST_PAUSE + timedelta(days=1), "Choose a day within half a year."),
    ],
)
def test_pause_that_makes_no_sense_is_refused(database: Database, until: date, sentence: str):
    lotte = member_of(database)

    with pytest.raises(UserError) as refusal, database.begin() as db:
        preferences.pause(db, lotte, until, EN, START)

    assert (refusal.value.field, refusal.value.sentence) == ("paused_until", sentence)
    assert chosen(database) == DEFAULTS


def test_shortest_and_longest_pause_are_taken(database: Database):
    lotte = member_of(database)
    found = []
    for until in (TODAY + timedelta(days=1), TODAY + LONGEST_PAUSE):
        with database.begin() as db:
            preferences.pause(db, lotte, until, NL, START)
        found.append(chosen(database).paused_until)

    assert found == [date(2017, 11, 2), date(2018, 4, 30)]


def test_mentor_has_a_language_and_no_question(database: Database):
    hugo = member_of(database, HUGO)
    with database.begin() as db:
        preferences.set_language(db, hugo, "en", NL)
        preferences.set_moment(db, hugo, 0, time(9), NL, START)

    with database.begin() as db:
        subjects = set(db.scalars(select(Schedule.subject_id).where(Schedule.kind == ScheduleKind.CHECKIN)))

    assert chosen(database, person=HUGO).language == "en"
    assert hugo.participation_id not in subjects

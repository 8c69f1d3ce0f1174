from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.errors import UserError
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.people import Person
from bot.models.schedules import Schedule, ScheduleKind
from bot.models.sessions import Answer, LearningSession
from bot.services import sessions
from bot.services.members import Member
from bot.services.sessions import Details
from tests.bot.support import EN, Row, load, local, mark, member_of, owed, session_id, small_roster, tick
from tests.support.demo import FATIMA, HUGO, LOTTE, MARIT, MIEKE, START, WENDELA, amsterdam

REMINDER, CHANGE = DeliveryKind.SESSION_REMINDER, DeliveryKind.SESSION_CHANGE
WEEK_BEFORE, DAY_BEFORE, HOUR_BEFORE = "2017-11-02 13:30", "2017-11-08 13:30", "2017-11-09 12:30"
T2_START = amsterdam("2017-11-09 13:30")
MOVED = Details(
    title="Hoe communiceer ik met anderen?",
    starts_at=amsterdam("2017-11-16 14:00"),
    ends_at=amsterdam("2017-11-16 17:30"),
    location="Rotterdam",
    preparation=None,
)


def session_of(database: Database, code: str = "T2") -> LearningSession:
    with database.begin() as db:
        return db.scalars(select(LearningSession).where(LearningSession.code == code)).one()


def details_of(database: Database, **changes: Any) -> Details:
    row = session_of(database)
    now = Details(row.title, row.starts_at, row.ends_at, row.location, row.preparation)
    return replace(now, **changes)


def moments(database: Database, code: str = "T2") -> dict[str, str | None]:
    subject = session_id(database, code)
    with database.begin() as db:
        rows = db.scalars(
            select(Schedule).where(Schedule.kind == ScheduleKind.SESSION_REMINDER, Schedule.subject_id == subject)
        )
        return {row.rule: local(row.next_at) if row.next_at else None for row in rows}


def reminded(database: Database, now: str, to: str | None = "D07") -> list[Row]:
    tick(database, amsterdam(now))
    return owed(database, REMINDER, to=to)


def move(database: Database, details: Details = MOVED, now: str = "2017-11-03 10:00") -> int:
    wendela, subject = member_of(database, WENDELA), session_id(database, "T2")
    with database.begin() as db:
        return sessions.change(db, wendela, subject, details, EN, amsterdam(now))


def answer(database: Database, person: str, choice: Answer) -> None:
    member, row = member_of(database, person), session_of(database)
    with database.begin() as db:
        sessions.respond(db, member, row.id, row.starts_at, choice, EN, START)


def answers(database: Database, person: str = LOTTE) -> Answer | None:
    member, subject = member_of(database, person), session_id(database, "T2")
    with database.begin() as db:
        return sessions.answer_of(db, db.get_one(LearningSession, subject), member.person_id)


@pytest.mark.parametrize(
    ("date", "start", "expected"),
    [
        ("2017-11-09", "13:30", {"P7D": WEEK_BEFORE, "P1D": DAY_BEFORE, "PT1H": HOUR_BEFORE}),
        (  # the clock goes back in between
            "2017-11-02",
            "13:30",
            {"P7D": "2017-10-26 13:30", "P1D": "2017-11-01 13:30", "PT1H": "2017-11-02 12:30"},
        ),
        (  # the clock goes forward in between
            "2018-03-29",
            "13:30",
            {"P7D": "2018-03-22 13:30", "P1D": "2018-03-28 13:30", "PT1H": "2018-03-29 12:30"},
        ),
        (  # a Monday, so that the day before is a Sunday
            "2017-11-13",
            "13:30",
            {"P7D": "2017-11-06 13:30", "P1D": "2017-11-10 13:30", "PT1H": "2017-11-13 12:30"},
        ),
        (  # a week after Ascension
            "2018-05-17",
            "13:30",
            {"P7D": "2018-05-09 13:30", "P1D": "2018-05-16 13:30", "PT1H": "2018-05-17 12:30"},
        ),
        (  # in the evening: only what can wait comes earlier
            "2017-11-09",
            "20:30",
            {"P7D": "2017-11-02 18:45", "P1D": "2017-11-08 18:45", "PT1H": "2017-11-09 19:30"},
        ),
        (  # early in the morning
            "2017-11-09",
            "07:30",
            {"P7D": "2017-11-01 18:45", "P1D": "2017-11-07 18:45", "PT1H": "2017-11-09 06:30"},
        ),
    ],
)
def test_reminders_keep_the_wall_clock_and_come_earlier_on_quiet_days(
    empty_database: Database, date: str, start: str, expected: dict[str, str]
):
    (session,) = small_roster()["sessions"]

    load(
        empty_database,
        small_roster(sessions=[{**session, "date": date, "start": start, "end": "22:00"}]),
        amsterdam("2017-09-15 09:00"),
    )

    assert moments(empty_database, "S1") == expected


def test_reminder_that_lies_behind_when_the_session_is_made_is_not_set(empty_database: Database):
    load(empty_database, small_roster(), amsterdam("2017-11-05 09:00"))

    assert moments(empty_database, "S1") == {"P7D": None, "P1D": DAY_BEFORE, "PT1H": HOUR_BEFORE}


def test_session_reminds_a_week_a_day_and_an_hour_before_once_each(database: Database):
    rows = [len(reminded(database, moment)) for moment in ("2017-11-02 13:29", WEEK_BEFORE, "2017-11-02 13:31")]
    reminded(database, DAY_BEFORE)
    reminded(database, HOUR_BEFORE)

    assert rows == [0, 1, 1]
    assert reminded(database, "2017-11-09 18:00") == [
        Row("D07", REMINDER, WEEK_BEFORE),
        Row("D07", REMINDER, DAY_BEFORE),
        Row("D07", REMINDER, HOUR_BEFORE),
    ]


def test_reminder_goes_to_everybody_with_a_role_of_the_track_once(database: Database):
    rows = reminded(database, WEEK_BEFORE, to=None)

    people = [row.person for row in rows]

    assert sorted(people) == [*(f"D{number:02}" for number in range(1, 24)), "TR1", "TR2"]


def test_person_with_two_roles_of_a_track_is_invited_once(empty_database: Database):
    anna, coby = small_roster()["people"]
    both = {**anna, "roles": ["participant", "trainer"]}
    track = {**small_roster()["tracks"][0], "audience": ["participant", "trainer"]}
    load(empty_database, small_roster(people=[both, coby], tracks=[track]))

    with empty_database.begin() as db:
        people = sessions.invited(db, db.scalars(select(LearningSession)).one())
        names = [db.get_one(Person, person).code for person in people]

    assert names == ["A"]


def test_reminder_planned_again_makes_no_second_row(database: Database):
    first = reminded(database, WEEK_BEFORE, to=None)
    with database.begin() as db:  # as if the first worker had died before it moved the schedule on
        for row in db.scalars(select(Schedule).where(Schedule.rule == "P7D")):
            row.next_at = amsterdam(WEEK_BEFORE) if row.subject_id == session_id_in(db) else None

    second = reminded(database, "2017-11-02 13:31", to=None)

    assert second == first


def session_id_in(db: Any) -> int:
    found: int = db.scalars(select(LearningSession.id).where(LearningSession.code == "T2")).one()
    return found


@pytest.mark.parametrize(("choice", "count"), [(Answer.YES, 1), (Answer.MAYBE, 1), (Answer.NO, 0)])
def test_reminder_does_not_go_to_who_said_no(database: Database, choice: Answer, count: int):
    answer(database, LOTTE, choice)

    lotte, marit = (len(rows) for rows in (reminded(database, WEEK_BEFORE), owed(database, REMINDER, to="D01")))

    assert (lotte, marit) == (count, 1)


@pytest.mark.parametrize(
    ("back_at", "due"),
    [
        ("2017-11-03 09:00", ["2017-11-03 09:00"]),
        (DAY_BEFORE, [DAY_BEFORE]),
        ("2017-11-09 12:00", ["2017-11-09 12:00"]),
        (HOUR_BEFORE, [HOUR_BEFORE]),
        ("2017-11-09 13:29", ["2017-11-09 13:29"]),
        ("2017-11-09 13:30", []),
        ("2017-11-10 09:00", []),
    ],
)
def test_after_downtime_only_the_latest_reminder_comes_and_none_once_it_has_begun(
    database: Database, back_at: str, due: list[str]
):
    rows = reminded(database, back_at)

    assert [row.due for row in rows] == due


def test_moved_session_tells_who_knew_once_and_sets_new_reminders(database: Database):
    reminded(database, WEEK_BEFORE)
    mark(database, REMINDER, DeliveryState.SENT)

    told = move(database)

    notices = owed(database, CHANGE)
    assert told == 25
    assert sorted(row.person for row in notices) == sorted(row.person for row in owed(database, REMINDER))
    assert {(row.due, row.state) for row in notices} == {("2017-11-03 10:00", DeliveryState.PENDING)}
    assert moments(database) == {"P7D": "2017-11-09 14:00", "P1D": "2017-11-15 14:00", "PT1H": "2017-11-16 13:00"}


def test_who_waits_for_a_reminder_gets_the_notice_instead_when_the_session_moves(database: Database):
    reminded(database, WEEK_BEFORE)

    told = move(database)

    kinds = [(row.kind, row.state) for row in owed(database, REMINDER, CHANGE, to="D07")]
    assert told == 25
    assert sorted(kinds) == [(CHANGE, DeliveryState.PENDING), (REMINDER, DeliveryState.SKIPPED)]


def test_moved_session_reminds_at_its_new_time(database: Database):
    reminded(database, WEEK_BEFORE)
    move(database)

    rows = [*reminded(database, "2017-11-09 14:00")[1:]]

    assert rows == [Row("D07", REMINDER, "2017-11-09 14:00")]


def test_moved_session_tells_who_answered_without_having_been_reminded(database: Database):
    answer(database, LOTTE, Answer.YES)
    answer(database, MARIT, Answer.NO)

    told = move(database)

    assert told == 2
    assert sorted(row.person for row in owed(database, CHANGE)) == ["D01", "D07"]


def test_session_moved_twice_tells_the_last_state_only_when_the_first_notice_had_not_gone_out(database: Database):
    answer(database, LOTTE, Answer.YES)
    move(database)

    told = move(database, replace(MOVED, location="Utrecht"), "2017-11-03 10:05")

    assert told == 1
    assert owed(database, CHANGE) == [
        Row("D07", CHANGE, "2017-11-03 10:00", DeliveryState.SKIPPED, "session_changed"),
        Row("D07", CHANGE, "2017-11-03 10:05"),
    ]


def test_session_moved_twice_tells_twice_when_the_first_notice_went_out(database: Database):
    answer(database, LOTTE, Answer.YES)
    move(database)
    mark(database, CHANGE, DeliveryState.SENT)

    told = move(database, replace(MOVED, location="Utrecht"), "2017-11-03 11:00")

    assert told == 1
    assert [row.state for row in owed(database, CHANGE)] == [DeliveryState.SENT, DeliveryState.PENDING]


def test_moved_session_asks_for_a_new_answer(database: Database):
    answer(database, LOTTE, Answer.NO)
    before = answers(database)

    move(database)

    assert (before, answers(database)) == (Answer.NO, None)


@pytest.mark.parametrize("change", [{"title": "Andere titel"}, {"preparation": "Lees iets"}, {}])
def test_change_of_words_only_tells_nobody_and_keeps_the_reminders(database: Database, change: dict[str, str]):
    reminded(database, WEEK_BEFORE)
    before = owed(database, REMINDER)

    told = move(database, details_of(database, **change))

    assert (told, owed(database, CHANGE), owed(database, REMINDER)) == (0, [], before)
    assert details_of(database) == details_of(database, **change)


@pytest.mark.parametrize(
    "change", [{"location": "Utrecht"}, {"ends_at": amsterdam("2017-11-09 18:00")}, {"starts_at": T2_START}]
)
def test_change_of_place_or_time_tells_who_knew(database: Database, change: dict[str, Any]):
    answer(database, LOTTE, Answer.YES)
    changed = details_of(database, **change) != details_of(database)

    told = move(database, details_of(database, **change))

    assert told == (1 if changed else 0)


def test_cancelled_session_tells_who_knew_and_never_reminds(database: Database):
    answer(database, LOTTE, Answer.YES)
    wendela, subject = member_of(database, WENDELA), session_id(database, "T2")

    with database.begin() as db:
        told = sessions.cancel(db, wendela, subject, EN, START)
    rows = [reminded(database, moment) for moment in (WEEK_BEFORE, DAY_BEFORE, HOUR_BEFORE)]

    assert (told, rows) == (1, [[], [], []])
    assert owed(database, CHANGE) == [Row("D07", CHANGE, "2017-11-01 09:00")]
    assert moments(database) == {"P7D": None, "P1D": None, "PT1H": None}


def test_cancelled_session_cannot_be_changed_or_cancelled_again(database: Database):
    wendela, subject = member_of(database, WENDELA), session_id(database, "T2")
    with database.begin() as db:
        sessions.cancel(db, wendela, subject, EN, START)

    acts: list[Callable[[Any], object]] = [
        lambda db: sessions.cancel(db, wendela, subject, EN, START),
        lambda db: sessions.change(db, wendela, subject, MOVED, EN, START),
    ]

    for act in acts:
        with pytest.raises(UserError, match=r"^This session has been cancelled\.$"), database.begin() as db:
            act(db)


def test_only_a_coordinator_changes_sessions(database: Database):
    people = [member_of(database, person) for person in (LOTTE, HUGO, MIEKE, FATIMA)]
    subject = session_id(database, "T2")
    before = details_of(database)
    acts: list[Callable[[Any, Member], object]] = [
        lambda db, member: sessions.change(db, member, subject, MOVED, EN, START),
        lambda db, member: sessions.cancel(db, member, subject, EN, START),
    ]

    for act, member in product(acts, people):
        with pytest.raises(UserError, match=r"^Only a coordinator can change a session\.$"), database.begin() as db:
            act(db, member)

    assert details_of(database) == before


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"starts_at": amsterdam("2017-11-03 10:00")}, "starts_at", "Choose a start in the future."),
        ({"ends_at": T2_START}, "ends_at", "The end must come after the start."),
        (
            {"preparation": "Neem bsn 999990019 mee"},
            "preparation",
            "This looks like a patient's data. Take it out; nothing has been stored.",
        ),
    ],
)
def test_unfit_change_is_refused_at_its_field_and_nothing_is_stored(
    database: Database, change: dict[str, Any], field: str, sentence: str
):
    before = details_of(database)

    with pytest.raises(UserError) as refusal:
        move(database, details_of(database, **change))

    assert (refusal.value.field, refusal.value.sentence) == (field, sentence)
    assert details_of(database) == before


def test_session_of_another_edition_cannot_be_reached(database: Database):
    strange = replace(member_of(database, WENDELA), edition_id=999)
    subject = session_id(database, "T2")
    acts: list[Callable[[Any], object]] = [
        lambda db: sessions.respond(db, strange, subject, T2_START, Answer.YES, EN, START),
        lambda db: sessions.change(db, strange, subject, MOVED, EN, START),
        lambda db: sessions.cancel(db, strange, 12345, EN, START),
    ]

    for act in acts:
        with pytest.raises(UserError, match=r"^That session is not in your programme\.$"), database.begin() as db:
            act(db)


def test_later_answer_takes_the_place_of_an_earlier_one(database: Database):
    found = []
    for choice in (Answer.YES, Answer.NO, Answer.MAYBE):
        answer(database, LOTTE, choice)
        found.append(answers(database))

    assert found == [Answer.YES, Answer.NO, Answer.MAYBE]
    assert answers(database, MARIT) is None


def test_answer_to_a_start_that_is_no_longer_true_is_not_recorded(database: Database):
    lotte, subject = member_of(database), session_id(database, "T2")
    move(database)

    with database.begin() as db:
        response = sessions.respond(db, lotte, subject, T2_START, Answer.YES, EN, START)

    assert (response.answer, response.session.starts_at, answers(database)) == (None, MOVED.starts_at, None)


def test_answer_to_a_session_that_has_begun_is_refused(database: Database):
    lotte, subject = member_of(database), session_id(database, "T2")

    with pytest.raises(UserError, match=r"^This session has begun already\.$"), database.begin() as db:
        sessions.respond(db, lotte, subject, T2_START, Answer.YES, EN, T2_START)

    assert answers(database) is None


def upcoming(database: Database, member: Member, now: str, most: int = 3) -> list[str]:
    with database.begin() as db:
        return [found.session.code for found in sessions.upcoming(db, member, amsterdam(now), most)]


def test_agenda_is_the_next_three_sessions_of_ones_own_tracks(database: Database):
    expected = {
        (LOTTE, "2017-11-01 09:00"): ["T2", "L2", "T3"],
        (LOTTE, "2017-11-09 17:29"): ["T2", "L2", "T3"],
        (LOTTE, "2017-11-09 17:30"): ["L2", "T3", "P2"],
        (LOTTE, "2018-06-22 18:00"): [],
        (MIEKE, "2017-11-01 09:00"): ["P2", "P3"],
        (HUGO, "2017-11-01 09:00"): [],
        (WENDELA, "2018-05-01 09:00"): ["T5", "L5", "P3"],
    }

    found = {(person, now): upcoming(database, member_of(database, person), now) for person, now in expected}

    assert found == expected


def test_agenda_leaves_out_cancelled_sessions_and_carries_the_answer(database: Database):
    wendela, lotte = member_of(database, WENDELA), member_of(database)
    answer(database, LOTTE, Answer.MAYBE)
    subject = session_id(database, "L2")
    with database.begin() as db:
        sessions.cancel(db, wendela, subject, EN, START)

    with database.begin() as db:
        found = [(each.session.code, each.answer) for each in sessions.upcoming(db, lotte, START)]

    assert found == [("T2", Answer.MAYBE), ("T3", None), ("P2", None)]


@pytest.mark.parametrize(
    ("change", "now", "why"),
    [
        (None, "2017-11-08 13:30", None),
        (None, "2017-11-09 13:30", "session_begun"),
        ("moved", "2017-11-08 13:30", "session_moved"),
        ("cancelled", "2017-11-08 13:30", "session_cancelled"),
        ("no", "2017-11-08 13:30", "said_no"),
    ],
)
def test_reminder_is_looked_at_again_before_it_is_sent(
    database: Database, change: str | None, now: str, why: str | None
):
    reminded(database, WEEK_BEFORE)
    wendela, subject = member_of(database, WENDELA), session_id(database, "T2")
    if change == "moved":
        move(database)
    elif change == "no":
        answer(database, LOTTE, Answer.NO)
    elif change == "cancelled":
        with database.begin() as db:
            sessions.cancel(db, wendela, subject, EN, START)

    with database.begin() as db:
        lotte = db.scalars(
            select(Delivery)
            .join(Person, Person.id == Delivery.person_id)
            .where(Delivery.kind == REMINDER, Person.code == "D07")
        ).one()
        session = db.get_one(LearningSession, subject)
        found = sessions.why_not_to_remind(db, session, lotte, amsterdam(now))

    assert found == why


@pytest.mark.parametrize(
    ("offset", "length"),
    [
        ("P7D", timedelta(days=7)),
        ("P1D", timedelta(days=1)),
        ("PT1H", timedelta(hours=1)),
        ("PT30M", timedelta(0, 1800)),
    ],
)
def test_offset_is_an_iso_duration(offset: str, length: timedelta):
    assert sessions.parse_offset(offset) == length

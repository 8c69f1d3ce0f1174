import threading
from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from bot.database import Database, Db
from bot.errors import UserError
from bot.models.checkins import (
    CheckIn,
    CheckInDraft,
    CheckInStatus,
    HelpFrom,
    NextStep,
    Obstacle,
    Tried,
    Visibility,
)
from bot.models.deliveries import DeliveryKind
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import checkins, checkins_asking, preferences
from bot.services.checkins import Answers, Unsure
from bot.services.members import Member
from bot.services.weeks import iso_week
from tests.bot.support import (
    EN,
    NL,
    Row,
    change_edition,
    change_participation,
    load,
    local,
    member_of,
    owed,
    participation_of,
    small_roster,
    tick,
)
from tests.support.demo import FATIMA, HUGO, LOTTE, MARIT, MIEKE, START, WENDELA, amsterdam

PROMPT, REMINDER = DeliveryKind.CHECKIN_PROMPT, DeliveryKind.CHECKIN_REMINDER
WEEK = "2017-W44"
THURSDAY = amsterdam("2017-11-02 12:15")
TWO_TAPS = Answers(confidence=4, tried=Tried.NO)
FULL = Answers(
    confidence=2,
    tried=Tried.YES,
    learned="Bellen na ontslag kost 5 minuten en scheelt vragen.",
    next_step=NextStep.ADAPT,
    obstacle=Obstacle.DATA_ICT,
    help_from=HelpFrom.MENTOR,
    visibility=Visibility.NETWORK_ANONYMOUS,
)
BLOCKED = "Zij heeft bsn 999990019"
DOUBTFUL = "vrouw van 84 met heupfractuur"


def asked(database: Database, now: str, code: str = "D07") -> list[Row]:
    tick(database, amsterdam(now))
    return owed(database, PROMPT, REMINDER, to=code)


def stored(database: Database) -> list[tuple[str, CheckInStatus, Answers]]:
    with database.begin() as db:
        rows = db.scalars(select(CheckIn).order_by(CheckIn.id))
        return [(row.week, row.status, Answers.of(row)) for row in rows]


def drafts(database: Database) -> list[tuple[str, dict[str, str]]]:
    with database.begin() as db:
        return [(row.week, row.answers) for row in db.scalars(select(CheckInDraft))]


def send(database: Database, answers: Answers, *, now: str = "2017-11-02 12:20", sure: bool = False) -> None:
    member = member_of(database)
    with database.begin() as db:
        checkins.submit(db, member, WEEK, answers, NL, amsterdam(now), sure=sure)


def next_asking(database: Database, code: str = "D07") -> str | None:
    subject = participation_of(database, code).id
    with database.begin() as db:
        at = db.scalar(
            select(Schedule.next_at).where(Schedule.kind == ScheduleKind.CHECKIN, Schedule.subject_id == subject)
        )
    return local(at) if at else None


def test_question_comes_thursday_at_a_quarter_past_twelve_and_its_reminder_on_friday(database: Database):
    before = asked(database, "2017-11-02 12:14")
    after = asked(database, "2017-11-02 12:15")

    assert before == []
    assert after == [Row("D07", PROMPT, "2017-11-02 12:15"), Row("D07", REMINDER, "2017-11-03 12:15")]
    assert next_asking(database) == "2017-11-09 12:15"


def test_question_goes_to_every_participant_and_to_nobody_else(database: Database):
    tick(database, THURSDAY)

    people = [row.person for row in owed(database, PROMPT)]

    assert sorted(people) == [f"D{number:02}" for number in range(1, 24)]


def test_managers_and_nurses_are_asked_too_and_boards_mentors_and_trainers_are_not(empty_database: Database):
    roles = ["manager", "nurse", "board", "staff_board", "mentor", "coach", "trainer", "coordinator"]
    people = [{"code": role, "name": role, "roles": [role]} for role in roles]
    load(empty_database, small_roster(people=people, teams=[]))

    tick(empty_database, THURSDAY)

    assert [row.person for row in owed(empty_database, PROMPT)] == ["manager", "nurse"]


def test_question_planned_twice_is_owed_once(database: Database):
    first = asked(database, "2017-11-02 12:15")
    with database.begin() as db:  # as if the first worker had not moved the schedule on
        for schedule in db.scalars(select(Schedule).where(Schedule.kind == ScheduleKind.CHECKIN)):
            schedule.next_at = THURSDAY

    second = asked(database, "2017-11-02 12:16")

    assert second == first


def test_question_planned_by_two_processes_at_once_is_owed_once(database: Database):
    other = Database(database.url)
    barrier = threading.Barrier(2)

    def work(mine: Database) -> None:
        barrier.wait()
        tick(mine, THURSDAY)

    workers = [threading.Thread(target=work, args=(each,)) for each in (database, other)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    other.dispose()

    assert len(owed(database, PROMPT)) == 23
    assert len(owed(database, REMINDER)) == 23


def test_question_comes_at_the_moment_somebody_chose(database: Database):
    member = member_of(database)
    with database.begin() as db:
        preferences.set_moment(db, member, 0, time(9, 30), NL, START)

    rows = [*asked(database, "2017-11-02 12:15"), *asked(database, "2017-11-06 09:30")]

    assert rows == [Row("D07", PROMPT, "2017-11-06 09:30"), Row("D07", REMINDER, "2017-11-07 09:30")]


def test_question_on_friday_has_no_reminder_in_the_next_week(database: Database):
    member = member_of(database)
    with database.begin() as db:
        preferences.set_moment(db, member, 4, time(12, 15), NL, START)

    rows = asked(database, "2017-11-03 12:15")

    assert rows == [Row("D07", PROMPT, "2017-11-03 12:15")]


@pytest.mark.parametrize(
    ("planned", "rows"),
    [
        ("2018-05-10 12:15", [Row("D07", PROMPT, "2018-05-11 08:00")]),  # Ascension: the Friday after
        (
            "2018-04-26 12:15",  # King's Day takes the reminder's Friday; Monday is another week
            [Row("D07", PROMPT, "2018-04-26 12:15")],
        ),
        ("2017-10-26 12:15", [Row("D07", PROMPT, "2017-10-26 12:15"), Row("D07", REMINDER, "2017-10-27 12:15")]),
        ("2018-03-22 12:15", [Row("D07", PROMPT, "2018-03-22 12:15"), Row("D07", REMINDER, "2018-03-23 12:15")]),
    ],
)
def test_question_around_holidays_and_changes_of_the_clock(database: Database, planned: str, rows: list[Row]):
    set_next(database, planned)

    assert asked(database, planned) == rows


def set_next(database: Database, moment: str, code: str = "D07") -> None:
    subject = participation_of(database, code).id
    with database.begin() as db:
        for schedule in db.scalars(select(Schedule)):
            due = schedule.kind is ScheduleKind.CHECKIN and schedule.subject_id == subject
            schedule.next_at = amsterdam(moment) if due else None


def test_question_is_left_out_when_no_working_day_is_left_in_the_week(database: Database):
    change_participation(database, "D07", checkin_weekday=4, checkin_time=time(12, 15))
    with database.begin() as db:
        checkins_asking.set_own_moment(db, db.merge(participation_of(database, "D07")), amsterdam("2018-04-23 09:00"))

    rows = asked(database, "2018-04-27 12:15")  # King's Day, a Friday

    assert rows == []
    assert next_asking(database) == "2018-05-04 12:15"


def test_wall_clock_of_the_question_stays_when_the_clock_changes(database: Database):
    moments = []
    for moment in ("2018-03-15 12:15", "2018-03-22 12:15", "2018-03-29 12:15"):
        set_next(database, moment)
        tick(database, amsterdam(moment))
        moments.append(next_asking(database))

    assert moments == ["2018-03-22 12:15", "2018-03-29 12:15", "2018-04-05 12:15"]


@pytest.mark.parametrize(
    ("paused_until", "count"),
    [(date(2017, 11, 3), 0), (date(2017, 11, 2), 2), (None, 2)],
    ids=["pause lasts", "pause ends today", "no pause"],
)
def test_question_waits_until_the_day_a_pause_ends(database: Database, paused_until: date | None, count: int):
    change_participation(database, "D07", paused_until=paused_until)

    rows = asked(database, "2017-11-02 12:15")

    assert len(rows) == count
    assert next_asking(database) == "2017-11-09 12:15"


def test_nobody_is_asked_before_the_edition_begins(database: Database):
    change_edition(database, starts_on=date(2017, 11, 3))

    rows = asked(database, "2017-11-02 12:15")

    assert rows == []
    assert next_asking(database) == "2017-11-09 12:15"


def test_nobody_is_asked_after_the_edition_ended(database: Database):
    change_edition(database, ends_on=date(2017, 11, 8))

    rows = asked(database, "2017-11-02 12:15")

    assert [row.kind for row in rows] == [PROMPT, REMINDER]
    assert next_asking(database) is None


def test_asking_goes_on_when_the_edition_is_made_longer(empty_database: Database):
    short = {**small_roster()["edition"], "ends_on": "2017-11-03"}
    load(empty_database, small_roster(edition=short))
    tick(empty_database, THURSDAY)

    load(empty_database, small_roster(), amsterdam("2017-11-07 09:00"))

    assert next_asking(empty_database, "A") == "2017-11-09 12:15"


def test_somebody_who_is_no_participant_any_more_is_not_asked(empty_database: Database):
    load(empty_database, small_roster())
    anna, coby = small_roster()["people"]

    load(empty_database, small_roster(people=[{**anna, "roles": ["mentor"]}, coby]))
    tick(empty_database, THURSDAY)

    assert owed(empty_database) == []


@pytest.mark.parametrize(
    ("back_at", "rows"),
    [
        ("2017-11-02 15:40", [Row("D07", PROMPT, "2017-11-02 15:40"), Row("D07", REMINDER, "2017-11-03 15:40")]),
        ("2017-11-02 22:00", [Row("D07", PROMPT, "2017-11-03 08:00")]),
        ("2017-11-03 10:00", [Row("D07", PROMPT, "2017-11-03 10:00")]),
        ("2017-11-04 10:00", []),  # Saturday: the next working day is in another week
        ("2017-11-06 10:00", []),
        ("2017-11-09 12:14", []),
        ("2017-11-09 13:00", [Row("D07", PROMPT, "2017-11-09 13:00"), Row("D07", REMINDER, "2017-11-10 13:00")]),
        ("2017-11-24 09:00", [Row("D07", PROMPT, "2017-11-24 09:00")]),  # three weeks later, a Friday
    ],
)
def test_question_after_downtime_is_asked_once_and_only_in_its_own_week(
    database: Database, back_at: str, rows: list[Row]
):
    assert asked(database, back_at) == rows


def test_answered_question_is_not_sent_any_more(database: Database):
    send(database, TWO_TAPS)
    participation = participation_of(database, "D07")

    with database.begin() as db:
        why = checkins_asking.why_not_to_ask(db, db.merge(participation), WEEK, amsterdam("2017-11-03 12:15"))

    assert why == "answered"


@pytest.mark.parametrize(
    ("paused_until", "now", "why"),
    [
        (None, "2017-11-02 12:15", None),
        (None, "2017-11-05 23:59", None),
        (None, "2017-11-06 00:00", "week_over"),
        (date(2017, 11, 3), "2017-11-02 12:15", "paused"),
        (date(2017, 11, 2), "2017-11-02 12:15", None),
    ],
)
def test_question_is_looked_at_again_before_it_is_sent(
    database: Database, paused_until: date | None, now: str, why: str | None
):
    change_participation(database, "D07", paused_until=paused_until)
    participation = participation_of(database, "D07")

    with database.begin() as db:
        found = checkins_asking.why_not_to_ask(db, db.merge(participation), WEEK, amsterdam(now))

    assert found == why


def test_two_taps_make_a_whole_checkin_that_only_the_coordinator_reads(database: Database):
    send(database, TWO_TAPS)

    assert stored(database) == [
        (WEEK, CheckInStatus.SUBMITTED, Answers(confidence=4, tried=Tried.NO, visibility=Visibility.COORDINATOR))
    ]


def test_full_checkin_is_stored_as_it_was_given(database: Database):
    send(database, FULL)

    assert stored(database) == [(WEEK, CheckInStatus.SUBMITTED, FULL)]


def test_checkin_sent_again_takes_the_place_of_the_first(database: Database):
    send(database, FULL)
    send(database, TWO_TAPS, now="2017-11-05 23:59")

    assert stored(database) == [(WEEK, CheckInStatus.SUBMITTED, TWO_TAPS)]


def test_checkins_of_two_weeks_are_two_rows(database: Database):
    send(database, TWO_TAPS)
    member = member_of(database)
    with database.begin() as db:
        checkins.submit(db, member, "2017-W45", FULL, NL, amsterdam("2017-11-09 12:20"))

    with database.begin() as db:
        confidence = checkins.recent_confidence(db, member)

    assert [week for week, _, _ in stored(database)] == ["2017-W44", "2017-W45"]
    assert confidence == [4, 2]


def test_recent_confidence_is_the_last_weeks_oldest_first_over_new_year(database: Database):
    member = member_of(database)
    weeks = ["2017-W50", "2017-W51", "2017-W52", "2018-W01", "2018-W02"]
    for number, week in enumerate(weeks, 1):
        with database.begin() as db:
            checkins.submit(db, member, week, Answers(confidence=number, tried=Tried.NO), NL, START)

    marit = member_of(database, MARIT)
    with database.begin() as db:
        found = (checkins.recent_confidence(db, member, 3), checkins.recent_confidence(db, marit))

    assert found == ([3, 4, 5], [])


def test_what_was_learned_is_left_out_when_nothing_was_tried(database: Database):
    answers = Answers(confidence=3, tried=Tried.NO_TIME, learned="Toch iets", next_step=NextStep.ADOPT)

    send(database, answers)

    assert stored(database) == [(WEEK, CheckInStatus.SUBMITTED, Answers(confidence=3, tried=Tried.NO_TIME))]


def test_learned_of_spaces_only_counts_as_empty(database: Database):
    send(database, Answers(confidence=3, tried=Tried.YES, learned="  \n "))

    assert stored(database) == [(WEEK, CheckInStatus.SUBMITTED, Answers(confidence=3, tried=Tried.YES))]


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        (Answers(tried=Tried.NO), "confidence", "Choose how sure you are."),
        (Answers(confidence=0, tried=Tried.NO), "confidence", "Choose how sure you are."),
        (Answers(confidence=6, tried=Tried.NO), "confidence", "Choose how sure you are."),
        (Answers(confidence=1), "tried", "Choose whether you tried something."),
        (
            Answers(confidence=1, tried=Tried.YES, learned="a" * 281),
            "learned",
            "Keep it to 280 characters; this is 281.",
        ),
        (
            Answers(confidence=1, tried=Tried.YES, learned=BLOCKED),
            "learned",
            "This looks like a patient's data (a citizen service number, patient number or date of birth). "
            "Take it out; nothing has been stored.",
        ),
    ],
)
def test_unfit_answer_is_refused_at_its_field_and_nothing_is_stored(
    database: Database, answers: Answers, field: str, sentence: str
):
    member = member_of(database)

    with pytest.raises(UserError) as refusal, database.begin() as db:
        checkins.submit(db, member, WEEK, answers, EN, THURSDAY)

    assert (refusal.value.field, refusal.value.sentence) == (field, sentence)
    assert stored(database) == []


def test_learned_of_exactly_the_longest_length_is_taken(database: Database):
    send(database, Answers(confidence=1, tried=Tried.YES, learned="a" * 280))

    assert len(stored(database)) == 1


def test_guarded_text_is_refused_even_when_its_author_is_sure(database: Database):
    with pytest.raises(UserError):
        send(database, Answers(confidence=1, tried=Tried.YES, learned=BLOCKED), sure=True)

    assert stored(database) == []


def test_doubtful_text_is_stored_only_after_a_second_look(database: Database):
    answers = Answers(confidence=1, tried=Tried.YES, learned=DOUBTFUL)

    with pytest.raises(Unsure):
        send(database, answers)
    before = stored(database)
    send(database, answers, sure=True)

    assert before == []
    assert stored(database) == [(WEEK, CheckInStatus.SUBMITTED, answers)]


def test_checkin_of_a_week_that_is_over_is_refused(database: Database):
    with pytest.raises(UserError) as refusal:
        send(database, TWO_TAPS, now="2017-11-06 00:00")

    assert refusal.value.sentence == NL("That week is over. Open this week's check-in with /checkin.")
    assert stored(database) == []


def test_people_without_a_project_are_refused_in_a_kind_sentence(database: Database):
    people = [member_of(database, person) for person in (HUGO, MIEKE, FATIMA, WENDELA)]
    acts: list[Callable[[Db, Member], object]] = [
        lambda db, member: checkins.submit(db, member, WEEK, TWO_TAPS, EN, THURSDAY),
        lambda db, member: checkins.skip(db, member, WEEK, EN, THURSDAY),
    ]
    said = set()

    for act, member in product(acts, people):
        with pytest.raises(UserError) as refusal, database.begin() as db:
            act(db, member)
        said.add(refusal.value.sentence)

    assert said == {"The check-in is for people who lead an improvement project. You need not do anything."}
    assert stored(database) == []


def test_skip_is_one_row_without_answers_and_stops_the_reminder(database: Database):
    member = member_of(database)

    with database.begin() as db:
        checkins.skip(db, member, WEEK, NL, THURSDAY)
        checkins.skip(db, member, WEEK, NL, THURSDAY)
    participation = participation_of(database, "D07")
    with database.begin() as db:
        why = checkins_asking.why_not_to_ask(db, db.merge(participation), WEEK, THURSDAY + timedelta(days=1))

    assert stored(database) == [(WEEK, CheckInStatus.SKIPPED, Answers())]
    assert why == "answered"


def test_week_that_was_skipped_can_be_answered_after_all(database: Database):
    member = member_of(database)
    with database.begin() as db:
        checkins.skip(db, member, WEEK, NL, THURSDAY)

    send(database, FULL)

    assert stored(database) == [(WEEK, CheckInStatus.SUBMITTED, FULL)]


def test_week_that_was_answered_cannot_be_skipped(database: Database):
    send(database, FULL)
    member = member_of(database)

    with pytest.raises(UserError) as refusal, database.begin() as db:
        checkins.skip(db, member, WEEK, EN, THURSDAY)

    assert refusal.value.sentence == "You already checked in this week, so there is nothing to skip."
    assert stored(database) == [(WEEK, CheckInStatus.SUBMITTED, FULL)]


def test_draft_is_kept_and_opens_the_form_again(database: Database):
    member, marit = member_of(database), member_of(database, MARIT)
    with database.begin() as db:
        checkins.keep_draft(db, member, WEEK, FULL, THURSDAY)

    with database.begin() as db:
        found = checkins.starting_answers(db, member, THURSDAY)
        next_week = checkins.starting_answers(db, member, THURSDAY + timedelta(days=7))
        other = checkins.starting_answers(db, marit, THURSDAY)

    assert (found, next_week, other) == (FULL, Answers(), Answers())


def test_form_opens_with_what_was_sent_and_after_a_skip_with_nothing(database: Database):
    member, marit = member_of(database), member_of(database, MARIT)
    send(database, FULL)
    with database.begin() as db:
        checkins.skip(db, marit, WEEK, NL, THURSDAY)

    with database.begin() as db:
        found = [checkins.starting_answers(db, each, THURSDAY) for each in (member, marit)]

    assert found == [FULL, Answers()]


@pytest.mark.parametrize("text", [BLOCKED, DOUBTFUL, "patnr 4711234", "geb. 12-03-1948"])
def test_guarded_text_is_never_kept_in_a_draft_and_an_earlier_one_goes(database: Database, text: str):
    member = member_of(database)
    for learned in ("Eerst iets goeds", text):
        with database.begin() as db:
            checkins.keep_draft(db, member, WEEK, Answers(confidence=2, tried=Tried.YES, learned=learned), THURSDAY)

    assert drafts(database) == [(WEEK, {"confidence": "2", "tried": "yes", "visibility": "coordinator"})]


@pytest.mark.parametrize("end", ["send", "skip"])
def test_draft_is_gone_once_the_week_is_answered_or_skipped(database: Database, end: str):
    member = member_of(database)
    with database.begin() as db:
        checkins.keep_draft(db, member, WEEK, FULL, THURSDAY)

    with database.begin() as db:
        if end == "send":
            checkins.submit(db, member, WEEK, TWO_TAPS, NL, THURSDAY)
        else:
            checkins.skip(db, member, WEEK, NL, THURSDAY)

    assert drafts(database) == []


def test_draft_is_not_kept_for_a_week_that_is_over(database: Database):
    member = member_of(database)

    with database.begin() as db:
        checkins.keep_draft(db, member, WEEK, FULL, amsterdam("2017-11-06 00:00"))

    assert drafts(database) == []


def test_drafts_of_two_taps_at_the_same_moment_do_not_hinder_each_other(shared_database: Database):
    member, failures = member_of(shared_database), []

    def second_tap() -> None:
        try:
            with shared_database.begin() as db:
                checkins.keep_draft(db, member, WEEK, TWO_TAPS, THURSDAY)
        except Exception as error:
            failures.append(type(error).__name__)

    with shared_database.begin() as db:
        checkins.keep_draft(db, member, WEEK, Answers(confidence=4), THURSDAY)
        db.flush()
        other = threading.Thread(target=second_tap)
        other.start()
        other.join(0.3)  # it waits for this transaction
    other.join()

    assert failures == []
    assert drafts(shared_database) == [(WEEK, TWO_TAPS.as_draft())]


def test_old_drafts_are_erased_after_two_weeks(database: Database):
    for code, days in ((LOTTE, 13), (MARIT, 15)):
        member = member_of(database, code)
        with database.begin() as db:
            then = THURSDAY - timedelta(days=days)
            checkins.keep_draft(db, member, iso_week(then, member.timezone), TWO_TAPS, then)

    with database.begin() as db:
        gone = checkins.drop_old_drafts(db, THURSDAY)

    assert (gone, [week for week, _ in drafts(database)]) == (1, ["2017-W42"])


def test_receipt_is_owed_once_a_week(database: Database):
    member = member_of(database)

    for _ in range(2):
        with database.begin() as db:
            checkin = checkins.submit(db, member, WEEK, TWO_TAPS, NL, THURSDAY)
            db.flush()
            checkins_asking.owe_receipt(db, member, checkin, THURSDAY)

    assert owed(database) == [Row("D07", DeliveryKind.CHECKIN_RECEIPT, "2017-11-02 12:15")]


def test_answers_survive_the_way_through_a_draft():
    for answers in (Answers(), TWO_TAPS, FULL):
        assert Answers.from_draft(answers.as_draft()) == answers

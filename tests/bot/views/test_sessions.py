from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import UserError
from bot.i18n import Texts
from bot.models.editions import Track
from bot.models.sessions import Answer
from bot.services.sessions import Details, Invitation
from bot.views import sessions
from tests.bot.views.checks import (
    HOSTILE,
    LANGUAGES,
    check_form,
    check_message,
    fields,
    filled,
    labels,
    session,
    shown,
)
from tests.support.demo import AMSTERDAM, amsterdam

NL, EN = LANGUAGES
NOW = amsterdam("2017-11-02 13:30")
FACTS_NL = (
    "*Hoe communiceer ik met anderen?* (opleiding klinisch leiderschap)\n"
    "donderdag 9 november 2017, 13.30-17.30 uur\n"
    "Plaats: Rotterdam"
)
FACTS_EN = (
    "*Hoe communiceer ik met anderen?* (leadership training)\nThursday 9 November 2017, 13:30-17:30\nPlace: Rotterdam"
)
AWKWARD: dict[str, dict[str, Any]] = {
    "plain": {},
    "hostile": {"title": HOSTILE, "location": HOSTILE, "preparation": HOSTILE},
    "long": {"title": "x" * 150, "location": "y" * 150, "preparation": "z" * 1000},
    "ampersands": {"title": "&" * 150, "location": "&" * 150, "preparation": "&" * 2500},
    "long track": {"track": Track(name_nl="t" * 3000, name_en="t" * 3000)},
    "without preparation": {"preparation": None},
    "cancelled": {"cancelled_at": NOW},
}


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("kind", AWKWARD)
def test_every_message_and_form_is_within_slacks_limits_and_harmless(t: Texts, kind: str):
    row = session(**AWKWARD[kind])
    invitations = [Invitation(session(**{**AWKWARD[kind], "id": number}), None) for number in range(10)]

    for answer in (None, *Answer):
        check_message(sessions.reminder(t, row, answer, NOW))
    check_message(sessions.change_notice(t, row))
    check_message(sessions.overtaken(t, row))
    for is_coordinator in (False, True):
        check_message(sessions.agenda(t, invitations, is_coordinator=is_coordinator, is_demo=True))
    check_form(sessions.edit_form(t, row))
    check_message(sessions.saved(t, 0))
    check_message(sessions.saved(t, 25))


@pytest.mark.parametrize(("t", "facts"), [(NL, FACTS_NL), (EN, FACTS_EN)], ids=["nl", "en"])
def test_reminder_tells_everything_in_its_text_too(t: Texts, facts: str):
    message = sessions.reminder(t, session(), None, NOW)

    expected = [
        t("In {days} days you have a session.", days=7),
        *facts.split("\n"),
        t("To prepare: {preparation}", preparation="Neem één situatie mee."),
        t("Will you be there?"),
    ]
    assert message.text.split("\n") == expected
    assert [line for line in expected if line not in shown(message.blocks)] == []


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2017-11-02 13:30", "In 7 days you have a session."),
        ("2017-11-07 23:59", "In 2 days you have a session."),
        ("2017-11-08 00:00", "Tomorrow at 13:30 you have a session."),
        ("2017-11-09 08:00", "Today at 13:30 you have a session."),
        ("2017-11-09 12:14", "Today at 13:30 you have a session."),
        ("2017-11-09 12:15", "Your session begins soon, at 13:30."),
        ("2017-11-09 12:30", "Your session begins soon, at 13:30."),
    ],
)
def test_reminder_says_how_soon_it_is(now: str, opening: str):
    assert sessions.reminder(EN, session(), None, amsterdam(now)).text.split("\n")[0] == opening


def test_reminder_across_the_night_the_clock_changes_counts_days_of_the_calendar():
    row = session(starts_at=amsterdam("2018-03-26 13:30"), ends_at=amsterdam("2018-03-26 17:30"))

    message = sessions.reminder(NL, row, None, amsterdam("2018-03-23 13:30"))

    assert message.text.split("\n")[0] == NL("In {days} days you have a session.", days=3)


@pytest.mark.parametrize("answer", Answer)
def test_reminder_marks_the_answer_given(answer: Answer):
    message = sessions.reminder(EN, session(), answer, NOW)

    marked = [label for label in labels(message.blocks) if label.startswith("✓ ")]
    assert marked == [f"✓ {dict(zip(Answer, ['I will be there', 'Maybe', 'I cannot come'], strict=True))[answer]}"]
    assert message.text.split("\n")[-1].startswith("Your answer: ")


def test_answer_button_carries_the_session_and_the_start_its_reader_saw():
    row = session()

    assert sessions.read_answer(sessions.answer_value(row)) == (4, amsterdam("2017-11-09 13:30"))


def test_change_notice_tells_the_new_facts_and_asks_again():
    message = sessions.change_notice(NL, session(location="Utrecht"))

    assert message.text.split("\n") == [
        NL("This session has changed. These are the new details."),
        *FACTS_NL.replace("Rotterdam", "Utrecht").split("\n"),
        NL("Will you be there?"),
    ]
    assert len(labels(message.blocks)) == 3


def test_cancellation_says_which_session_and_asks_nothing():
    message = sessions.change_notice(EN, session(cancelled_at=NOW))

    assert message.text == f"This session is cancelled.\n{FACTS_EN}"
    assert labels(message.blocks) == []


def test_agenda_shows_sessions_with_answers_or_the_button_to_change_them():
    invitations = [Invitation(session(), Answer.YES)]

    mine = sessions.agenda(EN, invitations, is_coordinator=False, is_demo=False)
    coordinators = sessions.agenda(EN, invitations, is_coordinator=True, is_demo=False)

    assert mine.text == coordinators.text == f"Your next sessions\n{FACTS_EN}"
    assert labels(mine.blocks) == ["✓ I will be there", "Maybe", "I cannot come"]
    assert labels(coordinators.blocks) == ["Change"]


def test_agenda_without_sessions_says_so_and_demo_data_is_marked():
    message = sessions.agenda(EN, [], is_coordinator=False, is_demo=True)

    assert message.text == "Your next sessions\nNo sessions are planned for you."
    assert "*DEMO* - invented people, projects and numbers" in shown(message.blocks)


def test_form_opens_with_the_session_as_it_is_on_the_clock_of_the_edition():
    view = filled(sessions.edit_form(NL, session()))

    assert fields(view) == ["title", "day", "starts_at", "ends_at", "location", "preparation"]
    assert sessions.read_edit_form(view, NL) == Details(
        "Hoe communiceer ik met anderen?",
        amsterdam("2017-11-09 13:30"),
        amsterdam("2017-11-09 17:30"),
        "Rotterdam",
        "Neem één situatie mee.",
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " Nieuw "}, {"title": "Nieuw"}),
        ({"preparation": None}, {"preparation": None}),
        ({"preparation": "  "}, {"preparation": None}),
        ({"location": "Utrecht"}, {"location": "Utrecht"}),
        (
            {"day": "2018-03-26", "starts_at": "09:00", "ends_at": "12:30"},
            {"starts_at": amsterdam("2018-03-26 09:00"), "ends_at": amsterdam("2018-03-26 12:30")},
        ),
    ],
)
def test_reader_returns_exactly_what_was_filled_in(changes: dict[str, Any], expected: dict[str, Any]):
    view = sessions.edit_form(NL, session())
    before = sessions.read_edit_form(filled(view), NL)

    read = sessions.read_edit_form(filled(view, **changes), NL)

    assert vars(read) == {**vars(before), **expected}


def test_time_that_does_not_exist_is_refused_at_its_field():
    view = sessions.edit_form(EN, session())

    with pytest.raises(UserError) as refusal:
        sessions.read_edit_form(filled(view, day="2018-03-25", starts_at="02:30", ends_at="05:00"), EN)

    assert (refusal.value.field, refusal.value.sentence) == (
        "starts_at",
        "That time does not exist: the clock goes forward that night.",
    )


def test_time_that_comes_twice_is_the_first_of_the_two():
    view = filled(sessions.edit_form(EN, session()), day="2017-10-29", starts_at="02:30", ends_at="04:00")

    read = sessions.read_edit_form(view, EN)

    assert read.starts_at.astimezone(UTC) == datetime(2017, 10, 29, 0, 30, tzinfo=UTC)
    assert read.starts_at.tzinfo == AMSTERDAM
    assert read.ends_at.astimezone(UTC) == datetime(2017, 10, 29, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("people", "sentence"),
    [(0, "Saved."), (1, "Saved. 1 person gets a notice."), (25, "Saved. 25 people get a notice.")],
)
def test_coordinator_reads_how_many_people_are_told(people: int, sentence: str):
    assert sessions.saved(EN, people).text == sentence

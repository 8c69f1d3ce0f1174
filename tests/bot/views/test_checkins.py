from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Texts
from bot.models.checkins import HelpFrom, NextStep, Obstacle, Tried, Visibility
from bot.services.checkins import Answers
from bot.views import checkins, kit
from tests.bot.views.checks import HOSTILE, LANGUAGES, check_form, check_message, fields, filled, labels, shown

NL, EN = LANGUAGES
WEEK = "2017-W44"
AIM_BY = date(2018, 6, 22)
SHORT = ["confidence", "tried", "obstacle", "help_from", "visibility"]
LONG = ["confidence", "tried", "learned", "next_step", "obstacle", "help_from", "visibility"]
ANSWERS = st.builds(
    Answers,
    confidence=st.none() | st.integers(1, 5),
    tried=st.none() | st.sampled_from(Tried),
    learned=st.none(),
    next_step=st.none(),
    obstacle=st.none() | st.sampled_from(Obstacle),
    help_from=st.none() | st.sampled_from(HelpFrom),
    visibility=st.sampled_from(Visibility),
)


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("name", ["Lotte", HOSTILE, "x" * 3500, "&" * 2500])
def test_every_message_is_within_slacks_limits_and_harmless(t: Texts, name: str):
    messages = [
        checkins.prompt(t, name, WEEK),
        checkins.reminder(t, name, WEEK),
        *(checkins.receipt(t, name, WEEK, visibility) for visibility in Visibility),
        checkins.skipped(t, WEEK),
    ]

    for message in messages:
        check_message(message)


def test_question_says_who_and_what_and_offers_both_answers():
    message = checkins.prompt(EN, "Lotte", WEEK)

    assert message.text == "Hi Lotte, how is your improvement project going this week? Two taps will do."
    assert message.text in shown(message.blocks)
    assert labels(message.blocks) == ["Check in", "Not this week"]


@pytest.mark.parametrize("build", [checkins.prompt, checkins.reminder])
def test_buttons_of_question_and_reminder_carry_the_week(build: Any):
    (row,) = [block for block in build(EN, "Lotte", WEEK).blocks if block["type"] == "actions"]

    found = [(element["action_id"], element["value"]) for element in row["elements"]]

    assert found == [(checkins.OPEN, WEEK), (checkins.SKIP, WEEK)]


def test_receipt_says_week_and_readers_and_repeats_nothing():
    message = checkins.receipt(EN, "Lotte", WEEK, Visibility.NETWORK_ANONYMOUS)

    assert message.text == (
        "Thank you, Lotte. Your check-in of week 44 is in. Who may read it: the network, without my name."
    )
    assert "Sunday 5 November 2017, 23:59" in shown(message.blocks)
    assert "zondag 5 november 2017, 23.59 uur" in shown(
        checkins.receipt(NL, "Lotte", WEEK, Visibility.COORDINATOR).blocks
    )


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("sure", [False, True])
@pytest.mark.parametrize("learned", [None, HOSTILE, "&" * 280])
@pytest.mark.parametrize("tried", [None, *Tried])
def test_form_is_within_slacks_limits(t: Texts, sure: bool, learned: str | None, tried: Tried | None):
    answers = Answers(confidence=3, tried=tried, learned=learned)

    check_form(checkins.form(t, WEEK, answers, AIM_BY, sure=sure))


@pytest.mark.parametrize(
    ("tried", "shown_fields"),
    [(None, SHORT), (Tried.NO, SHORT), (Tried.NO_TIME, SHORT), (Tried.YES, LONG)],
)
def test_form_asks_what_was_learned_only_when_something_was_tried(tried: Tried | None, shown_fields: list[str]):
    view = checkins.form(EN, WEEK, Answers(tried=tried), AIM_BY)

    assert fields(view) == shown_fields
    assert checkins.shows_test(view) is (tried is Tried.YES)


def test_form_requires_two_taps_only():
    view = checkins.form(EN, WEEK, Answers(tried=Tried.YES), AIM_BY)

    required = [block["block_id"] for block in view["blocks"] if block["type"] == "input" and not block.get("optional")]
    empty = checkins.read_form(filled(view))

    assert required == ["confidence", "tried", "visibility"]
    assert empty == Answers(tried=Tried.YES, visibility=Visibility.COORDINATOR)


def test_form_names_the_aim_and_its_week_and_warns_of_patient_data():
    view = checkins.form(NL, WEEK, Answers(tried=Tried.YES), AIM_BY)

    said = shown(view["blocks"])
    assert view["title"]["text"] == "Check-in week 44"
    assert "vrijdag 22 juni 2018" in said
    assert "Geen patiëntgegevens: geen namen, geboortedata, nummers of herkenbare casussen." in said


def test_form_remembers_its_week_and_of_which_text_its_author_is_sure():
    found = [kit.memory(checkins.form(EN, WEEK, Answers(), AIM_BY, sure=sure)) for sure in (False, True)]

    assert found == [{"week": WEEK, "sure": None}, {"week": WEEK, "sure": checkins.fingerprint(Answers())}]


def test_second_look_shows_a_warning_and_another_button():
    view = checkins.form(EN, WEEK, Answers(), AIM_BY, sure=True)

    assert view["submit"]["text"] == "Send anyway"
    assert view["blocks"][0]["text"]["text"] == (
        "Might a patient be recognised in your text? Read it once more; send it if not."
    )


@given(ANSWERS, st.sampled_from(LANGUAGES))
def test_reader_returns_what_the_form_was_opened_with(answers: Answers, t: Texts):
    view = filled(checkins.form(t, WEEK, answers, AIM_BY))

    assert checkins.read_form(view) == answers


@given(
    st.integers(1, 5),
    st.text(min_size=1, max_size=280),
    st.sampled_from(NextStep),
    st.sampled_from(Obstacle),
    st.sampled_from(HelpFrom),
    st.sampled_from(Visibility),
)
def test_reader_returns_exactly_what_somebody_chose(
    confidence: int, learned: str, step: NextStep, obstacle: Obstacle, help_from: HelpFrom, visibility: Visibility
):
    view = checkins.form(NL, WEEK, Answers(tried=Tried.YES), AIM_BY)

    read = checkins.read_form(
        filled(
            view,
            confidence=str(confidence),
            learned=learned,
            next_step=step,
            obstacle=obstacle,
            help_from=help_from,
            visibility=visibility,
        )
    )

    assert read == Answers(confidence, Tried.YES, learned, step, obstacle, help_from, visibility)


@pytest.mark.parametrize(
    ("labels_of", "choices"),
    [
        (checkins.TRIED, Tried),
        (checkins.NEXT_STEP, NextStep),
        (checkins.OBSTACLE, Obstacle),
        (checkins.HELP_FROM, HelpFrom),
        (checkins.VISIBILITY, Visibility),
    ],
)
def test_every_choice_has_a_label(labels_of: dict[Any, str], choices: Any):
    assert list(labels_of) == list(choices)
    assert len(set(labels_of.values())) == len(labels_of)


def test_confidence_of_the_last_weeks_is_one_line():
    assert checkins.summary(EN, [4, 3, 5]) == "Your confidence, last weeks: 4 · 3 · 5"

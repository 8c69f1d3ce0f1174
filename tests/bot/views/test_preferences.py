from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Texts
from bot.services.preferences import Preferences
from bot.views import preferences
from tests.bot.views.checks import LANGUAGES, SETTINGS, check_form, check_message, fields, filled

NL, EN = LANGUAGES
TODAY = date(2017, 11, 1)
OWN = replace(SETTINGS, weekday=0, at=time(9, 10), paused_until=date(2017, 11, 20))


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("current", [SETTINGS, OWN])
@pytest.mark.parametrize("checks_in", [False, True])
def test_form_and_answers_are_within_slacks_limits(t: Texts, current: Preferences, checks_in: bool):
    check_form(preferences.form(t, current, checks_in=checks_in))
    check_message(preferences.saved(t, current, checks_in=checks_in))
    check_message(preferences.paused(t, None))
    check_message(preferences.paused(t, date(2017, 11, 20)))


def test_form_asks_a_moment_and_a_pause_of_who_is_asked_only():
    found = [fields(preferences.form(EN, SETTINGS, checks_in=checks_in)) for checks_in in (True, False)]

    assert found == [["language", "weekday", "at", "paused_until"], ["language"]]


def test_form_offers_the_quarters_outside_quiet_hours_and_the_present_choice():
    view = preferences.form(NL, OWN, checks_in=True)

    element = next(block["element"] for block in view["blocks"] if block["block_id"] == "at")
    offered = [option["value"] for option in element["options"]]
    assert (offered[0], offered[-1], len(offered)) == ("08:00", "18:45", 45)
    initial = element["initial_option"]
    assert (initial["value"], initial["text"]["text"]) == ("09:10", "09.10 uur")


@pytest.mark.parametrize("current", [SETTINGS, OWN])
def test_reader_returns_what_the_form_was_opened_with(current: Preferences):
    view = filled(preferences.form(EN, current, checks_in=True))

    read = preferences.read_form(view)

    assert read == ("nl", current.weekday, current.at, current.paused_until)
    assert preferences.has_pause(view)


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ({"language": "en"}, ("en", 3, time(12, 15), None)),
        ({"weekday": "4", "at": "18:45"}, ("nl", 4, time(18, 45), None)),
        ({"paused_until": "2017-11-20"}, ("nl", 3, time(12, 15), date(2017, 11, 20))),
    ],
)
def test_reader_returns_exactly_what_was_chosen(values: dict[str, str], read: tuple[Any, ...]):
    view = preferences.form(EN, SETTINGS, checks_in=True)

    assert preferences.read_form(filled(view, **values)) == read


def test_reader_of_a_form_with_a_language_only():
    view = filled(preferences.form(EN, SETTINGS, checks_in=False))

    assert preferences.read_form(view) == ("nl", None, None, None)
    assert not preferences.has_pause(view)


@pytest.mark.parametrize(
    ("t", "current", "checks_in", "text"),
    [
        (EN, SETTINGS, False, "Saved. I speak Nederlands with you."),
        (
            EN,
            replace(SETTINGS, language="en"),
            True,
            "Saved. I speak English with you. I ask for your check-in every Thursday at 12:15.",
        ),
        (EN, OWN, True, "Saved. I speak Nederlands with you. I ask no check-in until Monday 20 November 2017."),
    ],
)
def test_answer_says_what_holds_from_now_on(t: Texts, current: Preferences, checks_in: bool, text: str):
    assert preferences.saved(t, current, checks_in=checks_in).text == text


def test_moment_in_dutch_has_a_point_and_uur():
    line = preferences.moment_line(NL, SETTINGS)

    assert [words in line for words in ("donderdag", "12.15 uur")] == [True, True]


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("2", date(2017, 11, 15)),
        ("2 weken", date(2017, 11, 15)),
        ("1 week", date(2017, 11, 8)),
        ("27-11", date(2017, 11, 27)),
        ("tot 27-11", date(2017, 11, 27)),
        ("until 27-11", date(2017, 11, 27)),
        ("Tot 27-11", date(2017, 11, 27)),
        (" 27-11-2017 ", date(2017, 11, 27)),
        ("2017-11-27", date(2017, 11, 27)),
        ("1-2", date(2018, 2, 1)),
        ("1-11", date(2018, 11, 1)),  # today's date means next year's
        ("31-10", date(2018, 10, 31)),
        ("1-1-2016", date(2016, 1, 1)),  # the service refuses days that are over
        ("0", TODAY),
        ("", None),
        ("morgen", None),
        ("30-2", None),
        ("27-13-2017", None),
        ("100", None),
        ("-1", None),
        ("²", None),
    ],
)
def test_pause_is_read_as_people_write_it(words: str, until: date | None):
    assert preferences.parse_pause(words, TODAY) == until


@given(st.text(max_size=20) | st.text("0123456789- tuol", max_size=12), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_words_for_a_pause_are_a_day_or_nothing(words: str, today: date):
    found = preferences.parse_pause(words, today)

    assert found is None or isinstance(found, date)

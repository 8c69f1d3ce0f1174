from dataclasses import replace
from datetime import date

import pytest

from bot.i18n import Texts
from bot.messages import View
from bot.models.checkins import CheckIn, CheckInStatus
from bot.models.sessions import Answer
from bot.services.members import Member
from bot.services.sessions import Invitation
from bot.views.home import home, stranger
from tests.bot.views.checks import (
    HOSTILE,
    HUGO,
    LANGUAGES,
    LOTTE,
    SETTINGS,
    WENDELA,
    check_form,
    labels,
    session,
    shown,
)

NL, EN = LANGUAGES
WEEK = "2017-W44"
SUBMITTED, SKIPPED = CheckIn(status=CheckInStatus.SUBMITTED), CheckIn(status=CheckInStatus.SKIPPED)
AWKWARD = replace(LOTTE, first_name="x" * 400, edition_name=HOSTILE * 50, is_demo=True)


def tab(t: Texts, member: Member, checkin: CheckIn | None = None, confidence: tuple[int, ...] = ()) -> View:
    return home(t, member, WEEK, checkin, confidence, [Invitation(session(), Answer.YES)], SETTINGS)


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("member", [LOTTE, HUGO, WENDELA, AWKWARD])
@pytest.mark.parametrize("checkin", [None, SUBMITTED, SKIPPED])
def test_home_tab_is_within_slacks_limits_and_harmless(t: Texts, member: Member, checkin: CheckIn | None):
    row = session(title=HOSTILE, location="&" * 2500)
    many = [Invitation(session(id=number, title=row.title, location=row.location), None) for number in range(5)]

    check_form(tab(t, member, checkin, (1, 2, 3)))
    check_form(home(t, member, WEEK, checkin, (), many, SETTINGS))
    check_form(home(t, member, WEEK, checkin, (), [], SETTINGS))


@pytest.mark.parametrize(
    ("member", "checkin", "buttons"),
    [
        (LOTTE, None, ["Check in", "Not this week"]),
        (LOTTE, SUBMITTED, ["Change"]),
        (LOTTE, SKIPPED, ["Check in after all"]),
        (HUGO, None, []),
    ],
)
def test_home_tab_offers_what_is_asked_now_then_the_session_then_the_rest(
    member: Member, checkin: CheckIn | None, buttons: list[str]
):
    view = tab(EN, member, checkin)

    assert labels(view["blocks"]) == [*buttons, "✓ I will be there", "Maybe", "I cannot come", "Agenda", "Settings"]


def test_home_tab_of_a_coordinator_offers_the_announcement_and_the_change_of_sessions():
    view = tab(EN, WENDELA)

    assert labels(view["blocks"]) == ["Announcement", "Agenda", "Settings", "Change"]


def test_home_tab_shows_own_confidence_and_the_moment_to_participants_only():
    found = [shown(tab(EN, member, None, (4, 3))["blocks"]) for member in (LOTTE, HUGO)]

    words = ["Your confidence, last weeks: 4 · 3", "every Thursday at 12:15", "Your check-in of week 44"]
    assert [[each in text for each in words] for text in found] == [[True] * 3, [False] * 3]


def test_home_tab_shows_a_pause_in_place_of_the_moment():
    paused = replace(SETTINGS, paused_until=date(2017, 11, 20))

    view = home(EN, LOTTE, WEEK, None, (), [], paused)

    assert "I ask no check-in until Monday 20 November 2017." in shown(view["blocks"])


def test_demo_data_is_marked():
    found = ["*DEMO*" in shown(tab(EN, replace(LOTTE, is_demo=is_demo))["blocks"]) for is_demo in (True, False)]

    assert found == [True, False]


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
def test_stranger_sees_the_way_in(t: Texts):
    view = check_form(stranger(t, "Ask your coordinator."))

    assert "Ask your coordinator." in shown(view["blocks"])

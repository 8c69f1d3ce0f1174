import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.browsers import require_browser, running_browser
from tests.support.demonstration import demonstration, fill_in, jump_to_thursday, say_yes_to_the_reminder

pytestmark = pytest.mark.browser


def test_newcomer_is_asked_on_thursday_and_checks_in_with_the_mouse(tmp_path: Path):
    program = require_browser()

    with demonstration(tmp_path) as url, running_browser(program) as browser:
        page = browser.new_page(locale="nl-NL", timezone_id="Europe/Amsterdam")
        page.goto(url)
        jump_to_thursday(page)
        fill_in(page).get_by_role("button", name="Versturen").click()

        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("log")).to_contain_text("Dank je, Lotte. Je check-in van week 44 staat erin.")
        with sqlite3.connect(tmp_path / "var/demo/vliegwiel.db") as stored:
            rows = stored.execute("SELECT week, confidence, tried, learned, visibility FROM checkin").fetchall()
        stored.close()
    assert rows == [
        (
            "2017-W44",
            4,
            "yes",
            "Keuzehulp meegegeven vóór het gesprek: drie van de vier lazen hem thuis.",
            "coordinator",
        )
    ]


def test_answer_to_a_reminder_is_marked_on_the_button_that_was_pressed(tmp_path: Path):
    program = require_browser()

    with demonstration(tmp_path) as url, running_browser(program) as browser:
        page = browser.new_page(locale="nl-NL", timezone_id="Europe/Amsterdam")
        page.goto(url)
        jump_to_thursday(page)
        say_yes_to_the_reminder(page)

        expect(page.get_by_role("log").get_by_role("button", name="✓ Ik ben erbij")).to_be_visible()

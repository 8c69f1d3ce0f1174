"""Buttons, menus and other elements of messages."""

from typing import Any

import pytest
from playwright.sync_api import expect

from sandbox.client import wait_for
from tests.page.browser.conftest import OpenPage
from tests.page.browser.screen import messages, post
from tests.page.demo import CheckIns, everything, prompt

pytestmark = pytest.mark.browser


def value_of(heard: Any) -> Any:
    """What an app hears of a choice, down to values and ids."""
    if isinstance(heard, list):
        return [value_of(each) for each in heard]
    return heard["value"] if isinstance(heard, dict) else heard


def test_button_asks_first_and_the_app_replaces_the_message(running, open_page: OpenPage):
    post(running, "U0D07", "Hoe staat het ervoor?", blocks=prompt())
    page, second = open_page(), open_page()

    page.get_by_role("button", name="Deze week overslaan").click()
    question = page.get_by_role("dialog", name="Deze week overslaan?")
    question.get_by_role("button", name="Toch niet").click()
    expect(page.get_by_role("button", name="Deze week overslaan")).to_be_focused()
    page.get_by_role("button", name="Deze week overslaan").click()
    question.get_by_role("button", name="Overslaan").click()

    for each in (page, second):
        expect(messages(each)).to_contain_text("Overgeslagen. Tot volgende week!")
        expect(each.get_by_role("button", name="Check-in doen")).to_have_count(0)


def test_button_that_the_app_does_not_answer_says_so(sandbox, open_page: OpenPage):
    post(sandbox, "U0D07", "Hoe staat het ervoor?", blocks=prompt())
    page = open_page()

    page.get_by_role("button", name="Check-in doen").click()

    expect(page.get_by_role("alert").filter(has_text="Vliegwiel is niet bereikbaar.")).to_be_visible()


def test_every_kind_of_element_tells_the_app_what_was_chosen(running, check_ins: CheckIns, open_page: OpenPage):
    post(running, "U0D07", "Van alles", blocks=everything())
    page = open_page()
    log = messages(page)

    def heard(action_id: str, expected: object) -> None:
        wait_for(lambda: value_of(check_ins.heard.get(action_id)) == expected, what=f"{expected} from {action_id}")

    log.get_by_label("Taal").select_option("twee")
    heard("any.select", "twee")
    log.locator('summary[aria-label="Thema\'s"]').click()
    log.get_by_role("group").filter(has_text="Eerste").get_by_label("Tweede").first.check()
    heard("any.multi", ["twee"])
    page.keyboard.press("Escape")
    boxes = log.locator("[type=checkbox]:visible")
    boxes.nth(0).check()
    heard("any.boxes", ["een"])
    boxes.nth(1).check()
    heard("any.boxes", ["een", "twee"])
    log.get_by_role("radio").nth(1).check()
    heard("any.radio", "twee")
    log.get_by_label("Dag").fill("2017-11-16")
    heard("any.date", "2017-11-16")
    log.get_by_label("Tijd").fill("13:30")
    heard("any.time", "13:30")
    log.locator("[type=datetime-local]").fill("2017-11-02T12:15")
    heard("any.moment", 1509621300)
    log.get_by_label("Persoon").select_option(label="Marit Hogeveen")
    heard("any.person", "U0D01")
    log.locator("summary[aria-label=Meer]").click()
    log.get_by_role("button", name="Tweede").click()
    heard("any.more", "twee")
    log.get_by_label("Notitie").fill("met Enter")
    assert "any.text" not in check_ins.heard
    log.get_by_label("Notitie").press("Enter")
    heard("any.text", "met Enter")
    expect(log.get_by_role("link", name="Naar buiten")).to_have_attribute("href", "https://voorbeeld.invalid/")
    page.reload()
    expect(log.get_by_label("Notitie")).to_have_value("met Enter")
    expect(log.get_by_label("Persoon")).to_have_value("U0D01")

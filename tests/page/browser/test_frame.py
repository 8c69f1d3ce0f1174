"""The frame around it all: Start, the clock, persons, language, phones and keyboards."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.page.browser.conftest import OpenPage
from tests.page.browser.screen import composer, messages, modal, open_checkin, post
from tests.page.demo import prompt

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_home_is_published_when_its_tab_is_opened_and_follows_a_checkin(running, open_page: OpenPage):
    page = open_page()

    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", name="Jouw leernetwerk")).to_be_visible()
    page.get_by_role("button", name="Check-in doen").click()
    modal(page).get_by_label("Even stil").check()
    modal(page).get_by_label("Wat heb je geprobeerd?").fill("overleg")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Je deed 1 check-ins")).to_be_visible()


def test_clock_jumps_for_everybody(sandbox, open_page: OpenPage):
    page, second = open_page(), open_page("U0D01")
    expect(page.get_by_text("woensdag 1 november 2017, 09.00 uur")).to_be_visible()

    page.locator(".bar").get_by_role("button", name="Naar donderdag 12.15").click()

    for each in (page, second):
        expect(each.get_by_text("donderdag 2 november 2017, 12.15 uur")).to_be_visible(timeout=1000)


def test_clock_takes_a_moment_of_ones_own_but_never_goes_back(sandbox, open_page: OpenPage):
    page = open_page()

    page.get_by_text("Andere tijd").click()
    page.get_by_label("Spring naar").fill("2017-11-16T13:30")
    page.get_by_role("button", name="Springen").click()
    expect(page.get_by_text("donderdag 16 november 2017, 13.30 uur")).to_be_visible()
    page.get_by_text("Andere tijd").click()
    page.get_by_label("Spring naar").fill("2016-01-01T00:00")
    page.get_by_role("button", name="Springen").click()

    expect(page.get_by_role("alert").filter(has_text="De klok kan alleen vooruit.")).to_be_visible()


def test_person_is_found_by_title_and_switched_to_by_keyboard(sandbox, open_page: OpenPage):
    page = open_page()

    page.get_by_role("button", name="Handelen als iemand anders").click()
    page.keyboard.type("bosch mdl")
    expect(page.get_by_role("dialog", name="Handelen als").get_by_role("link")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name=re.compile("Handelen als Nadia el Ouazz"))).to_be_visible()


def test_language_switch_changes_the_page_and_not_the_app(running, open_page: OpenPage):
    post(running, "U0D07", "Hoe staat het ervoor?", blocks=prompt())
    page = open_page()

    page.get_by_role("link", name="English").click()

    expect(page.get_by_role("heading", name="Channels")).to_be_visible()
    expect(page.get_by_text("Wednesday 1 November 2017, 09:00")).to_be_visible()
    expect(page.get_by_role("button", name="Check-in doen")).to_be_visible()


def test_tip_for_newcomers_stays_away_once_dismissed(sandbox, open_page: OpenPage):
    page = open_page()

    page.get_by_role("button", name="Tip verbergen").click()
    page.reload()

    expect(composer(page)).to_be_visible()
    expect(page.get_by_text("Nieuw hier?")).to_be_hidden()


def test_phone_fits_its_width_and_keeps_channels_in_a_drawer(running, open_page: OpenPage):
    post(running, "U0D07", "Hoe staat het ervoor?", blocks=prompt())
    page = open_page(viewport=PHONE)

    expect(page.get_by_role("link", name="algemeen")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Kanalen en personen tonen").click()
    page.get_by_role("link", name="algemeen").click()
    expect(page.get_by_role("heading", name="algemeen", exact=False).first).to_be_visible()
    expect(page.get_by_role("link", name="veilige-zorg")).to_be_hidden()


def test_checkin_by_keyboard_alone(running, open_page: OpenPage):
    page = open_page()
    keyboard = page.keyboard

    keyboard.type("/ch")
    keyboard.press("Enter")
    expect(modal(page).get_by_label("Vooruit")).to_be_focused()
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.type("een rondje langs de afdeling")
    keyboard.press("Tab")
    keyboard.type("Mijn")
    keyboard.press("Control+Enter")

    expect(messages(page)).to_contain_text("Bewaard: een rondje langs de afdeling")
    expect(composer(page)).to_be_focused()


def test_focus_stays_inside_the_modal(running, open_page: OpenPage):
    page = open_page()
    open_checkin(page)

    for _ in range(12):
        page.keyboard.press("Tab")
        outside = (
            "!['BODY', 'DIALOG'].includes(document.activeElement.tagName) && !document.activeElement.closest('dialog')"
        )
        assert not page.evaluate(outside)


def test_page_comes_back_by_itself_after_the_connection_was_lost(running, open_page: OpenPage):
    page = open_page("U0D07", "&in=C0ALGEMEEN")
    expect(composer(page)).to_be_visible()

    running.workspace.changes.publish("closed")
    time.sleep(0.2)
    running.client.person("U0D01").write("Ben je er weer?", channel="C0ALGEMEEN")

    expect(messages(page)).to_contain_text("Ben je er weer?", timeout=10_000)

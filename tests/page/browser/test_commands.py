"""Slash commands: found while typing, run with Enter, explained when they fail."""

import pytest
from playwright.sync_api import expect

from tests.page.browser.conftest import OpenPage
from tests.page.browser.screen import composer, messages

pytestmark = pytest.mark.browser


def test_typeahead_narrows_while_typing_and_arrow_and_enter_run_the_command(running, open_page: OpenPage):
    page = open_page()

    composer(page).press_sequentially("/")
    expect(page.get_by_role("option")).to_have_count(2)
    composer(page).press("ArrowDown")
    expect(page.get_by_role("option", selected=True)).to_contain_text("/imagine")
    composer(page).press("Enter")

    expect(messages(page)).to_contain_text("Je vroeg: niets")
    expect(messages(page)).to_contain_text("Alleen zichtbaar voor jou")


def test_typeahead_completes_with_tab_and_shows_how_to_go_on(running, open_page: OpenPage):
    page = open_page()

    composer(page).press_sequentially("/im")
    composer(page).press("Tab")

    expect(composer(page)).to_have_value("/imagine ")
    expect(page.get_by_role("option")).to_contain_text("[agenda | checkin | pauze | help]")
    composer(page).press_sequentially("agenda")
    composer(page).press("Enter")
    expect(messages(page)).to_contain_text("Je vroeg: agenda")


def test_typeahead_closes_with_escape_and_keeps_the_text(sandbox, open_page: OpenPage):
    page = open_page()

    composer(page).press_sequentially("/ch")
    composer(page).press("Escape")

    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(composer(page)).to_have_value("/ch")


def test_command_without_answer_is_reported_and_its_text_is_kept(running, open_page: OpenPage):
    page = open_page()

    composer(page).fill("/imagine stil")
    composer(page).press("Enter")

    expect(messages(page)).to_contain_text("/imagine mislukt: de app antwoordde niet op tijd.")
    expect(composer(page)).to_have_value("/imagine stil")


def test_command_without_app_says_that_the_app_cannot_be_reached(sandbox, open_page: OpenPage):
    page = open_page()

    composer(page).fill("/checkin")
    composer(page).press("Enter")

    expect(messages(page)).to_contain_text("/checkin mislukt: Vliegwiel is niet bereikbaar.")


def test_unknown_command_is_explained(running, open_page: OpenPage):
    page = open_page()

    composer(page).fill("/koffie")
    composer(page).press("Enter")

    expect(messages(page)).to_contain_text("/koffie is geen geldige opdracht.")


def test_person_from_elsewhere_is_offered_no_commands(running, open_page: OpenPage):
    page = open_page("U0EXT")

    composer(page).press_sequentially("/")

    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_text("Je doet mee vanuit een andere Slack-organisatie")).to_be_visible()

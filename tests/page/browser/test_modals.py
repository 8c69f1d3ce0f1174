"""Modals: what is typed stays, what is wrong is said, and focus is where one expects it."""

import re

import pytest
from playwright.sync_api import expect

from tests.page.browser.conftest import OpenPage
from tests.page.browser.screen import messages, modal, open_checkin, post
from tests.page.demo import demo_app, prompt
from tests.sandbox.apps import over_socket_mode

pytestmark = pytest.mark.browser


def test_objection_of_the_app_stands_under_its_field_and_goes_when_it_is_changed(running, open_page: OpenPage):
    page = open_page()
    form = open_checkin(page)
    field = form.get_by_label("Wat heb je geprobeerd?")

    form.get_by_label("Vooruit").check()
    field.fill("BSN 123456782")
    form.get_by_role("button", name="Bewaren").click()

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Dit lijkt een burgerservicenummer"))
    expect(field).to_be_focused()
    expect(field).to_have_value("BSN 123456782")
    field.fill("een gesprek")
    expect(form.get_by_text("Dit lijkt een burgerservicenummer")).to_have_count(0)
    form.get_by_role("button", name="Bewaren").click()
    expect(modal(page)).to_have_count(0)
    expect(messages(page)).to_contain_text("Bewaard: een gesprek")


def test_empty_required_field_is_explained_in_dutch(running, open_page: OpenPage):
    page = open_page()
    form = open_checkin(page)

    form.get_by_role("button", name="Bewaren").click()

    expect(form.get_by_text("Vul dit verplichte veld in.")).to_have_count(2)


def test_modal_changed_by_the_app_keeps_what_was_typed(running, open_page: OpenPage):
    page = open_page()
    form = open_checkin(page)
    form.get_by_label("Wat heb je geprobeerd?").fill("nog niets")

    form.get_by_label("Vastgelopen").check()

    expect(form.get_by_label("Waar zit het op vast?")).to_be_visible()
    expect(form.get_by_label("Wat heb je geprobeerd?")).to_have_value("nog niets")
    expect(form.get_by_label("Vastgelopen")).to_be_checked()
    expect(form.get_by_label("Vastgelopen")).to_be_focused()


def test_view_on_top_gives_way_to_the_one_below_with_everything_in_it(running, open_page: OpenPage):
    page = open_page()
    form = open_checkin(page)
    form.get_by_label("Wat heb je geprobeerd?").fill("eerst dit")
    upper = page.get_by_role("dialog", name="Tweede venster")

    form.get_by_role("button", name="Uitleg").click()
    expect(upper.get_by_label("Wat heb je geprobeerd?")).to_have_value("")
    expect(upper.get_by_label("Vooruit")).to_be_focused()
    upper.get_by_role("button", name="Annuleren").click()
    expect(form.get_by_label("Wat heb je geprobeerd?")).to_have_value("eerst dit")
    form.get_by_role("button", name="Uitleg").click()
    upper.get_by_role("button", name="Sluiten").click()

    expect(page.locator("#modal")).to_have_count(0)


def test_modal_stays_with_what_was_typed_when_the_app_is_gone(sandbox, open_page: OpenPage):
    page = open_page()
    with over_socket_mode(sandbox, demo_app(sandbox)):
        form = open_checkin(page)
    form.get_by_label("Wat heb je geprobeerd?").fill("dit wil ik niet kwijt")

    form.get_by_label("Vooruit").check()
    form.get_by_role("button", name="Bewaren").click()

    complaint = form.get_by_role("alert").filter(has_text="Wat je invulde is bewaard")
    expect(complaint).to_be_visible()
    expect(form.get_by_label("Wat heb je geprobeerd?")).to_have_value("dit wil ik niet kwijt")
    post(sandbox, "U0D07", "Ondertussen gebeurt er iets anders.")
    expect(page.get_by_text("Ondertussen gebeurt er iets anders.")).to_be_attached()
    expect(complaint).to_be_visible()
    page.keyboard.press("Escape")
    expect(modal(page)).to_have_count(0)
    page.get_by_text("Andere tijd").click()
    page.get_by_label("Spring naar").fill("")
    page.get_by_role("button", name="Springen").click()
    expect(page.get_by_role("alert").filter(has_text="Vul een datum en tijd in.")).to_be_visible()


def test_counter_appears_when_the_limit_comes_near(running, open_page: OpenPage):
    page = open_page()
    form = open_checkin(page)
    field = form.get_by_label("Wat heb je geprobeerd?")

    field.fill("x" * 20)
    expect(form.get_by_text("tekens")).to_be_hidden()
    field.fill("x" * 55)
    expect(form.get_by_text("Nog 5 tekens")).to_be_visible()
    post(running, "U0D07", "Ondertussen gebeurt er iets anders.")
    expect(page.get_by_text("Ondertussen gebeurt er iets anders.")).to_be_attached()
    expect(form.get_by_text("Nog 5 tekens")).to_be_visible()
    field.fill("x" * 62)
    expect(form.get_by_text("2 tekens te veel")).to_be_visible()


def test_escape_closes_the_modal_and_gives_focus_back(running, open_page: OpenPage):
    post(running, "U0D07", "Hoe staat het ervoor?", blocks=prompt())
    page = open_page()
    start = page.get_by_role("button", name="Check-in doen")

    start.click()
    expect(modal(page).get_by_label("Vooruit")).to_be_focused()
    page.keyboard.press("Escape")

    expect(modal(page)).to_have_count(0)
    expect(start).to_be_focused()
    assert running.client.person("U0D07").screen() is None

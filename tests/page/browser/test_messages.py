"""Messages: live, safe, read or unread, and never losing what is being typed."""

import pytest
from playwright.sync_api import expect

from tests.page.browser.conftest import OpenPage
from tests.page.browser.screen import composer, messages, post

pytestmark = pytest.mark.browser


def test_message_reaches_the_app_and_its_answer_appears(running, open_page: OpenPage):
    page = open_page()

    composer(page).fill("dag <b>app</b> & co")
    composer(page).press("Enter")

    expect(messages(page)).to_contain_text("Je schreef: dag <b>app</b> & co")
    expect(composer(page)).to_have_value("")


def test_second_tab_of_another_person_sees_a_message_within_a_second(running, open_page: OpenPage):
    lotte, marit = open_page("U0D07", "&in=C0ALGEMEEN"), open_page("U0D01", "&in=C0ALGEMEEN")
    expect(composer(marit)).to_be_visible()

    composer(lotte).fill("Wie komt er naar Utrecht?")
    composer(lotte).press("Enter")

    expect(messages(marit)).to_contain_text("Wie komt er naar Utrecht?", timeout=1000)


def test_unread_channel_is_marked_until_it_is_opened(running, open_page: OpenPage):
    page = open_page("U0D07")
    channel = page.get_by_role("navigation", name="Werkruimte").get_by_role("link", name="algemeen")
    expect(channel).not_to_contain_text("ongelezen")

    running.client.person("U0D01").write("Hallo", channel="C0ALGEMEEN")

    expect(channel).to_contain_text("1 ongelezen")
    channel.click()
    expect(messages(page)).to_contain_text("Hallo")
    expect(channel).not_to_contain_text("ongelezen")


def test_page_is_morphed_and_not_replaced_when_something_changes(running, open_page: OpenPage):
    running.client.person("U0D01").write("Het eerste", channel="C0ALGEMEEN")
    page = open_page("U0D07", "&in=C0ALGEMEEN")
    expect(messages(page)).to_contain_text("Het eerste")
    page.evaluate(
        "for (const each of document.querySelectorAll('article, #sidebar, #composer, .bar')) each.same = true"
    )

    running.client.person("U0D01").write("Het tweede", channel="C0ALGEMEEN")

    expect(messages(page)).to_contain_text("Het tweede")
    kept = "[...document.querySelectorAll('article, #sidebar, #composer, .bar')].filter((each) => each.same).length"
    assert page.evaluate(kept) == 4
    assert page.evaluate("document.querySelectorAll('body').length") == 1


def test_half_typed_message_survives_other_messages_and_a_reload(running, open_page: OpenPage):
    page = open_page("U0D07", "&in=C0ALGEMEEN")
    composer(page).press_sequentially("Ik was nog aan het")

    running.client.person("U0D01").write("Er was eens", channel="C0ALGEMEEN")

    expect(messages(page)).to_contain_text("Er was eens")
    expect(composer(page)).to_have_value("Ik was nog aan het")
    page.reload()
    expect(composer(page)).to_have_value("Ik was nog aan het")


def test_message_of_another_person_cannot_run_script(running, open_page: OpenPage):
    page = open_page("U0D07", "&in=C0ALGEMEEN")
    hostile = "<img src=x onerror=alert(1)> *<script>alert(1)</script>* <javascript:alert(1)|klik>"

    post(running, "C0ALGEMEEN", hostile)

    expect(messages(page)).to_contain_text("onerror=alert(1)")
    assert page.locator("#messages :is(script, img[src=x], a[href^=javascript])").count() == 0


def test_hundreds_of_messages_show_the_newest_and_earlier_on_demand(running, open_page: OpenPage):
    for number in range(230):
        post(running, "C0ALGEMEEN", f"bericht {number}.")

    page = open_page("U0D07", "&in=C0ALGEMEEN")

    expect(page.get_by_role("article")).to_have_count(100)
    expect(page.get_by_text("bericht 229.")).to_be_in_viewport()
    page.get_by_role("link", name="Eerdere berichten tonen").click()
    expect(page.get_by_role("article")).to_have_count(200)
    expect(page.get_by_text("bericht 129.")).to_have_count(1)

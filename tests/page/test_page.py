"""The page in a real browser, against a real app over Socket Mode."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sandbox.client import wait_for
from sandbox.server import SandboxServer
from tests.page.conftest import OpenPage
from tests.page.demo import CheckIns, demo_app, everything, prompt
from tests.sandbox.apps import over_socket_mode, web_client

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def post(server: SandboxServer, channel: str, text: str, **more) -> None:
    web_client(server).chat_postMessage(channel=channel, text=text, **more)


def composer(page: Page):
    return page.get_by_role("combobox", name=re.compile("Bericht aan|Message"))


def value_of(heard: Any) -> Any:
    """What an app hears of a choice, down to values and ids."""
    if isinstance(heard, list):
        return [value_of(each) for each in heard]
    return heard["value"] if isinstance(heard, dict) else heard


def modal(page: Page):
    return page.get_by_role("dialog", name="Check-in")


def messages(page: Page):
    return page.get_by_role("log")


# Commands


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


# Messages


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


# Buttons


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


# Modals


def open_checkin(page: Page):
    composer(page).fill("/checkin")
    composer(page).press("Enter")
    expect(modal(page)).to_be_visible()
    return modal(page)


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

    expect(form.get_by_role("alert").filter(has_text="Wat je invulde is bewaard")).to_be_visible()
    expect(form.get_by_label("Wat heb je geprobeerd?")).to_have_value("dit wil ik niet kwijt")


def test_counter_appears_when_the_limit_comes_near(running, open_page: OpenPage):
    page = open_page()
    form = open_checkin(page)
    field = form.get_by_label("Wat heb je geprobeerd?")

    field.fill("x" * 20)
    expect(form.get_by_text("tekens")).to_be_hidden()
    field.fill("x" * 55)
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


# Home, time, people, language


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


# Small screens and keyboards


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

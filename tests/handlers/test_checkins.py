from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import app, startup
from bot.models.checkins import CheckInStatus, HelpFrom, NextStep, Obstacle, Tried, Visibility
from bot.models.deliveries import DeliveryKind
from bot.socket_mode import socket_mode
from sandbox.client import Json, Outcome, wait_for
from tests.handlers.conftest import LogLines
from tests.support.demo import FATIMA, HUGO, LOTTE, MARIT, MIEKE, SJOERD, WENDELA, slack_id
from tests.support.rows import checkins, deliveries, drafts, everything, outcomes
from tests.support.screens import buttons, fields, texts
from tests.support.world import World

BSN = "999990019"
WITH_BSN = f"Patiënt met nummer {BSN} ging eerder naar huis"
A_CASE = "Een vrouw van 83 jaar ging een dag eerder naar huis"
RECEIPT = (
    "Dank je, Lotte. Je check-in van week 44 staat erin. Wie hem mag lezen: alleen de coördinator.",
    "Aanpassen kan tot en met zondag 5 november 2017, 23.59 uur.",
)
ONLY_LEADERS = "De check-in is voor wie een verbetertraject leidt. Jij hoeft niets te doen."


def open_form(world: World, user_id: str = LOTTE) -> Json:
    world.person(user_id).command("/checkin")
    return world.person(user_id).view()


def choose(world: World, name: str, value: str, user_id: str = LOTTE) -> None:
    world.person(user_id).choose(f"checkins.changed.{name}", value)


def try_something(world: World, learned: str, user_id: str = LOTTE) -> None:
    """Open the form, answer that something was tried, and write what was learned."""
    shown = open_form(world, user_id)
    choose(world, "confidence", "3", user_id)
    choose(world, "tried", "yes", user_id)
    world.person(user_id).view(after=shown)
    world.person(user_id).type("checkins.changed.learned", learned)


def check_in(world: World, user_id: str = LOTTE) -> Outcome:
    """The shortest check-in there is."""
    open_form(world, user_id)
    choose(world, "confidence", "4", user_id)
    choose(world, "tried", "no", user_id)
    return world.person(user_id).submit()


def draft_is(world: World, **answers: str) -> None:
    """Wait until the one draft holds these answers."""
    expected = [{"visibility": "coordinator", **answers}]
    wait_for(lambda: drafts(world) == expected, what=f"{expected}; it is {drafts(world)}")


def test_checkin_command_opens_form_and_two_taps_store_one_row(world: World):
    sent = check_in(world)

    assert sent.errors == {}
    (row,) = checkins(world)
    assert (row.week, row.status, row.confidence, row.tried, row.visibility) == (
        "2017-W44",
        CheckInStatus.SUBMITTED,
        4,
        Tried.NO,
        Visibility.COORDINATOR,
    )


def test_form_is_dutch_and_asks_for_what_the_week_needs(world: World):
    view = open_form(world)

    assert view["title"]["text"] == "Check-in week 44"
    assert view["submit"]["text"] == "Versturen"
    assert [block["label"]["text"] for block in view["blocks"]] == [
        "Hoe zeker ben je dat jullie het doel halen vóór vrijdag 22 juni 2018?",
        "Heb je iets uitgeprobeerd?",
        "Wat zit in de weg?",
        "Wil je hulp?",
        "Wie mag dit lezen?",
    ]
    assert fields(view) == {
        "confidence": None,
        "tried": None,
        "obstacle": None,
        "help_from": None,
        "visibility": "coordinator",
    }


@pytest.mark.parametrize("words", ["/imagine checkin", "/imagine CHECKIN", "/checkin nu even"])
def test_form_opens_for_other_words(world: World, words: str):
    world.person(LOTTE).command(words)

    assert world.person(LOTTE).view()["callback_id"] == "checkins.submit"


def test_form_opens_from_the_prompt(world: World):
    world.jump("2017-11-02 12:15")
    world.person(LOTTE).last_message(containing="Twee tikken")

    world.person(LOTTE).click("checkins.open")

    assert world.person(LOTTE).view()["title"]["text"] == "Check-in week 44"


def test_form_opens_from_home(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()

    lotte.click("checkins.open", view=lotte.home()["id"])

    assert lotte.view()["title"]["text"] == "Check-in week 44"


def test_form_left_empty_names_what_is_missing(world: World):
    open_form(world)

    sent = world.person(LOTTE).submit()

    assert sorted(sent.errors) == ["confidence", "tried"]
    assert checkins(world) == []


def test_text_over_280_characters_is_refused_and_280_are_stored(world: World):
    try_something(world, "é" * 281)

    refused = world.person(LOTTE).submit()
    world.person(LOTTE).type("checkins.changed.learned", "é" * 280)
    accepted = world.person(LOTTE).submit()

    assert (list(refused.errors), accepted.errors) == (["learned"], {})
    assert [row.learned for row in checkins(world)] == ["é" * 280]


def test_questions_about_a_test_appear_after_yes_only(world: World):
    lotte = world.person(LOTTE)
    first = open_form(world)
    choose(world, "confidence", "2")
    choose(world, "obstacle", "time")

    choose(world, "tried", "yes")
    second = lotte.view(after=first)
    choose(world, "tried", "no")
    third = lotte.view(after=second)

    assert fields(second) == {
        "confidence": "2",
        "tried": "yes",
        "learned": None,
        "next_step": None,
        "obstacle": "time",
        "help_from": None,
        "visibility": "coordinator",
    }
    assert list(fields(third)) == ["confidence", "tried", "obstacle", "help_from", "visibility"]


def test_all_answers_are_stored(world: World):
    try_something(world, "  Overdracht aan bed scheelt een kwartier.  ")
    for name, value in {
        "next_step": "adapt",
        "obstacle": "decision",
        "help_from": "board",
        "visibility": "network",
    }.items():
        choose(world, name, value)

    world.person(LOTTE).submit()

    (row,) = checkins(world)
    assert (row.confidence, row.tried, row.learned, row.next_step, row.obstacle, row.help_from, row.visibility) == (
        3,
        Tried.YES,
        "Overdracht aan bed scheelt een kwartier.",
        NextStep.ADAPT,
        Obstacle.DECISION,
        HelpFrom.BOARD,
        Visibility.NETWORK,
    )


@pytest.mark.parametrize("visibility", list(Visibility))
def test_visibility_is_stored_as_chosen(world: World, visibility: Visibility):
    open_form(world)
    choose(world, "confidence", "4")
    choose(world, "tried", "no")
    choose(world, "visibility", visibility)

    world.person(LOTTE).submit()

    assert [row.visibility for row in checkins(world)] == [visibility]


def test_text_written_before_changing_yes_to_no_is_not_stored(world: World):
    lotte = world.person(LOTTE)
    try_something(world, "Toch maar niet")
    shown = lotte.view()
    choose(world, "tried", "no")
    lotte.view(after=shown)

    lotte.submit()

    assert [(row.tried, row.learned) for row in checkins(world)] == [(Tried.NO, None)]


def test_draft_is_there_again_after_closing_the_form(world: World):
    lotte = world.person(LOTTE)
    try_something(world, "Half af")
    draft_is(world, confidence="3", tried="yes", learned="Half af")

    lotte.close()
    lotte.no_view()

    assert fields(open_form(world)) == {
        "confidence": "3",
        "tried": "yes",
        "learned": "Half af",
        "next_step": None,
        "obstacle": None,
        "help_from": None,
        "visibility": "coordinator",
    }


def test_draft_is_there_again_after_a_restart_of_the_bot(world: World):
    try_something(world, "Half af")
    draft_is(world, confidence="3", tried="yes", learned="Half af")
    world.person(LOTTE).close()
    world.slack.disconnect_sockets(reason=None)
    wait_for(lambda: not world.slack.connections(), what="an end of the old bot")

    with socket_mode(app.build_bolt(world.deps, startup.prepare(world.deps, migrate=False)), world.deps.settings):
        shown = fields(open_form(world))

    assert (shown["confidence"], shown["learned"]) == ("3", "Half af")


def test_draft_of_last_week_does_not_fill_this_week(world: World):
    try_something(world, "Vorige week")
    draft_is(world, confidence="3", tried="yes", learned="Vorige week")
    world.person(LOTTE).close()

    world.jump("2017-11-06 09:00")
    view = open_form(world)

    assert (view["title"]["text"], fields(view)["confidence"]) == ("Check-in week 45", None)


@pytest.mark.parametrize("text", [WITH_BSN, A_CASE])
def test_text_with_a_possible_patient_is_left_out_of_the_draft(world: World, text: str):
    try_something(world, "Onschuldig")
    draft_is(world, confidence="3", tried="yes", learned="Onschuldig")

    world.person(LOTTE).type("checkins.changed.learned", text)

    draft_is(world, confidence="3", tried="yes")


def test_draft_keeps_the_last_of_many_quick_letters(world: World):
    try_something(world, "a")
    draft_is(world, confidence="3", tried="yes", learned="a")

    with ThreadPoolExecutor(8) as pool:
        for length in range(2, 40):
            pool.submit(world.person(LOTTE).type, "checkins.changed.learned", "a" * length)
    world.person(LOTTE).type("checkins.changed.learned", "klaar")

    draft_is(world, confidence="3", tried="yes", learned="klaar")
    assert [message["text"] for message in world.person(LOTTE).dm()] == []


def test_first_letters_typed_at_once_make_one_draft_and_no_complaint(world: World):
    people = [slack_id(f"D{number:02}") for number in range(1, 7)]
    for user_id in people:
        open_form(world, user_id)

    with ThreadPoolExecutor(12) as pool:
        for user_id in people:
            for name, value in (("confidence", "3"), ("obstacle", "time"), ("help_from", "mentor")):
                pool.submit(choose, world, name, value, user_id)

    wait_for(lambda: len(drafts(world)) == len(people), what="a draft of everybody")
    assert [world.person(user_id).dm() for user_id in people] == [[]] * len(people)


def test_resubmitting_updates_the_one_row(world: World):
    check_in(world)
    (first,) = checkins(world)

    shown = fields(open_form(world))
    choose(world, "confidence", "1")
    world.person(LOTTE).submit()

    (second,) = checkins(world)
    assert (shown["confidence"], shown["tried"]) == ("4", "no")
    assert (second.id, second.confidence, second.tried) == (first.id, 1, Tried.NO)


def test_next_week_makes_a_second_row(world: World):
    check_in(world)

    world.jump("2017-11-08 09:00")
    check_in(world)

    assert [row.week for row in checkins(world)] == ["2017-W44", "2017-W45"]


def test_prompt_becomes_a_receipt_with_a_button_to_change(world: World):
    world.jump("2017-11-02 12:15")

    check_in(world)

    message = world.person(LOTTE).last_message(containing="Dank je")
    assert (texts(message), buttons(message)) == ([*RECEIPT], ["Aanpassen"])
    world.work()
    assert len(world.person(LOTTE).dm()) == 1


def test_button_of_the_receipt_opens_what_was_sent_and_rewrites_the_receipt(world: World):
    lotte = world.person(LOTTE)
    world.jump("2017-11-02 12:15")
    check_in(world)
    lotte.last_message(containing="Dank je")

    lotte.click("checkins.open")
    shown = fields(lotte.view())
    choose(world, "visibility", "team")
    lotte.submit()

    assert (shown["confidence"], shown["tried"]) == ("4", "no")
    lotte.last_message(containing="Wie hem mag lezen: mijn team.")
    assert len(lotte.dm()) == 1


def test_checkin_without_a_prompt_gets_one_receipt_and_no_prompt_later(world: World):
    check_in(world)
    world.work()
    check_in(world)
    world.work()

    world.jump("2017-11-02 12:15")

    assert [texts(message) for message in world.person(LOTTE).dm()] == [[*RECEIPT]]
    assert outcomes(world, DeliveryKind.CHECKIN_PROMPT)[LOTTE] == ("skipped", "answered")


def test_reminder_becomes_a_receipt_too(world: World):
    world.jump("2017-11-02 12:15")
    world.jump("2017-11-03 12:15")
    world.person(LOTTE).last_message(containing="enige herinnering")

    check_in(world)

    invitation = "Over 6 dagen heb je een bijeenkomst."
    told = [RECEIPT[0], invitation, RECEIPT[0]]
    wait_for(
        lambda: [texts(message)[0].splitlines()[0] for message in world.person(LOTTE).dm()] == told, what="receipts"
    )


def test_not_this_week_takes_one_tap_and_asks_nothing_more(world: World):
    lotte = world.person(LOTTE)
    world.jump("2017-11-02 12:15")

    lotte.click("checkins.skip")

    message = lotte.last_message(containing="deze week niet")
    assert (texts(message), buttons(message)) == (["Goed, deze week niet. Tot volgende week."], ["Toch invullen"])
    (row,) = checkins(world)
    assert (row.week, row.status, row.confidence) == ("2017-W44", CheckInStatus.SKIPPED, None)
    world.jump("2017-11-03 12:15")
    assert "check-in" not in lotte.last_message()["text"]
    assert outcomes(world, DeliveryKind.CHECKIN_REMINDER)[LOTTE] == ("skipped", "answered")


def test_skipped_week_can_be_undone_by_checking_in_after_all(world: World):
    lotte = world.person(LOTTE)
    world.jump("2017-11-02 12:15")
    lotte.click("checkins.skip")
    lotte.last_message(containing="deze week niet")

    lotte.click("checkins.open")
    lotte.view()
    choose(world, "confidence", "5")
    choose(world, "tried", "no_time")
    lotte.submit()

    lotte.last_message(containing="Dank je")
    assert [(row.status, row.confidence, row.tried) for row in checkins(world)] == [
        (CheckInStatus.SUBMITTED, 5, Tried.NO_TIME)
    ]


@pytest.mark.parametrize("words", ["/imagine overslaan", "/imagine skip"])
def test_week_can_be_skipped_by_word_before_the_prompt(world: World, words: str):
    lotte = world.person(LOTTE)

    lotte.command(words)

    assert buttons(lotte.last_message(containing="deze week niet")) == ["Toch invullen"]
    world.jump("2017-11-02 12:15")
    assert outcomes(world, DeliveryKind.CHECKIN_PROMPT)[LOTTE] == ("skipped", "answered")


def test_skipping_after_checking_in_is_refused_and_changes_nothing(world: World):
    check_in(world)

    world.person(LOTTE).command("/imagine overslaan")

    world.person(LOTTE).last_message(containing="Je hebt deze week al ingecheckt, dus er valt niets over te slaan.")
    assert [row.status for row in checkins(world)] == [CheckInStatus.SUBMITTED]


def test_skip_button_of_last_week_does_not_skip_this_week(world: World):
    lotte = world.person(LOTTE)
    world.jump("2017-11-02 12:15")
    world.jump("2017-11-06 09:00")

    lotte.click("checkins.skip")

    lotte.last_message(containing="Die week is voorbij.")
    assert checkins(world) == []


def test_pressing_skip_twice_at_once_says_it_without_complaint(world: World):
    people = [slack_id(f"D{number:02}") for number in range(1, 7)]
    world.jump("2017-11-02 12:15")

    with ThreadPoolExecutor(12) as pool:
        for user_id in [*people, *people]:
            pool.submit(world.person(user_id).click, "checkins.skip")

    for user_id in people:
        world.person(user_id).last_message(containing="deze week niet")
    wait_for(lambda: len(checkins(world)) == len(people), what="one row for each")
    assert [len(world.person(user_id).dm()) for user_id in people] == [1] * len(people)


def test_citizen_number_is_stopped_below_the_field_and_goes_nowhere(world: World, log_lines: LogLines):
    world.jump("2017-11-02 12:15")
    try_something(world, WITH_BSN)
    draft_is(world, confidence="3", tried="yes")

    sent = world.person(LOTTE).submit()
    world.work()

    assert sent.errors == {
        "learned": "Dit lijkt op patiëntgegevens (een BSN, patiëntnummer of geboortedatum). "
        "Haal het weg; er is niets opgeslagen."
    }
    assert fields(world.person(LOTTE).view())["learned"] == WITH_BSN
    assert checkins(world) == []
    assert BSN not in everything(world)
    assert BSN not in log_lines.text
    said = [message for user_id in (LOTTE, WENDELA, HUGO, MARIT) for message in world.person(user_id).dm()]
    assert BSN not in repr(said)
    assert BSN not in repr([home.content for home in world.sandbox.workspace.homes.values()])


def test_text_without_the_citizen_number_can_be_sent_after_all(world: World):
    try_something(world, WITH_BSN)
    world.person(LOTTE).submit()

    world.person(LOTTE).type("checkins.changed.learned", "Eerder naar huis werkt")
    sent = world.person(LOTTE).submit()

    assert sent.errors == {}
    assert [row.learned for row in checkins(world)] == ["Eerder naar huis werkt"]


def test_recognisable_case_is_shown_once_more_and_then_passes(world: World):
    lotte = world.person(LOTTE)
    try_something(world, A_CASE)

    first = lotte.submit()
    again = lotte.view()
    stored_at_first = checkins(world)
    second = lotte.submit()

    assert (first.errors, second.errors, stored_at_first) == ({}, {}, [])
    assert texts(again) == [
        "Is er misschien een patiënt te herkennen in je tekst? Lees hem nog eens; zo niet, verstuur hem dan."
    ]
    assert (again["submit"]["text"], fields(again)["learned"]) == ("Toch versturen", A_CASE)
    assert [row.learned for row in checkins(world)] == [A_CASE]


def test_another_case_written_after_the_warning_is_shown_once_more_too(world: World):
    lotte = world.person(LOTTE)
    try_something(world, A_CASE)
    lotte.submit()

    lotte.type("checkins.changed.learned", "Mevrouw Jansen op kamer 12 ging naar huis")
    lotte.submit()
    again = lotte.view()

    assert (again["submit"]["text"], checkins(world)) == ("Toch versturen", [])


def test_citizen_number_added_after_the_warning_is_still_stopped(world: World):
    lotte = world.person(LOTTE)
    try_something(world, A_CASE)
    lotte.submit()

    lotte.type("checkins.changed.learned", WITH_BSN)
    sent = lotte.submit()

    assert (list(sent.errors), checkins(world)) == (["learned"], [])


def test_forms_sent_twice_at_once_store_one_row_each(world: World):
    people = [slack_id(f"D{number:02}") for number in range(1, 7)]
    for user_id in people:
        open_form(world, user_id)
        choose(world, "confidence", "4", user_id)
        choose(world, "tried", "no", user_id)

    with ThreadPoolExecutor(12) as pool:
        sent = [pool.submit(world.person(user_id).submit) for user_id in [*people, *people]]
    outcomes_ = [future.result() for future in sent if future.exception() is None]

    assert {(outcome.acked, str(outcome.errors)) for outcome in outcomes_} == {(True, "{}")}
    assert len(checkins(world)) == len(people)
    world.work()
    assert len(deliveries(world, DeliveryKind.CHECKIN_RECEIPT)) == len(people)


def test_form_sent_after_the_week_is_over_says_so_and_stores_nothing(world: World):
    world.jump("2017-11-05 23:58")
    open_form(world)
    choose(world, "confidence", "4")
    choose(world, "tried", "no")

    world.jump("2017-11-06 00:00")
    sent = world.person(LOTTE).submit()

    assert sent.errors == {"confidence": "Die week is voorbij. Open de check-in van deze week met /checkin."}
    assert checkins(world) == []


def test_form_sent_in_the_last_minute_of_the_week_counts(world: World):
    world.jump("2017-11-05 23:59")

    sent = check_in(world)

    assert (sent.errors, [row.week for row in checkins(world)]) == ({}, ["2017-W44"])


@pytest.mark.parametrize("user_id", [WENDELA, HUGO, MIEKE, FATIMA])
def test_who_leads_no_project_is_told_so(world: World, user_id: str):
    person = world.person(user_id)

    for number, words in enumerate(("/checkin", "/imagine checkin", "/imagine overslaan", "/imagine pauze 2"), start=1):
        person.command(words)
        person.dm(at_least=number)

    assert [(message["text"], message["is_ephemeral"]) for message in person.dm()] == [(ONLY_LEADERS, True)] * 4
    assert (person.screen(), checkins(world)) == (None, [])


def test_two_people_see_their_own_answers(world: World):
    check_in(world, LOTTE)
    try_something(world, "Van Sjoerd", SJOERD)
    world.person(SJOERD).submit()

    assert fields(open_form(world, SJOERD))["learned"] == "Van Sjoerd"
    assert fields(open_form(world, LOTTE))["confidence"] == "4"


def test_form_is_english_for_who_chose_english(world: World):
    world.person(LOTTE).command("/imagine taal en")
    world.person(LOTTE).last_message(containing="Saved")

    view = open_form(world)

    assert [block["label"]["text"] for block in view["blocks"]] == [
        "How sure are you that you will reach your aim by Friday 22 June 2018?",
        "Did you try something?",
        "What is in the way?",
        "Would you like help?",
        "Who may read this?",
    ]

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot.models.deliveries import DeliveryKind
from bot.models.sessions import Answer, LearningSession, SessionResponse
from sandbox.client import Json, wait_for
from tests.support.demo import FATIMA, HUGO, LOTTE, MARIT, MIEKE, SJOERD, START, WENDELA, amsterdam, slack_id
from tests.support.rows import people_sent
from tests.support.screens import buttons, fields, heard, texts
from tests.support.world import World

FACTS = (
    "*Hoe communiceer ik met anderen?* (opleiding klinisch leiderschap)\n"
    "donderdag 9 november 2017, 13.30-17.30 uur\n"
    "Plaats: Rotterdam"
)
PREPARATION = (
    "Voorbereiden: Lees vooraf de opdracht van deze training (10 minuten) en neem één situatie uit je eigen werk mee."
)
ANSWERS = ["Ik ben erbij", "Misschien", "Ik kan niet"]
PARTICIPANTS = [slack_id(f"D{number:02}") for number in range(1, 24)]
INVITED = sorted([*PARTICIPANTS, slack_id("TR1"), slack_id("TR2")])


def session_row(world: World, code: str = "T2") -> LearningSession:
    with world.db.begin() as db:
        return db.scalars(select(LearningSession).where(LearningSession.code == code)).one()


def answers(world: World) -> list[tuple[int, Answer]]:
    with world.db.begin() as db:
        rows = db.scalars(select(SessionResponse).order_by(SessionResponse.session_id, SessionResponse.person_id))
        return [(row.session_id, row.answer) for row in rows]


def remind(world: World) -> None:
    """It is seven days before the second training."""
    world.jump("2017-11-02 13:30")


def titles(message: Json) -> list[str]:
    return [text.split("*")[1] for text in texts(message) if text.startswith("*") and "DEMO" not in text]


def open_edit_form(world: World, code: str = "T2") -> Json:
    """The coordinator opens the form for a session from the agenda."""
    wendela = world.person(WENDELA)
    wendela.command("/imagine agenda")
    agenda = heard(wendela, "Je volgende bijeenkomsten")
    session_id = str(session_row(world, code).id)
    block = next(b for b in agenda["blocks"] if b.get("accessory", {}).get("value") == session_id)
    wendela.click("sessions.edit", block_id=block["block_id"])
    return wendela.view()


def change(world: World, code: str = "T2", **values: str) -> dict[str, str]:
    """The coordinator changes a session; the objections to it, per field."""
    open_edit_form(world, code)
    wendela = world.person(WENDELA)
    for name, value in values.items():
        if name in ("title", "location", "preparation"):
            wendela.type(name, value)
        else:
            wendela.choose(name, value)
    return wendela.submit().errors


def answer(world: World, choice: str, user_id: str = LOTTE) -> None:
    world.person(user_id).click(f"sessions.answer.{choice}")


# Reminders, as they are read


def test_reminder_tells_when_where_and_what_to_prepare(world: World):
    remind(world)

    message = heard(world.person(LOTTE), "Over 7 dagen")

    assert texts(message) == [
        f"Over 7 dagen heb je een bijeenkomst.\n{FACTS}",
        PREPARATION,
        "Ben je erbij?",
    ]
    assert buttons(message) == ANSWERS
    assert message["text"] == f"Over 7 dagen heb je een bijeenkomst.\n{FACTS}\n{PREPARATION}\nBen je erbij?"


@pytest.mark.parametrize(
    ("choice", "says", "labels", "stored"),
    [
        ("yes", "Je antwoord: je bent erbij.", ["✓ Ik ben erbij", "Misschien", "Ik kan niet"], Answer.YES),
        ("maybe", "Je antwoord: misschien.", ["Ik ben erbij", "✓ Misschien", "Ik kan niet"], Answer.MAYBE),
        (
            "no",
            "Je antwoord: je kunt niet. Je krijgt geen herinneringen meer aan deze bijeenkomst.",
            ["Ik ben erbij", "Misschien", "✓ Ik kan niet"],
            Answer.NO,
        ),
    ],
)
def test_answer_rewrites_the_message_and_home(world: World, choice: str, says: str, labels: list[str], stored: Answer):
    lotte = world.person(LOTTE)
    remind(world)

    answer(world, choice)

    message = heard(lotte, says)
    assert texts(message) == [f"Over 7 dagen heb je een bijeenkomst.\n{FACTS}", PREPARATION, says]
    assert buttons(message) == labels
    assert [label for label in buttons(lotte.home()) if "✓" in label] == [label for label in labels if "✓" in label]
    assert answers(world) == [(session_row(world).id, stored)]


def test_later_answer_replaces_the_earlier_one(world: World):
    lotte = world.person(LOTTE)
    remind(world)
    answer(world, "yes")
    heard(lotte, "je bent erbij")

    answer(world, "no")

    heard(lotte, "je kunt niet")
    assert answers(world) == [(session_row(world).id, Answer.NO)]


def test_two_quick_taps_are_two_answers_and_no_complaint(world: World):
    remind(world)
    people = PARTICIPANTS[:6]

    with ThreadPoolExecutor(12) as pool:
        for user_id in people:
            pool.submit(answer, world, "yes", user_id)
            pool.submit(answer, world, "maybe", user_id)

    world.finish()
    assert [len(world.person(user_id).dm()) for user_id in people] == [2] * len(people)  # the prompt, the reminder
    assert len(answers(world)) == len(people)


def test_who_said_no_gets_no_more_reminders_and_who_said_yes_does(world: World):
    remind(world)
    answer(world, "no", LOTTE)
    answer(world, "yes", MARIT)
    wait_for(lambda: len(answers(world)) == 2, what="two answers")

    world.jump("2017-11-08 13:30")
    world.jump("2017-11-09 12:30")

    assert people_sent(world, DeliveryKind.SESSION_REMINDER).count(LOTTE) == 1
    assert people_sent(world, DeliveryKind.SESSION_REMINDER).count(MARIT) == 3
    message = heard(world.person(MARIT), "Je bijeenkomst begint zo, om 13.30 uur.")
    assert buttons(message) == ["✓ Ik ben erbij", "Misschien", "Ik kan niet"]


def test_answer_given_on_home_counts_and_shows_there(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    before = lotte.home()

    lotte.click("sessions.answer.yes", view=before["id"])

    assert [label for label in buttons(lotte.home(after=before)) if "✓" in label] == ["✓ Ik ben erbij"]
    assert answers(world) == [(session_row(world).id, Answer.YES)]


def test_answer_given_in_the_agenda_shows_there(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/imagine agenda")
    heard(lotte, "Je volgende bijeenkomsten")

    lotte.click("sessions.answer.maybe", block_id=f"agenda-{session_row(world).id}")

    wait_for(
        lambda: [label for label in buttons(lotte.last_message()) if "✓" in label] == ["✓ Misschien"],
        what="the answer in the agenda",
    )
    assert len(lotte.dm()) == 1


def test_answer_given_in_an_agenda_that_came_as_a_message_keeps_the_other_sessions(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    lotte.home()
    lotte.click("sessions.agenda")
    heard(lotte, "Je volgende bijeenkomsten")

    lotte.click("sessions.answer.maybe", block_id=f"agenda-{session_row(world).id}")

    wait_for(lambda: "✓ Misschien" in buttons(lotte.last_message()), what="the answer in the agenda")
    assert len(buttons(lotte.last_message())) == 9


# Agenda


def test_agenda_of_a_participant_holds_the_next_three_sessions_of_their_tracks(world: World):
    lotte = world.person(LOTTE)

    lotte.command("/imagine agenda")

    message = heard(lotte, "Je volgende bijeenkomsten")
    assert message["is_ephemeral"]
    assert texts(message) == [
        "Je volgende bijeenkomsten",
        f"{FACTS}\n{PREPARATION}",
        "*Wat leren de eerste PDSA's?* (leernetwerk)\ndonderdag 14 december 2017, 13.30-17.30 uur\nPlaats: Rotterdam\n"
        "Voorbereiden: Neem de laatste grafiek van je eigen maat mee, en één test waarvan je iets leerde.",
        "*Hoe kan ik bijdragen aan verandering in mijn organisatie?* (opleiding klinisch leiderschap)\n"
        f"donderdag 18 januari 2018, 13.30-17.30 uur\nPlaats: Rotterdam\n{PREPARATION}",
        "*DEMO* - verzonnen personen, projecten en cijfers",
    ]
    assert buttons(message) == ANSWERS * 3


@pytest.mark.parametrize(
    ("user_id", "expected"),
    [
        (
            FATIMA,
            [
                "Hoe communiceer ik met anderen?",
                "Wat leren de eerste PDSA's?",
                "Hoe kan ik bijdragen aan verandering in mijn organisatie?",
            ],
        ),
        (
            MIEKE,
            ["Halverwege: resultaten presenteren aan bestuurders", "Afsluiting: narratieve verantwoording"],
        ),
    ],
)
def test_agenda_of_trainer_and_board_holds_their_own_tracks(world: World, user_id: str, expected: list[str]):
    world.person(user_id).command("/imagine agenda")

    assert titles(heard(world.person(user_id), "Je volgende bijeenkomsten")) == expected


def test_agenda_of_who_has_no_track_says_so(world: World):
    world.person(HUGO).command("/imagine agenda")

    message = heard(world.person(HUGO), "Er staan geen bijeenkomsten voor je gepland.")
    assert buttons(message) == []


def test_agenda_of_a_coordinator_holds_every_track_with_buttons_to_change(world: World):
    world.person(WENDELA).command("/imagine agenda")

    message = heard(world.person(WENDELA), "Je volgende bijeenkomsten")
    assert len(titles(message)) == 10
    assert buttons(message) == ["Aanpassen"] * 10


def test_agenda_is_english_for_who_chose_english(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/imagine taal en")
    heard(lotte, "Saved")

    lotte.command("/imagine agenda")

    assert texts(heard(lotte, "Your next sessions"))[1].splitlines()[:3] == [
        "*Hoe communiceer ik met anderen?* (leadership training)",
        "Thursday 9 November 2017, 13:30-17:30",
        "Place: Rotterdam",
    ]


def test_session_under_way_stays_in_the_agenda_until_it_ends(world: World):
    lotte = world.person(LOTTE)
    world.jump("2017-11-09 17:29")
    lotte.command("/imagine agenda")
    under_way = titles(heard(lotte, "Je volgende bijeenkomsten"))

    world.jump("2017-11-09 17:30")
    lotte.command("/imagine agenda")

    assert under_way[0] == "Hoe communiceer ik met anderen?"
    wait_for(
        lambda: titles(lotte.last_message())[0] == "Wat leren de eerste PDSA's?", what="an agenda without that session"
    )


# The coordinator's form


def test_edit_form_holds_the_session_as_it_is(world: World):
    view = open_edit_form(world)

    assert (view["title"]["text"], view["submit"]["text"]) == ("Bijeenkomst wijzigen", "Opslaan")
    assert fields(view) == {
        "title": "Hoe communiceer ik met anderen?",
        "day": "2017-11-09",
        "starts_at": "13:30",
        "ends_at": "17:30",
        "location": "Rotterdam",
        "preparation": PREPARATION.removeprefix("Voorbereiden: "),
    }


@pytest.mark.parametrize(
    ("values", "objections"),
    [
        ({"day": "2017-10-31"}, {"starts_at": "Kies een begin in de toekomst."}),
        ({"day": "2017-11-01", "from": "09:00"}, {"starts_at": "Kies een begin in de toekomst."}),
        ({"until": "13:30"}, {"ends_at": "Het einde moet na het begin komen."}),
        (
            {"day": "2018-03-25", "from": "02:30", "until": "04:00"},
            {"starts_at": "Die tijd bestaat niet: de klok gaat die nacht vooruit."},
        ),
        (
            {"day": "2018-03-25", "from": "01:00", "until": "02:30"},
            {"ends_at": "Die tijd bestaat niet: de klok gaat die nacht vooruit."},
        ),
        (
            {"preparation": "Bespreek patiënt 999990019"},
            {"preparation": "Dit lijkt op patiëntgegevens. Haal het weg; er is niets opgeslagen."},
        ),
    ],
)
def test_mistake_is_shown_below_its_field_and_nothing_changes(
    world: World, values: dict[str, str], objections: dict[str, str]
):
    errors = change(world, **values)

    assert errors == objections
    assert world.person(WENDELA).screen() is not None
    row = session_row(world)
    assert (row.starts_at, row.ends_at, row.revision) == (
        amsterdam("2017-11-09 13:30"),
        amsterdam("2017-11-09 17:30"),
        0,
    )


@pytest.mark.parametrize("name", ["title", "location"])
def test_title_and_place_may_not_be_blank(world: World, name: str):
    errors = change(world, **{name: "   "})

    assert errors == {name: "Vul dit in."}
    assert (session_row(world).title, session_row(world).location) == ("Hoe communiceer ik met anderen?", "Rotterdam")


def test_moving_a_session_tells_who_knew_once_and_asks_again(world: World):
    lotte = world.person(LOTTE)
    remind(world)
    answer(world, "yes")
    heard(lotte, "je bent erbij")

    errors = change(world, day="2017-11-16", location="Utrecht, zaal <3>")
    heard(world.person(WENDELA), "Opgeslagen. 25 mensen krijgen bericht.")
    world.work()

    assert errors == {}
    assert people_sent(world, DeliveryKind.SESSION_CHANGE) == INVITED
    notice = heard(lotte, "Deze bijeenkomst is gewijzigd. Dit zijn de nieuwe gegevens.")
    assert texts(notice) == [
        "Deze bijeenkomst is gewijzigd. Dit zijn de nieuwe gegevens.\n"
        "*Hoe communiceer ik met anderen?* (opleiding klinisch leiderschap)\n"
        "donderdag 16 november 2017, 13.30-17.30 uur\n"
        "Plaats: Utrecht, zaal <3>",
        "Ben je erbij?",
    ]
    assert "zaal &lt;3&gt;" in notice["blocks"][0]["text"]["text"]
    assert buttons(notice) == ANSWERS


def test_moved_session_is_reminded_of_at_its_new_time_only(world: World):
    remind(world)
    change(world, day="2017-11-16", **{"from": "09:00"})
    world.work()

    world.jump("2017-11-08 13:30")
    before = people_sent(world, DeliveryKind.SESSION_REMINDER)
    world.jump("2017-11-09 09:00")
    seven_days = people_sent(world, DeliveryKind.SESSION_REMINDER)
    world.jump("2017-11-15 09:00")
    world.jump("2017-11-16 08:00")

    assert before == INVITED
    assert seven_days == sorted(INVITED * 2)
    assert people_sent(world, DeliveryKind.SESSION_REMINDER) == sorted(INVITED * 4)
    heard(world.person(LOTTE), "Je bijeenkomst begint zo, om 09.00 uur.")


def test_moving_twice_before_anything_is_sent_makes_one_notice(world: World):
    remind(world)

    change(world, day="2017-11-16")
    change(world, day="2017-11-17")
    world.work()

    assert people_sent(world, DeliveryKind.SESSION_CHANGE) == INVITED
    heard(world.person(LOTTE), "vrijdag 17 november 2017, 13.30-17.30 uur")


def test_moving_there_and_back_tells_the_old_time_again(world: World):
    remind(world)
    change(world, day="2017-11-16")
    world.work()

    change(world, day="2017-11-09")
    world.work()

    assert people_sent(world, DeliveryKind.SESSION_CHANGE) == sorted(INVITED * 2)
    heard(world.person(LOTTE), "donderdag 9 november 2017")


def test_moving_before_anybody_was_told_tells_nobody(world: World):
    errors = change(world, day="2017-11-16")

    heard(world.person(WENDELA), "Opgeslagen.")
    world.work()
    assert (errors, people_sent(world, DeliveryKind.SESSION_CHANGE)) == ({}, [])


def test_changing_words_only_tells_nobody_and_keeps_the_answers(world: World):
    lotte = world.person(LOTTE)
    remind(world)
    answer(world, "yes")
    heard(lotte, "je bent erbij")

    change(world, title="Luisteren", preparation="Niets")
    world.work()

    assert people_sent(world, DeliveryKind.SESSION_CHANGE) == []
    lotte.open_home()
    wait_for(lambda: "Luisteren" in str(texts(lotte.home())), what="the new title")
    assert [label for label in buttons(lotte.home()) if "✓" in label] == ["✓ Ik ben erbij"]


def test_form_of_a_session_sent_twice_at_once_makes_one_notice_each(world: World):
    remind(world)
    open_edit_form(world)
    world.person(WENDELA).choose("day", "2017-11-16")

    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(world.person(WENDELA).submit)
    world.work()

    assert people_sent(world, DeliveryKind.SESSION_CHANGE) == INVITED


def test_answer_does_not_count_for_the_new_time(world: World):
    lotte = world.person(LOTTE)
    remind(world)
    answer(world, "no")
    heard(lotte, "je kunt niet")

    change(world, day="2017-11-16")
    world.work()
    world.jump("2017-11-15 13:30")

    message = heard(lotte, "Morgen om 13.30 uur heb je een bijeenkomst.")
    assert buttons(message) == ANSWERS


def test_button_of_the_old_time_records_nothing_and_shows_the_new_time(world: World):
    lotte = world.person(LOTTE)
    remind(world)
    old = next(message for message in lotte.dm() if "Over 7 dagen" in message["text"])
    channel = world.slack.get("dm", person=LOTTE)["channel"]
    change(world, day="2017-11-16")
    world.work()

    lotte.click("sessions.answer.yes", channel=channel, ts=old["ts"])
    world.finish()

    (rewritten,) = [message for message in lotte.dm() if message["ts"] == old["ts"]]
    assert "donderdag 16 november 2017, 13.30-17.30 uur" in rewritten["text"]
    assert (buttons(rewritten), answers(world)) == (ANSWERS, [])


def test_cancelling_tells_who_knew_once_and_reminds_nobody(world: World):
    remind(world)
    open_edit_form(world)

    world.person(WENDELA).click("sessions.cancel")
    view = wait_for(
        lambda: (world.person(WENDELA).screen() or {}).get("submit") is None and world.person(WENDELA).screen(),
        what="a form without fields",
    )
    world.work()
    world.jump("2017-11-08 13:30")
    world.jump("2017-11-09 12:30")

    assert (view or {})["title"]["text"] == "Bijeenkomst afgelast"
    assert people_sent(world, DeliveryKind.SESSION_CHANGE) == INVITED
    assert people_sent(world, DeliveryKind.SESSION_REMINDER) == INVITED
    notice = next(m for m in world.person(LOTTE).dm() if "gaat niet door" in m["text"])
    assert (texts(notice), buttons(notice)) == ([f"Deze bijeenkomst gaat niet door.\n{FACTS}"], [])


def test_cancelled_session_is_out_of_agenda_and_home(world: World):
    lotte = world.person(LOTTE)
    open_edit_form(world)
    world.person(WENDELA).click("sessions.cancel")
    wait_for(lambda: session_row(world).cancelled_at is not None, what="a cancelled session")

    lotte.command("/imagine agenda")
    lotte.open_home()

    assert "Hoe communiceer" not in str(texts(heard(lotte, "Je volgende bijeenkomsten")))
    assert "Hoe communiceer" not in str(texts(lotte.home()))


def test_answer_to_a_cancelled_session_records_nothing_and_says_so(world: World):
    lotte = world.person(LOTTE)
    remind(world)
    open_edit_form(world)
    world.person(WENDELA).click("sessions.cancel")
    wait_for(lambda: session_row(world).cancelled_at is not None, what="a cancelled session")

    answer(world, "yes")

    message = heard(lotte, "Deze bijeenkomst gaat niet door.")
    assert (buttons(message), answers(world)) == ([], [])


def test_answer_to_a_session_that_has_begun_is_refused(world: World):
    lotte = world.person(LOTTE)
    world.jump("2017-11-09 12:30")
    world.jump("2017-11-09 13:30")

    answer(world, "yes")

    heard(lotte, "Deze bijeenkomst is al begonnen.")
    assert answers(world) == []


def test_change_of_a_cancelled_session_is_refused(world: World):
    wendela = world.person(WENDELA)
    open_edit_form(world)
    with world.db.begin() as db:
        db.get_one(LearningSession, session_row(world).id).cancelled_at = START

    errors = wendela.submit().errors

    assert errors == {"title": "Deze bijeenkomst is afgelast."}


def test_edit_button_pressed_by_somebody_else_is_refused(world: World):
    remind(world)
    sjoerd = world.person(SJOERD)
    message = heard(sjoerd, "Over 7 dagen")
    # Slack sends what a button carries; a forged press names another action
    world.sandbox.workspace.messages(world.slack.get("dm", person=SJOERD)["channel"], SJOERD)[-1].blocks.append(
        {
            "type": "actions",
            "block_id": "forged",
            "elements": [
                {
                    "type": "button",
                    "action_id": "sessions.edit",
                    "value": str(session_row(world).id),
                    "text": {"type": "plain_text", "text": "x"},
                }
            ],
        }
    )

    sjoerd.click("sessions.edit", block_id="forged")

    refusal = heard(sjoerd, "Alleen een coördinator kan een bijeenkomst wijzigen.")
    assert (message["ts"] != refusal["ts"], sjoerd.screen()) == (True, None)


def test_reminders_follow_daylight_saving_when_a_session_is_moved_over_it(world: World):
    remind(world)
    change(world, day="2018-03-26")  # the Monday after the clock went forward
    world.work()

    world.jump("2018-03-19 13:29")
    before = people_sent(world, DeliveryKind.SESSION_REMINDER).count(LOTTE)
    world.jump("2018-03-19 13:30")
    after = people_sent(world, DeliveryKind.SESSION_REMINDER).count(LOTTE)

    assert after == before + 1
    heard(world.person(LOTTE), "maandag 26 maart 2018, 13.30-17.30 uur")

from sandbox.client import wait_for
from tests.support.demo import HUGO, LOTTE, MIEKE, WENDELA
from tests.support.screens import buttons, heard, texts
from tests.support.world import World

ANSWERS = ["Ik ben erbij", "Misschien", "Ik kan niet"]
MARK = "*DEMO* - verzonnen personen, projecten en cijfers"


def test_home_of_a_participant_asks_first_and_then_tells_what_comes(world: World):
    lotte = world.person(LOTTE)

    lotte.open_home()

    home = lotte.home()
    assert texts(home) == [
        "Hoi Lotte",
        "Imagine2 2017-2018",
        "Je check-in van week 44",
        "Nog niet ingevuld. Het kost een minuut.",
        "Je volgende bijeenkomsten",
        "*Hoe communiceer ik met anderen?* (opleiding klinisch leiderschap)\n"
        "donderdag 9 november 2017, 13.30-17.30 uur\n"
        "Plaats: Rotterdam\n"
        "Voorbereiden: Lees vooraf de opdracht van deze training (10 minuten) "
        "en neem één situatie uit je eigen werk mee.",
        "Ik vraag je check-in elke donderdag om 12.15 uur.",
        MARK,
    ]
    assert buttons(home) == ["Check-in invullen", "Deze week niet", *ANSWERS, "Agenda", "Instellingen"]


def test_home_of_a_coordinator_has_announcements_and_sessions_to_change(world: World):
    wendela = world.person(WENDELA)

    wendela.open_home()

    home = wendela.home()
    assert [text for text in texts(home) if "\n" not in text] == [
        "Hoi Wendela",
        "Imagine2 2017-2018",
        "Voor coördinatoren",
        "Je volgende bijeenkomsten",
        MARK,
    ]
    assert sorted(buttons(home)) == sorted(["Mededeling", *["Aanpassen"] * 5, "Agenda", "Instellingen"])


def test_home_of_a_board_member_shows_their_track_and_no_check_in(world: World):
    mieke = world.person(MIEKE)

    mieke.open_home()

    assert [text.splitlines()[0] for text in texts(mieke.home())] == [
        "Hoi Mieke",
        "Imagine2 2017-2018",
        "Je volgende bijeenkomsten",
        "*Halverwege: resultaten presenteren aan bestuurders* (plenaire module)",
        MARK,
    ]
    assert buttons(mieke.home()) == [*ANSWERS, "Agenda", "Instellingen"]


def test_home_of_a_mentor_says_that_nothing_is_planned(world: World):
    hugo = world.person(HUGO)

    hugo.open_home()

    assert texts(hugo.home()) == [
        "Hoi Hugo",
        "Imagine2 2017-2018",
        "Je volgende bijeenkomsten",
        "Er staan geen bijeenkomsten voor je gepland.",
        MARK,
    ]


def test_home_is_refreshed_after_checking_in(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    before = lotte.home()
    lotte.click("checkins.open", view=before["id"])
    lotte.view()
    lotte.choose("checkins.changed.confidence", "4")
    lotte.choose("checkins.changed.tried", "no")

    lotte.submit()

    home = lotte.home(after=before)
    assert texts(home)[2:5] == [
        "Je check-in van week 44",
        "Hij staat erin. Dank je.",
        "Je vertrouwen, laatste weken: 4",
    ]
    assert buttons(home)[0] == "Aanpassen"


def test_home_is_refreshed_after_skipping(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    before = lotte.home()

    lotte.click("checkins.skip", view=before["id"])

    home = lotte.home(after=before)
    assert texts(home)[2:4] == ["Je check-in van week 44", "Je slaat deze week over."]
    assert buttons(home)[0] == "Toch invullen"


def test_home_of_next_week_asks_again_and_remembers_confidence(world: World):
    lotte = world.person(LOTTE)
    for number, day in enumerate(("2017-11-01", "2017-11-08", "2017-11-15"), start=2):
        world.slack.jump_to(f"{day}T10:00+01:00")
        lotte.open_home()
        wait_for(lambda: "Nog niet ingevuld" in str(texts(lotte.home())), what="this week's question")
        lotte.command("/checkin")
        lotte.view()
        lotte.choose("checkins.changed.confidence", str(number))
        lotte.choose("checkins.changed.tried", "no")
        lotte.submit()
        wait_for(lambda: "Hij staat erin" in str(texts(lotte.home())), what="this week's answer")
    world.slack.jump_to("2017-11-22T10:00+01:00")

    lotte.open_home()

    wait_for(lambda: "week 47" in str(texts(lotte.home())), what="the new week")
    assert texts(lotte.home())[2:5] == [
        "Je check-in van week 47",
        "Nog niet ingevuld. Het kost een minuut.",
        "Je vertrouwen, laatste weken: 2 · 3 · 4",
    ]


def test_home_follows_the_language_at_once(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    before = lotte.home()

    lotte.command("/imagine taal en")

    assert texts(lotte.home(after=before))[0] == "Hi Lotte"


def test_opening_the_messages_tab_publishes_no_home(world: World):
    world.person(LOTTE).open_home(tab="messages")
    world.finish()

    assert world.slack.calls("views.publish") == []


def test_home_that_slack_refuses_does_not_spoil_the_answer(world: World):
    lotte = world.person(LOTTE)
    world.slack.fault("views.publish", "http:500", times=5)

    lotte.command("/imagine overslaan")

    heard(lotte, "deze week niet")
    world.finish()
    assert len(lotte.dm()) == 1

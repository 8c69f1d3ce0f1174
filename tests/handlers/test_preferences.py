from datetime import date, time

import pytest

from bot.models.participations import Participation
from sandbox.client import Json
from tests.support.demo import HUGO, LOTTE
from tests.support.rows import participation_id
from tests.support.screens import buttons, fields, heard, texts
from tests.support.world import World


def open_form(world: World, user_id: str = LOTTE) -> Json:
    world.person(user_id).command("/imagine instellingen")
    return world.person(user_id).view()


def paused_until(world: World) -> date | None:
    participation = participation_id(world, LOTTE)
    with world.db.begin() as db:
        return db.get_one(Participation, participation).paused_until


def own_moment(world: World) -> tuple[int | None, time | None]:
    participation = participation_id(world, LOTTE)
    with world.db.begin() as db:
        row = db.get_one(Participation, participation)
        return row.checkin_weekday, row.checkin_time


def test_form_holds_what_is_so(world: World):
    view = open_form(world)

    assert (view["title"]["text"], view["submit"]["text"]) == ("Instellingen", "Opslaan")
    assert fields(view) == {"language": "nl", "weekday": "3", "at": "12:15", "paused_until": None}


def test_form_offers_working_days_and_hours_only(world: World):
    language, weekday, at, _ = open_form(world)["blocks"]

    assert [o["text"]["text"] for o in language["element"]["options"]] == ["Nederlands", "English"]
    assert [o["text"]["text"] for o in weekday["element"]["options"]] == [
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
    ]
    hours = [o["value"] for o in at["element"]["options"]]
    assert (hours[0], hours[-1], len(hours)) == ("08:00", "18:45", 44)


def test_form_of_who_is_not_asked_has_the_language_only(world: World):
    assert fields(open_form(world, HUGO)) == {"language": "nl"}


def test_own_day_and_hour_are_saved_and_told(world: World):
    lotte = world.person(LOTTE)
    open_form(world)
    lotte.choose("weekday", "1")
    lotte.choose("at", "08:30")

    sent = lotte.submit()

    assert sent.errors == {}
    message = heard(lotte, "Opgeslagen.")
    assert texts(message) == [
        "Opgeslagen. Ik spreek Nederlands met je. Ik vraag je check-in elke dinsdag om 08.30 uur."
    ]
    assert own_moment(world) == (1, time(8, 30))
    assert fields(open_form(world)) == {"language": "nl", "weekday": "1", "at": "08:30", "paused_until": None}


def test_language_chosen_in_the_form_answers_in_that_language(world: World):
    lotte = world.person(LOTTE)
    open_form(world)
    lotte.choose("language", "en")

    lotte.submit()

    assert texts(heard(lotte, "Saved.")) == [
        "Saved. I speak English with you. I ask for your check-in every Thursday at 12:15."
    ]


def test_mentor_may_change_their_language(world: World):
    hugo = world.person(HUGO)
    open_form(world, HUGO)
    hugo.choose("language", "en")

    hugo.submit()

    assert texts(heard(hugo, "Saved.")) == ["Saved. I speak English with you."]


@pytest.mark.parametrize(
    ("until", "objection"),
    [
        ("2017-11-01", "Kies een dag na vandaag."),
        ("2017-10-01", "Kies een dag na vandaag."),
        ("2018-05-15", "Kies een dag binnen een half jaar."),
    ],
)
def test_pause_that_does_not_fit_is_refused_and_nothing_else_is_saved(world: World, until: str, objection: str):
    lotte = world.person(LOTTE)
    open_form(world)
    lotte.choose("weekday", "0")
    lotte.choose("paused_until", until)

    sent = lotte.submit()

    assert sent.errors == {"paused_until": objection}
    assert (own_moment(world), paused_until(world)) == ((None, None), None)


def test_pause_chosen_in_the_form_is_told_and_can_be_emptied(world: World):
    lotte = world.person(LOTTE)
    open_form(world)
    lotte.choose("paused_until", "2017-11-27")
    lotte.submit()
    first = texts(heard(lotte, "Opgeslagen."))
    stored = paused_until(world)

    shown = fields(open_form(world))
    lotte.choose("paused_until", None)
    lotte.submit()
    heard(lotte, "elke donderdag om 12.15 uur")

    assert first == ["Opgeslagen. Ik spreek Nederlands met je. Ik vraag geen check-in tot maandag 27 november 2017."]
    assert (stored, shown["paused_until"], paused_until(world)) == (date(2017, 11, 27), "2017-11-27", None)


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("pauze 2", date(2017, 11, 15)),
        ("pauze 2 weken", date(2017, 11, 15)),
        ("pause 1", date(2017, 11, 8)),
        ("pauze tot 27-11", date(2017, 11, 27)),
        ("pauze 27-11-2017", date(2017, 11, 27)),
        ("pauze 2017-11-27", date(2017, 11, 27)),
        ("pauze 3-1", date(2018, 1, 3)),
    ],
)
def test_pause_words_set_the_day_it_ends(world: World, words: str, until: date):
    lotte = world.person(LOTTE)

    lotte.command(f"/imagine {words}")

    assert heard(lotte, "Ik vraag geen check-in tot")["text"].endswith("Geniet van de rust.")
    assert paused_until(world) == until


def test_pause_words_that_make_no_sense_get_examples(world: World):
    lotte = world.person(LOTTE)
    odd = ["pauze", "pauze ooit", "pauze 31-2", "pauze -1", "pauze ²", "pauze tot", "pauze 99-99-2017"]

    for number, words in enumerate(odd, start=1):
        lotte.command(f"/imagine {words}")
        lotte.dm(at_least=number)

    assert {message["text"] for message in lotte.dm()} == {
        "Zeg voor hoe lang: `/imagine pauze 2` voor twee weken, `/imagine pauze 27-11` tot die dag, "
        "of `/imagine pauze stop`."
    }
    assert paused_until(world) is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("pauze 0", "Kies een dag na vandaag."),
        ("pauze 52", "Kies een dag binnen een half jaar."),
        ("pauze 1-1-2017", "Kies een dag na vandaag."),
    ],
)
def test_pause_too_short_or_too_long_is_refused(world: World, words: str, says: str):
    world.person(LOTTE).command(f"/imagine {words}")

    heard(world.person(LOTTE), says)
    assert paused_until(world) is None


@pytest.mark.parametrize("word", ["stop", "uit", "off"])
def test_pause_can_be_ended_by_word(world: World, word: str):
    lotte = world.person(LOTTE)
    lotte.command("/imagine pauze 2")
    heard(lotte, "Geniet van de rust")

    lotte.command(f"/imagine pauze {word}")

    heard(lotte, "De pauze is voorbij: ik vraag je weer om je check-in.")
    assert paused_until(world) is None


@pytest.mark.parametrize("words", ["taal", "taal fr", "language xx"])
def test_unknown_language_names_the_choices(world: World, words: str):
    world.person(LOTTE).command(f"/imagine {words}")

    heard(world.person(LOTTE), "Kies een taal: `nl` (Nederlands), `en` (English).")


def test_language_goes_there_and_back(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/imagine taal EN")
    heard(lotte, "Saved. I speak English with you.")

    lotte.command("/imagine language nl")

    heard(lotte, "Opgeslagen. Ik spreek Nederlands met je.")


def test_settings_open_from_home_and_show_there_at_once(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    before = lotte.home()
    lotte.click("preferences.open", view=before["id"])
    lotte.view()
    lotte.choose("weekday", "0")

    lotte.submit()

    home = lotte.home(after=before)
    assert "Ik vraag je check-in elke maandag om 12.15 uur." in texts(home)
    assert buttons(home)[-1] == "Instellingen"

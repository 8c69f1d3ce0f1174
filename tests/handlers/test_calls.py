import pytest
from sqlalchemy import text

from bot.database import Database
from bot.services import checkins, sessions
from sandbox.client import wait_for
from tests.handlers.conftest import LogLines
from tests.support.demo import LOTTE
from tests.support.rows import checkins as stored
from tests.support.screens import buttons, fields, heard, texts
from tests.support.world import World

BUSY = "Ik kan nu even niet bij mijn geheugen. Wat je invulde is niet weg: probeer het over een minuut opnieuw."
SECRET = "Mevrouw Jansen viel van de trap"


class Broken(Exception):
    """Nobody foresaw this."""


def fail(*_args: object, **_kwargs: object) -> None:
    raise Broken(SECRET)


def take_database_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens where the database was."""
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(world.db, "_sessions", away._sessions)


def reference_in(sentence: str) -> str:
    return sentence.split("dit nummer door: ")[1].rstrip(".")


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "trigger_expired"])
def test_form_that_slack_opens_no_more_gets_a_button_that_works(world: World, code: str):
    lotte = world.person(LOTTE)
    world.slack.fault("views.open", f"error:{code}")
    lotte.command("/checkin")
    message = heard(lotte, "Slack was te traag")

    lotte.click("checkins.open")

    assert texts(message) == [
        "Slack was te traag om het formulier te openen. Druk op de knop om het opnieuw te proberen."
    ]
    assert buttons(message) == ["Check-in invullen"]
    assert lotte.view()["title"]["text"] == "Check-in week 44"


def test_settings_have_their_button_to_try_again(world: World):
    lotte = world.person(LOTTE)
    world.slack.fault("views.open", "error:expired_trigger_id")
    lotte.command("/imagine instellingen")
    message = heard(lotte, "Slack was te traag")

    lotte.click("preferences.open")

    assert buttons(message) == ["Instellingen"]
    assert lotte.view()["callback_id"] == "preferences.submit"


def test_form_too_late_from_home_answers_in_direct_messages(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    world.slack.fault("views.open", "error:expired_trigger_id")

    lotte.click("checkins.open", view=lotte.home()["id"])

    assert not heard(lotte, "Slack was te traag")["is_ephemeral"]


@pytest.mark.parametrize("kind", ["http:500", "error:internal_error", "reset"])
def test_slack_failing_to_open_a_form_is_told_with_a_number_that_is_in_the_log(
    world: World, log_lines: LogLines, kind: str
):
    lotte = world.person(LOTTE)
    world.slack.fault("views.open", kind)

    outcome = lotte.command("/checkin")

    sentence = heard(lotte, "Er ging bij ons iets mis.")["text"]
    assert outcome.acked
    assert [e["reference"] for e in log_lines.events if "reference" in e] == [reference_in(sentence)]


def test_unforeseen_failure_is_told_with_a_number_and_logged_without_words(
    world: World, log_lines: LogLines, monkeypatch: pytest.MonkeyPatch
):
    lotte = world.person(LOTTE)
    monkeypatch.setattr(sessions, "upcoming", fail)

    outcome = lotte.command("/imagine agenda")

    sentence = heard(lotte, "Er ging bij ons iets mis.")["text"]
    assert (outcome.acked, outcome.ms < 1000) == (True, True)
    (failure,) = [event for event in log_lines.events if event["level"] == "error"]
    assert (failure["event"], failure["reference"]) == ("a listener failed", reference_in(sentence))
    assert failure["trace"].startswith("Broken at ")
    assert SECRET not in log_lines.text
    assert SECRET not in sentence


def test_unforeseen_failure_of_a_button_is_acked_and_told(world: World, monkeypatch: pytest.MonkeyPatch):
    lotte = world.person(LOTTE)
    lotte.write("hoi")
    heard(lotte, "kies wat je wilt doen")
    monkeypatch.setattr(checkins, "skip", fail)

    outcome = lotte.click("checkins.skip")

    assert (outcome.acked, outcome.ms < 1000) == (True, True)
    heard(lotte, "Er ging bij ons iets mis.")


def test_unforeseen_failure_of_an_event_is_acked_once(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sessions, "upcoming", fail)

    outcome = world.person(LOTTE).open_home()

    assert (outcome.acked, outcome.ms < 1000) == (True, True)
    heard(world.person(LOTTE), "Er ging bij ons iets mis.")


def test_unforeseen_failure_of_a_form_keeps_it_open_with_a_number(
    world: World, log_lines: LogLines, monkeypatch: pytest.MonkeyPatch
):
    lotte = world.person(LOTTE)
    lotte.command("/checkin")
    lotte.view()
    lotte.choose("checkins.changed.confidence", "4")
    lotte.choose("checkins.changed.tried", "no")
    monkeypatch.setattr(checkins, "submit", fail)

    sent = lotte.submit()

    assert list(sent.errors) == ["confidence"]
    references = [event["reference"] for event in log_lines.events if "reference" in event]
    assert references == [reference_in(sent.errors["confidence"])]
    assert fields(lotte.view())["confidence"] == "4"
    assert SECRET not in log_lines.text


def test_database_away_keeps_the_form_open_and_it_can_be_sent_later(world: World, monkeypatch: pytest.MonkeyPatch):
    lotte = world.person(LOTTE)
    lotte.command("/checkin")
    lotte.view()
    lotte.choose("checkins.changed.confidence", "4")
    lotte.choose("checkins.changed.tried", "no")

    with monkeypatch.context() as patch:
        take_database_away(world, patch)
        refused = lotte.submit()
    accepted = lotte.submit()

    assert (refused.acked, refused.errors) == (True, {"confidence": BUSY})
    assert (accepted.errors, [row.confidence for row in stored(world)]) == ({}, [4])


def test_database_away_answers_a_command_and_a_button(
    world: World, log_lines: LogLines, monkeypatch: pytest.MonkeyPatch
):
    lotte = world.person(LOTTE)
    lotte.write("hoi")
    heard(lotte, "kies wat je wilt doen")

    with monkeypatch.context() as patch:
        take_database_away(world, patch)
        command = lotte.command("/imagine agenda")
        heard(lotte, "Ik kan nu even niet bij mijn geheugen")
        click = lotte.click("checkins.open")
        wait_for(lambda: [m["text"] for m in lotte.dm()].count(BUSY) == 2, what="a second answer")

    assert (command.acked, click.acked) == (True, True)
    assert [event["event"] for event in log_lines.events if event["level"] == "error"] == [
        "the database did not answer",
        "the database did not answer",
    ]


def test_connections_that_the_database_cut_are_made_anew(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/imagine agenda")
    heard(lotte, "Je volgende bijeenkomsten")
    if not world.deps.settings.is_sqlite:
        cutter = Database(world.db.url)
        with cutter.begin() as db:
            db.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        cutter.dispose()

    lotte.command("/imagine help")

    heard(lotte, "Wat ik voor je kan doen")


def test_view_without_fields_tells_what_is_wrong_in_place(world: World, monkeypatch: pytest.MonkeyPatch):
    """The preview of an announcement has no field to put an objection under."""
    wendela = world.person("U0C1")
    wendela.command("/imagine mededeling")
    wendela.view()
    wendela.type("text", "Koffie")
    wendela.choose("audience", ["role:mentor"])
    wendela.submit()
    wendela.view(callback_id="announcements.confirm")

    with monkeypatch.context() as patch:
        take_database_away(world, patch)
        sent = wendela.submit()

    assert sent.acked
    assert texts(wendela.view()) == [BUSY]


def test_socket_that_slack_renews_does_not_lose_a_command(world: World):
    lotte = world.person(LOTTE)
    world.slack.disconnect_sockets(reason="refresh_requested")
    wait_for(lambda: len(world.slack.connections()) == 1, patience=15, what="a new connection")

    outcome = lotte.command("/imagine help")

    assert outcome.acked
    heard(lotte, "Wat ik voor je kan doen")

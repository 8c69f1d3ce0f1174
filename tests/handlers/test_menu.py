import pytest

from sandbox.client import Json
from tests.handlers.conftest import LogLines
from tests.support.demo import FATIMA, HUGO, LOTTE, MIEKE, STRANGER, WENDELA
from tests.support.screens import buttons, heard, texts
from tests.support.world import World

STRANGER_READS = (
    "Hoi. Ik ken je nog niet als deelnemer van het programma. Vraag je coördinator om je toe te voegen, "
    "met het e-mailadres van je Slack-account; probeer het daarna opnieuw."
)
EVERYBODY = [
    "• `/imagine agenda` - je volgende bijeenkomsten",
    "• `/imagine instellingen` - taal en je eigen moment",
    "• `/imagine taal` - `taal en` voor Engels, `taal nl` voor Nederlands",
    "• `/imagine help` - deze lijst",
]
LEADERS = [
    "• `/imagine checkin` - je check-in van deze week",
    "• `/imagine overslaan` - deze week niet",
    "• `/imagine pauze` - een tijd geen check-ins, zoals `pauze 2` voor twee weken",
]
COORDINATORS = ["• `/imagine mededeling` - een bericht aan iedereen of aan een groep"]


@pytest.mark.parametrize("words", ["/imagine", "/imagine help", "/imagine HELP"])
def test_help_of_a_participant_tells_what_fits_them(world: World, words: str):
    lotte = world.person(LOTTE)

    lotte.command(words)

    message = heard(lotte, "Wat ik voor je kan doen, Lotte")
    assert message["is_ephemeral"]
    assert texts(message) == [
        "*Wat ik voor je kan doen, Lotte*\nJe doet mee aan Imagine2 2017-2018 als clinical leader.",
        "\n".join([*LEADERS, *EVERYBODY]),
        "*DEMO* - verzonnen personen, projecten en cijfers",
    ]
    assert buttons(message) == ["Check-in invullen", "Deze week niet", "Agenda", "Instellingen"]


@pytest.mark.parametrize("user_id", [HUGO, MIEKE, FATIMA])
def test_help_of_who_leads_no_project_leaves_check_ins_out(world: World, user_id: str):
    world.person(user_id).command("/imagine")

    message = heard(world.person(user_id), "Wat ik voor je kan doen")
    assert texts(message)[1].splitlines() == EVERYBODY
    assert buttons(message) == ["Agenda", "Instellingen"]


def test_help_of_a_coordinator_has_announcements(world: World):
    world.person(WENDELA).command("/imagine help")

    message = heard(world.person(WENDELA), "Wat ik voor je kan doen, Wendela")
    assert texts(message)[1].splitlines() == [EVERYBODY[0], *COORDINATORS, *EVERYBODY[1:]]
    assert buttons(message) == ["Agenda", "Instellingen", "Mededeling"]


def test_help_is_english_for_who_chose_english(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/imagine taal en")
    heard(lotte, "Saved")

    lotte.command("/imagine help")

    assert texts(heard(lotte, "What I can do for you, Lotte"))[:2] == [
        "*What I can do for you, Lotte*\nYou take part in Imagine2 2017-2018 as a clinical leader.",
        "• `/imagine checkin` - your check-in of this week\n"
        "• `/imagine skip` - not this week\n"
        "• `/imagine pause` - no check-ins for a while, such as `pause 2` for two weeks\n"
        "• `/imagine agenda` - your next sessions\n"
        "• `/imagine settings` - language and your own moment\n"
        "• `/imagine language` - `language en` for English, `language nl` for Dutch\n"
        "• `/imagine help` - this list",
    ]


UNKNOWN = {
    "agnda": "Ik ken `agnda` niet. Bedoelde je `/imagine agenda`? `/imagine help` laat alles zien.",
    "Instelling x": "Ik ken `Instelling` niet. Bedoelde je `/imagine instellingen`? `/imagine help` laat alles zien.",
    "xyzzy": "Ik ken `xyzzy` niet. `/imagine help` laat alles zien.",
    "payload": "Ik ken `payload` niet. `/imagine help` laat alles zien.",
    "<!channel>": "Ik ken `<!channel>` niet. `/imagine help` laat alles zien.",
    "`*x*`": "Ik ken `'*x*'` niet. `/imagine help` laat alles zien.",
    "a" * 60: f"Ik ken `{'a' * 40}` niet. `/imagine help` laat alles zien.",
}


def test_unknown_word_is_named_and_perhaps_guessed(world: World):
    lotte = world.person(LOTTE)

    for number, word in enumerate(UNKNOWN, start=1):
        lotte.command(f"/imagine {word}")
        lotte.dm(at_least=number)

    assert [texts(message) for message in lotte.dm()] == [[says] for says in UNKNOWN.values()]
    assert [len(buttons(message)) for message in lotte.dm()] == [4] * len(UNKNOWN)


def test_unknown_word_is_guessed_in_english_for_who_chose_english(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/imagine taal en")
    heard(lotte, "Saved")

    lotte.command("/imagine setings")

    assert texts(heard(lotte, "I do not know")) == [
        "I do not know `setings`. Did you mean `/imagine settings`? `/imagine help` shows everything."
    ]


def test_unknown_word_cannot_smuggle_a_mention(world: World):
    world.person(LOTTE).command("/imagine <!channel>")

    message = heard(world.person(LOTTE), "Ik ken")

    assert ("<!channel>" in message["text"], "<!channel>" in str(message["blocks"])) == (False, False)


def test_a_coordinators_word_is_not_suggested_to_others(world: World):
    world.person(LOTTE).command("/imagine mededelin")

    assert "mededeling`" not in heard(world.person(LOTTE), "Ik ken")["text"]


@pytest.mark.parametrize("words", ["hoi", "help", "payload", "<@U0D01> kun je helpen?"])
def test_anything_written_to_the_bot_gets_the_menu(world: World, words: str):
    lotte = world.person(LOTTE)

    lotte.write(words)

    message = heard(lotte, "kies wat je wilt doen")
    assert texts(message) == ["Hoi Lotte, kies wat je wilt doen. `/imagine help` vertelt meer."]
    assert buttons(message) == ["Check-in invullen", "Deze week niet", "Agenda", "Instellingen"]
    assert not message["is_ephemeral"]


def test_buttons_of_the_menu_work(world: World):
    lotte = world.person(LOTTE)
    lotte.write("hoi")
    heard(lotte, "kies wat je wilt doen")

    lotte.click("sessions.agenda")
    agenda = heard(lotte, "Je volgende bijeenkomsten")
    lotte.click("preferences.open")

    assert len(texts(agenda)) == 5
    assert lotte.view()["callback_id"] == "preferences.submit"


def message_event(world: World, user_id: str, **changes: object) -> Json:
    """A message event as Slack would send it from somebody's direct messages."""
    common = {
        "type": "message",
        "channel": world.slack.get("dm", person=user_id)["channel"],
        "channel_type": "im",
        "ts": "1509523201.000100",
        "event_ts": "1509523201.000100",
    }
    return {**common, **changes}


@pytest.mark.parametrize("user_id", [LOTTE, STRANGER])
def test_edits_deletions_and_messages_of_bots_are_left_alone(world: World, user_id: str, log_lines: LogLines):
    said = {"type": "message", "user": user_id, "text": "hoi", "ts": "1509523200.000100"}
    of_a_bot = {"type": "message", "user": "U0SANDBOX", "bot_id": "B0SANDBOX", "text": "x", "ts": "1509523200.000100"}
    for changes in (
        {"subtype": "message_changed", "message": said, "previous_message": said},
        {"subtype": "message_changed", "message": of_a_bot, "previous_message": of_a_bot},
        {"subtype": "message_deleted", "deleted_ts": "1509523200.000100", "previous_message": said},
        {"user": "U0OTHERBOT", "bot_id": "B0OTHER", "text": "piep"},
        {"user": "U0SANDBOX", "bot_id": "B0SANDBOX", "text": "piep"},
    ):
        answer = world.slack.event(message_event(world, user_id, **changes))
        assert answer is not None
        assert answer["acked"]

    world.finish()

    assert world.person(user_id).dm() == []
    assert [event["event"] for event in log_lines.events if event["level"] in ("error", "warning")] == []


def test_photo_sent_to_the_bot_gets_the_menu_as_well(world: World):
    photo = {"subtype": "file_share", "user": LOTTE, "text": "", "files": [{"id": "F0FOTO"}]}

    world.slack.event(message_event(world, LOTTE, **photo))

    heard(world.person(LOTTE), "Hoi Lotte, kies wat je wilt doen.")


def test_stranger_gets_the_way_in_on_every_command(world: World):
    stranger = world.person(STRANGER)
    commands = ("/checkin", "/imagine", "/imagine agenda", "/imagine mededeling", "/imagine taal en", "/imagine xyzzy")

    for number, words in enumerate(commands, start=1):
        stranger.command(words)
        stranger.dm(at_least=number)

    shown = [(texts(message), buttons(message), message["is_ephemeral"]) for message in stranger.dm()]
    assert shown == [([STRANGER_READS], [], True)] * len(commands)
    assert stranger.screen() is None


def test_stranger_gets_the_way_in_when_writing(world: World):
    world.person(STRANGER).write("hallo?")

    assert texts(heard(world.person(STRANGER), "Ik ken je nog niet")) == [STRANGER_READS]


def test_stranger_gets_the_way_in_on_home(world: World):
    stranger = world.person(STRANGER)

    stranger.open_home()

    assert (texts(stranger.home()), buttons(stranger.home())) == (["Welkom", STRANGER_READS], [])


def test_stranger_gets_the_way_in_on_every_button(world: World):
    stranger = world.person(STRANGER)
    ids = ["checkins.open", "checkins.skip", "sessions.agenda", "preferences.open", "announcements.open"]
    label = {"type": "plain_text", "text": "knop"}
    row = {"type": "actions", "elements": [{"type": "button", "action_id": each, "text": label} for each in ids]}
    workspace = world.sandbox.workspace
    workspace.post(workspace.dm(STRANGER), "U0SANDBOX", "knoppen", blocks=[row])

    for number, action_id in enumerate(ids, start=2):
        stranger.click(action_id)
        stranger.dm(at_least=number)

    assert [texts(message) for message in stranger.dm()[1:]] == [[STRANGER_READS]] * len(ids)
    assert stranger.screen() is None

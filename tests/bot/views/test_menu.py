from dataclasses import replace

import pytest

from bot.i18n import Texts
from bot.services.members import Member
from bot.views import announcements, checkins, menu, preferences, sessions
from tests.bot.views.checks import HOSTILE, HUGO, LANGUAGES, LOTTE, WENDELA, check_message, labels

NL, EN = LANGUAGES
AWKWARD = replace(LOTTE, first_name=HOSTILE, edition_name="&" * 2500, is_demo=True)


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("member", [LOTTE, HUGO, WENDELA, AWKWARD])
def test_every_message_is_within_slacks_limits_and_harmless(t: Texts, member: Member):
    check_message(menu.help_text(t, member))
    check_message(menu.menu(t, member))
    check_message(menu.stranger(t))
    for word in ("agnda", HOSTILE, "&" * 3000, "```", "x"):
        check_message(menu.unknown_word(t, member, word))


@pytest.mark.parametrize(
    ("member", "words", "buttons"),
    [
        (
            LOTTE,
            ["checkin", "skip", "pause", "agenda", "settings", "language", "help"],
            ["Check in", "Not this week", "Agenda", "Settings"],
        ),
        (HUGO, ["agenda", "settings", "language", "help"], ["Agenda", "Settings"]),
        (
            WENDELA,
            ["agenda", "announce", "settings", "language", "help"],
            ["Agenda", "Settings", "Announcement"],
        ),
    ],
)
def test_help_shows_what_fits_this_person_as_words_and_as_buttons(member: Member, words: list[str], buttons: list[str]):
    message = menu.help_text(EN, member)

    lines = [line for line in message.text.split("\n") if line.startswith("•")]
    assert [line.split("`")[1] for line in lines] == [f"/imagine {word}" for word in words]
    assert labels(message.blocks) == buttons
    assert labels(menu.menu(EN, member).blocks) == buttons


def test_everything_that_can_be_done_by_word_can_be_done_by_button():
    everything = replace(LOTTE, roles=LOTTE.roles | WENDELA.roles)

    reached = {button.action_id for button in menu.buttons(EN, everything)}

    assert reached == {checkins.OPEN, checkins.SKIP, sessions.AGENDA, preferences.OPEN, announcements.OPEN}


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("checkin", "checkin"),
        ("overslaan", "skip"),
        ("skip", "skip"),
        ("PAUZE", "pause"),
        ("pause", "pause"),
        ("agenda", "agenda"),
        ("mededeling", "announce"),
        ("instellingen", "settings"),
        ("taal", "language"),
        ("language", "language"),
        ("help", "help"),
    ],
)
def test_word_is_understood_in_either_language(word: str, name: str):
    found = menu.find_subcommand(word)

    assert found is not None
    assert found.name == name


def test_word_that_nobody_knows_is_no_subcommand():
    assert menu.find_subcommand("dansen") is None


@pytest.mark.parametrize(
    ("t", "member", "word", "meant"),
    [
        (EN, LOTTE, "agnda", "agenda"),
        (NL, LOTTE, "overslan", "overslaan"),
        (NL, WENDELA, "Medeling", "mededeling"),
        (EN, LOTTE, "anounce", None),  # not hers
        (EN, LOTTE, "qqq", None),
    ],
)
def test_unknown_word_is_quoted_with_what_was_perhaps_meant(t: Texts, member: Member, word: str, meant: str | None):
    text = menu.unknown_word(t, member, word).text

    assert text.startswith(t("I do not know `{word}`.", word=word))
    assert (t("Did you mean `/imagine {word}`?", word=meant or "") in text) is (meant is not None)


def test_leader_is_called_as_the_edition_calls_them():
    texts = [menu.help_text(EN, replace(LOTTE, term=term)).text for term in ("klinisch leider", "clinical leader")]

    assert ["as a klinisch leider" in texts[0], "as a clinical leader" in texts[1]] == [True, True]


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
def test_failure_carries_its_number_and_every_sentence_says_what_to_do(t: Texts):
    assert "A1B2C3" in menu.failure(t, "A1B2C3")
    assert len({menu.failure(t, ""), menu.too_late(t), menu.busy(t)}) == 3

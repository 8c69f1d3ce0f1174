import html
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Texts
from bot.messages import View
from bot.models.announcements import AnnouncementState
from bot.models.editions import Role
from bot.services.announcements import LONGEST_TEXT, AudienceChoices, Preview
from bot.services.deliveries import Tally
from bot.views import announcements, kit
from tests.bot.views.checks import (
    HOSTILE,
    LANGUAGES,
    announcement,
    check_form,
    check_message,
    fields,
    filled,
    labels,
    shown,
)
from tests.support.demo import amsterdam

NL, EN = LANGUAGES
CHOICES = AudienceChoices(
    hospitals=[("hospital:1", "Albert Schweitzer Ziekenhuis"), ("hospital:2", "OLVG")],
    tracks=[("track:1", "leadership training")],
    roles=list(Role),
)
LONG = AudienceChoices(
    hospitals=[(f"hospital:{number}", f"{number} " + "Ziekenhuis & " * 20) for number in range(100)],
    tracks=[("track:1", HOSTILE * 3)],
    roles=list(Role),
)
NOTHING = AudienceChoices(hospitals=[], tracks=[], roles=[])
LATER = amsterdam("2017-11-06 09:00")
TEXTS = {
    "plain": "Tot donderdag.",
    "hostile": HOSTILE,
    "ampersands": "&" * LONGEST_TEXT,
    "an ampersand off": "a" + "&" * (LONGEST_TEXT - 1),
    "angle brackets": "ab" + "<" * (LONGEST_TEXT - 2),
    "links": "Zie https://a.example/x?y=1&z=2. " * 60,
    "words": ("woord " * 500)[:LONGEST_TEXT],
    "lines": ("regel & meer\n" * 300)[:LONGEST_TEXT],
}


def joined(blocks: Any) -> str:
    """The text of these sections as its author wrote it, but for white space."""
    text = "".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    return html.unescape(text.replace("<https:", "https:").replace(">", "")).replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_announcement_is_within_slacks_limits_and_harmless(t: Texts, text: str):
    message = announcements.announcement(t, text, HOSTILE, HOSTILE)

    check_message(message)
    assert html.unescape(message.text).startswith(text)


@pytest.mark.parametrize("text", [TEXTS[name] for name in ("ampersands", "an ampersand off", "words", "lines")])
def test_long_announcement_loses_nothing_where_it_is_cut(text: str):
    blocks = kit.to_dicts(announcements.text_blocks(text))

    assert joined(blocks) == text.replace(" ", "").replace("\n", "")


@given(
    st.text(st.sampled_from("&<> ab\n"), min_size=1, max_size=LONGEST_TEXT).filter(lambda text: text.strip() == text)
)
def test_any_announcement_can_be_shown(text: str):
    check_message(announcements.announcement(NL, text, "Wendela", "Imagine2"))


def test_links_work_and_mentions_do_not():
    text = "Zie https://a.example/x?y=1&z=2, en <!here> of <@U1>. Meer: https://b.example."

    (section, _source) = announcements.announcement(EN, text, "Wendela Broekhof", "Imagine2").blocks

    assert section["text"]["text"] == (
        "Zie <https://a.example/x?y=1&amp;z=2>, en &lt;!here&gt; of &lt;@U1&gt;. Meer: <https://b.example>."
    )


def test_announcement_says_who_wrote_it_in_text_and_blocks():
    message = announcements.announcement(EN, "Tot *donderdag*.", "Wendela Broekhof", "Imagine2")

    assert message.text == "Tot *donderdag*.\nFrom Wendela Broekhof, Imagine2"
    assert shown(message.blocks) == "Tot *donderdag*. From Wendela Broekhof, Imagine2"


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("choices", [CHOICES, LONG, NOTHING], ids=["usual", "long", "empty"])
def test_form_is_within_slacks_limits(t: Texts, choices: AudienceChoices):
    view = check_form(announcements.compose_form(t, choices))

    assert fields(view) == ["text", "audience", "send_at"]


def form(**values: Any) -> View:
    return filled(announcements.compose_form(EN, CHOICES), **values)


def test_reader_returns_exactly_what_was_filled_in():
    moment = int(LATER.timestamp())

    read = announcements.read_compose_form(
        form(text="Tot donderdag", audience=["role:mentor", "hospital:2"], send_at=str(moment))
    )

    assert read == ("Tot donderdag", ["role:mentor", "hospital:2"], datetime.fromtimestamp(moment, UTC))


def test_reader_of_an_empty_form_finds_nothing():
    assert announcements.read_compose_form(form()) == ("", [], None)


def test_audience_is_called_by_its_names_in_the_order_chosen():
    names = announcements.audience_names(EN, CHOICES, ["role:mentor", "hospital:2", "edition", "track:1", "hospital:9"])

    assert names == "mentors, OLVG, everybody in this edition, leadership training"


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("send_at", [None, LATER])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_preview_is_within_slacks_limits(t: Texts, send_at: datetime | None, text: str):
    found = Preview(announcement(text=text, send_at=send_at), 17, 2)
    audience = announcements.audience_names(t, LONG, [value for value, _ in LONG.hospitals])

    check_form(announcements.preview(t, found, audience, is_quiet=True))


def test_preview_counts_people_and_says_when_and_who_will_not_get_it():
    view = announcements.preview(EN, Preview(announcement(), 11, 2), "mentors & coaches", is_quiet=True)

    texts = [html.unescape(block["text"]["text"]) for block in view["blocks"] if block["type"] == "section"]
    assert texts == [
        "*11 people* get this message: mentors & coaches.\nWhen: now",
        "2 of them have no Slack account yet and will not get it.",
        "That is outside working hours. Close this view to choose another moment.",
        "Tot donderdag.",
    ]
    assert (view["submit"]["text"], view["close"]["text"], kit.memory(view)) == ("Send", "Back", {"announcement": 9})


def test_preview_of_one_person_at_a_moment_says_so_and_nothing_more():
    view = announcements.preview(NL, Preview(announcement(send_at=LATER), 1, 0), "mentoren", is_quiet=False)

    when = NL("When: {moment}", moment="maandag 6 november 2017, 09.00 uur")
    texts = [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"]
    assert texts == [
        f"*1 persoon* krijgt dit bericht: mentoren.\n{when}",
        "Tot donderdag.",
    ]
    assert view["submit"]["text"] == NL("Schedule")


@pytest.mark.parametrize(
    ("state", "tally", "text", "stoppable", "final"),
    [
        (
            AnnouncementState.SCHEDULED,
            Tally(0, 0, 0, []),
            "Your announcement goes out on Monday 6 November 2017, 09:00.",
            True,
            False,
        ),
        (AnnouncementState.SENT, Tally(11, 3, 0, []), "Your announcement is going out: 3 of 11 sent.", True, False),
        (AnnouncementState.SENT, Tally(11, 11, 0, []), "Your announcement is out: 11 of 11 sent.", False, True),
        (
            AnnouncementState.SENT,
            Tally(4, 1, 0, [("Anna & Bo", "user_disabled"), ("Cor", "no_slack_account"), ("Dik", "weird_code")]),
            "Your announcement is out: 1 of 4 sent.\n3 failed:\n"
            "• Anna &amp; Bo: account closed\n• Cor: no Slack account yet\n• Dik: Slack says weird_code",
            False,
            True,
        ),
        (
            AnnouncementState.CANCELLED,
            Tally(11, 4, 7, []),
            "Your announcement was stopped: 4 of 11 sent.",
            False,
            True,
        ),
    ],
)
def test_result_line_says_how_far_it_is(
    state: AnnouncementState, tally: Tally, text: str, stoppable: bool, final: bool
):
    item = announcement(state=state, send_at=LATER)

    message = announcements.result(EN, item, tally)

    assert message.text == text
    assert labels(message.blocks) == (["Stop"] if stoppable else [])
    assert (announcements.can_stop(item, tally), announcements.is_final(item, tally)) == (stoppable, final)


@pytest.mark.parametrize("t", LANGUAGES, ids=["nl", "en"])
@pytest.mark.parametrize("name", ["Anna", HOSTILE, "&" * 400])
@pytest.mark.parametrize("count", [0, 1, 15, 16, 300])
def test_result_line_with_many_failures_is_within_slacks_limits(t: Texts, name: str, count: int):
    tally = Tally(300, 300 - count, 0, [(name, "user_disabled")] * count)

    message = check_message(announcements.result(t, announcement(state=AnnouncementState.SENT), tally))

    assert message.text.count("•") == min(count, 15)


def test_result_line_says_how_many_failures_it_does_not_name():
    tally = Tally(17, 0, 0, [("Anna", "user_disabled")] * 17)

    text = announcements.result(EN, announcement(state=AnnouncementState.SENT), tally).text

    assert text.split("\n")[-1] == "and 2 others"


def test_every_role_can_be_an_audience():
    assert list(announcements.ROLES) == list(Role)

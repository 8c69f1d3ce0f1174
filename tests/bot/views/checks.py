"""What holds for everything the bot shows: Slack's limits, whole fallback texts, harmless input."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, time
from typing import Any

from slack_sdk.models.blocks import Block as SlackBlock

from bot.i18n import Texts
from bot.messages import Message, View
from bot.models.announcements import Announcement, AnnouncementState
from bot.models.editions import Role, Track
from bot.models.sessions import LearningSession
from bot.services.members import Member
from bot.services.preferences import Preferences
from sandbox.block_kit.surfaces import check_message_blocks, check_view
from sandbox.form import entry, find_element, initial_values
from tests.support.demo import amsterdam

LANGUAGES = [Texts("nl"), Texts("en")]
HOSTILE = "<!channel> <@U1> <https://evil.example|klik> & *vet* _schuin_ `code` ~weg~ > {name} %s"
_MARKUP = re.compile(r"<(?!https?://[^<>|]*>)|&(?!(?:amp|lt|gt);)|(?<!\w)@(?:channel|here|everyone)\b")


def _strings(value: Any) -> Iterator[str]:
    """Every text that Slack reads as markup."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)


def check_blocks(blocks: list[dict[str, Any]]) -> None:
    """Slack's own model and the local Slack's rules both take these blocks; nothing in them pings or links."""
    assert json.loads(json.dumps(blocks)) == blocks
    for block in SlackBlock.parse_all(blocks):
        block.validate_json()
    assert [text for text in _strings(blocks) if _MARKUP.search(text)] == []


def check_message(message: Message) -> Message:
    """A message that Slack takes and that tells everything in its text too."""
    blocks = list(message.blocks)
    check_message_blocks(blocks)
    check_blocks(blocks)
    assert 0 < len(message.text) < 40_000
    assert _MARKUP.search(message.text) is None
    return message


def check_form(view: View) -> View:
    """A modal or Home tab that Slack takes."""
    check_view(view, "modal", "home")
    check_blocks(view["blocks"])
    return view


def shown(blocks: Any) -> str:
    """All that a person reads in blocks, in one text."""
    return html.unescape(" ".join(_texts(list(blocks))))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") in ("mrkdwn", "plain_text"):
            yield value["text"]
            return
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def labels(blocks: Any) -> list[str]:
    """The words on all buttons, in their order."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    rows += [[block["accessory"]] for block in blocks if block.get("accessory")]
    return [element["text"]["text"] for row in rows for element in row]


def filled(view: View, **values: Any) -> View:
    """The form as Slack sends it back after somebody filled in these fields, by block id."""
    state = initial_values(view["blocks"])
    for block_id, raw in values.items():
        ((action_id, _),) = state[block_id].items()
        found = find_element(view["blocks"], action_id, block_id)
        assert found is not None
        state[block_id][action_id] = entry(found[1], raw)
    return {**view, "state": {"values": state}}


def fields(view: View) -> list[str]:
    """The block ids of a form's inputs, in their order."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


LOTTE = Member(
    person_id=1,
    name="Lotte Kerkhuis",
    first_name="Lotte",
    language="nl",
    workspace_id=1,
    identity_id=1,
    participation_id=1,
    edition_id=1,
    edition_name="Imagine2 2017-2018",
    edition_ends_on=date(2018, 6, 22),
    is_demo=False,
    timezone="Europe/Amsterdam",
    roles=frozenset({Role.PARTICIPANT}),
    term="klinisch leider",
)
WENDELA = replace(LOTTE, name="Wendela Broekhof", first_name="Wendela", roles=frozenset({Role.COORDINATOR}))
HUGO = replace(LOTTE, name="Hugo Brandsteder", first_name="Hugo", roles=frozenset({Role.MENTOR}))
SETTINGS = Preferences(
    language="nl", weekday=3, at=time(12, 15), paused_until=None, quiet_from=time(19), quiet_until=time(8)
)


def session(**changes: Any) -> LearningSession:
    """The second training of the demo edition."""
    values: dict[str, Any] = {
        "id": 4,
        "edition_id": 1,
        "code": "T2",
        "title": "Hoe communiceer ik met anderen?",
        "starts_at": amsterdam("2017-11-09 13:30").astimezone(UTC),
        "ends_at": amsterdam("2017-11-09 17:30").astimezone(UTC),
        "location": "Rotterdam",
        "preparation": "Neem één situatie mee.",
        "cancelled_at": None,
        "revision": 0,
        "track": Track(name_nl="opleiding klinisch leiderschap", name_en="leadership training"),
        **changes,
    }
    return LearningSession(**values)


def announcement(**changes: Any) -> Announcement:
    """A draft to mentors."""
    values: dict[str, Any] = {
        "id": 9,
        "text": "Tot donderdag.",
        "audience": ["role:mentor"],
        "state": AnnouncementState.DRAFT,
        "send_at": None,
        **changes,
    }
    return Announcement(**values)

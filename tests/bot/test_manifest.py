import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from slack_bolt import App

from bot import app, manifest, views
from bot.deps import Deps
from bot.i18n import Texts
from bot.models.announcements import AnnouncementState
from bot.models.checkins import Tried, Visibility
from bot.models.sessions import Answer
from bot.services.announcements import AudienceChoices, Preview
from bot.services.checkins import Answers
from bot.services.deliveries import Tally
from bot.services.sessions import Invitation
from bot.views import announcements, checkins, menu, preferences, sessions
from bot.views.home import home
from tests.bot.views.checks import LOTTE, SETTINGS, WENDELA, announcement, session
from tests.support.demo import START

ROOT = Path(__file__).parents[2]
EN = Texts("en")
Trigger = str | re.Pattern[str]


class Register:
    """Takes down what a feature listens to, in place of Bolt."""

    def __init__(self) -> None:
        self.found: dict[str, list[Trigger]] = {}

    def __getattr__(self, kind: str) -> Any:
        def register(trigger: Trigger) -> Any:
            self.found.setdefault(kind, []).append(trigger)
            return lambda listener: listener

        return register


def listeners() -> dict[str, list[Trigger]]:
    register = Register()
    for feature in app._FEATURES:
        feature.register(cast(App, register), cast(Deps, None))
    return register.found


def answers(triggers: list[Trigger], name: str) -> int:
    """How many listeners answer this."""
    return sum(trigger == name if isinstance(trigger, str) else bool(trigger.search(name)) for trigger in triggers)


LISTENERS = listeners()
EVERYTHING = replace(LOTTE, roles=LOTTE.roles | WENDELA.roles)


def everything_shown() -> Iterator[Any]:
    """A sample of each message and view the bot can show."""
    row, item = session(), announcement(state=AnnouncementState.SCHEDULED, send_at=START)
    invitations = [Invitation(row, Answer.YES)]
    choices = AudienceChoices([("hospital:1", "OLVG")], [("track:1", "training")], list(announcements.ROLES))
    for member in (EVERYTHING, LOTTE):
        yield home(EN, member, "2017-W44", None, (4,), invitations, SETTINGS)
        yield menu.menu(EN, member).blocks
    yield from (build(EN, "Lotte", "2017-W44").blocks for build in (checkins.prompt, checkins.reminder))
    yield checkins.receipt(EN, "Lotte", "2017-W44", Visibility.TEAM).blocks
    yield checkins.skipped(EN, "2017-W44").blocks
    yield checkins.form(EN, "2017-W44", Answers(tried=Tried.YES), LOTTE.edition_ends_on)
    yield sessions.reminder(EN, row, None, START).blocks
    yield sessions.agenda(EN, invitations, is_coordinator=True, is_demo=True).blocks
    yield sessions.edit_form(EN, row)
    yield announcements.compose_form(EN, choices)
    yield announcements.preview(EN, Preview(item, 1, 0), "OLVG", is_quiet=False)
    yield announcements.result(EN, item, Tally(0, 0, 0, [])).blocks
    yield preferences.form(EN, SETTINGS, checks_in=True)


def pressed(value: Any, reports: bool = True) -> Iterator[str]:
    """The action ids of which Slack tells the bot when they are used: buttons, and inputs that report."""
    if isinstance(value, dict):
        if "action_id" in value and reports:
            yield value["action_id"]
        inner = value.get("dispatch_action", False) if value.get("type") == "input" else reports
        for each in value.values():
            yield from pressed(each, inner)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from pressed(each, reports)


SHOWN = list(everything_shown())
PRESSED = {action_id for each in SHOWN for action_id in pressed(each)}
FORMS = {view["callback_id"] for view in SHOWN if isinstance(view, dict) and view["type"] == "modal"}


def test_every_handler_module_with_listeners_is_part_of_the_bot():
    modules = {
        path.stem for path in (ROOT / "handlers").glob("*.py") if "def register(" in path.read_text(encoding="utf-8")
    }

    assert modules == {feature.__name__.removeprefix("handlers.") for feature in app._FEATURES}


def test_commands_of_the_manifest_are_those_the_bot_answers():
    commands = [command["command"] for command in manifest.read()["features"]["slash_commands"]]

    assert sorted(commands) == sorted(map(str, LISTENERS["command"]))


def test_events_of_the_manifest_are_those_the_bot_hears():
    subscribed = manifest.read()["settings"]["event_subscriptions"]["bot_events"]

    assert sorted(name.removesuffix(".im") for name in subscribed) == sorted(map(str, LISTENERS["event"]))


def test_manifest_allows_what_is_pressed_and_nothing_else_is_listened_to():
    settings = manifest.read()["settings"]

    assert settings["interactivity"] == {"is_enabled": True}
    assert set(LISTENERS) == {"command", "event", "action", "view"}
    assert "shortcuts" not in manifest.read()["features"]


def test_each_scope_has_its_reason():
    text = manifest.FILE.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\s+- [a-z.]+(:[a-z.]+)?\s*(#|$)", line)]

    reasons = {
        name: reason.strip()
        for name, _, reason in (line.strip().removeprefix("- ").partition("#") for line in lines)
        if name.strip() in manifest.scopes()
    }

    assert {name.strip() for name, reason in reasons.items() if len(reason) > 10} == manifest.scopes()


def test_no_scope_reads_what_people_say_in_channels():
    private = {"channels:history", "groups:history", "mpim:history", "files:read", "chat:write.public"}

    assert manifest.scopes() & private == set()


def test_ids_in_the_views_are_unique():
    found = [
        value
        for name in ("announcements", "checkins", "menu", "preferences", "sessions")
        for key, value in vars(getattr(views, name)).items()
        if key.isupper() and isinstance(value, str) and re.fullmatch(r"[a-z]+\.[a-z]+", value)
    ]

    assert len(found) > 10
    assert sorted(found) == sorted(set(found))


def test_every_button_is_answered_by_one_listener():
    assert {action_id: answers(LISTENERS["action"], action_id) for action_id in PRESSED} == dict.fromkeys(PRESSED, 1)


def test_every_form_is_answered_by_one_listener():
    assert {form: answers(LISTENERS["view"], form) for form in FORMS} == dict.fromkeys(FORMS, 1)


def test_every_listener_has_something_that_calls_it():
    idle = [trigger for trigger in LISTENERS["action"] if not any(answers([trigger], each) for each in PRESSED)]
    idle += [trigger for trigger in LISTENERS["view"] if not any(answers([trigger], each) for each in FORMS)]

    assert idle == []


def test_manifest_without_an_address_is_the_file_as_it_stands():
    assert yaml.safe_load(manifest.text()) == manifest.read()
    assert manifest.read()["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("address", ["https://bot.example", "https://bot.example/"])
def test_manifest_with_an_address_is_for_http(address: str):
    found = yaml.safe_load(manifest.text(address))

    url = "https://bot.example/slack/events"
    assert found["settings"]["socket_mode_enabled"] is False
    assert found["settings"]["event_subscriptions"]["request_url"] == url
    assert found["settings"]["interactivity"]["request_url"] == url
    assert [command["url"] for command in found["features"]["slash_commands"]] == [url, url]
    assert found["oauth_config"] == manifest.read()["oauth_config"]

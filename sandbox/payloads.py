"""What Slack sends to an app: commands, clicks, submissions and events, key by key."""

import secrets
import uuid
from typing import Any

from sandbox.messages import Channel, Message
from sandbox.people import Person
from sandbox.view import View
from sandbox.workspace import Workspace

Payload = dict[str, Any]

OLD_TOKEN = "deprecated"  # noqa: S105
"""The verification token of old; Slack still sends one and no app should look at it."""


def slash_command(workspace: Workspace, person: Person, channel: Channel, name: str, text: str) -> Payload:
    """Somebody typed a command. All values are strings, as in the form that Slack posts."""
    return {
        "token": OLD_TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.team_domain,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.response_url(person.id, channel.id),
        "trigger_id": workspace.triggers.issue(person.id),
    }


def message_actions(
    workspace: Workspace, person: Person, channel: Channel, message: Message, actions: list[dict[str, Any]]
) -> Payload:
    """Somebody used an element of a message. An ephemeral message itself is not sent along."""
    container: dict[str, Any] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.viewer is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    shown = {} if message.viewer else {"message": workspace.message_object(message)}
    return (
        _interaction(workspace, person, "block_actions")
        | {"container": container, "channel": {"id": channel.id, "name": _channel_name(channel)}}
        | shown
        | {
            "state": {"values": message.states.get(person.id, {})},
            "response_url": workspace.response_url(person.id, channel.id, message.ts),
            "trigger_id": workspace.triggers.issue(person.id),
            "actions": actions,
        }
    )


def view_actions(workspace: Workspace, person: Person, view: View, actions: list[dict[str, Any]]) -> Payload:
    """Somebody used an element of a modal or of the home tab."""
    return _interaction(workspace, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": workspace.view_object(view),
        "trigger_id": workspace.triggers.issue(person.id, view.id),
        "actions": actions,
    }


def view_submission(workspace: Workspace, person: Person, view: View) -> Payload:
    """Somebody submitted a modal."""
    return _interaction(workspace, person, "view_submission") | {
        "trigger_id": workspace.triggers.issue(person.id, view.id),
        "response_urls": [],
        "view": workspace.view_object(view),
    }


def view_closed(workspace: Workspace, person: Person, view: View, *, is_cleared: bool) -> Payload:
    """Somebody closed a modal; what was typed does not travel along."""
    return _interaction(workspace, person, "view_closed") | {
        "view": workspace.view_object(view, state=False),
        "is_cleared": is_cleared,
    }


def event(workspace: Workspace, inner: dict[str, Any]) -> Payload:
    """The wrapper around an event; `event_id` stays the same when Slack delivers it again."""
    app = workspace.app
    authorization = {"team_id": workspace.team_id, "user_id": app.bot_user_id, "is_bot": True}
    return {
        "type": "event_callback",
        "token": OLD_TOKEN,
        "team_id": workspace.team_id,
        "api_app_id": app.app_id,
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(workspace.clock.timestamp()),
        "event_context": f"EC{secrets.token_hex(5).upper()}",
        "context_team_id": workspace.team_id,
        "context_enterprise_id": None,
        "is_ext_shared_channel": False,
        "authorizations": [authorization | {"enterprise_id": None, "is_enterprise_install": False}],
        "event": {"event_ts": workspace.new_ts(), **inner},
    }


def app_home_opened(workspace: Workspace, person: Person, tab: str) -> dict[str, Any]:
    """The inner event for somebody who opens the app; with the view only if one was published before."""
    view = workspace.home(person.id)
    shown = {"view": workspace.view_object(view)} if view and tab == "home" else {}
    return {"type": "app_home_opened", "user": person.id, "channel": workspace.dm(person.id).id, "tab": tab} | shown


def message_sent(workspace: Workspace, channel: Channel, message: Message) -> dict[str, Any]:
    """The inner event for a message that somebody wrote."""
    return {
        "type": "message",
        "channel": channel.id,
        "channel_type": "im" if channel.is_im else "channel",
        "user": message.user_id,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
        "team": workspace.team_id,
        "client_msg_id": str(uuid.uuid4()),
        "blocks": message.blocks,
    }


def user_change(workspace: Workspace, person: Person) -> dict[str, Any]:
    """The inner event for a changed member, such as one who was deactivated."""
    return {"type": "user_change", "user": workspace.user_object(person, locale=True), "cache_ts": person.updated}


def team_join(workspace: Workspace, person: Person) -> dict[str, Any]:
    """The inner event for a new member."""
    return {"type": "team_join", "user": workspace.user_object(person, locale=True), "cache_ts": person.updated}


def _interaction(workspace: Workspace, person: Person, kind: str) -> Payload:
    return {
        "type": kind,
        "team": {"id": workspace.team_id, "domain": workspace.team_domain},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id or workspace.team_id,
        },
        "api_app_id": workspace.app.app_id,
        "token": OLD_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel_name(channel: Channel) -> str:
    # In direct messages and private channels Slack says no more than the kind; long-standing, not documented.
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name

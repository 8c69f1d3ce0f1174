"""conversations.*: opening direct messages, and reading what was said in them."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.messages import Channel
from sandbox.people import Person
from sandbox.web_api.arguments import Arguments
from sandbox.web_api.pages import cursor_of, limit_of, page_of, value_of
from sandbox.web_api.registry import method, require_scope
from sandbox.workspace import Workspace


@method("conversations.open", scope="im:write")
def open_conversation(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Open the direct message with one person. Group messages are not played here."""
    channel, existed = _requested(workspace, arguments)
    if not arguments.flag("return_im"):
        return {"channel": {"id": channel.id}}
    return {"no_op": existed, "already_open": existed, "channel": channel.as_slack(workspace.bot.id)}


@method("conversations.info")
def info(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """One conversation."""
    channel = _channel(workspace, arguments)
    require_scope(workspace, _scope(channel, "read"))
    shown = channel.as_slack(workspace.bot.id)
    return {"channel": shown | {"locale": "nl-NL"} if arguments.flag("include_locale") else shown}


@method("conversations.list")
def list_conversations(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The conversations of the asked types: public channels unless it says otherwise."""
    types = (arguments.text("types") or "public_channel").split(",")
    found: list[Channel] = []
    for kind in types:
        require_scope(workspace, {"im": "im:read", "private_channel": "groups:read"}.get(kind.strip(), "channels:read"))
        found += _of_kind(workspace, kind.strip())
    page, metadata = page_of(arguments, found)
    return {"channels": [each.as_slack(workspace.bot.id) for each in page], "response_metadata": metadata}


@method("conversations.members")
def members(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Who is in a conversation."""
    channel = _channel(workspace, arguments)
    require_scope(workspace, _scope(channel, "read"))
    page, metadata = page_of(arguments, list(channel.members))
    return {"members": list(page), "response_metadata": metadata}


@method("conversations.history")
def history(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Messages newest first. The page after this one starts below the oldest shown."""
    channel = _channel(workspace, arguments)
    require_scope(workspace, _scope(channel, "history"))
    if workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    oldest, latest, inclusive = arguments.text("oldest"), arguments.text("latest"), arguments.flag("inclusive")
    if arguments.text("cursor"):
        latest, inclusive = value_of(arguments.text("cursor")), False
    limit = limit_of(arguments)
    page, more = channel.timeline.newest_between(
        _padded(oldest, "oldest"), _padded(latest, "latest"), inclusive=inclusive, limit=limit
    )
    whole = arguments.flag("include_all_metadata")
    return {
        "messages": [workspace.message_object(message, metadata=whole) for message in page],
        "has_more": more,
        "pin_count": 0,
        "response_metadata": {"next_cursor": cursor_of(page[-1].ts if more else "")},
    }


def _requested(workspace: Workspace, arguments: Arguments) -> tuple[Channel, bool]:
    if arguments.text("channel"):
        return _channel(workspace, arguments), True
    wanted = [each for each in arguments.text("users").replace(" ", "").split(",") if each]
    if not wanted:
        raise SlackError("users_list_not_supplied")
    if len(wanted) > 1:
        require_scope(workspace, "mpim:write")
        raise SlackError("method_not_supported_for_channel_type")
    person = _reachable(workspace, wanted[0])
    existed = workspace.has_dm(person.id)
    return workspace.dm(person.id), existed


def _reachable(workspace: Workspace, person_id: str) -> Person:
    person = workspace.people.get(person_id)
    if person_id == workspace.bot.id:
        raise SlackError("cannot_dm_bot")
    if person is None:
        raise SlackError("user_not_found")
    if person.deleted:
        raise SlackError("user_disabled")
    if workspace.is_external(person) and not workspace.shares_channel_with_app(person):
        raise SlackError("user_not_visible")
    return person


def _channel(workspace: Workspace, arguments: Arguments) -> Channel:
    channel = workspace.channel(arguments.required("channel"))
    if channel is None or (channel.is_private and workspace.bot.id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def _scope(channel: Channel, what: str) -> str:
    if channel.is_im:
        return f"im:{what}"
    return f"groups:{what}" if channel.is_private else f"channels:{what}"


def _of_kind(workspace: Workspace, kind: str) -> list[Channel]:
    if kind == "im":
        return workspace.direct_messages()
    inside = [each for each in workspace.channels.values() if not each.is_private or workspace.bot.id in each.members]
    return [channel for channel in inside if channel.is_private == (kind == "private_channel")]


def _padded(ts: str, name: str) -> str:
    # Apps may pass whole seconds; ids have six decimals and compare as text only in that form.
    seconds, _, fraction = ts.partition(".")
    if not ts or ts == "0" or ts == "now":
        return ""
    if not seconds.isdecimal() or (fraction and not fraction.isdecimal()):
        raise SlackError(f"invalid_ts_{name}")
    return f"{seconds:0>10}.{fraction:0<6}"

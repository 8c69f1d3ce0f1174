"""chat.*: posting, correcting and withdrawing messages."""

from typing import Any

from sandbox.block_kit.surfaces import check_message_blocks
from sandbox.errors import SlackError
from sandbox.form import Block
from sandbox.messages import Channel, Message
from sandbox.web_api.arguments import Arguments
from sandbox.web_api.registry import method
from sandbox.workspace import Workspace

LONGEST_TEXT = 40_000
LONGEST_CORRECTION = 4_000


@method("chat.postMessage", scope="chat:write")
def post_message(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Post in a channel or a direct message; a person's id opens theirs. Slack cuts long texts off, unrefused."""
    channel = _destination(workspace, arguments.required("channel"))
    text, blocks = _content(arguments)
    message = workspace.post(
        channel,
        workspace.bot.id,
        text[:LONGEST_TEXT],
        blocks=blocks,
        metadata=_metadata(arguments),
        thread_ts=arguments.text("thread_ts") or None,
    )
    return {"channel": channel.id, "ts": message.ts, "message": workspace.message_object(message)}


@method("chat.update", scope="chat:write")
def update(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Correct a message of the app. Text without blocks takes the blocks away; metadata stays unless `{}` is given."""
    message = _own_message(workspace, arguments, "cant_update_message")
    text, blocks = _content(arguments)
    if len(text) > LONGEST_CORRECTION:
        raise SlackError("msg_too_long")
    if arguments.has("metadata"):
        message.metadata = _metadata(arguments)
    workspace.change_message(message, text=text, blocks=blocks)
    shown = workspace.message_object(message)
    return {"channel": message.channel_id, "ts": message.ts, "text": text, "message": shown}


@method("chat.delete", scope="chat:write")
def delete(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Withdraw a message of the app."""
    message = _own_message(workspace, arguments, "cant_delete_message")
    workspace.remove_message(message)
    return {"channel": message.channel_id, "ts": message.ts}


@method("chat.postEphemeral", scope="chat:write")
def post_ephemeral(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Show a message to one person in a channel; its id is of no use to chat.update or chat.delete."""
    channel = _destination(workspace, arguments.required("channel"))
    person_id = arguments.required("user")
    if person_id not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _content(arguments)
    if len(text) > LONGEST_CORRECTION:
        raise SlackError("msg_too_long")
    message = workspace.post_ephemeral(channel, person_id, workspace.bot.id, text, blocks=blocks)
    return {"message_ts": message.ts}


def _destination(workspace: Workspace, target: str) -> Channel:
    # Whether Slack takes messages for a deactivated person by the id of a conversation is unconfirmed; here it does.
    channel = workspace.channel(target) or _direct_message(workspace, target)
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_im and not workspace.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    if workspace.bot.id not in channel.members:
        _check_outside(workspace, channel)
    return channel


def _direct_message(workspace: Workspace, person_id: str) -> Channel:
    person = workspace.people.get(person_id)
    if person is None:
        raise SlackError("channel_not_found")
    if person.deleted:
        # What Slack says here is unconfirmed; apps report this code among others, and all of them are permanent.
        raise SlackError("user_not_found")
    if workspace.is_external(person) and not workspace.shares_channel_with_app(person):
        raise SlackError("channel_not_found")
    return workspace.dm(person_id)


def _check_outside(workspace: Workspace, channel: Channel) -> None:
    if channel.is_private:
        raise SlackError("channel_not_found")
    if "chat:write.public" not in workspace.app.scopes:
        raise SlackError("not_in_channel")


def _content(arguments: Arguments) -> tuple[str, list[Block]]:
    text, blocks = arguments.text("text"), arguments.json("blocks", "invalid_blocks_format")
    if blocks:
        check_message_blocks(blocks)
    if not text and not blocks:
        raise SlackError("no_text")
    return text, blocks or []


def _metadata(arguments: Arguments) -> dict[str, Any] | None:
    metadata = arguments.json("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    return metadata


def _own_message(workspace: Workspace, arguments: Arguments, refusal: str) -> Message:
    channel = workspace.channel(arguments.required("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = channel.timeline.get(arguments.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.from_app:
        raise SlackError(refusal)
    return message

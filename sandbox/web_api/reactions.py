"""reactions.*: a mark under a message."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.messages import Message
from sandbox.web_api.arguments import Arguments
from sandbox.web_api.registry import method
from sandbox.workspace import Workspace


@method("reactions.add", scope="reactions:write")
def add(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Put the app's mark under a message, once."""
    message = _message(workspace, arguments)
    users = message.reactions.setdefault(arguments.required("name").strip(":"), [])
    if workspace.bot.id in users:
        raise SlackError("already_reacted")
    users.append(workspace.bot.id)
    workspace.changes.publish("message", message.channel_id)
    return {}


@method("reactions.get", scope="reactions:read")
def get(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """A message with the marks under it."""
    message = _message(workspace, arguments)
    return {"type": "message", "channel": message.channel_id, "message": workspace.message_object(message)}


def _message(workspace: Workspace, arguments: Arguments) -> Message:
    channel = workspace.channel(arguments.required("channel"))
    if channel is None:
        raise SlackError("channel_not_found")
    message = channel.timeline.get(arguments.required("timestamp"))
    if message is None:
        raise SlackError("message_not_found")
    return message

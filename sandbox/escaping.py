"""How Slack rewrites what people type before an app sees it (docs.slack.dev, "Formatting message text")."""

import re

from sandbox.workspace import Workspace

_LINK = re.compile(r"\bhttps?://[^\s<>]+")
_PERSON = re.compile(r"(?<![\w@<])@([\w.-]*\w)")
_CHANNEL = re.compile(r"(?<![\w#<])#([\w-]+)")


def escape_entities(text: str) -> str:
    """The three characters that control Slack's markup, as they arrive in messages."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_references(workspace: Workspace, text: str) -> str:
    """Names, channels and links as ids, which a command with `should_escape` receives; unknown names stay as typed."""
    people = {person.name: person.id for person in workspace.people.values()} if "@" in text else {}
    channels = {channel.name: channel for channel in workspace.channels.values()}

    def person(match: re.Match[str]) -> str:
        return f"<@{people[match[1]]}>" if match[1] in people else match[0]

    def channel(match: re.Match[str]) -> str:
        found = channels.get(match[1])
        return f"<#{found.id}|{'' if found.is_private else found.name}>" if found else match[0]

    linked = _LINK.sub(lambda match: f"<{match[0]}>", text)
    return _CHANNEL.sub(channel, _PERSON.sub(person, linked))

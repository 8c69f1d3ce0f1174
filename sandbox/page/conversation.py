"""A channel's messages as a conversation: day dividers, and one heading over a person's consecutive messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from markupsafe import Markup

from sandbox.form import initial_values
from sandbox.messages import Message
from sandbox.page import mrkdwn
from sandbox.page.blocks import Surface
from sandbox.page.dates import clock_time, day_words, moment_of
from sandbox.page.people import Face, face
from sandbox.page.reader import Reader
from sandbox.workspace import Workspace

TOGETHER = timedelta(minutes=5)
"""Messages of one person within this time stand under one heading, as in Slack."""


@dataclass(frozen=True)
class Line:
    """One message, ready to be drawn."""

    ts: str
    key: str
    author: Face
    time: str
    divider: str | None
    follows: bool
    only_you: bool
    edited: bool
    in_thread: bool
    body: Markup


def conversation(workspace: Workspace, messages: list[Message], reader: Reader) -> Iterator[Line]:
    """The messages in order, each knowing what came before it."""
    earlier: list[Message | None] = [None, *messages]
    for before, message in pairwise(earlier):
        if message is not None:
            yield _line(workspace, before, message, reader)


def _line(workspace: Workspace, before: Message | None, message: Message, reader: Reader) -> Line:
    day = _day(message, reader)
    new_day = before is None or _day(before, reader) != day
    return Line(
        ts=message.ts,
        key=f"message:{message.channel_id}:{message.ts}",
        author=face(workspace, message.user_id),
        time=clock_time(moment_of(message.ts), reader.zone),
        divider=day_words(day, reader.now.astimezone(reader.zone).date(), reader.language) if new_day else None,
        follows=not new_day and before is not None and _together(before, message),
        only_you=message.viewer is not None,
        edited=message.edited_ts is not None and not message.blocks,
        in_thread=message.thread_ts not in (None, message.ts),
        body=_body(message, reader),
    )


def _day(message: Message, reader: Reader) -> date:
    return moment_of(message.ts).astimezone(reader.zone).date()


def _together(before: Message, message: Message) -> bool:
    """Ephemeral messages never share a heading, so that nobody mistakes what others can read."""
    close = moment_of(message.ts) - moment_of(before.ts) < TOGETHER
    return close and before.user_id == message.user_id and not before.viewer and not message.viewer


def _body(message: Message, reader: Reader) -> Markup:
    if not message.blocks:
        return mrkdwn.render(message.text, reader)
    key = f"message:{message.channel_id}:{message.ts}"
    state = message.states.get(reader.id) or initial_values(message.blocks)
    return Surface(key, message.blocks, reader, state).render()

"""The workspace: who is there, what was said, what is on whose screen. Everything in memory, on one event loop.

The page and the control API read through this module and act through `sandbox.acts`; the app comes in through
`sandbox.web_api`.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.changes import Change, Changes
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.form import Block, fill_ids
from sandbox.installation import Command, Installation
from sandbox.jumps import Jump
from sandbox.messages import Channel, Message
from sandbox.people import Person
from sandbox.socket_mode import Sockets
from sandbox.tickets import Responses, Triggers
from sandbox.view import View

CALLS_KEPT = 20_000
"""The log of API calls forgets the oldest beyond this number, so that a long load test does not fill the memory."""


@dataclass(frozen=True)
class ApiCall:
    """One line of the log of Web API calls: that a call was made and how it ended, never what was written."""

    at: str
    method: str
    ok: bool
    error: str | None
    channel: str | None
    ms: float


@dataclass(frozen=True)
class ChannelSummary:
    """A line of the sidebar: a channel that a person is in, or their direct message with the app."""

    id: str
    name: str
    is_im: bool
    last_ts: str | None
    unread: int


@dataclass
class Workspace:
    """One Slack workspace with one app in it. `base_url` is set by the server that carries it."""

    people: dict[str, Person] = field(default_factory=dict)
    app: Installation = field(default_factory=Installation)
    clock: Clock = field(default_factory=Clock)
    team_id: str = "T0SANDBOX"
    team_name: str = "Sandbox"
    team_domain: str = "sandbox"
    tz: str = "Europe/Amsterdam"
    notice: str = ""
    jumps: list[Jump] = field(default_factory=list)
    base_url: str = "http://127.0.0.1:8765"
    request_url: str | None = None
    ack_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (1.0, 60.0, 300.0)

    def __post_init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.views: dict[str, View] = {}
        self.changes = Changes()
        self.faults = Faults()
        self.sockets = Sockets()
        self.calls: deque[ApiCall] = deque(maxlen=CALLS_KEPT)
        self._dms: dict[str, Channel] = {}
        self._dms_by_person: dict[str, Channel] = {}
        self._last_read: dict[tuple[str, str], str] = {}
        self._last_microsecond = 0
        self._background: set[asyncio.Task[None]] = set()
        self.bot = Person(self.app.bot_user_id, self.app.bot_name, self.app.name, tz=self.tz, is_bot=True)
        self.clock.on_jump(lambda: self.changes.publish("clock"))
        self.reset()

    def reset(self) -> None:
        """Forget messages, screens, calls and faults; people, clock and connections stay."""
        for state in (self.channels, self.stacks, self.homes, self.views, self.calls):
            state.clear()
        for private in (self._dms, self._dms_by_person, self._last_read):
            private.clear()
        self.faults.clear()
        self.triggers = Triggers(self.clock)
        self.responses = Responses(self.clock)
        self._by_email: dict[str, Person] = {}
        self.add_channel("algemeen", members=[])
        self.add_people(list(self.people.values()))
        self.changes.publish("reset")

    # People and channels

    def add_people(self, people: Iterable[Person]) -> None:
        """Let people join; they are members of the first channel from then on."""
        general = next(iter(self.channels.values()))
        for person in people:
            person.updated = int(self.clock.timestamp())
            self.people[person.id] = person
            self._by_email[person.email.lower()] = person
            general.members[person.id] = None

    def person(self, person_id: str) -> Person | None:
        """A member by id; the app's bot user counts."""
        return self.bot if person_id == self.bot.id else self.people.get(person_id)

    def person_by_email(self, email: str) -> Person | None:
        """A member by e-mail address, in any case."""
        person = self._by_email.get(email.lower())
        return person if person and person.email else None

    def user_object(self, person: Person, *, locale: bool = False) -> dict[str, Any]:
        """Slack's user object as this app may see it: the address needs the scope users:read.email."""
        email = "users:read.email" in self.app.scopes
        return person.as_user(self.team_id, self.clock.now(), locale=locale, email=email)

    def is_external(self, person: Person) -> bool:
        """Whether the person joins from another Slack organisation, over Slack Connect."""
        return person.team_id not in ("", self.team_id)

    def shares_channel_with_app(self, person: Person) -> bool:
        """Whether some channel holds both, which is what lets the app write to an external person."""
        both = {person.id, self.bot.id}
        return any(both <= channel.members.keys() for channel in self.channels.values())

    def add_channel(self, name: str, *, members: Iterable[str] | None = None, with_app: bool = True) -> Channel:
        """A new channel, with everybody in it unless `members` says who."""
        inside = [*(self.people if members is None else members), *([self.bot.id] if with_app else [])]
        channel_id = f"C0{name.upper().replace('-', '')}"
        channel = Channel(channel_id, name, dict.fromkeys(inside), created=int(self.clock.timestamp()))
        self.channels[channel.id] = channel
        return channel

    def dm(self, person_id: str) -> Channel:
        """The direct message between a person and the app, opened if it was not."""
        if person_id not in self._dms_by_person:
            members = dict.fromkeys([person_id, self.bot.id])
            short = f"D{person_id[1:]}"
            channel_id = short if short not in self._dms else f"D{person_id}"
            created = int(self.clock.timestamp())
            channel = Channel(channel_id, "directmessage", members, partner=person_id, created=created)
            self._dms[channel_id] = self._dms_by_person[person_id] = channel
            self.changes.publish("channels", person_id)
        return self._dms_by_person[person_id]

    def has_dm(self, person_id: str) -> bool:
        """Whether the direct message was opened before."""
        return person_id in self._dms_by_person

    def channel(self, channel_id: str) -> Channel | None:
        """A channel or an opened direct message by id."""
        return self.channels.get(channel_id) or self._dms.get(channel_id)

    def direct_messages(self) -> list[Channel]:
        """Every direct message that was opened."""
        return list(self._dms.values())

    def channels_of(self, person_id: str) -> list[ChannelSummary]:
        """The person's sidebar: the channels they are in, then the direct message with the app."""
        mine = [channel for channel in self.channels.values() if person_id in channel.members]
        return [self._summary(channel, person_id) for channel in [*mine, self.dm(person_id)]]

    def mark_read(self, person_id: str, channel_id: str) -> None:
        """The person has seen the channel up to its newest message."""
        channel = self.channel(channel_id)
        last = channel.timeline.last_ts() if channel else None
        if last and self._last_read.get((person_id, channel_id)) != last:
            self._last_read[person_id, channel_id] = last
            self.changes.publish("channels", person_id)

    # Messages

    def messages(self, channel_id: str, viewer: str | None = None) -> list[Message]:
        """All messages of a channel in order, with the viewer's own ephemeral ones among them."""
        channel = self.channel(channel_id)
        if channel is None:
            return []
        private = channel.ephemerals.get(viewer or "", [])
        return sorted([*channel.timeline, *private], key=lambda message: message.ts)

    def new_ts(self) -> str:
        """A message id from the workspace's clock; it grows even while the clock stands still."""
        now = int(self.clock.timestamp() * 1_000_000)
        self._last_microsecond = max(now, self._last_microsecond + 1)
        return f"{self._last_microsecond // 1_000_000}.{self._last_microsecond % 1_000_000:06d}"

    def post(
        self,
        channel: Channel,
        author: str,
        text: str,
        *,
        blocks: list[Block] | None = None,
        metadata: dict[str, Any] | None = None,
        thread_ts: str | None = None,
    ) -> Message:
        """Put a message in a channel for everybody in it."""
        message = self._message(channel, author, text, blocks)
        message.metadata, message.thread_ts = metadata, thread_ts
        channel.timeline.add(message)
        self.changes.publish("message", channel.id)
        return message

    def post_ephemeral(
        self, channel: Channel, viewer: str, author: str, text: str, *, blocks: list[Block] | None = None
    ) -> Message:
        """Show a message to one person only."""
        message = self._message(channel, author, text, blocks)
        message.viewer = viewer
        channel.ephemerals.setdefault(viewer, []).append(message)
        self.changes.publish("message", channel.id)
        return message

    def change_message(self, message: Message, *, text: str, blocks: list[Block]) -> None:
        """Replace what a message says; Slack marks only texts without blocks as edited."""
        message.text, message.blocks = text, fill_ids(blocks)
        message.states.clear()
        message.edited_ts = None if blocks else self.new_ts()
        self.changes.publish("message", message.channel_id)

    def remove_message(self, message: Message) -> None:
        """Take a message away, for everybody or from its one viewer."""
        channel = self.channel(message.channel_id)
        if channel and message.viewer:
            channel.ephemerals[message.viewer].remove(message)
        elif channel:
            channel.timeline.remove(message.ts)
        self.changes.publish("message", message.channel_id)

    def message_object(self, message: Message, *, metadata: bool = True) -> dict[str, Any]:
        """Slack's message object."""
        return message.as_slack(self.app, self.team_id, metadata=metadata)

    # Screens

    @property
    def commands(self) -> list[Command]:
        """The slash commands that people can type."""
        return self.app.commands

    def top_view(self, person_id: str) -> View | None:
        """The modal that the person is looking at."""
        stack = self.stacks.get(person_id)
        return stack[-1] if stack else None

    def home(self, person_id: str) -> View | None:
        """The person's home tab with the app, if the app ever published one."""
        return self.homes.get(person_id)

    def view_object(self, view: View, *, state: bool = True) -> dict[str, Any]:
        """Slack's view object."""
        return view.as_slack(self.app, self.team_id, state=state)

    def response_url(self, person_id: str, channel_id: str, message_ts: str | None = None) -> str:
        """A fresh address of this sandbox at which the app may answer a command or a click."""
        token = self.responses.issue(person_id, channel_id, message_ts)
        return f"{self.base_url}/response/{self.team_id}/{token}"

    # Following

    def subscribe(self) -> asyncio.Queue[Change]:
        """A queue of notices of what changes; see `sandbox.changes`."""
        return self.changes.subscribe()

    def unsubscribe(self, queue: asyncio.Queue[Change]) -> None:
        """Give a queue back."""
        self.changes.unsubscribe(queue)

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Let work go on after its caller has answered; the event loop alone would forget it."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def log_call(self, method: str, error: str | None, channel: str | None, seconds: float) -> None:
        """Remember that the app called the Web API."""
        at = self.clock.now().isoformat(timespec="milliseconds")
        self.calls.append(ApiCall(at, method, error is None, error, channel, round(seconds * 1000, 2)))

    def _summary(self, channel: Channel, person_id: str) -> ChannelSummary:
        read = self._last_read.get((person_id, channel.id), "")
        unread = sum(message.user_id != person_id for message in channel.timeline.after(read))
        name = self.app.name if channel.is_im else channel.name
        return ChannelSummary(channel.id, name, channel.is_im, channel.timeline.last_ts(), unread)

    def _message(self, channel: Channel, author: str, text: str, blocks: list[Block] | None) -> Message:
        filled = fill_ids(blocks or [])
        return Message(self.new_ts(), channel.id, author, text, filled, from_app=author == self.bot.id)

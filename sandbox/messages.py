"""Messages and the channels that hold them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.form import Values
from sandbox.installation import Installation


@dataclass
class Message:
    """One message. With `viewer` it is ephemeral: only that person sees it, and no API call can find it."""

    ts: str
    channel_id: str
    user_id: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    from_app: bool = False
    metadata: dict[str, Any] | None = None
    edited_ts: str | None = None
    viewer: str | None = None
    thread_ts: str | None = None
    states: dict[str, Values] = field(default_factory=dict)
    reactions: dict[str, list[str]] = field(default_factory=dict)

    def as_slack(self, app: Installation, team_id: str, *, metadata: bool = True) -> dict[str, Any]:
        """The message object of the Web API and of payloads; without `metadata` only its event type remains."""
        message: dict[str, Any] = {
            "type": "message",
            "user": self.user_id,
            "team": team_id,
            "ts": self.ts,
            "text": self.text,
        }
        if self.from_app:
            message |= {"bot_id": app.bot_id, "app_id": app.app_id, "bot_profile": app.profile | {"team_id": team_id}}
        if self.blocks:
            message["blocks"] = self.blocks
        if self.thread_ts:
            message["thread_ts"] = self.thread_ts
        if self.edited_ts:
            message["edited"] = {"user": self.user_id, "ts": self.edited_ts}
        if self.reactions:
            message["reactions"] = [{"name": n, "users": u, "count": len(u)} for n, u in self.reactions.items()]
        if self.metadata:
            message["metadata"] = self.metadata if metadata else {"event_type": self.metadata["event_type"]}
        return message


class Timeline:
    """Messages in order of their ts, found by ts in one step and sliced without reading the rest."""

    def __init__(self) -> None:
        self._order: list[str] = []
        self._by_ts: dict[str, Message] = {}

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Message]:
        return (self._by_ts[ts] for ts in self._order)

    def add(self, message: Message) -> None:
        """Append; ts only grows within a workspace, so order of arrival is order of ts."""
        self._order.append(message.ts)
        self._by_ts[message.ts] = message

    def get(self, ts: str) -> Message | None:
        """The message with exactly this ts."""
        return self._by_ts.get(ts)

    def remove(self, ts: str) -> None:
        """Take the message out."""
        del self._by_ts[ts]
        del self._order[bisect_left(self._order, ts)]

    def last_ts(self) -> str | None:
        """The newest ts."""
        return self._order[-1] if self._order else None

    def after(self, ts: str) -> list[Message]:
        """The messages newer than `ts`, oldest first."""
        return [self._by_ts[found] for found in self._order[bisect_right(self._order, ts) :]]

    def newest_between(self, oldest: str, latest: str, *, inclusive: bool, limit: int) -> tuple[list[Message], bool]:
        """At most `limit` messages in the range, newest first, and whether older ones remain in it."""
        low_side, high_side = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
        low = low_side(self._order, oldest)
        high = high_side(self._order, latest) if latest else len(self._order)
        start = max(low, high - limit)
        return [self._by_ts[ts] for ts in reversed(self._order[start:high])], start > low


@dataclass
class Channel:
    """A channel, or with `partner` the direct message between that person and the app."""

    id: str
    name: str
    members: dict[str, None] = field(default_factory=dict)
    partner: str | None = None
    is_private: bool = False
    is_archived: bool = False
    created: int = 0
    timeline: Timeline = field(default_factory=Timeline)
    ephemerals: dict[str, list[Message]] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        """Whether this is a direct message."""
        return self.partner is not None

    def find(self, ts: str, viewer: str | None = None) -> Message | None:
        """The message with this ts, among the viewer's ephemeral ones too."""
        return self.timeline.get(ts) or next((m for m in self.ephemerals.get(viewer or "", []) if m.ts == ts), None)

    def as_slack(self, bot_user_id: str) -> dict[str, Any]:
        """The conversation object of the Web API."""
        shared = {"id": self.id, "created": self.created, "is_archived": self.is_archived, "is_im": self.is_im}
        if self.is_im:
            return shared | {"is_org_shared": False, "user": self.partner, "is_user_deleted": False, "priority": 0}
        return shared | {
            "name": self.name,
            "is_channel": True,
            "is_group": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": self.name == "algemeen",
            "is_member": bot_user_id in self.members,
            "num_members": len(self.members),
        }

"""The workspace's time: real time plus an offset, so that a demonstration can jump to Thursday noon."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Runs like a real clock and can be set forward, never back: Slack's message ids are times and only grow."""

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self._offset = timedelta() if start is None else start - _real_now()
        self._stopped_at = (start or _real_now()) if frozen else None
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The time in the workspace, aware and in UTC."""
        return (self._stopped_at or _real_now() + self._offset).astimezone(UTC)

    def timestamp(self) -> float:
        """The same as seconds since 1970, as Slack's payloads carry it."""
        return self.now().timestamp()

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still between jumps, which tests like and people do not."""
        return self._stopped_at is not None

    def on_jump(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each jump."""
        self._listeners.append(listener)

    def jump_to(self, moment: datetime) -> None:
        """Set the clock forward to `moment`; raises ValueError for a naive or an earlier one."""
        if moment.tzinfo is None:
            raise ValueError("A moment needs a time zone, such as 2017-11-02T12:15+01:00.")
        now = self.now()
        if moment < now:
            raise ValueError(f"The clock only goes forward, and it is already {now.isoformat(timespec='seconds')}.")
        self._offset = moment - _real_now()
        self._stopped_at = moment if self.frozen else None
        for listener in self._listeners:
            listener()

    def advance(self, step: timedelta) -> None:
        """Set the clock forward by `step`."""
        self.jump_to(self.now() + step)


def _real_now() -> datetime:
    return datetime.now(UTC)

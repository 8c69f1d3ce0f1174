"""Ways to set the clock forward that the page offers as buttons."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Jump:
    """The next such weekday and time, or a step. `weekday` counts from Monday = 0, as `datetime.weekday()` does."""

    label: str
    weekday: int | None = None
    time: str = "00:00"
    advance_seconds: float = 0

    def target(self, now: datetime, zone: str) -> datetime:
        """The moment that this jump leads to, in UTC."""
        if self.weekday is None:
            return now + timedelta(seconds=self.advance_seconds)
        local = now.astimezone(ZoneInfo(zone))
        wanted = time.fromisoformat(self.time)
        day = local.date() + timedelta(days=(self.weekday - local.weekday()) % 7)
        target = datetime.combine(day, wanted, tzinfo=ZoneInfo(zone))
        if target <= local:
            target = datetime.combine(day + timedelta(days=7), wanted, tzinfo=ZoneInfo(zone))
        return target.astimezone(UTC)


def read_jump(text: str) -> Jump:
    """A jump written as "label=3 12:15" (weekday and time) or "label=+3600" (seconds)."""
    label, _, rest = text.rpartition("=")
    if not label:
        raise ValueError(f"A jump needs a label: {text!r}.")
    if rest.startswith("+"):
        return Jump(label, advance_seconds=float(rest))
    weekday, _, moment = rest.partition(" ")
    return Jump(label, int(weekday), time.fromisoformat(moment).isoformat("minutes"))

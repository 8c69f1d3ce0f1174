"""Trouble on demand: what goes wrong with the next calls of a Web API method."""

from dataclasses import asdict, dataclass
from typing import Any

KINDS = ("lost_answer", "timeout", "reset", "ratelimited")
"""Beside these: `error:<code>` answers with Slack's error code, `http:<status>` with an HTTP status."""


@dataclass
class Fault:
    """`method` ("*" = every one) fails `times` times, for calls about `person` only if one is named."""

    method: str
    kind: str
    times: int = 1
    retry_after: int = 1
    person: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS and not self.kind.startswith(("error:", "http:")):
            raise ValueError(f"Unknown fault {self.kind!r}: use {', '.join(KINDS)}, error:<code> or http:<status>.")

    def fits(self, method: str, people: set[str]) -> bool:
        """Whether this fault strikes a call of `method` about these people."""
        return self.method in ("*", method) and (self.person is None or self.person in people)


class Faults:
    """The faults that wait for their call, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let `fault` strike from the next fitting call on."""
        self._waiting.append(fault)

    def take(self, method: str, people: set[str]) -> Fault | None:
        """The fault that strikes this call, used up by one."""
        for fault in self._waiting:
            if fault.fits(method, people):
                fault.times -= 1
                self._waiting = [waiting for waiting in self._waiting if waiting.times > 0]
                return fault
        return None

    @property
    def any(self) -> bool:
        """Whether some fault waits; asked at each call, so that a healthy call costs nothing more."""
        return bool(self._waiting)

    def clear(self) -> None:
        """Everything works again."""
        self._waiting.clear()

    def describe(self) -> list[dict[str, Any]]:
        """The waiting faults as plain values."""
        return [asdict(fault) for fault in self._waiting]

"""What a delivery comes to just before it is sent."""

from dataclasses import dataclass
from datetime import datetime

from bot.messages import Message


@dataclass(frozen=True)
class Skip:
    """It is not wanted any more, and why."""

    reason: str


@dataclass(frozen=True)
class Wait:
    """Not at this hour; later."""

    until: datetime


@dataclass(frozen=True)
class Broken:
    """It could not be written: a mistake of ours, found in the log by this number."""

    reference: str


Outcome = Message | Skip | Wait | Broken

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


Outcome = Message | Skip | Wait

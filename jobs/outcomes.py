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
class Fail:
    """It can never arrive: `reason` is Slack's code for why, or the number by which the log knows a mistake of ours."""

    reason: str


Outcome = Message | Skip | Wait | Fail

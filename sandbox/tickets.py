"""The short-lived rights that Slack hands to an app: to open one view, and to answer one command or click."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sandbox.clock import Clock
from sandbox.errors import SlackError

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5
KEPT = 10_000

T = TypeVar("T")


class Recent(OrderedDict[str, T], Generic[T]):
    """A dictionary that forgets its oldest entries, so that a load test does not fill the memory."""

    def __setitem__(self, key: str, value: T) -> None:
        super().__setitem__(key, value)
        if len(self) > KEPT:
            self.popitem(last=False)


@dataclass
class Trigger:
    """The right to open one view for a person; `view_id` is the modal that it came from."""

    person_id: str
    made_at: datetime
    view_id: str | None = None
    used: bool = False


class Triggers:
    """Trigger ids: valid for three seconds of the workspace's time, and once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: Recent[Trigger] = Recent()

    def issue(self, person_id: str, view_id: str | None = None) -> str:
        """A trigger id for a payload that goes out now."""
        number = secrets.randbelow(10**9)
        trigger_id = f"{int(self._clock.timestamp())}.{number}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(person_id, self._clock.now(), view_id)
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """The trigger, if it may still be used; the caller marks it used once its view is accepted."""
        if not trigger_id:
            raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] invalid `trigger_id`"]})
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.made_at > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        return trigger


@dataclass
class Response:
    """Where an answer through a response URL belongs."""

    person_id: str
    channel_id: str
    message_ts: str | None
    made_at: datetime
    uses: int = 0


class Responses:
    """Response URLs by their token: five uses in thirty minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: Recent[Response] = Recent()

    def issue(self, person_id: str, channel_id: str, message_ts: str | None = None) -> str:
        """A token for a payload that goes out now."""
        token = secrets.token_urlsafe(18)
        self._issued[token] = Response(person_id, channel_id, message_ts, self._clock.now())
        return token

    def use(self, token: str) -> Response:
        """Count one use. Slack documents the limits; the two codes, sent with HTTP 404, are unconfirmed."""
        response = self._issued.get(token)
        if response is None or self._clock.now() - response.made_at > RESPONSE_LIFE:
            raise SlackError("expired_url")
        if response.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        response.uses += 1
        return response

"""What time it is: injected everywhere, so that tests and the demo can set it."""

import http.client
import json
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""

_ASK_AGAIN_AFTER = 0.5  # seconds; a jump in the demo is noticed within this time
_ANSWER_WITHIN = 2.0  # seconds


def system_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


class FollowedClock:
    """The clock of another server, such as the sandbox's, whose time a person can set forward.

    `url` answers GET with `{"now": "<ISO 8601>"}`. While it does not answer, the last known difference
    with the machine's clock holds.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._ahead = timedelta(0)
        self._asked_at = float("-inf")
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """The other server's time, asked at most twice a second."""
        with self._lock:
            if time.monotonic() - self._asked_at > _ASK_AGAIN_AFTER:
                self._ask()
        return system_clock() + self._ahead

    def _ask(self) -> None:
        self._asked_at = time.monotonic()
        try:
            with urllib.request.urlopen(self._url, timeout=_ANSWER_WITHIN) as answer:  # noqa: S310 - from our own settings
                self._ahead = datetime.fromisoformat(json.load(answer)["now"]) - system_clock()
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return

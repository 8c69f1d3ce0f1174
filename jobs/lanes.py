"""Lanes: the one worker that at any moment talks to one workspace.

A lane settles what a dead lane left in doubt, then sends what is due, at the workspace's pace, for some fifteen
seconds; then it ends, so that the next one starts with what is most urgent. Rows are the truth, the engine only
decides who works. Each outcome is committed before the next call to Slack, and no transaction is open during a call.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.database import Db
from bot.deps import Deps
from bot.errors import DeliveryError, new_reference
from bot.messages import Message
from bot.models.deliveries import Delivery
from bot.services import deliveries
from jobs.outcomes import Fail, Outcome, Skip, Wait
from jobs.rendering import render

log = logging.getLogger(__name__)

SAME_PERSON_SECONDS = 1.0  # Slack takes one message a second in a channel
_FROZEN_SECONDS = deliveries.IN_DOUBT_AFTER.total_seconds() / 2  # after a pause this long another lane may send it
_BROKEN_WORKSPACE_PAUSE = timedelta(minutes=1)
_CLOCK_SKEW = timedelta(minutes=5)


class Lane:
    """One run of work for one workspace; `token` fences its records against a lane that took over."""

    def __init__(self, deps: Deps, workspace_id: int, stopping: threading.Event | None = None) -> None:
        self._deps = deps
        self._stopping = stopping or threading.Event()
        self._workspace_id = workspace_id
        self._token = uuid.uuid4().hex
        self._ends = self._claimed_at = float("inf")
        self._last_to: dict[int, float] = {}

    def run(self) -> int:
        """Settle what is in doubt, then send what is due until the time is up or Slack asks to wait.

        Returns how many messages went out.
        """
        self._ends = time.monotonic() + self._deps.settings.lane_seconds
        if not self._settle_doubts():
            return 0
        pace, sent = 60 / self._deps.settings.messages_per_minute, 0
        while (delivery := self._claim(deliveries.claim)) is not None:
            started = time.monotonic()
            outcome = self._prepare(delivery)
            if not isinstance(outcome, Message):
                continue
            if not self._send(delivery, outcome):
                break
            sent += 1
            self._stopping.wait(max(0.0, pace - (time.monotonic() - started)))
        return sent

    def _settle_doubts(self) -> bool:
        """Settle what can be settled; False when Slack asks to wait."""
        while (doubtful := self._claim(deliveries.claim_in_doubt)) is not None:
            if not self._settle(doubtful):
                return False
        return True

    def _claim(self, claim: Callable[[Db, int, str, datetime], Delivery | None]) -> Delivery | None:
        """The next row to work on; none when the lane's time is up or the process is to end."""
        if time.monotonic() > self._ends or self._stopping.is_set():
            return None
        with self._deps.db.begin() as db:
            self._claimed_at = time.monotonic()
            return claim(db, self._workspace_id, self._token, self._deps.clock())

    def _prepare(self, delivery: Delivery) -> Outcome:
        """The message, rendered now; what is not wanted any more, or not at this hour, is noted at once."""
        now = self._deps.clock()
        with self._deps.db.begin() as db:
            outcome = _render(db, delivery, now)
            if isinstance(outcome, Fail):
                deliveries.record_failed(db, delivery, outcome.reason)
            elif isinstance(outcome, Skip):
                deliveries.record_skipped(db, delivery, outcome.reason)
            elif isinstance(outcome, Wait):
                deliveries.record_later(db, delivery, outcome.until)
        return outcome

    def _send(self, delivery: Delivery, message: Message) -> bool:
        """Post one message and note the outcome; False when this lane had better stop."""
        identity = delivery.identity
        if identity is None:
            raise ValueError("a delivery without an account was claimed")
        self._keep_distance(delivery.person_id)
        if time.monotonic() - self._claimed_at > _FROZEN_SECONDS:
            return False
        try:
            posted = self._deps.slack.post(identity.slack_user_id, message, delivery.key)
        except DeliveryError as error:
            return self._record_refusal(delivery, error)
        with self._deps.db.begin() as db:
            deliveries.record_sent(db, delivery, posted.channel, posted.ts)
        return True

    def _keep_distance(self, person_id: int) -> None:
        since = time.monotonic() - self._last_to.get(person_id, float("-inf"))
        if since < SAME_PERSON_SECONDS:
            time.sleep(SAME_PERSON_SECONDS - since)
        self._last_to[person_id] = time.monotonic()

    def _record_refusal(self, delivery: Delivery, error: DeliveryError) -> bool:
        """Note what Slack's answer means for this message; True when the lane can go on with the next one."""
        facts = {"delivery": delivery.id, "kind": delivery.kind, "code": error.code}
        log.warning("a message was not accepted", extra={"data": facts})
        if error.uncertain:
            return True  # left in `sending`: a later lane looks whether it landed
        now = self._deps.clock()
        with self._deps.db.begin() as db:
            if error.permanent:
                deliveries.record_failed(db, delivery, error.code)
                return True
            if error.retry_after is None and not error.workspace_wide:
                deliveries.record_retry(db, delivery, error.code, now + deliveries.FIRST_WAIT * 2**delivery.attempts)
                return True
            deliveries.record_not_attempted(db, delivery)
            self._pause(db, error)
        return False

    def _pause(self, db: Db, error: DeliveryError) -> None:
        wait = timedelta(seconds=error.retry_after) if error.retry_after else _BROKEN_WORKSPACE_PAUSE
        deliveries.pause_workspace(db, self._workspace_id, self._deps.clock() + wait)

    def _settle(self, delivery: Delivery) -> bool:
        """Find out whether a message landed whose lane died, or whose answer was lost; False when Slack asks to wait.

        As long as nobody can tell it stays in doubt: sending it again could double it.
        """
        identity, attempt_at = delivery.identity, delivery.attempt_at
        if identity is None or attempt_at is None:
            raise ValueError("a delivery without an account or an attempt is in doubt")
        try:
            channel = identity.dm_channel or self._deps.slack.open_dm(identity.slack_user_id)
            posted = self._deps.slack.find_posted(channel, delivery.key, attempt_at - _CLOCK_SKEW)
        except DeliveryError as error:
            return self._leave_in_doubt(delivery, error)
        log.info("settled a message in doubt", extra={"data": {"delivery": delivery.id, "landed": posted is not None}})
        with self._deps.db.begin() as db:
            if posted is not None:
                deliveries.record_sent(db, delivery, posted.channel, posted.ts)
            else:
                deliveries.record_unsent(db, delivery, self._deps.clock())
        return True

    def _leave_in_doubt(self, delivery: Delivery, error: DeliveryError) -> bool:
        log.warning("a message stays in doubt", extra={"data": {"delivery": delivery.id, "code": error.code}})
        must_wait = error.retry_after is not None or error.workspace_wide
        with self._deps.db.begin() as db:
            if error.permanent:
                deliveries.record_failed(db, delivery, error.code)
            elif must_wait:
                self._pause(db, error)
        return not must_wait


def _render(db: Db, delivery: Delivery, now: datetime) -> Outcome:
    """What to send; one that cannot be written fails with a number that the log has too, and holds up no other."""
    try:
        return render(db, delivery, now)
    except SQLAlchemyError:
        raise
    except Exception:
        reference = new_reference()
        log.exception("a message was not written", extra={"data": {"delivery": delivery.id, "reference": reference}})
        return Fail(reference)

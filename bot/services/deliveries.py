"""Messages that are owed: how they are put down, claimed by a lane, recorded and, when in doubt, settled."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import joinedload

from bot.database import Db
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.networks import Workspace
from bot.models.people import Identity, Person

IN_DOUBT_AFTER = timedelta(seconds=10)
"""How long after an attempt a row left in `sending` may be looked up: a request may still be under way."""
MOST_ATTEMPTS = 6
NO_ACCOUNT = "no_slack_account"
"""The reason of a message to somebody who is not in Slack yet."""
_REVIVE_WITHIN = timedelta(days=3)
_OUTAGE_AT_MOST = timedelta(days=1)
FIRST_WAIT = timedelta(seconds=5)
"""After a first refusal or silence; each further one doubles it."""
_LONGEST_WAIT = timedelta(minutes=10)
_PRIORITY = {
    DeliveryKind.CHECKIN_RECEIPT: 0,
    DeliveryKind.ANNOUNCEMENT_RESULT: 0,
    DeliveryKind.SESSION_CHANGE: 1,
    DeliveryKind.SESSION_REMINDER: 2,
    DeliveryKind.ANNOUNCEMENT: 3,
    DeliveryKind.CHECKIN_PROMPT: 3,
    DeliveryKind.CHECKIN_REMINDER: 4,
}


@dataclass(frozen=True)
class Owed:
    """A message to put down. `key` says what is owed; putting down the same key again does nothing."""

    key: str
    person_id: int
    kind: DeliveryKind
    subject_id: int
    due_at: datetime
    detail: str = ""


def put_down(db: Db, owed: Iterable[Owed], now: datetime) -> int:
    """Insert deliveries, each to the person's account that can be reached; a known key is left as it is.

    Who has no account in Slack, or a closed one, gets a row that has failed already, so that a report names them.
    Returns how many rows are new.
    """
    items = list(owed)
    if not items:
        return 0
    people = {item.person_id for item in items}
    found = accounts(db, people)
    closed = _closed_accounts(db, people - found.keys())
    rows = [
        _row(item, found.get(item.person_id), "user_disabled" if item.person_id in closed else NO_ACCOUNT, now)
        for item in items
    ]
    dialect = postgresql_insert if db.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement = dialect(Delivery).on_conflict_do_nothing(index_elements=["key"]).returning(Delivery.id)
    return len(db.execute(statement, rows).all())


def accounts(db: Db, people: set[int]) -> dict[int, Identity]:
    """Of each person the account to write to: one that is open, in a workspace that still has the bot."""
    found = db.scalars(
        select(Identity)
        .join(Workspace)
        .where(Identity.person_id.in_(people), Identity.deactivated_at.is_(None), Workspace.uninstalled_at.is_(None))
        .order_by(Identity.id.desc())
    )
    return {identity.person_id: identity for identity in found}


def _closed_accounts(db: Db, people: set[int]) -> set[int]:
    """The people with an account that was closed."""
    if not people:
        return set()
    closed = select(Identity.person_id).where(Identity.person_id.in_(people), Identity.deactivated_at.is_not(None))
    return set(db.scalars(closed))


def _row(item: Owed, account: Identity | None, why_not: str, now: datetime) -> dict[str, object]:
    return {
        "key": item.key,
        "person_id": item.person_id,
        "identity_id": account.id if account else None,
        "workspace_id": account.workspace_id if account else None,
        "kind": item.kind,
        "subject_id": item.subject_id,
        "detail": item.detail,
        "priority": _PRIORITY[item.kind],
        "due_at": item.due_at,
        "state": DeliveryState.PENDING if account else DeliveryState.FAILED,
        "reason": None if account else why_not,
        "attempts": 0,
        "created_at": now,
    }


def revive(db: Db, account: Identity, now: datetime) -> int:
    """Owe a person again what failed in the last days because they had no account yet; returns how many messages.

    What is stale by now is left out when it is rendered.
    """
    changed = db.scalars(
        update(Delivery)
        .where(Delivery.person_id == account.person_id, Delivery.reason == NO_ACCOUNT)
        .where(Delivery.state == DeliveryState.FAILED, Delivery.created_at > now - _REVIVE_WITHIN)
        .values(state=DeliveryState.PENDING, reason=None, identity_id=account.id, workspace_id=account.workspace_id)
        .returning(Delivery.id)
    )
    return len(changed.all())


def cancel(db: Db, kind: DeliveryKind, subject_id: int, reason: str) -> int:
    """Skip what is still pending of a kind for a subject; returns how many rows."""
    changed = db.scalars(
        update(Delivery)
        .where(Delivery.kind == kind, Delivery.subject_id == subject_id, Delivery.state == DeliveryState.PENDING)
        .values(state=DeliveryState.SKIPPED, reason=reason)
        .returning(Delivery.id)
    )
    return len(changed.all())


@dataclass(frozen=True)
class Work:
    """A workspace with messages to send; `newest` names this amount of work, so that it is started once."""

    workspace_id: int
    newest: int


def waiting(db: Db, now: datetime) -> list[Work]:
    """The workspaces that have something due or in doubt, and that Slack did not ask us to leave alone."""
    query = (
        select(Workspace.id, func.max(Delivery.id))
        .join(Delivery, Delivery.workspace_id == Workspace.id)
        .where(_is_due(now) | _is_in_doubt(now))
        .where(or_(Workspace.paused_until.is_(None), Workspace.paused_until <= now))
        .where(Workspace.uninstalled_at.is_(None))
        .group_by(Workspace.id)
    )
    return [Work(workspace_id, newest) for workspace_id, newest in db.execute(query)]


def _is_due(now: datetime) -> ColumnElement[bool]:
    return (Delivery.state == DeliveryState.PENDING) & (Delivery.due_at <= now)


def _is_in_doubt(now: datetime) -> ColumnElement[bool]:
    return (Delivery.state == DeliveryState.SENDING) & (Delivery.attempt_at <= now - IN_DOUBT_AFTER)


def claim(db: Db, workspace_id: int, lane: str, now: datetime) -> Delivery | None:
    """Take the most urgent due message of a workspace into this lane: `sending`, fenced by the lane's token.

    One statement, so that two lanes never take the same row: PostgreSQL skips what another one is taking.
    """
    first = (
        select(Delivery.id)
        .where(Delivery.workspace_id == workspace_id, _is_due(now))
        .order_by(Delivery.priority, Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return _take(db, first, Delivery.state == DeliveryState.PENDING, lane, now)


def claim_in_doubt(db: Db, workspace_id: int, lane: str, now: datetime) -> Delivery | None:
    """Take over a message whose lane died between asking Slack and noting the answer."""
    first = (
        select(Delivery.id)
        .where(Delivery.workspace_id == workspace_id, Delivery.lane != lane, _is_in_doubt(now))
        .order_by(Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claimed = update(Delivery).where(Delivery.id == first, _is_in_doubt(now)).values(lane=lane).returning(Delivery.id)
    return _load(db, db.scalar(claimed))


def _take(db: Db, first: ScalarSelect[int], still: ColumnElement[bool], lane: str, now: datetime) -> Delivery | None:
    claimed = (
        update(Delivery)
        .where(Delivery.id == first, still)
        .values(state=DeliveryState.SENDING, lane=lane, attempt_at=now, attempts=Delivery.attempts + 1)
        .returning(Delivery.id)
    )
    return _load(db, db.scalar(claimed))


def _load(db: Db, delivery_id: int | None) -> Delivery | None:
    if delivery_id is None:
        return None
    return db.scalar(
        select(Delivery)
        .where(Delivery.id == delivery_id)
        .options(joinedload(Delivery.identity).joinedload(Identity.workspace))
    )


def record_sent(db: Db, delivery: Delivery, channel: str, ts: str) -> bool:
    """Note where the message stands in Slack; False when another lane has taken the row over meanwhile."""
    if delivery.identity_id is not None:
        db.execute(update(Identity).where(Identity.id == delivery.identity_id).values(dm_channel=channel))
    return _record(db, delivery, state=DeliveryState.SENT, channel=channel, ts=ts, reason=None)


def record_failed(db: Db, delivery: Delivery, code: str) -> bool:
    """Note that the message cannot be delivered, with Slack's error code."""
    return _record(db, delivery, state=DeliveryState.FAILED, reason=code)


def record_skipped(db: Db, delivery: Delivery, reason: str) -> bool:
    """Note that the message is not wanted any more."""
    return _record(db, delivery, state=DeliveryState.SKIPPED, reason=reason)


def record_retry(db: Db, delivery: Delivery, code: str, at: datetime) -> bool:
    """Put the message back for a later attempt, or give it up after too many."""
    if delivery.attempts >= MOST_ATTEMPTS:
        return record_failed(db, delivery, code)
    return _record(db, delivery, state=DeliveryState.PENDING, reason=code, due_at=at)


def record_unsent(db: Db, delivery: Delivery, now: datetime) -> bool:
    """Put back a message of which Slack gave no answer and that did not land: at once, and then ever later.

    An outage of Slack may last; only after a day is the message given up.
    """
    if now - delivery.created_at > _OUTAGE_AT_MOST:
        return record_failed(db, delivery, "no_answer")
    wait = min(FIRST_WAIT * 2**delivery.attempts, _LONGEST_WAIT) if delivery.attempts > 1 else timedelta(0)
    return _record(db, delivery, state=DeliveryState.PENDING, reason="no_answer", due_at=now + wait)


def record_later(db: Db, delivery: Delivery, until: datetime) -> bool:
    """Put the message back for a better hour; this was no attempt."""
    return _record(db, delivery, state=DeliveryState.PENDING, due_at=until, attempts=delivery.attempts - 1)


def record_not_attempted(db: Db, delivery: Delivery) -> bool:
    """Put the message back as if it had never been tried: it certainly did not reach Slack."""
    return _record(db, delivery, state=DeliveryState.PENDING, attempts=delivery.attempts - 1)


def _record(db: Db, delivery: Delivery, **values: object) -> bool:
    changed = db.scalar(
        update(Delivery)
        .where(
            Delivery.id == delivery.id,
            Delivery.state == DeliveryState.SENDING,
            Delivery.lane == delivery.lane,
        )
        .values(**values)
        .returning(Delivery.id)
    )
    return changed is not None


def pause_workspace(db: Db, workspace_id: int, until: datetime) -> None:
    """Leave a workspace alone until a moment, because Slack asked for it or refuses everything."""
    db.execute(update(Workspace).where(Workspace.id == workspace_id).values(paused_until=until))


def find_sent(db: Db, key: str) -> Delivery | None:
    """The delivery of this key when its message stands in Slack, so that it can be corrected."""
    return db.scalar(select(Delivery).where(Delivery.key == key, Delivery.state == DeliveryState.SENT))


@dataclass(frozen=True)
class Tally:
    """How far the messages of one subject are; `failures` names people with Slack's code."""

    total: int
    sent: int
    skipped: int
    failures: list[tuple[str, str]]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to send."""
        return self.sent + self.skipped + len(self.failures) == self.total


def tally(db: Db, kind: DeliveryKind, subject_id: int) -> Tally:
    """Count the deliveries of a subject and name those that failed."""
    rows = db.execute(
        select(Delivery.state, Delivery.reason, Person.name)
        .join(Person, Person.id == Delivery.person_id)
        .where(Delivery.kind == kind, Delivery.subject_id == subject_id)
        .order_by(Person.name)
    ).all()
    states = Counter(row.state for row in rows)
    failures = [(row.name, row.reason or "") for row in rows if row.state is DeliveryState.FAILED]
    return Tally(len(rows), states[DeliveryState.SENT], states[DeliveryState.SKIPPED], failures)

"""Learning sessions: who is invited, what they answered, reminders, and what happens when one is moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.database import Db
from bot.errors import UserError
from bot.i18n import Texts
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.editions import TrackRole
from bot.models.participations import Participation, ParticipationRole
from bot.models.schedules import Schedule, ScheduleKind
from bot.models.sessions import Answer, LearningSession, SessionResponse
from bot.services import deliveries, guard, schedules
from bot.services.deliveries import Owed
from bot.services.members import Member, take_turns
from bot.services.quiet import QuietRules, previous_allowed

_CAN_WAIT = timedelta(days=1)
_DURATION = TypeAdapter(timedelta)


def parse_offset(offset: str) -> timedelta:
    """How long before the start, from an ISO 8601 duration such as "P7D" or "PT1H"."""
    return _DURATION.validate_python(offset)


@dataclass(frozen=True)
class Invitation:
    """A session with the answer this person gave for its present start; None when they did not answer."""

    session: LearningSession
    answer: Answer | None


def upcoming(db: Db, member: Member, now: datetime, most: int = 3) -> list[Invitation]:
    """The member's next sessions, soonest first; a coordinator sees those of every track."""
    query = (
        select(LearningSession)
        .where(LearningSession.edition_id == member.edition_id)
        .where(LearningSession.cancelled_at.is_(None), LearningSession.ends_at > now)
        .order_by(LearningSession.starts_at)
        .options(joinedload(LearningSession.track))
        .limit(most)
    )
    if not member.is_coordinator:
        tracks = select(TrackRole.track_id).where(TrackRole.role.in_(member.roles))
        query = query.where(LearningSession.track_id.in_(tracks))
    return [Invitation(session, answer_of(db, session, member.person_id)) for session in db.scalars(query)]


def answer_of(db: Db, session: LearningSession, person_id: int) -> Answer | None:
    """What somebody answered for the session's present start."""
    response = db.get(SessionResponse, (session.id, person_id))
    return response.answer if response and response.for_start == session.starts_at else None


def get(db: Db, session_id: int) -> LearningSession | None:
    """A session with its track and edition."""
    return db.get(
        LearningSession,
        session_id,
        options=[joinedload(LearningSession.track), joinedload(LearningSession.edition)],
    )


def _required(db: Db, member: Member, session_id: int, t: Texts) -> LearningSession:
    session = get(db, session_id)
    if session is None or session.edition_id != member.edition_id:
        raise UserError(t("That session is not in your programme."))
    return session


def invited(db: Db, session: LearningSession) -> list[int]:
    """The people invited to a session: everybody with a role its track is for."""
    roles = select(TrackRole.role).where(TrackRole.track_id == session.track_id)
    query = (
        select(Participation.person_id)
        .join(ParticipationRole)
        .where(Participation.edition_id == session.edition_id, ParticipationRole.role.in_(roles))
        .distinct()
        .order_by(Participation.person_id)
    )
    return list(db.scalars(query))


@dataclass(frozen=True)
class Response:
    """The session as it is, and the answer recorded; None when the session changed since the reader saw it."""

    session: LearningSession
    answer: Answer | None


def respond(
    db: Db, member: Member, session_id: int, for_start: datetime, answer: Answer, t: Texts, now: datetime
) -> Response:
    """Record whether somebody intends to come; a later answer replaces an earlier one.

    An answer to a start that is no longer true, or to a session that was called off, is not recorded.
    """
    session = _required(db, member, session_id, t)
    if member.person_id not in invited(db, session):
        raise UserError(t("That session is not in your programme."))
    if session.cancelled_at is not None or session.starts_at != for_start:
        return Response(session, None)
    if session.starts_at <= now:
        raise UserError(t("This session has begun already."))
    take_turns(db, member)
    db.merge(
        SessionResponse(
            session_id=session.id,
            person_id=member.person_id,
            answer=answer,
            for_start=session.starts_at,
            answered_at=now,
        )
    )
    return Response(session, answer)


def schedule_reminders(db: Db, session: LearningSession, now: datetime) -> None:
    """Set the moments of a session's reminders: those still ahead; none when it is cancelled.

    A reminder of a day or more ahead that would fall in quiet hours or on a day off comes earlier.
    """
    for rule in session.edition.reminder_offsets:
        at: datetime | None = _reminder_moment(session, rule)
        if session.cancelled_at is not None or (at is not None and at <= now):
            at = None
        schedules.set_once(db, ScheduleKind.SESSION_REMINDER, session.id, session.edition.timezone, rule, at)


def renew_reminders(db: Db, session: LearningSession, now: datetime) -> None:
    """Remind by the edition's present offsets, if they changed since the session's reminders were set."""
    if schedules.rules_of(db, ScheduleKind.SESSION_REMINDER, session.id) != set(session.edition.reminder_offsets):
        schedules.forget(db, ScheduleKind.SESSION_REMINDER, session.id)
        schedule_reminders(db, session, now)


def _reminder_moment(session: LearningSession, rule: str) -> datetime:
    offset, rules = parse_offset(rule), QuietRules.of(session.edition)
    if offset < _CAN_WAIT:
        return session.starts_at - offset
    local = session.starts_at.astimezone(rules.timezone)
    return previous_allowed(local - offset, rules)


def plan(db: Db, schedule: Schedule, now: datetime) -> None:
    """Put down a session's reminder for everybody invited who did not say no.

    After downtime only the latest of several due reminders goes out, and none once the session has begun.
    """
    schedule.next_at = None
    session = get(db, schedule.subject_id)
    if session is None or session.cancelled_at is not None or _is_overtaken(session, schedule.rule, now):
        return
    due = max(_reminder_moment(session, schedule.rule), now)
    people = [person for person in invited(db, session) if answer_of(db, session, person) is not Answer.NO]
    deliveries.put_down(db, [_reminder(session, schedule.rule, person, due) for person in people], now)


def _is_overtaken(session: LearningSession, rule: str, now: datetime) -> bool:
    later = [other for other in session.edition.reminder_offsets if parse_offset(other) < parse_offset(rule)]
    return session.starts_at <= now or any(_reminder_moment(session, other) <= now for other in later)


def _reminder(session: LearningSession, rule: str, person_id: int, due: datetime) -> Owed:
    start = session.starts_at.astimezone(UTC)
    key = f"reminder:{session.id}:{start:%Y%m%dT%H%MZ}:-{rule}:{person_id}"
    return Owed(key, person_id, DeliveryKind.SESSION_REMINDER, session.id, due, detail=start.isoformat())


@dataclass(frozen=True)
class Details:
    """What a coordinator may change about a session; `starts_at` and `ends_at` are aware."""

    title: str
    starts_at: datetime
    ends_at: datetime
    location: str
    preparation: str | None


def change(db: Db, member: Member, session_id: int, details: Details, t: Texts, now: datetime) -> int:
    """Change a session. Returns how many people get the one change notice.

    When time or place changes, reminders that were waiting are dropped, new ones are set, and everybody who was
    reminded already or answered is told once. Raises UserError with the field at fault.
    """
    session = _changeable(db, member, session_id, t)
    _require_fit(details, t, now)
    moved = session.starts_at != details.starts_at or session.ends_at != details.ends_at
    told = moved or session.location != details.location
    knew = _who_knows(db, session)
    for name, value in vars(details).items():
        setattr(session, name, value)
    return _announce_change(db, session, knew, now) if told else 0


def cancel(db: Db, member: Member, session_id: int, t: Texts, now: datetime) -> int:
    """Call a session off. Returns how many people are told."""
    session = _changeable(db, member, session_id, t)
    session.cancelled_at = now
    return _announce_change(db, session, _who_knows(db, session), now)


def _changeable(db: Db, member: Member, session_id: int, t: Texts) -> LearningSession:
    if not member.is_coordinator:
        raise UserError(t("Only a coordinator can change a session."))
    db.execute(select(LearningSession.id).where(LearningSession.id == session_id).with_for_update())
    session = _required(db, member, session_id, t)
    if session.cancelled_at is not None:
        raise UserError(t("This session has been cancelled."))
    return session


def _require_fit(details: Details, t: Texts, now: datetime) -> None:
    for field in ("title", "location"):
        if not getattr(details, field):
            raise UserError(t("Fill this in."), field=field)
    if details.starts_at <= now:
        raise UserError(t("Choose a start in the future."), field="starts_at")
    if details.ends_at <= details.starts_at:
        raise UserError(t("The end must come after the start."), field="ends_at")
    for name in ("title", "location", "preparation"):
        if guard.inspect(getattr(details, name) or "").blocks:
            raise UserError(t("This looks like a patient's data. Take it out; nothing has been stored."), field=name)


def _who_knows(db: Db, session: LearningSession) -> set[int]:
    """Everybody who was told the present time and place, or answered it."""
    told = select(Delivery.person_id).where(
        Delivery.kind.in_([DeliveryKind.SESSION_REMINDER, DeliveryKind.SESSION_CHANGE]),
        Delivery.subject_id == session.id,
        Delivery.state.in_([DeliveryState.SENT, DeliveryState.SENDING]),
    )
    answered = select(SessionResponse.person_id).where(SessionResponse.session_id == session.id)
    return {*db.scalars(told), *db.scalars(answered)}


def _announce_change(db: Db, session: LearningSession, people: set[int], now: datetime) -> int:
    """One notice for each person who knew or for whom a message was waiting: what was waiting is dropped."""
    waiting: Sequence[int] = db.scalars(
        select(Delivery.person_id).where(
            Delivery.kind.in_([DeliveryKind.SESSION_REMINDER, DeliveryKind.SESSION_CHANGE]),
            Delivery.subject_id == session.id,
            Delivery.state == DeliveryState.PENDING,
        )
    ).all()
    for kind in (DeliveryKind.SESSION_REMINDER, DeliveryKind.SESSION_CHANGE):
        deliveries.cancel(db, kind, session.id, "session_changed")
    session.revision += 1
    schedule_reminders(db, session, now)
    owed = [
        Owed(
            f"session-change:{session.id}:{session.revision}:{person}",
            person,
            DeliveryKind.SESSION_CHANGE,
            session.id,
            now,
            detail=str(session.revision),
        )
        for person in sorted({*people, *waiting})
    ]
    return deliveries.put_down(db, owed, now)


def why_not_to_remind(db: Db, session: LearningSession, delivery: Delivery, now: datetime) -> str | None:
    """Why a reminder need not go out any more; None when it should. Asked again just before sending."""
    if session.cancelled_at is not None:
        return "session_cancelled"
    if session.starts_at <= now:
        return "session_begun"
    if datetime.fromisoformat(delivery.detail) != session.starts_at:
        return "session_moved"
    return "said_no" if answer_of(db, session, delivery.person_id) is Answer.NO else None

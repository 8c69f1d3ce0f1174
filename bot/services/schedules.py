"""What comes back: when to look at a subject next, computed by APScheduler's own triggers."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import delete, select, update

from bot.database import Db
from bot.models.schedules import Schedule, ScheduleKind

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekly_rule(weekday: int, at: time) -> str:
    """A cron line for one moment a week; Monday is 0."""
    return f"{at.minute} {at.hour} * * {_DAYS[weekday]}"


def next_time(rule: str, timezone: str, after: datetime) -> datetime:
    """The first moment strictly after `after` that fits a cron line on the clock of `timezone`."""
    trigger = CronTrigger.from_crontab(rule, timezone=ZoneInfo(timezone))
    found: datetime | None = trigger.get_next_fire_time(None, after + timedelta(seconds=1))
    if found is None:
        raise ValueError(f"no time ever fits {rule!r}")
    return found


def set_weekly(db: Db, kind: ScheduleKind, subject_id: int, timezone: str, rule: str, now: datetime) -> None:
    """Let a subject come back every week by this rule, in place of any earlier one, also when it had stopped."""
    schedule = db.scalar(select(Schedule).where(Schedule.kind == kind, Schedule.subject_id == subject_id))
    if schedule is None:
        schedule = Schedule(kind=kind, subject_id=subject_id)
        db.add(schedule)
    elif schedule.rule == rule and schedule.timezone == timezone and schedule.next_at is not None:
        return
    schedule.timezone, schedule.rule = timezone, rule
    schedule.next_at = next_time(rule, timezone, now)


def stop(db: Db, kind: ScheduleKind, subject_id: int) -> None:
    """Let a subject come back no more."""
    db.execute(update(Schedule).where(Schedule.kind == kind, Schedule.subject_id == subject_id).values(next_at=None))


def rules_of(db: Db, kind: ScheduleKind, subject_id: int) -> set[str]:
    """The rules by which a subject comes up, also those whose moment is over."""
    return set(db.scalars(select(Schedule.rule).where(Schedule.kind == kind, Schedule.subject_id == subject_id)))


def forget(db: Db, kind: ScheduleKind, subject_id: int) -> None:
    """Take off everything by which a subject comes up."""
    db.execute(delete(Schedule).where(Schedule.kind == kind, Schedule.subject_id == subject_id))


def set_once(db: Db, kind: ScheduleKind, subject_id: int, timezone: str, rule: str, at: datetime | None) -> None:
    """Let a subject come up at one moment, in place of the one it had under this rule; None takes it off."""
    schedule = db.scalar(
        select(Schedule).where(Schedule.kind == kind, Schedule.subject_id == subject_id, Schedule.rule == rule)
    )
    if schedule is None:
        schedule = Schedule(kind=kind, subject_id=subject_id, rule=rule)
        db.add(schedule)
    schedule.timezone, schedule.next_at = timezone, at


def take_due(db: Db, now: datetime, most: int = 500) -> list[Schedule]:
    """The schedules whose moment has come, locked for this transaction; another worker passes them by."""
    return list(
        db.scalars(
            select(Schedule)
            .where(Schedule.next_at <= now)
            .order_by(Schedule.next_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
    )

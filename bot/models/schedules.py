"""Whatever comes back or lies ahead: when to look at it next."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base


class ScheduleKind(StrEnum):
    """What falls due."""

    CHECKIN = "checkin"
    SESSION_REMINDER = "session_reminder"
    ANNOUNCEMENT = "announcement"


class Schedule(Base):
    """A moment to look at a subject, in UTC; NULL when it will not come back.

    `rule` says how `next_at` follows from the subject: a cron line on the clock of `timezone` for weekly prompts,
    an ISO 8601 duration before the start for reminders, "once" for announcements.
    """

    __tablename__ = "schedule"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "rule"), Index("ix_schedule_next_at", "next_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ScheduleKind]
    subject_id: Mapped[int]
    timezone: Mapped[str]
    rule: Mapped[str]
    next_at: Mapped[datetime | None]

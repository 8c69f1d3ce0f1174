"""Deliveries: every message that is owed to a person, with its unique key and its state."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base
from bot.models.people import Identity


class DeliveryKind(StrEnum):
    """What the message is; with the subject it decides the content, which is rendered when it is sent."""

    CHECKIN_PROMPT = "checkin_prompt"
    CHECKIN_REMINDER = "checkin_reminder"
    CHECKIN_RECEIPT = "checkin_receipt"
    SESSION_REMINDER = "session_reminder"
    SESSION_CHANGE = "session_change"
    ANNOUNCEMENT = "announcement"
    ANNOUNCEMENT_RESULT = "announcement_result"


class DeliveryState(StrEnum):
    """pending -> sending -> sent, failed or skipped."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


class Delivery(Base):
    """One message owed to one person.

    `key` says what is owed, not when that was noticed, so that noticing it twice makes one row. `lane` is the token of
    the lane that is sending it and fences its records; `attempt_at` is when it began. `channel` and `ts` are where the
    message stands in Slack. `reason` is Slack's error code for a failed one, and why for a skipped one.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_subject", "kind", "subject_id"),
        Index(
            "ix_delivery_open",
            "workspace_id",
            "priority",
            "due_at",
            postgresql_where=text("state IN ('pending', 'sending')"),
            sqlite_where=text("state IN ('pending', 'sending')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    workspace_id: Mapped[int | None] = mapped_column(ForeignKey("workspace.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id"))
    kind: Mapped[DeliveryKind]
    subject_id: Mapped[int]
    detail: Mapped[str]
    priority: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[DeliveryState]
    attempts: Mapped[int]
    lane: Mapped[str | None]
    attempt_at: Mapped[datetime | None]
    channel: Mapped[str | None]
    ts: Mapped[str | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    identity: Mapped[Identity | None] = relationship()

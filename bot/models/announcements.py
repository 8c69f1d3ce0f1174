"""Announcements: one text from a coordinator to many people, each in their own direct message."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base
from bot.models.editions import Edition


class AnnouncementState(StrEnum):
    """A draft is seen by its author only; a sent one has deliveries."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENT = "sent"
    CANCELLED = "cancelled"


class Announcement(Base):
    """A text, whom it is for and when it goes out.

    `audience` is a list of choices such as "edition", "hospital:3", "track:2" or "role:mentor"; whoever fits one of
    them gets the message. `reported` is what the author's result line says
    now; `closed_at` is when it said the last word.
    """

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    audience: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[AnnouncementState] = mapped_column(index=True)
    send_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    reported: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    edition: Mapped[Edition] = relationship()

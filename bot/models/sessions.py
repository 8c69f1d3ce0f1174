"""Learning sessions: the meetings of a track, and what the invited answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base
from bot.models.editions import Edition, Track


class Answer(StrEnum):
    """Whether somebody intends to come."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


class LearningSession(Base):
    """A half-day of a track. `revision` counts the changes people were told of."""

    __tablename__ = "learning_session"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    code: Mapped[str]
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    location: Mapped[str]
    preparation: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]
    revision: Mapped[int]
    edition: Mapped[Edition] = relationship()
    track: Mapped[Track] = relationship()


class SessionResponse(Base):
    """An invited person's answer, given for the start time it had then: a moved session asks again."""

    __tablename__ = "session_response"

    session_id: Mapped[int] = mapped_column(ForeignKey("learning_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    answer: Mapped[Answer]
    for_start: Mapped[datetime]
    answered_at: Mapped[datetime]

"""Weekly check-ins: one row for each person and ISO week, and the draft before it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base
from bot.models.participations import Participation


class CheckInStatus(StrEnum):
    """Answered, or skipped without a reason and without guilt."""

    SUBMITTED = "submitted"
    SKIPPED = "skipped"


class Tried(StrEnum):
    """Whether something was tried this week."""

    YES = "yes"
    NO = "no"
    NO_TIME = "no_time"


class NextStep(StrEnum):
    """What follows a test: the Act of Plan-Do-Study-Act."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class Obstacle(StrEnum):
    """What stands in the way."""

    NONE = "none"
    TIME = "time"
    PEOPLE = "people"
    DATA_ICT = "data_ict"
    SUPPORT = "support"
    DECISION = "decision"
    OTHER = "other"


class HelpFrom(StrEnum):
    """Who might help."""

    NOBODY = "nobody"
    COORDINATOR = "coordinator"
    MENTOR = "mentor"
    NETWORK = "network"
    BOARD = "board"


class Visibility(StrEnum):
    """Who may read what a person wrote; only its author can widen it."""

    COORDINATOR = "coordinator"
    TEAM = "team"
    NETWORK = "network"
    NETWORK_ANONYMOUS = "network_anonymous"


class CheckIn(Base):
    """What a person reported over one week; `week` is the ISO week on the edition's calendar, such as "2017-W45"."""

    __tablename__ = "checkin"
    __table_args__ = (UniqueConstraint("participation_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    week: Mapped[str]
    status: Mapped[CheckInStatus]
    confidence: Mapped[int | None]
    tried: Mapped[Tried | None]
    learned: Mapped[str | None]
    next_step: Mapped[NextStep | None]
    obstacle: Mapped[Obstacle | None]
    help_from: Mapped[HelpFrom | None]
    visibility: Mapped[Visibility]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    participation: Mapped[Participation] = relationship()


class CheckInDraft(Base):
    """What a person filled in without sending it yet; kept until they send it or the week is over."""

    __tablename__ = "checkin_draft"

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    week: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[dict[str, str]] = mapped_column(JSON)
    updated_at: Mapped[datetime]

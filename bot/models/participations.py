"""Who takes part in an edition, and as what."""

from datetime import date, time

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base
from bot.models.editions import Edition, Hospital, Role
from bot.models.people import Person


class Participation(Base):
    """A person in an edition, with their own check-in moment and pause when they chose one."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("edition_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospital.id"))
    specialty: Mapped[str | None]
    checkin_weekday: Mapped[int | None]
    checkin_time: Mapped[time | None]
    paused_until: Mapped[date | None]
    edition: Mapped[Edition] = relationship()
    person: Mapped[Person] = relationship()
    hospital: Mapped[Hospital | None] = relationship()
    roles: Mapped[list["ParticipationRole"]] = relationship(
        back_populates="participation", cascade="all, delete-orphan", lazy="selectin"
    )


class ParticipationRole(Base):
    """One of a person's roles in an edition."""

    __tablename__ = "participation_role"

    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    participation: Mapped[Participation] = relationship(back_populates="roles")

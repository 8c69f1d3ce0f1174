"""Improvement teams: any size, mixed roles, one or more leaders."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base


class Team(Base):
    """The people who work on one improvement project at home."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"))
    code: Mapped[str]
    name: Mapped[str]
    members: Mapped[list["TeamMember"]] = relationship(back_populates="team", cascade="all, delete-orphan")


class TeamMember(Base):
    """A person's place in a team."""

    __tablename__ = "team_member"

    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    is_leader: Mapped[bool]
    team: Mapped[Team] = relationship(back_populates="members")

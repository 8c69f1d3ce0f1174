"""Editions of a programme, the hospitals that take part, and the tracks they follow."""

from datetime import date, time
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base
from bot.models.networks import Network


class Role(StrEnum):
    """What a person is in an edition; one person may be several things."""

    PARTICIPANT = "participant"
    MANAGER = "manager"
    NURSE = "nurse"
    BOARD = "board"
    STAFF_BOARD = "staff_board"
    MENTOR = "mentor"
    COACH = "coach"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    PROGRAMME_LEADER = "programme_leader"


class TermStyle(StrEnum):
    """How this edition calls its leaders in Dutch: the two source texts of the programme differ."""

    KLINISCH = "klinisch leider"
    CLINICAL = "clinical leader"


class Edition(Base):
    """One run of a programme. Times of day are on the clock of `timezone`; reminder offsets are ISO 8601 durations."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("network_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    code: Mapped[str]
    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    timezone: Mapped[str]
    country: Mapped[str]
    language: Mapped[str]
    term_style: Mapped[TermStyle]
    is_demo: Mapped[bool]
    checkin_weekday: Mapped[int]
    checkin_time: Mapped[time]
    quiet_from: Mapped[time]
    quiet_until: Mapped[time]
    reminder_offsets: Mapped[list[str]] = mapped_column(JSON)
    network: Mapped[Network] = relationship()
    tracks: Mapped[list["Track"]] = relationship(back_populates="edition", order_by="Track.id")
    hospitals: Mapped[list["EditionHospital"]] = relationship(back_populates="edition")


class Hospital(Base):
    """A hospital of the network; it may take part in one edition after another."""

    __tablename__ = "hospital"
    __table_args__ = (UniqueConstraint("network_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    code: Mapped[str]
    name: Mapped[str]


class EditionHospital(Base):
    """A hospital's part in an edition, with the overarching improvement theme it chose for it."""

    __tablename__ = "edition_hospital"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospital.id"), primary_key=True)
    theme: Mapped[str | None]
    edition: Mapped[Edition] = relationship(back_populates="hospitals")
    hospital: Mapped[Hospital] = relationship()


class Track(Base):
    """A part of the programme with its own sessions and audience, such as the training or the plenary modules."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str]
    name_nl: Mapped[str]
    name_en: Mapped[str]
    edition: Mapped[Edition] = relationship(back_populates="tracks")
    audience: Mapped[list["TrackRole"]] = relationship(back_populates="track", cascade="all, delete-orphan")


class TrackRole(Base):
    """A role whose people are invited to the sessions of a track."""

    __tablename__ = "track_role"

    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    track: Mapped[Track] = relationship(back_populates="audience")

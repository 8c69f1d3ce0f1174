"""Announcements: one text, an audience, and a message to each person in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.database import Db
from bot.errors import UserError
from bot.i18n import Texts
from bot.models.announcements import Announcement, AnnouncementState
from bot.models.deliveries import DeliveryKind
from bot.models.editions import Edition, EditionHospital, Hospital, Role, Track, TrackRole
from bot.models.participations import Participation, ParticipationRole
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import deliveries, guard, schedules
from bot.services.deliveries import Owed, Tally
from bot.services.members import Member

LONGEST_TEXT = 2500
EVERYBODY = "edition"
_ONCE = "once"
_KEEP_DRAFTS = timedelta(days=1)


@dataclass(frozen=True)
class AudienceChoices:
    """What an audience can be made of, in this edition: pairs of a choice and what it is called."""

    hospitals: list[tuple[str, str]]
    tracks: list[tuple[str, str]]
    roles: list[Role]


def audience_choices(db: Db, member: Member) -> AudienceChoices:
    """The hospitals, tracks and roles of the member's edition."""
    hospitals = db.execute(
        select(Hospital.id, Hospital.name)
        .join(EditionHospital)
        .where(EditionHospital.edition_id == member.edition_id)
        .order_by(Hospital.name)
    )
    tracks = db.scalars(select(Track).where(Track.edition_id == member.edition_id).order_by(Track.id))
    roles = db.scalars(
        select(ParticipationRole.role).join(Participation).where(Participation.edition_id == member.edition_id)
    )
    present = set(roles)
    return AudienceChoices(
        hospitals=[(f"hospital:{id}", name) for id, name in hospitals],
        tracks=[(f"track:{t.id}", t.name_nl if member.language == "nl" else t.name_en) for t in tracks],
        roles=[role for role in Role if role in present],
    )


def recipients(db: Db, edition_id: int, audience: list[str]) -> list[int]:
    """The ids of the people who fit at least one of the choices, each once."""
    everybody = select(Participation.person_id).where(Participation.edition_id == edition_id)
    found: set[int] = set()
    for choice in audience:
        kind, _, value = choice.partition(":")
        narrowed = everybody
        if kind == "hospital":
            narrowed = everybody.where(Participation.hospital_id == int(value))
        elif kind == "track":
            roles = select(TrackRole.role).where(TrackRole.track_id == int(value))
            narrowed = everybody.where(Participation.roles.any(ParticipationRole.role.in_(roles)))
        elif kind == "role":
            narrowed = everybody.where(Participation.roles.any(ParticipationRole.role == Role(value)))
        found.update(db.scalars(narrowed))
    return sorted(found)


@dataclass(frozen=True)
class Preview:
    """What is about to happen: how many people, and how many of them have no Slack account yet."""

    announcement: Announcement
    people: int
    unreachable: int


def compose(
    db: Db, member: Member, text: str, audience: list[str], send_at: datetime | None, t: Texts, now: datetime
) -> Preview:
    """Keep a draft and count whom it would reach. Raises UserError with the field at fault."""
    require_coordinator(member, t)
    _require_fit(text, audience, send_at, t, now)
    people = recipients(db, member.edition_id, audience)
    if not people:
        raise UserError(t("Nobody fits this audience. Choose a wider one."), field="audience")
    announcement = Announcement(
        edition_id=member.edition_id,
        author_id=member.person_id,
        text=text.strip(),
        audience=audience,
        state=AnnouncementState.DRAFT,
        send_at=send_at,
        created_at=now,
    )
    db.add(announcement)
    db.flush()
    return Preview(announcement, len(people), len(people) - len(deliveries.accounts(db, set(people))))


def drop_old_drafts(db: Db, now: datetime) -> int:
    """Erase what was previewed and never sent; returns how many."""
    gone = db.scalars(
        delete(Announcement)
        .where(Announcement.state == AnnouncementState.DRAFT, Announcement.created_at < now - _KEEP_DRAFTS)
        .returning(Announcement.id)
    )
    return len(gone.all())


def edition_of(db: Db, announcement: Announcement) -> Edition:
    """The edition an announcement belongs to."""
    return db.get_one(Edition, announcement.edition_id)


def require_coordinator(member: Member, t: Texts) -> None:
    """Raise UserError for everybody else."""
    if not member.is_coordinator:
        raise UserError(t("Only a coordinator can send an announcement."))


def _require_fit(text: str, audience: list[str], send_at: datetime | None, t: Texts, now: datetime) -> None:
    if not text.strip():
        raise UserError(t("Write what you want to tell people."), field="text")
    if len(text) > LONGEST_TEXT:
        raise UserError(
            t("Keep it to {most} characters; this is {number}.", most=LONGEST_TEXT, number=len(text)), field="text"
        )
    if guard.inspect(text).blocks:
        raise UserError(t("This looks like a patient's data. Take it out; nothing has been stored."), field="text")
    if not audience:
        raise UserError(t("Choose who gets it."), field="audience")
    if send_at is not None and send_at <= now:
        raise UserError(t("Choose a moment in the future, or leave it empty to send now."), field="send_at")


def confirm(db: Db, member: Member, announcement_id: int, t: Texts, now: datetime) -> Announcement:
    """Send a draft now or at its moment; confirming it a second time changes nothing."""
    announcement = _own(db, member, announcement_id, t)
    if announcement.state is not AnnouncementState.DRAFT:
        return announcement
    announcement.state = AnnouncementState.SCHEDULED
    timezone = edition_of(db, announcement).timezone
    schedules.set_once(db, ScheduleKind.ANNOUNCEMENT, announcement.id, timezone, _ONCE, announcement.send_at or now)
    owed = Owed(result_key(announcement.id), member.person_id, DeliveryKind.ANNOUNCEMENT_RESULT, announcement.id, now)
    deliveries.put_down(db, [owed], now)
    if announcement.send_at is None:
        _send(db, announcement, now)
    return announcement


def result_key(announcement_id: int) -> str:
    """The key of the author's result line."""
    return f"announcement-result:{announcement_id}"


def _own(db: Db, member: Member, announcement_id: int, t: Texts) -> Announcement:
    require_coordinator(member, t)
    announcement = db.get(Announcement, announcement_id, with_for_update=True)
    if announcement is None or announcement.edition_id != member.edition_id:
        raise UserError(t("This announcement does not exist any more. Write it again."))
    return announcement


def plan(db: Db, schedule: Schedule, now: datetime) -> None:
    """Put down a scheduled announcement's messages when its moment has come."""
    schedule.next_at = None
    announcement = db.get(Announcement, schedule.subject_id, with_for_update=True)
    if announcement is not None and announcement.state is AnnouncementState.SCHEDULED:
        _send(db, announcement, now)


def _send(db: Db, announcement: Announcement, now: datetime) -> None:
    announcement.state = AnnouncementState.SENT
    people = recipients(db, announcement.edition_id, announcement.audience)
    owed = [
        Owed(f"announcement:{announcement.id}:{person}", person, DeliveryKind.ANNOUNCEMENT, announcement.id, now)
        for person in people
    ]
    deliveries.put_down(db, owed, now)


def cancel(db: Db, member: Member, announcement_id: int, t: Texts) -> Announcement:
    """Withdraw a scheduled announcement, or stop one that is going out: what was not sent yet stays here."""
    announcement = _own(db, member, announcement_id, t)
    if announcement.state in (AnnouncementState.SCHEDULED, AnnouncementState.SENT):
        announcement.state = AnnouncementState.CANCELLED
        timezone = edition_of(db, announcement).timezone
        schedules.set_once(db, ScheduleKind.ANNOUNCEMENT, announcement.id, timezone, _ONCE, None)
        deliveries.cancel(db, DeliveryKind.ANNOUNCEMENT, announcement.id, "cancelled")
    return announcement


def result(db: Db, announcement: Announcement) -> Tally:
    """How far it is: sent, left out, failed with the reason."""
    return deliveries.tally(db, DeliveryKind.ANNOUNCEMENT, announcement.id)


def fingerprint(announcement: Announcement, tally: Tally) -> str:
    """What the result line would say, in short; the line is only rewritten when this changes."""
    return f"{announcement.state}:{tally.sent}:{tally.skipped}:{len(tally.failures)}:{tally.total}"


def open_results(db: Db) -> list[Announcement]:
    """The announcements whose author has not seen the last word yet."""
    states = (AnnouncementState.SCHEDULED, AnnouncementState.SENT, AnnouncementState.CANCELLED)
    return list(
        db.scalars(
            select(Announcement).where(Announcement.state.in_(states), Announcement.closed_at.is_(None)).limit(50)
        )
    )


def record_reported(db: Db, announcement_id: int, said: str, is_final: bool, now: datetime) -> None:
    """Note what the author's result line says now."""
    announcement = db.get_one(Announcement, announcement_id)
    announcement.reported = said
    announcement.closed_at = now if is_final else None

"""Weekly check-ins: keeping drafts, recording answers and skips."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.database import Db
from bot.errors import UserError
from bot.i18n import Texts
from bot.models.checkins import (
    CheckIn,
    CheckInDraft,
    CheckInStatus,
    HelpFrom,
    NextStep,
    Obstacle,
    Tried,
    Visibility,
)
from bot.services import guard
from bot.services.members import Member, take_turns
from bot.services.weeks import end_of, iso_week

LONGEST_LEARNED = 280
KEEP_DRAFTS = timedelta(days=14)


@dataclass(frozen=True)
class Answers:
    """What the form holds; `confidence` is 1 (very unsure) to 5 (very sure), None when untouched."""

    confidence: int | None = None
    tried: Tried | None = None
    learned: str | None = None
    next_step: NextStep | None = None
    obstacle: Obstacle | None = None
    help_from: HelpFrom | None = None
    visibility: Visibility = Visibility.COORDINATOR

    def as_draft(self) -> dict[str, str]:
        """As text, to keep; what the patient-data guard stops is left out, so that it is stored nowhere."""
        kept = {name: str(value) for name, value in vars(self).items() if value is not None}
        if self.learned and guard.inspect(self.learned):
            del kept["learned"]
        return kept

    @classmethod
    def from_draft(cls, kept: dict[str, str]) -> "Answers":
        """The answers a draft holds."""
        return cls(
            confidence=int(kept["confidence"]) if "confidence" in kept else None,
            tried=Tried(kept["tried"]) if "tried" in kept else None,
            learned=kept.get("learned"),
            next_step=NextStep(kept["next_step"]) if "next_step" in kept else None,
            obstacle=Obstacle(kept["obstacle"]) if "obstacle" in kept else None,
            help_from=HelpFrom(kept["help_from"]) if "help_from" in kept else None,
            visibility=Visibility(kept.get("visibility", Visibility.COORDINATOR)),
        )

    @classmethod
    def of(cls, checkin: CheckIn) -> "Answers":
        """The answers of a stored check-in."""
        return cls(
            confidence=checkin.confidence,
            tried=checkin.tried,
            learned=checkin.learned,
            next_step=checkin.next_step,
            obstacle=checkin.obstacle,
            help_from=checkin.help_from,
            visibility=checkin.visibility,
        )


def may_check_in(member: Member, t: Texts) -> None:
    """Raise UserError for people who are never asked: boards, mentors, trainers, coordinators."""
    if not member.checks_in:
        raise UserError(t("The check-in is for people who lead an improvement project. You need not do anything."))


def current(db: Db, member: Member, now: datetime) -> CheckIn | None:
    """What the member reported this week, or that they skipped it."""
    return of_week(db, member.participation_id, iso_week(now, member.timezone))


def of_week(db: Db, participation_id: int, week: str) -> CheckIn | None:
    """What a person reported in an ISO week, or that they skipped it."""
    return db.scalar(select(CheckIn).where(CheckIn.participation_id == participation_id, CheckIn.week == week))


def starting_answers(db: Db, member: Member, now: datetime) -> Answers:
    """What the form opens with: the draft, else what was sent this week, else nothing but the default visibility."""
    draft = db.get(CheckInDraft, (member.participation_id, iso_week(now, member.timezone)))
    if draft is not None:
        return Answers.from_draft(draft.answers)
    checkin = current(db, member, now)
    if checkin is not None and checkin.status is CheckInStatus.SUBMITTED:
        return Answers.of(checkin)
    return Answers()


def keep_draft(db: Db, member: Member, week: str, answers: Answers, now: datetime) -> None:
    """Keep what was filled in so far, for as long as the week lasts.

    `now` is when it was filled in: letters typed quickly may arrive in another order, also after the form was sent.
    """
    if now >= end_of(week, member.timezone):
        return
    take_turns(db, member)
    later = (db.get(CheckInDraft, (member.participation_id, week)), of_week(db, member.participation_id, week))
    if any(row is not None and row.updated_at > now for row in later):
        return
    db.merge(
        CheckInDraft(participation_id=member.participation_id, week=week, answers=answers.as_draft(), updated_at=now)
    )


def submit(
    db: Db, member: Member, week: str, answers: Answers, t: Texts, now: datetime, *, sure: bool = False
) -> CheckIn:
    """Record the week's check-in: one row for each person and week, later answers in place of earlier ones.

    `sure`: the author saw the guard's warning and says no patient can be recognised. Raises UserError (with the field)
    for missing or unfit answers; Unsure when the text needs a second look.
    """
    may_check_in(member, t)
    _require_open(week, member, t, now)
    _require_complete(answers, t)
    _require_no_patient_data(answers.learned, t, sure)
    take_turns(db, member)
    checkin = _row(db, member, week, now)
    checkin.status = CheckInStatus.SUBMITTED
    tried = answers.tried is Tried.YES
    checkin.confidence, checkin.tried = answers.confidence, answers.tried
    checkin.learned = (answers.learned or "").strip() or None if tried else None
    checkin.next_step = answers.next_step if tried else None
    checkin.obstacle, checkin.help_from = answers.obstacle, answers.help_from
    checkin.visibility = answers.visibility
    _drop_draft(db, member, week)
    return checkin


class Unsure(Exception):
    """The text looks as if a patient could be recognised; its author should read it once more."""


def _require_open(week: str, member: Member, t: Texts, now: datetime) -> None:
    if now >= end_of(week, member.timezone):
        raise UserError(t("That week is over. Open this week's check-in with /checkin."))


def _require_complete(answers: Answers, t: Texts) -> None:
    if answers.confidence is None or not 1 <= answers.confidence <= 5:
        raise UserError(t("Choose how sure you are."), field="confidence")
    if answers.tried is None:
        raise UserError(t("Choose whether you tried something."), field="tried")
    if answers.learned and len(answers.learned) > LONGEST_LEARNED:
        raise UserError(
            t("Keep it to {most} characters; this is {number}.", most=LONGEST_LEARNED, number=len(answers.learned)),
            field="learned",
        )


def _require_no_patient_data(text: str | None, t: Texts, sure: bool) -> None:
    finding = guard.inspect(text or "")
    if finding.blocks:
        raise UserError(
            t(
                "This looks like a patient's data (a citizen service number, patient number or date of birth). "
                "Take it out; nothing has been stored."
            ),
            field="learned",
        )
    if finding and not sure:
        raise Unsure


def _row(db: Db, member: Member, week: str, now: datetime) -> CheckIn:
    checkin = of_week(db, member.participation_id, week)
    if checkin is None:
        checkin = CheckIn(
            participation_id=member.participation_id,
            week=week,
            visibility=Visibility.COORDINATOR,
            created_at=now,
        )
        db.add(checkin)
    checkin.updated_at = now
    return checkin


def _drop_draft(db: Db, member: Member, week: str) -> None:
    db.execute(
        delete(CheckInDraft).where(CheckInDraft.participation_id == member.participation_id, CheckInDraft.week == week)
    )


def skip(db: Db, member: Member, week: str, t: Texts, now: datetime) -> CheckIn:
    """Note "not this week": no reason asked, no reminder sent. What was already answered this week stays."""
    may_check_in(member, t)
    _require_open(week, member, t, now)
    take_turns(db, member)
    checkin = of_week(db, member.participation_id, week)
    if checkin is not None and checkin.status is CheckInStatus.SUBMITTED:
        raise UserError(t("You already checked in this week, so there is nothing to skip."))
    checkin = _row(db, member, week, now)
    checkin.status = CheckInStatus.SKIPPED
    _drop_draft(db, member, week)
    return checkin


def recent_confidence(db: Db, member: Member, weeks: int = 6) -> list[int]:
    """The member's own last answers about confidence, oldest first."""
    newest = db.scalars(
        select(CheckIn.confidence)
        .where(CheckIn.participation_id == member.participation_id, CheckIn.confidence.is_not(None))
        .order_by(CheckIn.week.desc())
        .limit(weeks)
    ).all()
    return [confidence for confidence in reversed(newest) if confidence is not None]


def drop_old_drafts(db: Db, now: datetime) -> int:
    """Erase drafts that nobody came back to; returns how many."""
    gone = db.scalars(
        delete(CheckInDraft).where(CheckInDraft.updated_at < now - KEEP_DRAFTS).returning(CheckInDraft.week)
    )
    return len(gone.all())

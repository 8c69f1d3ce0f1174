"""Weekly check-ins: asking, keeping drafts, recording answers and skips."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

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
from bot.models.deliveries import DeliveryKind
from bot.models.editions import Edition
from bot.models.participations import Participation
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import deliveries, guard, schedules
from bot.services.members import CHECKIN_ROLES, Member, take_turns
from bot.services.quiet import QuietRules, next_allowed
from bot.services.weeks import end_of, iso_week

LONGEST_LEARNED = 280
REMIND_AFTER = timedelta(days=1)
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
    return _of_week(db, member.participation_id, iso_week(now, member.timezone))


def _of_week(db: Db, participation_id: int, week: str) -> CheckIn | None:
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
    later = (db.get(CheckInDraft, (member.participation_id, week)), _of_week(db, member.participation_id, week))
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
    checkin = _of_week(db, member.participation_id, week)
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
    checkin = _of_week(db, member.participation_id, week)
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


def prompt_key(participation_id: int, week: str) -> str:
    """The key of the week's question."""
    return f"checkin:{participation_id}:{week}"


def reminder_key(participation_id: int, week: str) -> str:
    """The key of the week's one reminder."""
    return f"checkin-reminder:{participation_id}:{week}"


def receipt_key(participation_id: int, week: str) -> str:
    """The key of the week's receipt, for who answered without having been asked."""
    return f"checkin-receipt:{participation_id}:{week}"


def owe_receipt(db: Db, member: Member, checkin: CheckIn, now: datetime) -> None:
    """Put down a receipt in the member's direct messages, once a week."""
    key = receipt_key(member.participation_id, checkin.week)
    deliveries.put_down(
        db,
        [deliveries.Owed(key, member.person_id, DeliveryKind.CHECKIN_RECEIPT, checkin.id, now, checkin.week)],
        now,
    )


def set_own_moment(db: Db, participation: Participation, now: datetime) -> None:
    """Let the weekly question come at the moment this person chose, or else the edition's; some are never asked."""
    if not {role.role for role in participation.roles} & CHECKIN_ROLES:
        schedules.stop(db, ScheduleKind.CHECKIN, participation.id)
        return
    edition = participation.edition
    weekday = participation.checkin_weekday if participation.checkin_weekday is not None else edition.checkin_weekday
    rule = schedules.weekly_rule(weekday, participation.checkin_time or edition.checkin_time)
    schedules.set_weekly(db, ScheduleKind.CHECKIN, participation.id, edition.timezone, rule, now)


def plan(db: Db, schedule: Schedule, now: datetime) -> None:
    """Put down this week's question and its one reminder, and move the schedule to the next week.

    A holiday or a weekend moves the question to the next working day of the same week; with none left, or on
    a pause, or outside the edition, nobody is asked.
    """
    due = _latest_due(schedule, now)
    participation = db.get_one(Participation, schedule.subject_id)
    schedule.next_at = _next_asking(participation.edition, schedule, max(due, now))
    moment = _asking_moment(participation, max(due, now))
    if moment is not None and iso_week(moment, schedule.timezone) == iso_week(due, schedule.timezone):
        deliveries.put_down(db, _question_and_reminder(participation, moment), now)


def _latest_due(schedule: Schedule, now: datetime) -> datetime:
    """The last of the weekly moments that have come: after weeks of downtime this week's question still counts."""
    due = schedule.next_at or now
    while (later := schedules.next_time(schedule.rule, schedule.timezone, due)) <= now:
        due = later
    return due


def _next_asking(edition: Edition, schedule: Schedule, after: datetime) -> datetime | None:
    moment = schedules.next_time(schedule.rule, schedule.timezone, after)
    return moment if moment.date() <= edition.ends_on else None


def _asking_moment(participation: Participation, wanted: datetime) -> datetime | None:
    edition = participation.edition
    moment = next_allowed(wanted, QuietRules.of(edition))
    day = moment.astimezone(ZoneInfo(edition.timezone)).date()
    if not edition.starts_on <= day <= edition.ends_on or is_paused(participation, day):
        return None
    return moment


def is_paused(participation: Participation, day: date) -> bool:
    """Whether this person asked not to be asked on that day; a pause ends on the day it names."""
    return participation.paused_until is not None and day < participation.paused_until


def _question_and_reminder(participation: Participation, moment: datetime) -> list[deliveries.Owed]:
    edition, person_id, subject = participation.edition, participation.person_id, participation.id
    week = iso_week(moment, edition.timezone)
    owed = [deliveries.Owed(prompt_key(subject, week), person_id, DeliveryKind.CHECKIN_PROMPT, subject, moment, week)]
    later = next_allowed(moment.astimezone(ZoneInfo(edition.timezone)) + REMIND_AFTER, QuietRules.of(edition))
    if iso_week(later, edition.timezone) == week:
        key = reminder_key(subject, week)
        owed.append(deliveries.Owed(key, person_id, DeliveryKind.CHECKIN_REMINDER, subject, later, week))
    return owed


def why_not_to_ask(db: Db, participation: Participation, week: str, now: datetime) -> str | None:
    """Why this week's question need not go out any more; None when it should. Asked again just before sending."""
    edition: Edition = participation.edition
    if iso_week(now, edition.timezone) != week:
        return "week_over"
    if _of_week(db, participation.id, week) is not None:
        return "answered"
    if is_paused(participation, now.astimezone(ZoneInfo(edition.timezone)).date()):
        return "paused"
    return None


def drop_old_drafts(db: Db, now: datetime) -> int:
    """Erase drafts that nobody came back to; returns how many."""
    gone = db.scalars(
        delete(CheckInDraft).where(CheckInDraft.updated_at < now - KEEP_DRAFTS).returning(CheckInDraft.week)
    )
    return len(gone.all())

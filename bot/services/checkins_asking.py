"""Asking for the weekly check-in: when, with one reminder at most, and the keys of the week's messages."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.database import Db
from bot.models.checkins import CheckIn
from bot.models.deliveries import DeliveryKind
from bot.models.editions import Edition
from bot.models.participations import Participation
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import checkins, deliveries, schedules
from bot.services.members import CHECKIN_ROLES, Member
from bot.services.quiet import QuietRules, next_allowed
from bot.services.weeks import iso_week

REMIND_AFTER = timedelta(days=1)


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
    if checkins.of_week(db, participation.id, week) is not None:
        return "answered"
    if is_paused(participation, now.astimezone(ZoneInfo(edition.timezone)).date()):
        return "paused"
    return None

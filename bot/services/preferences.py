"""What a person chooses for themselves: language, their own check-in moment, a pause."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import joinedload

from bot.database import Db
from bot.errors import UserError
from bot.i18n import LANGUAGES, Texts
from bot.models.participations import Participation
from bot.models.people import Person
from bot.services import checkins_asking
from bot.services.members import Member

LONGEST_PAUSE = timedelta(days=180)
_FRIDAY = 4


@dataclass(frozen=True)
class Preferences:
    """A person's choices; the moment is the edition's until they choose their own."""

    language: str
    weekday: int
    at: time
    paused_until: date | None
    quiet_from: time
    quiet_until: time


def of(db: Db, member: Member, now: datetime) -> Preferences:
    """What holds for this member now; a pause that is over is none."""
    participation = _participation(db, member)
    edition, paused = participation.edition, participation.paused_until
    weekday = participation.checkin_weekday
    return Preferences(
        language=member.language,
        weekday=edition.checkin_weekday if weekday is None else weekday,
        at=participation.checkin_time or edition.checkin_time,
        paused_until=paused if paused and paused > member.today(now) else None,
        quiet_from=edition.quiet_from,
        quiet_until=edition.quiet_until,
    )


def _participation(db: Db, member: Member) -> Participation:
    return db.get_one(Participation, member.participation_id, options=[joinedload(Participation.edition)])


def set_language(db: Db, member: Member, language: str, t: Texts) -> None:
    """Speak this language with the member from now on; raises UserError for one we do not have."""
    if language not in LANGUAGES:
        raise UserError(t("Choose a language: {languages}.", languages="`nl` (Nederlands), `en` (English)"))
    db.get_one(Person, member.person_id).language = language


def set_moment(db: Db, member: Member, weekday: int, at: time, t: Texts, now: datetime) -> None:
    """Ask this member at their own day and hour; raises UserError for weekends and quiet hours."""
    participation = _participation(db, member)
    edition = participation.edition
    if not 0 <= weekday <= _FRIDAY:
        raise UserError(t("Choose a day from Monday to Friday."), field="weekday")
    if not edition.quiet_until <= at < edition.quiet_from:
        first, last = t.hour(edition.quiet_until), t.hour(edition.quiet_from)
        raise UserError(t("Choose a time between {first} and {last}.", first=first, last=last), field="at")
    participation.checkin_weekday, participation.checkin_time = weekday, at
    checkins_asking.set_own_moment(db, participation, now)


def pause(db: Db, member: Member, until: date | None, t: Texts, now: datetime) -> None:
    """Ask nothing until the day named; None ends the pause at once."""
    today = member.today(now)
    if until is not None and until <= today:
        raise UserError(t("Choose a day after today."), field="paused_until")
    if until is not None and until - today > LONGEST_PAUSE:
        raise UserError(t("Choose a day within half a year."), field="paused_until")
    _participation(db, member).paused_until = until

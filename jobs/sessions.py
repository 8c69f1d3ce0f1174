"""Session reminders and change notices, at the moment they are sent."""

from datetime import datetime, timedelta

from bot.database import Db
from bot.i18n import Texts
from bot.models.deliveries import Delivery
from bot.models.people import Person
from bot.models.sessions import LearningSession
from bot.services import sessions
from bot.services.quiet import QuietRules, next_allowed
from bot.views import sessions as views
from jobs.outcomes import Outcome, Skip, Wait

_LAST_CALL = timedelta(hours=1)


def render_reminder(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The reminder, unless the session moved, began or was called off, or the reader cannot come.

    Outside working hours it waits for the morning, if the session leaves time for that.
    """
    session = sessions.get(db, delivery.subject_id)
    if session is None:
        return Skip("erased")
    why = sessions.why_not_to_remind(db, session, delivery, now)
    if why is not None:
        return Skip(why)
    if (morning := _morning(session, now)) is not None:
        return Wait(morning)
    t = Texts(person.language, session.edition.timezone)
    return views.reminder(t, session, sessions.answer_of(db, session, person.id), now)


def render_change(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The change notice, unless a later change has its own; at night it waits, if the session leaves time for that."""
    session = sessions.get(db, delivery.subject_id)
    if session is None or delivery.detail != str(session.revision):
        return Skip("session_changed")
    if (morning := _morning(session, now)) is not None:
        return Wait(morning)
    return views.change_notice(Texts(person.language, session.edition.timezone), session)


def _morning(session: LearningSession, now: datetime) -> datetime | None:
    """The next moment in working hours, when it is not one now and the session leaves time to wait for it."""
    allowed = next_allowed(now, QuietRules.of(session.edition))
    return allowed if now < allowed <= session.starts_at - _LAST_CALL else None

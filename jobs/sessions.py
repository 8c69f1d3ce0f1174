"""Session reminders and change notices, at the moment they are sent."""

from datetime import datetime

from bot.database import Db
from bot.i18n import Texts
from bot.models.deliveries import Delivery
from bot.models.people import Person
from bot.services import sessions
from bot.views import sessions as views
from jobs.outcomes import Outcome, Skip


def render_reminder(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The reminder, unless the session moved, began or was called off, or the reader cannot come."""
    session = sessions.get(db, delivery.subject_id)
    if session is None:
        return Skip("erased")
    why = sessions.why_not_to_remind(db, session, delivery, now)
    if why is not None:
        return Skip(why)
    t = Texts(person.language, session.edition.timezone)
    return views.reminder(t, session, sessions.answer_of(db, session, person.id), now)


def render_change(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The change notice, unless a later change has its own."""
    session = sessions.get(db, delivery.subject_id)
    if session is None or delivery.detail != str(session.revision):
        return Skip("session_changed")
    return views.change_notice(Texts(person.language, session.edition.timezone), session)

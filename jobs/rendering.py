"""What each kind of delivery says: rendered when it is sent, in its reader's language, or not sent after all."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Db
from bot.models.deliveries import Delivery, DeliveryKind
from bot.models.people import Person
from jobs import announcements, checkins, sessions
from jobs.outcomes import Fail, Outcome

Renderer = Callable[[Db, Delivery, Person, datetime], Outcome]

_RENDERERS: dict[DeliveryKind, Renderer] = {
    DeliveryKind.CHECKIN_PROMPT: checkins.render_question,
    DeliveryKind.CHECKIN_REMINDER: checkins.render_question,
    DeliveryKind.CHECKIN_RECEIPT: checkins.render_receipt,
    DeliveryKind.SESSION_REMINDER: sessions.render_reminder,
    DeliveryKind.SESSION_CHANGE: sessions.render_change,
    DeliveryKind.ANNOUNCEMENT: announcements.render_message,
    DeliveryKind.ANNOUNCEMENT_RESULT: announcements.render_result,
}


def render(db: Db, delivery: Delivery, now: datetime) -> Outcome:
    """The message to send now, or why not."""
    if delivery.identity is None or delivery.identity.deactivated_at is not None:
        return Fail("user_disabled")
    person = db.get_one(Person, delivery.person_id)
    return _RENDERERS[delivery.kind](db, delivery, person, now)

"""The weekly question, its one reminder and the receipt, at the moment they are sent."""

from datetime import datetime

from bot.database import Db
from bot.deps import Deps
from bot.i18n import Texts
from bot.models.checkins import CheckIn
from bot.models.deliveries import Delivery, DeliveryKind
from bot.models.participations import Participation
from bot.models.people import Person
from bot.services import checkins, checkins_asking
from bot.services.quiet import QuietRules, next_allowed
from bot.views import checkins as views
from jobs.outcomes import Outcome, Skip, Wait


def render_question(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The question or its reminder, unless it is answered, skipped, paused or too late by now."""
    participation = db.get_one(Participation, delivery.subject_id)
    why = checkins_asking.why_not_to_ask(db, participation, delivery.detail, now)
    if why is not None:
        return Skip(why)
    allowed = next_allowed(now, QuietRules.of(participation.edition))
    if allowed > now:
        return Wait(allowed)
    t = Texts(person.language, participation.edition.timezone)
    view = views.prompt if delivery.kind is DeliveryKind.CHECKIN_PROMPT else views.reminder
    return view(t, person.first_name, delivery.detail)


def render_receipt(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The receipt of a check-in, as it is now."""
    checkin = db.get(CheckIn, delivery.subject_id)
    if checkin is None:
        return Skip("erased")
    t = Texts(person.language, checkin.participation.edition.timezone)
    return views.receipt(t, person.first_name, checkin.week, checkin.visibility)


def drop_old_drafts(deps: Deps) -> None:
    """Erase drafts nobody came back to."""
    with deps.db.begin() as db:
        checkins.drop_old_drafts(db, deps.clock())

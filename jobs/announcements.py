"""Announcements at the moment they are sent, and the author's live result line."""

import logging
from datetime import datetime

from bot.database import Db
from bot.deps import Deps
from bot.errors import DeliveryError
from bot.i18n import Texts
from bot.messages import Message
from bot.models.announcements import Announcement
from bot.models.deliveries import Delivery
from bot.models.people import Person
from bot.services import announcements, deliveries
from bot.slack import Posted
from bot.views import announcements as views
from jobs.outcomes import Outcome, Skip

log = logging.getLogger(__name__)


def render_message(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The announcement as each person gets it."""
    item = db.get(Announcement, delivery.subject_id)
    if item is None:
        return Skip("erased")
    author = db.get_one(Person, item.author_id)
    t = Texts(person.language, item.edition.timezone)
    return views.announcement(t, item.text, author.name, item.edition.name)


def render_result(db: Db, delivery: Delivery, person: Person, now: datetime) -> Outcome:
    """The result line, as far as the announcement is now."""
    item = db.get(Announcement, delivery.subject_id)
    return _result(db, item, person)[0] if item else Skip("erased")


def _result(db: Db, item: Announcement, author: Person) -> tuple[Message, str, bool]:
    """The line, what it says in short, and whether that is the last word."""
    tally = announcements.result(db, item)
    t = Texts(author.language, item.edition.timezone)
    return views.result(t, item, tally), announcements.fingerprint(item, tally), views.is_final(item, tally)


def drop_old_drafts(deps: Deps) -> None:
    """Erase what was previewed and never sent."""
    with deps.db.begin() as db:
        announcements.drop_old_drafts(db, deps.clock())


def refresh_results(deps: Deps) -> None:
    """Rewrite the result lines of which the numbers have changed."""
    with deps.db.begin() as db:
        open_ids = [item.id for item in announcements.open_results(db)]
    for announcement_id in open_ids:
        _refresh(deps, announcement_id)


def _refresh(deps: Deps, announcement_id: int) -> None:
    with deps.db.begin() as db:
        item = db.get_one(Announcement, announcement_id)
        line = deliveries.find_sent(db, announcements.result_key(announcement_id))
        message, says, is_final = _result(db, item, db.get_one(Person, item.author_id))
    if line is None or line.channel is None or line.ts is None or (says == item.reported and not is_final):
        return
    try:
        deps.slack.update(Posted(line.channel, line.ts), message)
    except DeliveryError as error:
        log.warning("a result line was not rewritten", extra={"data": {"code": error.code}})
        if not error.permanent:
            return
    with deps.db.begin() as db:
        announcements.record_reported(db, announcement_id, says, is_final, deps.clock())

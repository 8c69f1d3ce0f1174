"""The tick that turns due schedules into deliveries."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.database import Db
from bot.deps import Deps
from bot.errors import new_reference
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import announcements, checkins_asking, schedules, sessions

log = logging.getLogger(__name__)

_PLANNERS: dict[ScheduleKind, Callable[[Db, Schedule, datetime], None]] = {
    ScheduleKind.CHECKIN: checkins_asking.plan,
    ScheduleKind.SESSION_REMINDER: sessions.plan,
    ScheduleKind.ANNOUNCEMENT: announcements.plan,
}
_TRY_AGAIN_AFTER = timedelta(minutes=10)


def plan(deps: Deps) -> int:
    """Put down what is owed for every schedule that is due, and move it on, in one transaction.

    Returns how many schedules were due. It may run twice, in many processes: each delivery's key makes it one.
    """
    now = deps.clock()
    with deps.db.begin() as db:
        due = schedules.take_due(db, now)
        for schedule in due:
            _plan_one(db, schedule, now)
    return len(due)


def _plan_one(db: Db, schedule: Schedule, now: datetime) -> None:
    """Plan one schedule; a mistake in it holds up no other, and it comes up again later."""
    try:
        with db.begin_nested():
            _PLANNERS[schedule.kind](db, schedule, now)
    except SQLAlchemyError:
        raise
    except Exception:
        facts = {"schedule": schedule.id, "kind": schedule.kind, "reference": new_reference()}
        log.exception("a schedule could not be planned", extra={"data": facts})
        schedule.next_at = now + _TRY_AGAIN_AFTER

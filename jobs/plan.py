"""The tick that turns due schedules into deliveries."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Db
from bot.deps import Deps
from bot.models.schedules import Schedule, ScheduleKind
from bot.services import announcements, checkins, schedules, sessions

_PLANNERS: dict[ScheduleKind, Callable[[Db, Schedule, datetime], None]] = {
    ScheduleKind.CHECKIN: checkins.plan,
    ScheduleKind.SESSION_REMINDER: sessions.plan,
    ScheduleKind.ANNOUNCEMENT: announcements.plan,
}


def plan(deps: Deps) -> int:
    """Put down what is owed for every schedule that is due, and move it on; one transaction, all or nothing.

    Returns how many schedules were due. It may run twice, in many processes: each delivery's key makes it one.
    """
    now = deps.clock()
    with deps.db.begin() as db:
        due = schedules.take_due(db, now)
        for schedule in due:
            _PLANNERS[schedule.kind](db, schedule, now)
    return len(due)

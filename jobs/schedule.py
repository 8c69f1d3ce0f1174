"""The one table of what happens by the clock. APScheduler only says when to look: every tick may run twice, or late."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.deps import Deps
from bot.errors import DeliveryError
from jobs import announcements, checkins
from jobs.accounts import link_accounts
from jobs.engine import Engine
from jobs.plan import plan

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tick:
    """Something to do again and again."""

    id: str
    trigger: object
    work: Callable[[], object]


def ticks(deps: Deps, engine: Engine) -> list[Tick]:
    """What this process does by the clock."""
    return [
        Tick("plan", IntervalTrigger(seconds=1), lambda: plan(deps)),
        Tick("wake", IntervalTrigger(seconds=1), engine.wake),
        Tick("results", IntervalTrigger(seconds=5), lambda: announcements.refresh_results(deps)),
        Tick("accounts", IntervalTrigger(minutes=1), lambda: link_accounts(deps)),
        Tick("drafts", CronTrigger(hour=3, timezone="UTC"), lambda: checkins.drop_old_drafts(deps)),
        Tick("previews", CronTrigger(hour=3, minute=15, timezone="UTC"), lambda: announcements.drop_old_drafts(deps)),
        Tick("prune", CronTrigger(hour=3, minute=30, timezone="UTC"), engine.prune),
    ]


def start(deps: Deps, engine: Engine) -> BackgroundScheduler:
    """Start ticking, with a store in memory: two schedulers on one store fire twice and break each other (measured).

    `misfire_grace_time=None`: a tick that comes late still comes; the default drops it.
    """
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for tick in ticks(deps, engine):
        scheduler.add_job(_guarded(tick), tick.trigger, id=tick.id, next_run_time=datetime.now(UTC))
    scheduler.start()
    return scheduler


def _guarded(tick: Tick) -> Callable[[], None]:
    """A tick that fails says so in one line and is tried again at its next turn."""

    def run() -> None:
        try:
            tick.work()
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            log.error("the database did not answer", extra={"data": {"tick": tick.id, "error": type(error).__name__}})
        except DeliveryError as error:
            log.warning("Slack did not answer", extra={"data": {"tick": tick.id, "code": error.code}})
        except Exception:
            log.exception("a tick failed", extra={"data": {"tick": tick.id}})

    return run

"""What must be there before the bot can work: the database, its tables, and a token that Slack accepts."""

import logging
import time

from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from bot import migrations
from bot.clock import FollowedClock, system_clock
from bot.database import Database
from bot.deps import Deps
from bot.errors import ConfigurationError, DeliveryError
from bot.services import workspaces
from bot.settings import Settings
from bot.slack import Installation, Slack

log = logging.getLogger(__name__)

TRY_AGAIN_AFTER = 3.0  # seconds


def build_deps(settings: Settings) -> Deps:
    """Everything a listener or a job may touch."""
    settings.require("slack_bot_token")
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    return Deps(
        settings=settings,
        db=Database(settings.database_url),
        slack=Slack(token, settings.slack_api_url),
        clock=FollowedClock(settings.clock_url) if settings.clock_url else system_clock,
    )


def prepare(deps: Deps, *, migrate: bool) -> Installation:
    """Wait for the database and for Slack, and note whose token this is.

    Raises ConfigurationError for a token Slack refuses, and for a database that lacks migrations unless `migrate`.
    """
    _wait_for_database(deps)
    if migrate:
        migrations.upgrade(deps.db)
    elif not migrations.is_current(deps.db):
        raise ConfigurationError("The database lacks migrations. Run: vliegwiel db upgrade")
    installation = _ask_slack(deps)
    with deps.db.begin() as db:
        workspaces.adopt(
            db, installation.team_id, installation.team, installation.bot_id, installation.bot_user_id, deps.clock()
        )
    return installation


def _wait_for_database(deps: Deps) -> None:
    """Try until it answers, saying every few seconds what is wanting."""
    where = make_url(deps.settings.database_url)
    while True:
        try:
            with deps.db.begin() as db:
                db.execute(text("SELECT 1"))
        except OperationalError:
            place = f"{where.host or 'file'}, {where.database}"
            log.error("the database (%s) does not answer; trying again", place)
            time.sleep(TRY_AGAIN_AFTER)
        else:
            return


def _ask_slack(deps: Deps) -> Installation:
    while True:
        try:
            return deps.slack.installation()
        except DeliveryError as error:
            if error.workspace_wide:
                raise ConfigurationError(
                    f"Slack refuses SLACK_BOT_TOKEN ({error.code}). Copy it again from api.slack.com/apps > "
                    "your app > OAuth & Permissions, or reinstall the app there."
                ) from None
            log.error("Slack does not answer; trying again", extra={"data": {"code": error.code}})
            time.sleep(error.retry_after or TRY_AGAIN_AFTER)

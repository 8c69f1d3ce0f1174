"""Links people on the roster to their Slack accounts by e-mail address."""

import logging
import time

from bot.deps import Deps
from bot.errors import DeliveryError
from bot.models.networks import Workspace
from bot.services import rosters, workspaces

log = logging.getLogger(__name__)

_AT_ONCE = 40  # users.lookupByEmail allows about 50 a minute (tier 3)


def link_accounts(deps: Deps, most: int = _AT_ONCE) -> int:
    """Look up people who have no account yet, those tried longest ago first. Returns how many were found."""
    with deps.db.begin() as db:
        here = workspaces.installed(db)
        if here is None:
            return 0
        people = [
            (person.id, person.email or "")
            for person in rosters.people_without_account(db, here.id, most, deps.clock())
        ]
    return sum(_link(deps, here, person_id, email) for person_id, email in people)


def _link(deps: Deps, here: Workspace, person_id: int, email: str) -> bool:
    try:
        user_id = deps.slack.user_by_email(email)
    except DeliveryError as error:
        if error.retry_after is not None:
            time.sleep(error.retry_after)
        log.warning("an account was not looked up", extra={"data": {"code": error.code}})
        return False
    with deps.db.begin() as db:
        rosters.link(db, here.id, person_id, user_id, deps.clock())
    return user_id is not None

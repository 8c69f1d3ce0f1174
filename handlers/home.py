"""The Home tab: shown when somebody opens it, and refreshed after what they did."""

import logging

from slack_bolt import App

from bot.deps import Deps
from bot.errors import DeliveryError
from bot.services import checkins, preferences, sessions
from bot.services.weeks import iso_week
from bot.views.home import home
from handlers.calls import Call, members_only

log = logging.getLogger(__name__)


def refresh(call: Call) -> None:
    """Show the present state on the member's Home tab; a failure is noted and nothing more."""
    view = _render(call)
    try:
        call.deps.slack.publish_home(call.user_id, view)
    except DeliveryError as error:
        log.warning("the Home tab was not refreshed", extra={"data": {"code": error.code}})


def _render(call: Call) -> dict[str, object]:
    member, now = call.member, call.now
    with call.deps.db.begin() as db:
        return home(
            call.t,
            member,
            iso_week(now, member.timezone),
            checkins.current(db, member, now),
            checkins.recent_confidence(db, member),
            sessions.upcoming(db, member, now, most=5 if member.is_coordinator else 1),
            preferences.of(db, member, now),
        )


def on_home_opened(call: Call) -> None:
    """Slack tells each time; the Messages tab is none of our business."""
    if call.body["event"].get("tab") == "home":
        refresh(call)


def register(app: App, deps: Deps) -> None:
    """The triggers of this feature."""
    app.event("app_home_opened")(members_only(deps, on_home_opened))

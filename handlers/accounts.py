"""What Slack reports of accounts and of the bot itself: nobody who left is written to."""

from typing import Any

from slack_bolt import App

from bot.deps import Deps
from bot.services import members, workspaces
from handlers.calls import everybody


def on_user_change(deps: Deps, body: dict[str, Any]) -> None:
    """An account was closed or opened again."""
    user = body["event"]["user"]
    with deps.db.begin() as db:
        members.record_deactivation(db, body["team_id"], user["id"], bool(user.get("deleted")), deps.clock())


def on_taken_out(deps: Deps, body: dict[str, Any]) -> None:
    """The bot was removed from a workspace, or its token withdrawn: the two come in any order, or one of them only."""
    event = body["event"]
    if event["type"] == "tokens_revoked" and not event.get("tokens", {}).get("bot"):
        return
    with deps.db.begin() as db:
        workspaces.record_uninstalled(db, body["team_id"], deps.clock())


def register(app: App, deps: Deps) -> None:
    """The triggers of this feature."""
    app.event("user_change")(everybody(deps, on_user_change))
    app.event("app_uninstalled")(everybody(deps, on_taken_out))
    app.event("tokens_revoked")(everybody(deps, on_taken_out))

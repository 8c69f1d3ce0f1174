"""auth.test and apps.connections.open: who the app is, and its way into Socket Mode."""

from typing import Any

from sandbox.web_api.arguments import Arguments
from sandbox.web_api.registry import method
from sandbox.workspace import Workspace


@method("auth.test")
def auth_test(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Who the token belongs to."""
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.team_name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", app_level=True)
def connections_open(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """An address at which one WebSocket may connect."""
    host = workspace.base_url.replace("http://", "ws://", 1)
    return {"url": f"{host}/link/?ticket={workspace.sockets.new_ticket()}&app_id={workspace.app.app_id}"}

"""The table of methods: name -> what it does, and which token and scope it asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.errors import SlackError
from sandbox.installation import Installation
from sandbox.web_api.arguments import Arguments
from sandbox.workspace import Workspace

Method = Callable[[Workspace, Arguments], dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """One method. `app_level` ones take the xapp- token, all others the bot token."""

    run: Method
    scope: str | None = None
    app_level: bool = False


METHODS: dict[str, Entry] = {}


def method(name: str, *, scope: str | None = None, app_level: bool = False) -> Callable[[Method], Method]:
    """Put a function in the table under the name that Slack gives it."""

    def register(function: Method) -> Method:
        METHODS[name] = Entry(function, scope, app_level)
        return function

    return register


def call(workspace: Workspace, name: str, token: str | None, arguments: Arguments) -> dict[str, Any]:
    """Run a method as Slack would: token, then scope, then the work. Raises SlackError."""
    entry = METHODS.get(name)
    if entry is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(workspace.app, entry, token or arguments.text("token"))
    _check_scope(workspace.app, entry.scope)
    return {"ok": True, **entry.run(workspace, arguments)}


def _check_token(app: Installation, entry: Entry, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token not in (app.bot_token, app.app_token):
        raise SlackError("invalid_auth")
    if (token == app.app_token) is not entry.app_level:
        raise SlackError("not_allowed_token_type")
    if not app.installed and not entry.app_level:
        raise SlackError("account_inactive")


def _check_scope(app: Installation, scope: str | None) -> None:
    if scope and scope not in app.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(app.scopes))


def require_scope(workspace: Workspace, scope: str) -> None:
    """For methods whose scope depends on what they are asked about, such as the history of a direct message."""
    _check_scope(workspace.app, scope)

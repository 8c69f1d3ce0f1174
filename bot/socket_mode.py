"""Slack over Socket Mode: a connection that we open, so that no public address is needed."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.errors import ConfigurationError
from bot.settings import Settings

log = logging.getLogger(__name__)

_REFUSED = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type", "account_inactive", "missing_scope"})
_TRY_AGAIN_AFTER = 3.0  # seconds


@contextmanager
def socket_mode(app: App, settings: Settings) -> Iterator[None]:
    """Connected to Slack. Raises ConfigurationError when Slack refuses the app-level token."""
    settings.require("slack_app_token")
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    handler = SocketModeHandler(app, app_token=token)
    _connect(handler)
    try:
        yield
    finally:
        _hang_up(handler)


def _connect(handler: SocketModeHandler) -> None:
    """Try until it connects, saying every few seconds what is wanting."""
    while True:
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except Exception as error:  # slack_sdk raises whatever its sockets raise
            code = _code_of(error)
            if code in _REFUSED:
                raise ConfigurationError(
                    f"Slack refuses SLACK_APP_TOKEN ({code}). Make an app-level token with the scope "
                    "connections:write: api.slack.com/apps > your app > Basic Information."
                ) from None
            log.error("Socket Mode does not connect; trying again", extra={"data": {"code": code}})
            time.sleep(_TRY_AGAIN_AFTER)
        else:
            return


def _code_of(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__


def _hang_up(handler: SocketModeHandler) -> None:
    """Close the connection at once: slack_sdk's reader would sit in its `recv` for three seconds more."""
    client = handler.client
    client.auto_reconnect_enabled = False
    if client.current_session is not None and client.current_session.sock is not None:
        with suppress(OSError):
            client.current_session.sock.shutdown(socket.SHUT_RDWR)
    handler.close()  # type: ignore[no-untyped-call]

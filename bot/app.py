"""The composition root: settings become a running bot, worker or web server."""

import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import waitress
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk import WebClient
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from bot import migrations
from bot.clock import FollowedClock, system_clock
from bot.database import Database
from bot.deps import Deps
from bot.errors import ConfigurationError, DeliveryError, new_reference
from bot.services import workspaces
from bot.settings import Settings
from bot.slack import Installation, Slack
from bot.web import WebApp
from handlers import accounts, announcements, checkins, home, menu, preferences, sessions
from jobs import schedule
from jobs.engine import Engine

log = logging.getLogger(__name__)

_FEATURES = (accounts, announcements, checkins, home, menu, preferences, sessions)
_LISTENERS_AT_ONCE = 32  # Bolt's five make acks late at fifty commands a second (measured)
_TRY_AGAIN_AFTER = 3.0  # seconds


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
    _persevere(lambda: _touch(deps.db), OperationalError, _database_line(deps.settings))
    if migrate:
        migrations.upgrade(deps.db)
    elif not migrations.is_current(deps.db):
        raise ConfigurationError("The database lacks migrations. Run: vliegwiel db upgrade")
    installation = _ask_slack(deps)
    with deps.db.begin() as db:
        workspaces.adopt(db, installation.team_id, installation.team, installation.bot_id, installation.bot_user_id)
    return installation


def _touch(database: Database) -> None:
    with database.begin() as db:
        db.execute(text("SELECT 1"))


def _database_line(settings: Settings) -> str:
    where = make_url(settings.database_url)
    return f"the database ({where.host or 'file'}, {where.database}) does not answer; trying again"


def _persevere(attempt: Callable[[], Any], error: type[Exception], line: str) -> Any:
    """Try until it works, saying every few seconds what is wanting; Ctrl-C or SIGTERM ends it."""
    while True:
        try:
            return attempt()
        except error:
            log.error(line)
            time.sleep(_TRY_AGAIN_AFTER)


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
            time.sleep(error.retry_after or _TRY_AGAIN_AFTER)


def build_bolt(deps: Deps, installation: Installation) -> App:
    """Bolt with our listeners; it never asks Slack who we are at a request (a round trip each, measured)."""
    settings, token = deps.settings, deps.slack.client.token
    secret = settings.slack_signing_secret

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=installation.team_id,
            bot_token=token,
            bot_id=installation.bot_id,
            bot_user_id=installation.bot_user_id,
        )

    app = App(
        signing_secret=secret.get_secret_value() if secret else "not used in Socket Mode",
        authorize=authorize,
        client=WebClient(base_url=settings.slack_api_url, ssl=deps.slack.client.ssl),
        listener_executor=ThreadPoolExecutor(_LISTENERS_AT_ONCE),
        logger=_bolt_logger(),
    )
    for feature in _FEATURES:
        feature.register(app, deps)
    app.error(_note_error)
    return app


def _bolt_logger() -> logging.Logger:
    """Bolt reads SLACK_BOT_TOKEN from the environment itself and warns that it does not use it; nor should it."""
    logger = logging.getLogger("slack_bolt")
    logger.addFilter(lambda record: record.getMessage() != warning_client_prioritized_and_token_skipped())
    return logger


def _note_error(error: Exception) -> None:
    """What goes wrong before a listener runs; listeners handle their own errors."""
    reference = new_reference()
    log.error("Bolt failed", extra={"data": {"reference": reference, "error": type(error).__name__}})


@contextmanager
def socket_mode(app: App, settings: Settings) -> Iterator[None]:
    """Connected to Slack over Socket Mode. Raises ConfigurationError when Slack refuses the app-level token."""
    settings.require("slack_app_token")
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    handler = SocketModeHandler(app, app_token=token)
    _connect(handler)
    try:
        yield
    finally:
        _hang_up(handler)


def _connect(handler: SocketModeHandler) -> None:
    while True:
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except Exception as error:
            code = _code_of(error)
            if code in {"invalid_auth", "not_authed", "not_allowed_token_type", "account_inactive"}:
                raise ConfigurationError(
                    f"Slack refuses SLACK_APP_TOKEN ({code}). Make an app-level token with the scope "
                    "connections:write: api.slack.com/apps > your app > Basic Information."
                ) from None
            log.error("Socket Mode does not connect; trying again", extra={"data": {"code": code}})
            time.sleep(_TRY_AGAIN_AFTER)
        else:
            return


def _hang_up(handler: SocketModeHandler) -> None:
    """Close the connection at once: slack_sdk's reader would sit in its `recv` for three seconds more."""
    client = handler.client
    client.auto_reconnect_enabled = False
    if client.current_session is not None and client.current_session.sock is not None:
        with suppress(OSError):
            client.current_session.sock.shutdown(socket.SHUT_RDWR)
    handler.close()  # type: ignore[no-untyped-call]


def _code_of(error: Exception) -> str:
    response = getattr(error, "response", None)
    return str(response.get("error")) if response is not None else type(error).__name__


@contextmanager
def worker(deps: Deps) -> Iterator[None]:
    """Ticking and sending."""
    engine = Engine(deps)
    engine.start()
    scheduler = schedule.start(deps, engine)
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        engine.stop()


def serve(settings: Settings, *, listen: bool, work: bool) -> None:
    """Run until SIGTERM or Ctrl-C: Socket Mode, the worker, or both in one process."""
    started = time.monotonic()
    deps = build_deps(settings)
    with ExitStack() as running:
        stopping = _stop_signal()
        installation = prepare(deps, migrate=listen and work)
        if listen:
            running.enter_context(socket_mode(build_bolt(deps, installation), settings))
            log.info("connected", extra={"data": {"ms": round(1000 * (time.monotonic() - started))}})
        if work:
            running.enter_context(worker(deps))
        log.info("ready", extra={"data": {"ms": round(1000 * (time.monotonic() - started))}})
        stopping.wait()
    log.info("stopped")


def _stop_signal() -> threading.Event:
    stopping = threading.Event()

    def stop(*_: object) -> None:
        if stopping.is_set():
            raise KeyboardInterrupt
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def serve_web(settings: Settings) -> None:
    """Answer Slack over HTTP until the process is ended."""
    settings.require("slack_signing_secret")
    deps = build_deps(settings)
    installation = prepare(deps, migrate=False)
    app = WebApp(build_bolt(deps, installation), deps.db)
    log.info("ready", extra={"data": {"host": settings.host, "port": settings.port}})
    waitress.serve(app, host=settings.host, port=settings.port, threads=_LISTENERS_AT_ONCE, ident=None)

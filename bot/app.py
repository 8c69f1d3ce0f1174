"""The composition root: settings become a running bot, worker or web server."""

import logging
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import waitress
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk import WebClient

from bot.deps import Deps
from bot.errors import new_reference
from bot.settings import Settings
from bot.slack import Installation
from bot.socket_mode import socket_mode
from bot.startup import build_deps, prepare
from bot.web import WebApp
from handlers import accounts, announcements, checkins, home, menu, preferences, sessions
from jobs import schedule
from jobs.engine import Engine

log = logging.getLogger(__name__)

_FEATURES = (accounts, announcements, checkins, home, menu, preferences, sessions)
_LISTENERS_AT_ONCE = 32  # Bolt's five make acks late at fifty commands a second (measured)


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
        name="vliegwiel",  # or else Bolt looks through the whole call stack for one
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
    log.error("Bolt failed", extra={"data": {"reference": new_reference(), "error": type(error).__name__}})


@contextmanager
def working(deps: Deps) -> Iterator[None]:
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
    with ExitStack() as running, _until_stopped():
        installation = prepare(deps, migrate=listen and work)
        if listen:
            running.enter_context(socket_mode(build_bolt(deps, installation), settings))
            log.info("connected", extra={"data": {"ms": _since(started)}})
        if work:
            running.enter_context(working(deps))
        log.info("ready", extra={"data": {"ms": _since(started)}})
        threading.Event().wait()
    log.info("stopped")


def _since(started: float) -> int:
    return round(1000 * (time.monotonic() - started))


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Ends its block, wherever it is, when the process is asked to stop."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        yield
    except KeyboardInterrupt:
        log.info("stopping")


def serve_web(settings: Settings) -> None:
    """Answer Slack over HTTP until the process is ended."""
    settings.require("slack_signing_secret")
    deps = build_deps(settings)
    installation = prepare(deps, migrate=False)
    app = WebApp(build_bolt(deps, installation), deps.db)
    log.info("ready", extra={"data": {"host": settings.host, "port": settings.port}})
    waitress.serve(app, host=settings.host, port=settings.port, threads=_LISTENERS_AT_ONCE, ident=None)

"""The whole product in a test: the real bot on real sockets, a local Slack, the demo edition, a standing clock."""

import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import cache

import pytest
from pydantic import SecretStr
from slack_bolt import App

from bot import app, manifest, startup
from bot.clock import Clock
from bot.database import Database
from bot.demo import people_of
from bot.deps import Deps
from bot.services import deliveries
from bot.settings import Settings
from bot.slack import Slack
from bot.socket_mode import socket_mode
from jobs import lanes
from jobs.announcements import refresh_results
from jobs.lanes import Lane
from jobs.plan import plan
from sandbox.client import PersonClient, SandboxClient
from sandbox.clock import Clock as SandboxClock
from sandbox.installation import load_manifest
from sandbox.people import Person
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace
from tests.support.demo import DEMO, START, STRANGER, amsterdam


def local_slack(start: datetime = START) -> Workspace:
    """A local Slack with the people of the demo edition and one stranger; its clock only moves when told."""
    people = people_of(DEMO)
    people.append(Person(id=STRANGER, name="vreemd", real_name="Vreemde Vogel", email="vreemd@elders.example"))
    return Workspace(
        people={person.id: person for person in people},
        app=load_manifest(manifest.FILE),
        clock=SandboxClock(start, frozen=True),
        team_name="IMAGINE",
        retry_delays=(0.05, 0.05, 0.05),
    )


def settings_for(sandbox: SandboxServer, database_url: str, **changes: object) -> Settings:
    """The bot's settings to talk to this local Slack."""
    installation = sandbox.workspace.app
    values: dict[str, object] = {
        "database_url": database_url,
        "slack_bot_token": SecretStr(installation.bot_token),
        "slack_app_token": SecretStr(installation.app_token),
        "slack_signing_secret": SecretStr(installation.signing_secret),
        "slack_api_url": sandbox.api_url,
        "messages_per_minute": 60_000,
        **changes,
    }
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


class World:
    """What a test needs at hand; the ticks of the worker happen when the test says so."""

    def __init__(self, sandbox: SandboxServer, deps: Deps, bolt: App) -> None:
        self.sandbox = sandbox
        self.slack: SandboxClient = sandbox.client
        self.deps = deps
        self._bolt = bolt

    @property
    def db(self) -> Database:
        """The database under test."""
        return self.deps.db

    @property
    def now(self) -> datetime:
        """What time it is."""
        return self.deps.clock()

    def person(self, slack_user_id: str) -> PersonClient:
        """Somebody in Slack."""
        return self.slack.person(slack_user_id)

    def jump(self, text: str) -> None:
        """Set the clock forward to a moment in Amsterdam, "2017-11-02 12:15", and let the worker do its work."""
        self.slack.jump_to(amsterdam(text))
        self.work()

    def work(self) -> None:
        """One turn of the worker: plan, send all that is due, refresh the result lines."""
        while plan(self.deps):
            pass
        self.send()
        refresh_results(self.deps)

    def send(self) -> int:
        """Let lanes send what is due; returns how many messages went out."""
        sent = 0
        with self.db.begin() as db:
            waiting = deliveries.waiting(db, self.now)
        for work in waiting:
            sent += Lane(self.deps, work.workspace_id).run()
        return sent

    def finish(self) -> None:
        """Wait until the bot is done with everything it has heard; it does nothing more after that."""
        executor: ThreadPoolExecutor = self._bolt.listener_runner.listener_executor  # type: ignore[assignment]
        executor.shutdown(wait=True)


@pytest.fixture(scope="session", autouse=True)
def _one_tls_context() -> Iterator[None]:
    """Nothing here speaks TLS, yet slack_sdk reads the machine's certificates at each connection: 20 ms of CPU."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(autouse=True)
def _no_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's one message a second in a channel is left to the tests that are about it."""
    monkeypatch.setattr(lanes, "SAME_PERSON_SECONDS", 0.0)


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A local Slack of this test alone."""
    with SandboxServer(local_slack()) as server:
        yield server


@contextmanager
def bot_connected(sandbox: SandboxServer, database: Database) -> Iterator[World]:
    """The bot on this database, connected over Socket Mode."""
    settings = settings_for(sandbox, database.url)
    clock: Clock = sandbox.workspace.clock.now
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    deps = Deps(settings, database, Slack(token, settings.slack_api_url), clock)
    bolt = app.build_bolt(deps, startup.prepare(deps, migrate=False))
    connection = socket_mode(bolt, settings)
    connection.__enter__()
    world = World(sandbox, deps, bolt)
    try:
        yield world
    finally:
        world.finish()
        # slack_sdk takes up to a second to end its threads; the next test need not wait for that
        threading.Thread(target=connection.__exit__, args=(None, None, None)).start()


@pytest.fixture
def world(sandbox: SandboxServer, database: Database) -> Iterator[World]:
    """The demo edition, the bot connected over Socket Mode; once on SQLite and once on PostgreSQL."""
    with bot_connected(sandbox, database) as world:
        yield world


@pytest.fixture
def slack() -> Iterator[SandboxServer]:
    """A local Slack whose clock runs."""
    workspace = local_slack()
    workspace.clock = SandboxClock(START)
    with SandboxServer(workspace) as server:
        yield server

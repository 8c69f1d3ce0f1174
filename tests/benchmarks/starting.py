"""How long it takes until the bot is there, and how much memory it holds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

from bot.database import Database
from sandbox.client import wait_for
from sandbox.server import SandboxServer
from tests.benchmarks.setting import demo_database, local

_BARE = """
import os, threading
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
app = App(client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]))
app.command("/checkin")(lambda ack: ack("ok"))
SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).connect()
threading.Event().wait()
"""
_SETTLE = 3.0  # seconds, until the worker has done its first turns


@dataclass(frozen=True)
class Starting:
    """Starts processes and looks at them."""

    slack: SandboxServer
    database: Database

    def bot(self) -> float:
        """Seconds until `vliegwiel run` is connected, on a migrated database."""
        return self._measure([sys.executable, "-m", "bot", "run"])[0]

    def bare(self) -> float:
        """Seconds until a Bolt app with one listener is connected."""
        return self._measure([sys.executable, "-c", _BARE])[0]

    def bot_memory(self) -> float:
        """Megabytes of `vliegwiel run`, bot and worker in one process."""
        return self._measure([sys.executable, "-m", "bot", "run"], settle=_SETTLE)[1]

    def bare_memory(self) -> float:
        """Megabytes of a Bolt app with one listener."""
        return self._measure([sys.executable, "-c", _BARE], settle=_SETTLE)[1]

    def _measure(self, command: list[str], settle: float = 0) -> tuple[float, float]:
        started = time.monotonic()
        process = subprocess.Popen(command, env=self._environment(), stderr=subprocess.DEVNULL)
        try:
            wait_for(self.slack.client.connections, 30, "a connection")
            seconds = time.monotonic() - started
            time.sleep(settle)
            return seconds, psutil.Process(process.pid).memory_info().rss / 1e6
        finally:
            process.kill()
            process.wait()
            with suppress(TimeoutError):
                wait_for(lambda: not self.slack.client.connections(), 5, "the connection to go")

    def _environment(self) -> dict[str, str]:
        installation = self.slack.workspace.app
        return {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "SLACK_BOT_TOKEN": installation.bot_token,
            "SLACK_APP_TOKEN": installation.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "LOG_LEVEL": "error",
        }


@contextmanager
def prepared() -> Iterator[Starting]:
    """Ready to measure."""
    with local() as slack, demo_database() as database:
        yield Starting(slack, database)

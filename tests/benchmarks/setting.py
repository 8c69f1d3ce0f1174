"""What the benchmarks run against: a local Slack, and a database with the demo edition."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.database import Database
from sandbox.server import SandboxServer
from tests.support.databases import fill
from tests.support.world import local_slack


@contextmanager
def demo_database() -> Iterator[Database]:
    """An SQLite file with the demo edition, everybody linked."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'benchmark.db'}")
        fill(database.url, demo=True)
        yield database
        database.dispose()


@contextmanager
def local() -> Iterator[SandboxServer]:
    """A local Slack."""
    with SandboxServer(local_slack()) as server:
        yield server

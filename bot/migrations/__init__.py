"""The history of the tables, and the way to bring a database up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.database import Database

_LOCK = 7_105_917  # any number of our own

HERE = Path(__file__).parent


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to `revision`; nothing happens when they are there already."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # several processes may start at the same moment
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the tables back to `revision`; "base" removes them all."""
    with database.engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def check(database: Database) -> None:
    """Raise when the tables the models describe differ from those the migrations make."""
    with database.engine.begin() as connection:
        command.check(_config(connection))


def is_current(database: Database) -> bool:
    """Whether the database has every migration."""
    with database.engine.connect() as connection:
        have = MigrationContext.configure(connection).get_current_revision()
    return have == ScriptDirectory.from_config(_config()).get_current_head()


def new_revision(database: Database, message: str) -> None:
    """Write a migration file for what the models have and the database has not."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)

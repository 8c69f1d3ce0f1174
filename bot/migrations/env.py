"""Run by Alembic: hands it our tables and the connection it was called with."""

from alembic import context
from sqlalchemy.schema import SchemaItem

import bot.models  # noqa: F401 - fills Base.metadata
from bot.database import Base


def _is_ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, _compared: SchemaItem | None) -> bool:
    """The delivery engine keeps its own tables in the same SQLite file; they are not ours to change."""
    return not (kind == "table" and reflected and name not in Base.metadata.tables)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=_is_ours,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

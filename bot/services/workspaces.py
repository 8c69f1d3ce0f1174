"""The Slack workspaces in which the bot is installed."""

from datetime import datetime

from sqlalchemy import select, update

from bot.database import Db
from bot.models.networks import Network, Workspace


def adopt(db: Db, team_id: str, name: str, bot_id: str, bot_user_id: str, now: datetime) -> Workspace:
    """The workspace the bot's token belongs to, as it is now; installing again brings it back to life.

    There is one token, so any other workspace cannot be reached any more: one tried out before, for instance.
    """
    others = update(Workspace).where(Workspace.team_id != team_id, Workspace.uninstalled_at.is_(None))
    db.execute(others.values(uninstalled_at=now))
    workspace = db.scalar(select(Workspace).where(Workspace.team_id == team_id))
    if workspace is None:
        workspace = Workspace(team_id=team_id)
        db.add(workspace)
    workspace.name, workspace.bot_id, workspace.bot_user_id = name, bot_id, bot_user_id
    workspace.uninstalled_at = None
    if workspace.network_id is None:
        workspace.network_id = db.scalar(select(Network.id).order_by(Network.id).limit(1))
    db.flush()
    return workspace


def installed(db: Db) -> Workspace | None:
    """The workspace this process has a token for; None once the bot was taken out."""
    return db.scalars(select(Workspace).where(Workspace.uninstalled_at.is_(None)).order_by(Workspace.id)).first()


def record_uninstalled(db: Db, team_id: str, now: datetime) -> None:
    """Note that the bot was taken out: nothing is sent there any more."""
    workspace = db.scalar(select(Workspace).where(Workspace.team_id == team_id))
    if workspace is not None:
        workspace.uninstalled_at = now

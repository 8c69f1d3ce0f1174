"""Who runs programmes, and the Slack workspaces in which the bot is installed for them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import Base


class Network(Base):
    """An organisation that runs programmes: the owner of people, hospitals and editions."""

    __tablename__ = "network"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class Workspace(Base):
    """A Slack workspace with the bot in it. A network may have one, or one for each hospital.

    `paused_until` is set when Slack asks us to wait; nothing is sent there before that moment.
    """

    __tablename__ = "workspace"

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"))
    team_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    bot_id: Mapped[str]
    bot_user_id: Mapped[str]
    paused_until: Mapped[datetime | None]
    uninstalled_at: Mapped[datetime | None]

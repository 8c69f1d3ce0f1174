"""People, and the Slack accounts they have."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base
from bot.models.networks import Workspace


class Person(Base):
    """A human of a network. No birth date, no registration number: no more than the programme needs.

    `looked_up_at` is when Slack was last asked for an account with this e-mail address.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("network_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    code: Mapped[str]
    name: Mapped[str]
    first_name: Mapped[str]
    email: Mapped[str | None] = mapped_column(index=True)
    language: Mapped[str]
    looked_up_at: Mapped[datetime | None]
    identities: Mapped[list["Identity"]] = relationship(back_populates="person")


class Identity(Base):
    """A person's account in one workspace: Slack's user id is unique together with the team id only."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    slack_user_id: Mapped[str]
    dm_channel: Mapped[str | None]
    deactivated_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="identities")
    workspace: Mapped[Workspace] = relationship()

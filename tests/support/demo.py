"""The demo edition in tests: its people under short names, its calendar, its Slack accounts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.database import Db
from bot.demo import EDITION
from bot.models.people import Identity, Person
from bot.services import roster_files

DEMO = roster_files.read(EDITION)
TEAM_ID = "T0SANDBOX"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")

LOTTE = "U0D07"  # participant, Deventer
MARIT = "U0D01"  # participant, Albert Schweitzer
SJOERD = "U0D16"  # participant, OLVG
WENDELA = "U0C1"  # coordinator
HUGO = "U0M02"  # mentor
MIEKE = "U0BASZ"  # board member, Albert Schweitzer
FATIMA = "U0TR2"  # trainer
STRANGER = "U0STRANGER"


def amsterdam(text: str) -> datetime:
    """A moment on the clock of Amsterdam: "2017-11-02 12:15"."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


START = amsterdam("2017-11-01 09:00").astimezone(UTC)
"""A Wednesday, eight days before the second training session."""


def slack_id(code: str) -> str:
    """The Slack user id of somebody on the roster."""
    return "U0" + code.replace("-", "")


def link_everybody(db: Db, workspace_id: int) -> None:
    """Give everybody their account, as the job that looks up e-mail addresses would."""
    for person in db.scalars(select(Person)):
        db.add(Identity(person_id=person.id, workspace_id=workspace_id, slack_user_id=slack_id(person.code)))

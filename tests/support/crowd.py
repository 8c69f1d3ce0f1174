"""Many people at once, in the database and in the local Slack."""

from sqlalchemy import select

from bot.database import Db
from bot.models.editions import Edition, Role
from bot.models.networks import Workspace
from bot.models.participations import Participation, ParticipationRole
from bot.models.people import Identity, Person
from sandbox.client import SandboxClient


def add_crowd(db: Db, slack: SandboxClient, number: int) -> None:
    """Let so many mentors join the edition, all with an account in Slack."""
    edition = db.scalars(select(Edition)).one()
    workspace = db.scalars(select(Workspace)).one()
    codes = [f"X{index:04}" for index in range(number)]
    for code in codes:
        person = Person(network_id=edition.network_id, code=code, name=f"Mentor {code}", first_name=code, language="nl")
        person.identities = [Identity(workspace_id=workspace.id, slack_user_id=f"U0{code}")]
        mentor = Participation(edition_id=edition.id, person=person, roles=[ParticipationRole(role=Role.MENTOR)])
        db.add_all([person, mentor])
    rows = [{"id": f"U0{code}", "name": code.lower(), "real_name": f"Mentor {code}"} for code in codes]
    slack.add_people(*rows)

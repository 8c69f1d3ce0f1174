"""Who is asking: from a Slack account to a person with roles in an edition."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.database import Db
from bot.models.editions import Edition, Role
from bot.models.networks import Workspace
from bot.models.participations import Participation
from bot.models.people import Identity

CHECKIN_ROLES = frozenset({Role.PARTICIPANT, Role.MANAGER, Role.NURSE})
"""Who reports on a project of their own. Boards, mentors and trainers are never asked."""


@dataclass(frozen=True)
class Member:
    """A person as the rest of the product needs them: who, in which edition, as what, in which language."""

    person_id: int
    name: str
    first_name: str
    language: str
    workspace_id: int
    identity_id: int
    participation_id: int
    edition_id: int
    edition_name: str
    edition_ends_on: date
    is_demo: bool
    timezone: str
    roles: frozenset[Role]
    term: str

    @property
    def is_coordinator(self) -> bool:
        """May announce and change sessions."""
        return bool(self.roles & {Role.COORDINATOR, Role.PROGRAMME_LEADER})

    @property
    def checks_in(self) -> bool:
        """Is asked how their project goes."""
        return bool(self.roles & CHECKIN_ROLES)

    def today(self, now: datetime) -> date:
        """The date on the edition's calendar."""
        return now.astimezone(ZoneInfo(self.timezone)).date()


def find_member(db: Db, team_id: str, slack_user_id: str, now: datetime) -> Member | None:
    """The member behind a Slack account, in the edition that runs today or else the latest one.

    None for somebody the network does not know, and for an account that was deactivated.
    """
    identity = db.scalar(
        select(Identity)
        .join(Workspace)
        .where(Workspace.team_id == team_id, Identity.slack_user_id == slack_user_id)
        .where(Identity.deactivated_at.is_(None))
        .options(joinedload(Identity.person))
    )
    if identity is None:
        return None
    participation = _current_participation(db, identity.person_id, now)
    return _member(identity, participation) if participation else None


def _current_participation(db: Db, person_id: int, now: datetime) -> Participation | None:
    choices = db.scalars(
        select(Participation).where(Participation.person_id == person_id).options(joinedload(Participation.edition))
    ).all()
    return max(choices, key=lambda choice: _relevance(choice.edition, now), default=None)


def _relevance(edition: Edition, now: datetime) -> tuple[bool, date]:
    today = now.astimezone(ZoneInfo(edition.timezone)).date()
    return edition.starts_on <= today <= edition.ends_on, edition.starts_on


def _member(identity: Identity, participation: Participation) -> Member:
    person, edition = identity.person, participation.edition
    return Member(
        person_id=person.id,
        name=person.name,
        first_name=person.first_name,
        language=person.language,
        workspace_id=identity.workspace_id,
        identity_id=identity.id,
        participation_id=participation.id,
        edition_id=edition.id,
        edition_name=edition.name,
        edition_ends_on=edition.ends_on,
        is_demo=edition.is_demo,
        timezone=edition.timezone,
        roles=frozenset(role.role for role in participation.roles),
        term=edition.term_style if person.language == "nl" else "clinical leader",
    )


def take_turns(db: Db, member: Member) -> None:
    """Let what one person does at once happen one after another: each tap runs in a thread of its own."""
    db.get_one(Participation, member.participation_id, with_for_update=True)


def record_deactivation(db: Db, team_id: str, slack_user_id: str, deactivated: bool, now: datetime) -> None:
    """Note that an account was closed or opened again: nothing is sent to a closed one."""
    identity = db.scalar(
        select(Identity).join(Workspace).where(Workspace.team_id == team_id, Identity.slack_user_id == slack_user_id)
    )
    if identity is not None:
        identity.deactivated_at = now if deactivated else None

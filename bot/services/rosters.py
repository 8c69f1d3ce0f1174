"""Rosters: an edition and its people, put in the database and linked to Slack accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from bot.database import Base, Db
from bot.errors import ConfigurationError
from bot.models.editions import Edition, EditionHospital, Hospital, Track, TrackRole
from bot.models.networks import Network
from bot.models.participations import Participation, ParticipationRole
from bot.models.people import Identity, Person
from bot.models.sessions import LearningSession
from bot.models.teams import Team, TeamMember
from bot.services import checkins_asking, deliveries, sessions
from bot.services.roster_files import (
    EditionEntry,
    HospitalEntry,
    PersonEntry,
    Roster,
    SessionEntry,
    TeamEntry,
    TrackEntry,
)

_LOOK_AGAIN_AFTER = timedelta(hours=1)

Table = TypeVar("Table", bound=Base)


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows that are new."""

    people: int
    sessions: int
    edition_id: int


def load(db: Db, roster: Roster, now: datetime) -> Loaded:
    """Put an edition in the database; loading it again adds what is new and updates people and habits.

    Sessions that are there already are left as they are, but for when to remind: coordinators change those in Slack,
    with a notice to everybody concerned. So is the language a person speaks. Raises ConfigurationError for demo data
    beside a real edition, or the other way round.
    """
    network = _upsert(db, Network, {"code": roster.network.code}, {"name": roster.network.name})
    _refuse_mixing(db, roster.edition)
    edition = _edition(db, network, roster.edition)
    hospitals = {entry.code: _hospital(db, edition, entry) for entry in roster.hospitals}
    tracks = {entry.code: _track(db, edition, entry) for entry in roster.tracks}
    before = db.scalar(select(func.count()).select_from(Person)) or 0
    people = {entry.code: _participation(db, edition, entry, hospitals, now) for entry in roster.people}
    for team in roster.teams:
        _team(db, edition, team, hospitals, people)
    new = [_session(db, edition, entry, tracks, now) for entry in roster.sessions]
    after = db.scalar(select(func.count()).select_from(Person)) or 0
    return Loaded(people=after - before, sessions=sum(new), edition_id=edition.id)


def _upsert(db: Db, table: type[Table], key: dict[str, Any], values: dict[str, Any]) -> Table:
    row = db.scalar(select(table).filter_by(**key))
    if row is None:
        row = table(**key)
        db.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    db.flush()
    return row


def _refuse_mixing(db: Db, entry: EditionEntry) -> None:
    others = select(Edition).where(Edition.is_demo != entry.is_demo)
    if db.scalar(others.limit(1)) is not None:
        raise ConfigurationError("Demo data and real editions do not go together; use another database.")


def _edition(db: Db, network: Network, entry: EditionEntry) -> Edition:
    values = entry.model_dump(exclude={"code"})
    return _upsert(db, Edition, {"network_id": network.id, "code": entry.code}, values)


def _hospital(db: Db, edition: Edition, entry: HospitalEntry) -> Hospital:
    key = {"network_id": edition.network_id, "code": entry.code}
    hospital = _upsert(db, Hospital, key, {"name": entry.name})
    _upsert(db, EditionHospital, {"edition_id": edition.id, "hospital_id": hospital.id}, {"theme": entry.theme})
    return hospital


def _track(db: Db, edition: Edition, entry: TrackEntry) -> Track:
    names = {"name_nl": entry.name_nl, "name_en": entry.name_en}
    track = _upsert(db, Track, {"edition_id": edition.id, "code": entry.code}, names)
    kept = {role.role: role for role in track.audience}
    track.audience = [kept.get(role) or TrackRole(role=role) for role in entry.audience]
    return track


def _participation(
    db: Db, edition: Edition, entry: PersonEntry, hospitals: dict[str, Hospital], now: datetime
) -> Participation:
    values: dict[str, Any] = {
        "name": entry.name,
        "first_name": entry.first_name or entry.name.split()[0],
        "email": entry.email.lower() if entry.email else None,
    }
    person = db.scalar(select(Person).filter_by(network_id=edition.network_id, code=entry.code))
    if person is None:
        values["language"] = entry.language or edition.language
    person = _upsert(db, Person, {"network_id": edition.network_id, "code": entry.code}, values)
    hospital = hospitals[entry.hospital].id if entry.hospital else None
    participation = _upsert(
        db,
        Participation,
        {"edition_id": edition.id, "person_id": person.id},
        {"hospital_id": hospital, "specialty": entry.specialty},
    )
    kept = {role.role: role for role in participation.roles}
    participation.roles = [kept.get(role) or ParticipationRole(role=role) for role in entry.roles]
    checkins_asking.set_own_moment(db, participation, now)
    return participation


def _team(
    db: Db, edition: Edition, entry: TeamEntry, hospitals: dict[str, Hospital], people: dict[str, Participation]
) -> None:
    values = {"name": entry.name, "hospital_id": hospitals[entry.hospital].id}
    team = _upsert(db, Team, {"edition_id": edition.id, "code": entry.code}, values)
    kept = {member.participation_id: member for member in team.members}
    leaders = [people[code].id for code in entry.leaders]
    team.members = [kept.get(leader) or TeamMember(participation_id=leader, is_leader=True) for leader in leaders]


def _session(db: Db, edition: Edition, entry: SessionEntry, tracks: dict[str, Track], now: datetime) -> bool:
    key = {"edition_id": edition.id, "code": entry.code}
    known = db.scalar(select(LearningSession).filter_by(**key))
    if known is not None:
        sessions.renew_reminders(db, known, now)
        return False
    zone = ZoneInfo(edition.timezone)
    session = LearningSession(
        **key,
        track_id=tracks[entry.track].id,
        title=entry.title,
        starts_at=datetime.combine(entry.date, entry.start, zone),
        ends_at=datetime.combine(entry.date, entry.end, zone),
        location=entry.location,
        preparation=entry.preparation,
        revision=0,
        edition=edition,
    )
    db.add(session)
    db.flush()
    sessions.schedule_reminders(db, session, now)
    return True


def people_without_account(db: Db, workspace_id: int, most: int, now: datetime) -> list[Person]:
    """People with an e-mail address but no account in this workspace; who was not found is asked for hourly."""
    query = (
        select(Person)
        .where(Person.email.is_not(None), ~Person.identities.any(Identity.workspace_id == workspace_id))
        .where(or_(Person.looked_up_at.is_(None), Person.looked_up_at <= now - _LOOK_AGAIN_AFTER))
        .order_by(Person.looked_up_at.asc().nulls_first(), Person.id)
        .limit(most)
    )
    return list(db.scalars(query))


def link(db: Db, workspace_id: int, person_id: int, slack_user_id: str | None, now: datetime) -> None:
    """Note which Slack account is this person's, or that none was found when we asked."""
    db.get_one(Person, person_id).looked_up_at = now
    if slack_user_id is None:
        return
    known = db.scalar(
        select(Identity).where(Identity.workspace_id == workspace_id, Identity.slack_user_id == slack_user_id)
    )
    if known is None:
        account = Identity(person_id=person_id, workspace_id=workspace_id, slack_user_id=slack_user_id)
        db.add(account)
        db.flush()
        deliveries.revive(db, account, now)

"""Rosters: a file with an edition and its people, checked whole before it touches the database."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from sqlalchemy import func, select

from bot.database import Base, Db
from bot.errors import ConfigurationError
from bot.i18n import LANGUAGES
from bot.models.editions import Edition, EditionHospital, Hospital, Role, TermStyle, Track, TrackRole
from bot.models.networks import Network
from bot.models.participations import Participation, ParticipationRole
from bot.models.people import Identity, Person
from bot.models.sessions import LearningSession
from bot.models.teams import Team, TeamMember
from bot.services import checkins, sessions

Table = TypeVar("Table", bound=Base)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone such as Europe/Amsterdam")
    return name


def _known_language(name: str) -> str:
    if name not in LANGUAGES:
        raise ValueError(f"is not one of {', '.join(LANGUAGES)}")
    return name


def _known_offset(offset: str) -> str:
    try:
        sessions.parse_offset(offset)
    except ValidationError:
        raise ValueError('is not an ISO 8601 duration such as "P7D" or "PT1H"') from None
    return offset


Zone = Annotated[str, AfterValidator(_known_zone)]
Language = Annotated[str, AfterValidator(_known_language)]
Offset = Annotated[str, AfterValidator(_known_offset)]
Code = Annotated[str, Field(min_length=1, max_length=40)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


class NetworkEntry(_Entry):
    """The organisation that runs the programme."""

    code: Code
    name: str


class EditionEntry(_Entry):
    """The edition and its habits; weekdays count from Monday = 0."""

    code: Code
    name: str
    starts_on: date
    ends_on: date
    timezone: Zone = "Europe/Amsterdam"
    country: str = "NL"
    language: Language = "nl"
    term_style: TermStyle = TermStyle.KLINISCH
    is_demo: bool = False
    checkin_weekday: int = Field(default=3, ge=0, le=4)
    checkin_time: time = time(12, 15)
    quiet_from: time = time(19)
    quiet_until: time = time(8)
    reminder_offsets: list[Offset] = ["P7D", "P1D", "PT1H"]


class HospitalEntry(_Entry):
    """A hospital and the theme it chose."""

    code: Code
    name: str
    theme: str | None = None


class TrackEntry(_Entry):
    """A part of the programme and the roles it is for."""

    code: Code
    name_nl: str
    name_en: str
    audience: list[Role]


class PersonEntry(_Entry):
    """Somebody who takes part. The e-mail address is the one of their Slack account."""

    code: Code
    name: str
    first_name: str | None = None
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    language: Language | None = None
    hospital: str | None = None
    specialty: str | None = None
    roles: list[Role] = Field(min_length=1)


class TeamEntry(_Entry):
    """An improvement team and the people who lead it."""

    code: Code
    name: str
    hospital: str
    leaders: list[str]


class SessionEntry(_Entry):
    """A session, on the clock of the edition."""

    code: Code
    track: str
    date: date
    start: time
    end: time
    title: str
    location: str
    preparation: str | None = None


class Roster(BaseModel):
    """A whole edition. Keys this release has no use for yet, such as `projects`, are left alone."""

    notice: str | None = None
    network: NetworkEntry
    edition: EditionEntry
    hospitals: list[HospitalEntry] = []
    tracks: list[TrackEntry] = []
    people: list[PersonEntry]
    teams: list[TeamEntry] = []
    sessions: list[SessionEntry] = []

    @model_validator(mode="after")
    def _fits_together(self) -> "Roster":
        hospitals, tracks, people = (
            {each.code for each in part} for part in (self.hospitals, self.tracks, self.people)
        )
        wrong = [f"person {p.code}: hospital {p.hospital}" for p in self.people if p.hospital not in {None, *hospitals}]
        wrong += [f"session {s.code}: track {s.track}" for s in self.sessions if s.track not in tracks]
        wrong += [f"team {t.code}: hospital {t.hospital}" for t in self.teams if t.hospital not in hospitals]
        wrong += [f"team {t.code}: person {p}" for t in self.teams for p in t.leaders if p not in people]
        mistakes = [f"unknown codes: {'; '.join(wrong)}"] if wrong else []
        mistakes += _twice("hospital", self.hospitals) + _twice("track", self.tracks) + _twice("person", self.people)
        mistakes += _twice("session", self.sessions) + _twice("team", self.teams)
        mistakes += [f"session {s.code} ends before it begins" for s in self.sessions if s.end <= s.start]
        if self.edition.ends_on < self.edition.starts_on:
            mistakes.append("the edition ends before it begins")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self


def _twice(what: str, entries: Iterable[_Coded]) -> list[str]:
    counts = Counter(entry.code for entry in entries)
    return [f"{what} {code} is there twice" for code, count in counts.items() if count > 1]


def read(path: Path) -> Roster:
    """A roster from a JSON file. Raises ConfigurationError naming every mistake and where it stands."""
    try:
        return Roster.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigurationError(f"There is no file {path}.") from None
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{path} is not JSON: {error.msg} in line {error.lineno}.") from None
    except ValidationError as error:
        lines = [f"  - {'.'.join(map(str, e['loc'])) or 'roster'}: {e['msg']}" for e in error.errors()]
        raise ConfigurationError(f"{path} has mistakes:\n" + "\n".join(lines)) from None


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows that are new."""

    people: int
    sessions: int
    edition_id: int


def load(db: Db, roster: Roster, now: datetime) -> Loaded:
    """Put an edition in the database; loading it again adds what is new and updates people and habits.

    Sessions that are there already are left as they are: coordinators change those in Slack, with a notice to
    everybody concerned. Raises ConfigurationError for demo data beside a real edition, or the other way round.
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
    for role in entry.audience:
        _upsert(db, TrackRole, {"track_id": track.id, "role": role}, {})
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
    if person is None or entry.language:
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
    checkins.set_own_moment(db, participation, now)
    return participation


def _team(
    db: Db, edition: Edition, entry: TeamEntry, hospitals: dict[str, Hospital], people: dict[str, Participation]
) -> None:
    values = {"name": entry.name, "hospital_id": hospitals[entry.hospital].id}
    team = _upsert(db, Team, {"edition_id": edition.id, "code": entry.code}, values)
    for code in entry.leaders:
        key = {"team_id": team.id, "participation_id": people[code].id}
        _upsert(db, TeamMember, key, {"is_leader": True})


def _session(db: Db, edition: Edition, entry: SessionEntry, tracks: dict[str, Track], now: datetime) -> bool:
    key = {"edition_id": edition.id, "code": entry.code}
    if db.scalar(select(LearningSession.id).filter_by(**key)) is not None:
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


def people_without_account(db: Db, workspace_id: int, most: int) -> list[Person]:
    """People with an e-mail address but no account in this workspace, those asked for longest ago first."""
    query = (
        select(Person)
        .where(Person.email.is_not(None), ~Person.identities.any(Identity.workspace_id == workspace_id))
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
        db.add(Identity(person_id=person_id, workspace_id=workspace_id, slack_user_id=slack_user_id))

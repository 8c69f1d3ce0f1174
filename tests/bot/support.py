"""What the tests of the rules share: members, a small roster, and the planner's tick without a Slack."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.database import Database
from bot.deps import Deps
from bot.i18n import Texts
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.editions import Edition
from bot.models.participations import Participation
from bot.models.people import Person
from bot.models.sessions import LearningSession
from bot.services import rosters
from bot.services.members import Member, find_member
from bot.services.roster_files import Roster
from bot.settings import Settings
from bot.slack import Slack
from jobs.plan import plan
from tests.support.demo import AMSTERDAM, LOTTE, START, TEAM_ID

NL = Texts("nl")
EN = Texts("en")


def member_of(database: Database, slack_user_id: str = LOTTE, now: datetime = START) -> Member:
    """Somebody of the demo edition, as the product knows them."""
    with database.begin() as db:
        found = find_member(db, TEAM_ID, slack_user_id, now)
    if found is None:
        raise LookupError(slack_user_id)
    return found


def tick(database: Database, now: datetime) -> int:
    """One look at the schedules, as every worker does each second; returns how many were due."""
    settings = Settings(_env_file=None)
    deps = Deps(settings, database, Slack("xoxb-nowhere", "http://127.0.0.1:9/"), lambda: now)
    return plan(deps)


@dataclass(frozen=True)
class Row:
    """A delivery as a test reads it: who by their code on the roster, when on the clock of Amsterdam."""

    person: str
    kind: DeliveryKind
    due: str
    state: DeliveryState = DeliveryState.PENDING
    reason: str | None = None


def local(moment: datetime) -> str:
    """A moment on the clock of Amsterdam: "2017-11-02 12:15"."""
    return f"{moment.astimezone(UTC).astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"


def owed(database: Database, *kinds: DeliveryKind, to: str | None = None) -> list[Row]:
    """The deliveries of these kinds (or all), to this person (or all), as they were put down."""
    query = select(Delivery, Person.code).join(Person, Person.id == Delivery.person_id).order_by(Delivery.id)
    if kinds:
        query = query.where(Delivery.kind.in_(kinds))
    if to:
        query = query.where(Person.code == to)
    with database.begin() as db:
        return [Row(code, row.kind, local(row.due_at), row.state, row.reason) for row, code in db.execute(query)]


def mark(database: Database, kind: DeliveryKind, state: DeliveryState) -> None:
    """Let everything of a kind be in this state, as a lane would have left it."""
    with database.begin() as db:
        for row in db.scalars(select(Delivery).where(Delivery.kind == kind)):
            row.state = state


def edition_of(database: Database) -> Edition:
    """The one edition in the database."""
    with database.begin() as db:
        return db.scalars(select(Edition)).one()


def participation_of(database: Database, code: str) -> Participation:
    """Somebody's place in the one edition."""
    with database.begin() as db:
        return db.scalars(select(Participation).join(Person).where(Person.code == code)).one()


def change_participation(database: Database, code: str, **changes: Any) -> None:
    """Change somebody's place in the edition behind the product's back."""
    with database.begin() as db:
        row = db.scalars(select(Participation).join(Person).where(Person.code == code)).one()
        for name, value in changes.items():
            setattr(row, name, value)


def change_edition(database: Database, **changes: Any) -> None:
    """Change the one edition behind the product's back."""
    with database.begin() as db:
        row = db.scalars(select(Edition)).one()
        for name, value in changes.items():
            setattr(row, name, value)


def session_id(database: Database, code: str) -> int:
    """The id of a session of the demo edition."""
    with database.begin() as db:
        return db.scalars(select(LearningSession.id).where(LearningSession.code == code)).one()


def small_roster(**changes: Any) -> dict[str, Any]:
    """A real edition of two people and one session, as JSON; `changes` replace whole parts."""
    roster: dict[str, Any] = {
        "network": {"code": "net", "name": "Het netwerk"},
        "edition": {"code": "E1", "name": "Editie 1", "starts_on": "2017-09-01", "ends_on": "2018-06-30"},
        "hospitals": [{"code": "H1", "name": "Ziekenhuis 1"}],
        "tracks": [{"code": "training", "name_nl": "opleiding", "name_en": "training", "audience": ["participant"]}],
        "people": [
            {"code": "A", "name": "Anna Arts", "email": "anna@h1.example", "hospital": "H1", "roles": ["participant"]},
            {"code": "C", "name": "Coby Coördinator", "email": "coby@net.example", "roles": ["coordinator"]},
        ],
        "teams": [{"code": "T1", "name": "Team 1", "hospital": "H1", "leaders": ["A"]}],
        "sessions": [
            {
                "code": "S1",
                "track": "training",
                "date": "2017-11-09",
                "start": "13:30",
                "end": "17:30",
                "title": "Sessie 1",
                "location": "Utrecht",
            }
        ],
    }
    return {**roster, **changes}


def load(database: Database, roster: dict[str, Any], now: datetime = START) -> None:
    """Put a roster in the database."""
    with database.begin() as db:
        rosters.load(db, Roster.model_validate(roster), now)

"""What the database holds, in short."""

from typing import Any

from sqlalchemy import select

from bot.database import Base, Db
from bot.models.checkins import CheckIn, CheckInDraft
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.participations import Participation
from bot.models.people import Identity, Person
from tests.support.demo import slack_id
from tests.support.world import World


def person(db: Db, user_id: str) -> Person:
    """The person with this Slack account."""
    return db.scalars(select(Person).join(Identity).where(Identity.slack_user_id == user_id)).one()


def participation_id(world: World, user_id: str) -> int:
    """The id of somebody's participation."""
    with world.db.begin() as db:
        who = person(db, user_id)
        return db.scalars(select(Participation.id).where(Participation.person_id == who.id)).one()


def checkins(world: World) -> list[CheckIn]:
    """All check-ins."""
    with world.db.begin() as db:
        return list(db.scalars(select(CheckIn).order_by(CheckIn.id)))


def drafts(world: World) -> list[dict[str, str]]:
    """What all drafts hold."""
    with world.db.begin() as db:
        return [draft.answers for draft in db.scalars(select(CheckInDraft))]


def deliveries(world: World, kind: DeliveryKind) -> list[Delivery]:
    """All deliveries of a kind."""
    with world.db.begin() as db:
        return list(db.scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


def outcomes(world: World, kind: DeliveryKind) -> dict[str, tuple[str, str | None]]:
    """Of a kind of delivery, the state and the reason for each person, by Slack user id."""
    with world.db.begin() as db:
        rows = db.execute(
            select(Person.code, Delivery.state, Delivery.reason)
            .join(Delivery, Delivery.person_id == Person.id)
            .where(Delivery.kind == kind)
        )
        return {slack_id(code): (state.value, reason) for code, state, reason in rows}


def people_sent(world: World, kind: DeliveryKind) -> list[str]:
    """Who got a message of this kind, by Slack user id; somebody who got two is there twice."""
    with world.db.begin() as db:
        rows = db.scalars(
            select(Person.code)
            .join(Delivery, Delivery.person_id == Person.id)
            .where(Delivery.kind == kind, Delivery.state == DeliveryState.SENT)
        )
        return sorted(slack_id(code) for code in rows)


def everything(world: World) -> str:
    """All that is stored in all tables, as one text: to see that something is nowhere in it."""
    with world.db.begin() as db:
        found: list[Any] = [db.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    return repr(found)

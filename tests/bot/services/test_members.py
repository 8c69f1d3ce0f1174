from datetime import date

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.models.editions import Role
from bot.models.networks import Workspace
from bot.models.people import Identity, Person
from bot.services.members import Member, find_member, record_deactivation
from tests.bot.support import load, member_of, small_roster
from tests.support.demo import FATIMA, HUGO, LOTTE, MARIT, MIEKE, START, STRANGER, TEAM_ID, WENDELA, amsterdam


def found(database: Database, team_id: str, user_id: str) -> Member | None:
    with database.begin() as db:
        return find_member(db, team_id, user_id, START)


def test_member_is_found_by_account_with_everything_the_product_needs(database: Database):
    lotte = member_of(database)

    assert (lotte.name, lotte.first_name, lotte.language) == ("Lotte Kerkhuis", "Lotte", "nl")
    assert (lotte.edition_name, lotte.edition_ends_on, lotte.is_demo) == (
        "Imagine2 2017-2018",
        date(2018, 6, 22),
        True,
    )
    assert (lotte.timezone, lotte.roles, lotte.term) == (
        "Europe/Amsterdam",
        frozenset({Role.PARTICIPANT}),
        "clinical leader",
    )


def test_stranger_another_workspace_and_an_unlinked_account_are_nobody(database: Database):
    accounts = [(TEAM_ID, STRANGER), ("T0ELSEWHERE", LOTTE), ("", ""), (TEAM_ID, "u0d07")]

    assert [found(database, *account) for account in accounts] == [None] * 4


def test_person_without_a_place_in_an_edition_is_nobody(database: Database):
    with database.begin() as db:
        here = db.scalars(select(Workspace)).one()
        network = db.scalars(select(Person.network_id)).first() or 0
        person = Person(network_id=network, code="X", name="Xander", first_name="Xander", language="nl")
        person.identities = [Identity(workspace_id=here.id, slack_user_id="U0X")]
        db.add(person)

    assert found(database, TEAM_ID, "U0X") is None


def test_roles_say_who_coordinates_and_who_checks_in(database: Database):
    people = {person: member_of(database, person) for person in (LOTTE, HUGO, MIEKE, FATIMA, WENDELA, "U0PL")}

    coordinators = [person for person, member in people.items() if member.is_coordinator]
    asked = [person for person, member in people.items() if member.checks_in]

    assert (coordinators, asked) == ([WENDELA, "U0PL"], [LOTTE])


def test_closed_account_is_nobody_until_it_is_opened_again(database: Database):
    seen = []
    for deactivated in (True, False):
        with database.begin() as db:
            record_deactivation(db, TEAM_ID, LOTTE, deactivated, START)
        seen.append(found(database, TEAM_ID, LOTTE) is not None)

    assert seen == [False, True]
    assert found(database, TEAM_ID, MARIT) is not None


def test_closing_an_unknown_account_is_no_mistake(database: Database):
    with database.begin() as db:
        record_deactivation(db, TEAM_ID, STRANGER, True, START)

    assert found(database, TEAM_ID, LOTTE) is not None


def test_today_is_the_day_on_the_calendar_of_the_edition(database: Database):
    lotte = member_of(database)

    days = [lotte.today(amsterdam(moment)) for moment in ("2017-11-02 00:30", "2017-11-01 23:59")]

    assert days == [date(2017, 11, 2), date(2017, 11, 1)]


@pytest.mark.parametrize(
    ("now", "edition"),
    [
        ("2017-11-01 09:00", "Eerste"),  # the first runs
        ("2018-07-01 09:00", "Tweede"),  # none runs: the latest
        ("2018-10-01 09:00", "Tweede"),
        ("2018-06-30 23:30", "Eerste"),  # its last evening
    ],
)
def test_member_is_in_the_edition_that_runs_or_else_the_latest(empty_database: Database, now: str, edition: str):
    first = {"code": "E1", "name": "Eerste", "starts_on": "2017-09-01", "ends_on": "2018-06-30"}
    second = {"code": "E2", "name": "Tweede", "starts_on": "2018-09-01", "ends_on": "2019-06-30"}
    for entry in (first, second):
        load(empty_database, small_roster(edition=entry, sessions=[]))
    with empty_database.begin() as db:
        workspace = Workspace(team_id=TEAM_ID, name="W", bot_id="B", bot_user_id="U")
        db.add(workspace)
        db.flush()
        person = db.scalars(select(Person).where(Person.code == "A")).one()
        db.add(Identity(person_id=person.id, workspace_id=workspace.id, slack_user_id="U0A"))

    with empty_database.begin() as db:
        member = find_member(db, TEAM_ID, "U0A", amsterdam(now))

    assert member is not None
    assert member.edition_name == edition


def test_leaders_are_called_as_the_edition_calls_them_in_dutch_only(empty_database: Database):
    load(empty_database, small_roster())
    with empty_database.begin() as db:
        workspace = Workspace(team_id=TEAM_ID, name="W", bot_id="B", bot_user_id="U")
        db.add(workspace)
        db.flush()
        person = db.scalars(select(Person).where(Person.code == "A")).one()
        db.add(Identity(person_id=person.id, workspace_id=workspace.id, slack_user_id="U0A"))
    terms = []
    for language in ("nl", "en"):
        with empty_database.begin() as db:
            db.scalars(select(Person).where(Person.code == "A")).one().language = language
        terms.append(member_of(empty_database, "U0A").term)

    assert terms == ["klinisch leider", "clinical leader"]

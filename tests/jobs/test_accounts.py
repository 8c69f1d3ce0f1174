import time

import pytest
from sqlalchemy import delete, select

from bot.models.networks import Workspace
from bot.models.people import Identity, Person
from jobs.accounts import link_accounts
from tests.support.demo import DEMO, HUGO, LOTTE, MARIT, slack_id
from tests.support.screens import heard
from tests.support.world import World

EVERYBODY = sorted(slack_id(entry.code) for entry in DEMO.people)


@pytest.fixture(autouse=True)
def _nobody_linked(world: World) -> None:
    with world.db.begin() as db:
        db.execute(delete(Identity))


def linked(world: World) -> list[str]:
    with world.db.begin() as db:
        return sorted(db.scalars(select(Identity.slack_user_id)))


def looked_up(world: World) -> int:
    with world.db.begin() as db:
        return len(db.scalars(select(Person.id).where(Person.looked_up_at.is_not(None))).all())


def test_people_are_found_by_their_address_a_few_at_a_time(world: World):
    numbers = [link_accounts(world.deps, most=20) for _ in range(4)]

    assert numbers == [20, 20, 11, 0]
    assert linked(world) == EVERYBODY


def test_person_found_can_take_part_at_once(world: World):
    link_accounts(world.deps, most=100)

    world.person(LOTTE).command("/imagine help")

    heard(world.person(LOTTE), "Wat ik voor je kan doen, Lotte")


def test_person_linked_a_little_late_still_gets_the_question_of_the_week(world: World):
    world.jump("2017-11-02 12:15")

    link_accounts(world.deps, most=100)
    world.work()

    assert len(world.person(LOTTE).dm()) == 1
    heard(world.person(LOTTE), "hoe gaat het deze week met jullie verbetertraject")


def test_address_in_capitals_is_found(world: World):
    world.sandbox.workspace.people[LOTTE].email = "Lotte.KERKHUIS@dz.example"
    world.sandbox.workspace.add_people(list(world.sandbox.workspace.people.values()))

    link_accounts(world.deps, most=100)

    assert LOTTE in linked(world)


def test_person_not_found_is_asked_for_again_after_an_hour(world: World):
    workspace = world.sandbox.workspace
    hugo = workspace.people.pop(HUGO)
    workspace.reset()
    first = link_accounts(world.deps, most=100)
    nobody = link_accounts(world.deps, most=100)

    workspace.people[HUGO] = hugo
    workspace.reset()
    world.slack.advance(hours=1)
    found = link_accounts(world.deps, most=100)

    assert (first, nobody, found) == (50, 0, 1)
    assert linked(world) == EVERYBODY


def test_closed_account_is_not_linked(world: World):
    world.sandbox.workspace.people[HUGO].deleted = True

    found = link_accounts(world.deps, most=100)

    assert (found, HUGO in linked(world)) == (50, False)


def test_rate_limit_waits_as_long_as_slack_asks_and_goes_on(world: World, monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    world.slack.fault("users.lookupByEmail", "ratelimited", retry_after=7)

    first = link_accounts(world.deps, most=100)
    second = link_accounts(world.deps, most=100)

    assert ([wait for wait in waits if wait == 7], first, second) == ([7], 50, 1)
    assert linked(world) == EVERYBODY


@pytest.mark.parametrize("kind", ["http:500", "reset", "error:internal_error"])
def test_failure_of_one_look_up_leaves_the_others_alone(world: World, kind: str):
    world.slack.fault("users.lookupByEmail", kind)

    first = link_accounts(world.deps, most=100)
    second = link_accounts(world.deps, most=100)

    assert (first, second) == (50, 1)


def test_missing_scope_is_not_taken_for_people_without_an_account(world: World):
    world.slack.fault("users.lookupByEmail", "error:missing_scope", times=100)

    found = link_accounts(world.deps, most=100)

    assert (found, looked_up(world), linked(world)) == (0, 0, [])


def test_nobody_is_looked_up_once_the_bot_was_taken_out(world: World):
    with world.db.begin() as db:
        db.scalars(select(Workspace)).one().uninstalled_at = world.now

    assert link_accounts(world.deps) == 0
    assert world.slack.calls("users.lookupByEmail") == []


def test_person_without_an_address_is_not_looked_up(world: World):
    with world.db.begin() as db:
        db.scalars(select(Person).where(Person.code == "D01")).one().email = None

    link_accounts(world.deps, most=100)

    assert MARIT not in linked(world)
    assert len(world.slack.calls("users.lookupByEmail")) == 50

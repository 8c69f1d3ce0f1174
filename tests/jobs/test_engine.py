"""What is promised survives kill -9: real processes, killed at random moments, on SQLite and on PostgreSQL."""

import random
from collections import Counter

import pytest
from sqlalchemy import func, select, text

from bot.database import Database
from bot.i18n import Texts
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.services import announcements
from bot.services.members import find_member
from sandbox.client import wait_for
from sandbox.server import SandboxServer
from tests.support.crowd import add_crowd
from tests.support.demo import DEMO, TEAM_ID, WENDELA
from tests.support.processes import bot_process

pytestmark = pytest.mark.timeout(300)  # five hundred messages, on a machine that may be busy

PEOPLE = 500
TEXT = "Donderdag begint de training om 13.00 uur."
FAST = {"MESSAGES_PER_MINUTE": "6000"}  # 100 a second


def announce(database: Database, slack: SandboxServer) -> int:
    """Send an announcement to five hundred people; returns its id."""
    t, now = Texts("nl"), slack.client.now()
    with database.begin() as db:
        add_crowd(db, slack.client, PEOPLE - len(DEMO.people))
    with database.begin() as db:
        member = find_member(db, TEAM_ID, WENDELA, now)
        assert member
        draft = announcements.compose(db, member, TEXT, [announcements.EVERYBODY], None, t, now)
        announcements.confirm(db, member, draft.announcement.id, t, now)
    assert draft.people == PEOPLE
    return draft.announcement.id


def received(slack: SandboxServer) -> Counter[str]:
    """How often the announcement stands in each person's direct messages."""
    return Counter(
        channel.partner or channel.id
        for channel in slack.workspace.direct_messages()
        for message in list(channel.timeline)
        if message.text.startswith(TEXT)
    )


def open_deliveries(database: Database, announcement_id: int) -> int:
    with database.begin() as db:
        return (
            db.scalar(
                select(func.count())
                .select_from(Delivery)
                .where(Delivery.kind == DeliveryKind.ANNOUNCEMENT, Delivery.subject_id == announcement_id)
                .where(Delivery.state.in_([DeliveryState.PENDING, DeliveryState.SENDING]))
            )
            or 0
        )


def finish(database: Database, announcement_id: int, slack: SandboxServer) -> None:
    """Wait until nothing is owed; what is in doubt need not wait its ten seconds in real time."""
    slack.client.advance(seconds=11)
    wait_for(lambda: open_deliveries(database, announcement_id) == 0, 60, "an end of the announcement")


def assert_everybody_has_it_once(database: Database, slack: SandboxServer, announcement_id: int) -> None:
    assert open_deliveries(database, announcement_id) == 0
    times = Counter(received(slack).values())
    assert times == {1: PEOPLE}


def wait_for_messages(slack: SandboxServer, number: int) -> None:
    wait_for(lambda: received(slack).total() >= number, 90, f"{number} messages")


def test_announcement_reaches_everybody_once_when_worker_is_killed_at_random_moments(
    database: Database, slack: SandboxServer
):
    announcement_id = announce(database, slack)
    moments = sorted(random.sample(range(20, 460), k=4))

    for moment in moments:
        with bot_process("worker", slack, database.url, **FAST) as worker:
            wait_for_messages(slack, moment)
            worker.kill()
    with bot_process("worker", slack, database.url, **FAST):
        finish(database, announcement_id, slack)

    assert_everybody_has_it_once(database, slack, announcement_id)


def test_worker_that_is_frozen_is_replaced_and_doubles_nothing_when_it_wakes_up(
    shared_database: Database, slack: SandboxServer
):
    announcement_id = announce(shared_database, slack)
    settings = FAST | {"LANE_SECONDS": "1"}

    with bot_process("worker", slack, shared_database.url, **settings) as frozen:
        wait_for_messages(slack, 50)
        frozen.freeze()
        before = received(slack).total()
        with bot_process("worker", slack, shared_database.url, **settings):
            slack.client.advance(seconds=11)
            wait_for_messages(slack, before + 100)
            frozen.thaw()
            finish(shared_database, announcement_id, slack)

    assert_everybody_has_it_once(shared_database, slack, announcement_id)


def test_two_workers_share_the_work_and_double_nothing(shared_database: Database, slack: SandboxServer):
    announcement_id = announce(shared_database, slack)
    settings = {"MESSAGES_PER_MINUTE": "3000", "LANE_SECONDS": "0.5"}

    with (
        bot_process("worker", slack, shared_database.url, **settings) as one,
        bot_process("worker", slack, shared_database.url, **settings) as other,
    ):
        finish(shared_database, announcement_id, slack)
        lanes = workers_of_lanes(shared_database)

    assert {pid for pid, number in lanes.items() if number} == {one.pid, other.pid}
    assert_everybody_has_it_once(shared_database, slack, announcement_id)


def workers_of_lanes(database: Database) -> Counter[int]:
    """How many lanes each process worked on."""
    with database.begin() as db:
        executors = db.scalars(text("SELECT executor_id FROM dbos.workflow_status WHERE status = 'SUCCESS'"))
        return Counter(int(executor.rpartition(":")[2]) for executor in executors)

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.networks import Workspace
from bot.models.people import Identity, Person
from bot.services import deliveries
from bot.services.deliveries import MOST_ATTEMPTS, Owed, Tally, Work
from tests.bot.support import Row, owed
from tests.support.demo import START

SECOND = timedelta(seconds=1)
SUBJECT = 7
KIND = DeliveryKind.ANNOUNCEMENT


def people(database: Database, *codes: str) -> list[int]:
    with database.begin() as db:
        found = {row.code: row.id for row in db.scalars(select(Person).where(Person.code.in_(codes)))}
    return [found[code] for code in codes]


def put_down(database: Database, *codes: str, kind: DeliveryKind = KIND, due: datetime = START) -> int:
    items = [Owed(f"{kind}:{SUBJECT}:{person}", person, kind, SUBJECT, due) for person in people(database, *codes)]
    with database.begin() as db:
        return deliveries.put_down(db, items, START)


def claim(database: Database, lane: str = "lane", now: datetime = START) -> Delivery | None:
    with database.begin() as db:
        return deliveries.claim(db, workspace(database_session=db), lane, now)


def workspace(database_session: object) -> int:
    found: int = database_session.scalars(select(Workspace.id)).one()  # type: ignore[attr-defined]
    return found


def claimed(database: Database, lane: str = "lane", now: datetime = START) -> Delivery:
    found = claim(database, lane, now)
    assert found is not None
    return found


def row(database: Database) -> Delivery:
    with database.begin() as db:
        return db.scalars(select(Delivery)).one()


def test_message_is_put_down_with_the_account_it_goes_to(database: Database):
    new = put_down(database, "D07")

    found = row(database)
    with database.begin() as db:
        identity = db.get_one(Identity, found.identity_id or 0)
    assert new == 1
    assert (found.state, found.attempts, found.workspace_id) == (DeliveryState.PENDING, 0, identity.workspace_id)
    assert identity.slack_user_id == "U0D07"


def test_message_put_down_again_stays_one_and_keeps_what_became_of_it(database: Database):
    put_down(database, "D07")
    mine = claimed(database)
    with database.begin() as db:
        deliveries.record_sent(db, mine, "D1", "1.1")

    again = put_down(database, "D07", "D01", due=START + 60 * SECOND)

    assert again == 1
    assert owed(database) == [
        Row("D07", KIND, "2017-11-01 09:00", DeliveryState.SENT),
        Row("D01", KIND, "2017-11-01 09:01"),
    ]


def test_nothing_owed_puts_nothing_down(database: Database):
    with database.begin() as db:
        assert deliveries.put_down(db, [], START) == 0


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("no account", "no_slack_account"),
        ("closed account", "user_disabled"),
        ("bot taken out", "no_slack_account"),
    ],
)
def test_person_who_cannot_be_reached_gets_a_row_that_has_failed(database: Database, trouble: str, reason: str):
    with database.begin() as db:
        identity = db.scalars(select(Identity).where(Identity.slack_user_id == "U0D07")).one()
        if trouble == "no account":
            db.delete(identity)
        elif trouble == "closed account":
            identity.deactivated_at = START
        else:
            db.scalars(select(Workspace)).one().uninstalled_at = START

    put_down(database, "D07")

    assert owed(database) == [Row("D07", KIND, "2017-11-01 09:00", DeliveryState.FAILED, reason)]
    assert claim(database) is None


def test_most_urgent_message_is_claimed_first_then_the_oldest(database: Database):
    put_down(database, "D01", kind=DeliveryKind.CHECKIN_REMINDER, due=START - 60 * SECOND)
    put_down(database, "D02", kind=DeliveryKind.ANNOUNCEMENT, due=START)
    put_down(database, "D03", kind=DeliveryKind.ANNOUNCEMENT, due=START - SECOND)
    put_down(database, "D04", kind=DeliveryKind.SESSION_CHANGE)
    put_down(database, "D05", kind=DeliveryKind.CHECKIN_RECEIPT)
    put_down(database, "D06", kind=DeliveryKind.SESSION_REMINDER)

    kinds = [claimed(database).kind for _ in range(6)]

    assert kinds == [
        DeliveryKind.CHECKIN_RECEIPT,
        DeliveryKind.SESSION_CHANGE,
        DeliveryKind.SESSION_REMINDER,
        DeliveryKind.ANNOUNCEMENT,
        DeliveryKind.ANNOUNCEMENT,
        DeliveryKind.CHECKIN_REMINDER,
    ]
    assert [each.person for each in owed(database) if each.state is DeliveryState.PENDING] == []


def test_oldest_of_equally_urgent_messages_is_claimed_first(database: Database):
    put_down(database, "D02", due=START)
    put_down(database, "D03", due=START - SECOND)

    order = [claimed(database).person_id for _ in range(2)]

    assert order == people(database, "D03", "D02")


def test_message_is_not_claimed_before_it_is_due(database: Database):
    put_down(database, "D07", due=START + SECOND)

    found = [claim(database, now=START), claim(database, now=START + SECOND) is not None]

    assert found == [None, True]


def test_claimed_message_is_fenced_and_counted(database: Database):
    put_down(database, "D07")

    mine = claimed(database, "lane-1")

    found = row(database)
    assert (found.state, found.lane, found.attempt_at, found.attempts) == (DeliveryState.SENDING, "lane-1", START, 1)
    assert mine.identity is not None
    assert (mine.identity.slack_user_id, mine.identity.workspace.team_id) == ("U0D07", "T0SANDBOX")
    assert claim(database, "lane-2") is None


def test_two_lanes_at_once_never_claim_the_same_message(database: Database):
    codes = [f"D{number:02}" for number in range(1, 24)]
    put_down(database, *codes)
    taken: dict[str, list[int]] = {"one": [], "two": [], "three": []}
    barrier = threading.Barrier(len(taken))

    def work(lane: str) -> None:
        barrier.wait()
        while (found := claim(database, lane)) is not None:
            taken[lane].append(found.id)

    lanes = [threading.Thread(target=work, args=(lane,)) for lane in taken]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()

    everything = [delivery_id for ids in taken.values() for delivery_id in ids]
    assert (len(everything), len(set(everything))) == (23, 23)


def test_lane_passes_by_what_another_one_is_taking_at_this_moment(shared_database: Database):
    put_down(shared_database, "D01", "D02")
    here = workspace_of(shared_database)

    with shared_database.begin() as one, shared_database.begin() as other:
        taken = [deliveries.claim(one, here, "one", START), deliveries.claim(other, here, "two", START)]
        third = deliveries.claim(other, here, "two", START)

    assert [found.lane for found in taken if found] == ["one", "two"]
    assert third is None


def workspace_of(database: Database) -> int:
    with database.begin() as db:
        return workspace(db)


def test_sent_message_keeps_its_place_in_slack_and_the_channel_is_remembered(database: Database):
    put_down(database, "D07")
    mine = claimed(database)

    with database.begin() as db:
        recorded = deliveries.record_sent(db, mine, "D0DM", "1509523200.000100")

    found = row(database)
    with database.begin() as db:
        identity = db.get_one(Identity, found.identity_id or 0)
        by_key = deliveries.find_sent(db, found.key)
    assert recorded
    assert (found.state, found.channel, found.ts) == (DeliveryState.SENT, "D0DM", "1509523200.000100")
    assert identity.dm_channel == "D0DM"
    assert by_key is not None
    assert by_key.id == found.id


@pytest.mark.parametrize(
    ("outcome", "state", "reason", "attempts", "due_later"),
    [
        ("failed", DeliveryState.FAILED, "user_disabled", 1, False),
        ("skipped", DeliveryState.SKIPPED, "answered", 1, False),
        ("retry", DeliveryState.PENDING, "internal_error", 1, True),
        ("later", DeliveryState.PENDING, None, 0, True),
        ("not attempted", DeliveryState.PENDING, None, 0, False),
    ],
)
def test_outcome_is_recorded(
    database: Database, outcome: str, state: DeliveryState, reason: str | None, attempts: int, due_later: bool
):
    put_down(database, "D07")
    mine, later = claimed(database), START + 5 * SECOND

    with database.begin() as db:
        done = {
            "failed": lambda: deliveries.record_failed(db, mine, "user_disabled"),
            "skipped": lambda: deliveries.record_skipped(db, mine, "answered"),
            "retry": lambda: deliveries.record_retry(db, mine, "internal_error", later),
            "later": lambda: deliveries.record_later(db, mine, later),
            "not attempted": lambda: deliveries.record_not_attempted(db, mine),
        }[outcome]()

    found = row(database)
    assert done
    assert (found.state, found.reason, found.attempts) == (state, reason, attempts)
    assert found.due_at == (later if due_later else START)
    with database.begin() as db:
        assert deliveries.find_sent(db, found.key) is None


def test_message_is_tried_six_times_and_then_given_up(database: Database):
    put_down(database, "D07")
    states = []
    for _ in range(MOST_ATTEMPTS):
        mine = claimed(database)
        with database.begin() as db:
            deliveries.record_retry(db, mine, "internal_error", START)
        states.append(row(database).state)

    assert states == [DeliveryState.PENDING] * 5 + [DeliveryState.FAILED]
    assert (row(database).reason, claim(database)) == ("internal_error", None)


def doubtful(database: Database, lane: str, now: datetime) -> Delivery | None:
    with database.begin() as db:
        return deliveries.claim_in_doubt(db, workspace(db), lane, now)


def test_message_left_by_a_dead_lane_is_in_doubt_after_ten_seconds(database: Database):
    put_down(database, "D07")
    claimed(database, "dead")

    early = doubtful(database, "next", START + timedelta(seconds=9.9))
    in_time = doubtful(database, "next", START + 10 * SECOND)

    assert early is None
    assert in_time is not None
    assert (row(database).state, row(database).lane, row(database).attempts) == (DeliveryState.SENDING, "next", 1)


def test_lane_does_not_doubt_its_own_message(database: Database):
    put_down(database, "D07")
    claimed(database, "mine")

    assert doubtful(database, "mine", START + 60 * SECOND) is None


def test_lane_that_was_taken_over_records_nothing_any_more(database: Database):
    put_down(database, "D07")
    slow = claimed(database, "slow")
    doubtful(database, "next", START + 10 * SECOND)

    with database.begin() as db:
        recorded = [
            deliveries.record_failed(db, slow, "user_disabled"),
            deliveries.record_skipped(db, slow, "answered"),
            deliveries.record_retry(db, slow, "internal_error", START),
            deliveries.record_later(db, slow, START),
            deliveries.record_not_attempted(db, slow),
            deliveries.record_sent(db, slow, "D1", "1.1"),
        ]

    assert recorded == [False] * 6
    assert (row(database).state, row(database).lane, row(database).reason) == (DeliveryState.SENDING, "next", None)


def test_message_in_doubt_is_settled_by_who_took_it_over(database: Database):
    put_down(database, "D07")
    claimed(database, "dead")
    mine = doubtful(database, "next", START + 10 * SECOND)
    assert mine is not None

    with database.begin() as db:
        recorded = deliveries.record_sent(db, mine, "D1", "1.1")

    assert (recorded, row(database).state) == (True, DeliveryState.SENT)


def waiting(database: Database, now: datetime = START) -> list[Work]:
    with database.begin() as db:
        return deliveries.waiting(db, now)


def test_workspace_waits_for_a_lane_while_something_is_due_or_in_doubt(database: Database):
    found = [waiting(database)]
    put_down(database, "D07", due=START + SECOND)
    found.append(waiting(database))
    newest = row(database).id
    found.append(waiting(database, START + SECOND))
    claimed(database, now=START + SECOND)
    found.append(waiting(database, START + 2 * SECOND))
    found.append(waiting(database, START + 11 * SECOND))

    work = [Work(workspace_of(database), newest)]
    assert found == [[], [], work, [], work]


def test_workspace_is_left_alone_while_slack_asks_for_it_and_once_the_bot_is_gone(database: Database):
    put_down(database, "D07")
    here = workspace_of(database)
    with database.begin() as db:
        deliveries.pause_workspace(db, here, START + 30 * SECOND)
    paused = [waiting(database, START + 29 * SECOND), waiting(database, START + 30 * SECOND) != []]

    with database.begin() as db:
        db.get_one(Workspace, here).uninstalled_at = START

    assert paused == [[], True]
    assert waiting(database, START + 60 * SECOND) == []


def test_cancelling_skips_only_what_is_pending_of_that_kind_and_subject(database: Database):
    put_down(database, "D01", "D02")
    put_down(database, "D03", kind=DeliveryKind.SESSION_CHANGE)
    sent = claimed(database)  # the change notice is more urgent
    other = claimed(database)

    with database.begin() as db:
        skipped = deliveries.cancel(db, KIND, SUBJECT, "cancelled")
        elsewhere = deliveries.cancel(db, KIND, SUBJECT + 1, "cancelled")

    assert (sent.kind, other.kind) == (DeliveryKind.SESSION_CHANGE, KIND)
    assert (skipped, elsewhere) == (1, 0)
    assert [(each.person, each.state, each.reason) for each in owed(database, KIND)] == [
        ("D01", DeliveryState.SENDING, None),
        ("D02", DeliveryState.SKIPPED, "cancelled"),
    ]


def test_tally_counts_and_names_failures_by_name(database: Database):
    put_down(database, "D01", "D02", "D03", "D04", "D05")
    with database.begin() as db:
        rows = list(db.scalars(select(Delivery).order_by(Delivery.id)))
        states = [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.FAILED, DeliveryState.SKIPPED]
        for each, state in zip(rows, states, strict=False):
            each.state = state
        rows[1].reason, rows[2].reason = "user_disabled", "no_slack_account"

    with database.begin() as db:
        found = deliveries.tally(db, KIND, SUBJECT)
        nothing = deliveries.tally(db, KIND, SUBJECT + 1)

    assert found == Tally(
        total=5,
        sent=1,
        skipped=1,
        failures=[("Joris van Eldik", "user_disabled"), ("Saskia Blankert", "no_slack_account")],
    )
    assert (found.is_done, nothing, nothing.is_done) == (False, Tally(0, 0, 0, []), True)

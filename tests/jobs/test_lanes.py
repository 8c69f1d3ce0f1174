import dataclasses
import json
import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.networks import Workspace
from bot.services import deliveries as service
from bot.slack import METADATA_EVENT, Slack
from jobs import lanes
from jobs.lanes import Lane
from jobs.plan import plan
from sandbox.client import Json
from tests.support.demo import LOTTE, MARIT, WENDELA, amsterdam, slack_id
from tests.support.rows import deliveries, outcomes, people_sent, person
from tests.support.screens import heard, texts
from tests.support.world import World

PROMPT = DeliveryKind.CHECKIN_PROMPT
PARTICIPANTS = [slack_id(f"D{number:02}") for number in range(1, 24)]
THURSDAY = "2017-11-02 12:15"


def ask(world: World) -> None:
    """It is Thursday, 12.15: the questions are put down; nothing is sent yet."""
    world.slack.jump_to(amsterdam(THURSDAY))
    plan(world.deps)


def of(world: World, user_id: str = LOTTE, kind: DeliveryKind = PROMPT) -> Delivery:
    with world.db.begin() as db:
        who = person(db, user_id)
        return db.scalars(select(Delivery).where(Delivery.person_id == who.id, Delivery.kind == kind)).one()


def questions(world: World, user_id: str = LOTTE) -> list[Json]:
    return [message for message in world.person(user_id).dm() if "verbetertraject" in message["text"]]


def later(world: World, **step: float) -> None:
    """Some time goes by, and a new lane works."""
    world.slack.advance(**step)
    world.send()


def posts(world: World) -> list[str | None]:
    """What came of each attempt to post."""
    return [call["error"] for call in world.slack.calls("chat.postMessage")]


def test_message_carries_its_key_and_its_place_is_kept(world: World):
    ask(world)

    world.send()

    (message,) = questions(world)
    row = of(world)
    assert (row.state, row.ts, row.attempts, row.reason) == (DeliveryState.SENT, message["ts"], 1, None)
    assert row.channel == world.slack.get("dm", person=LOTTE)["channel"]
    stored = world.sandbox.workspace.dm(LOTTE).find(message["ts"], LOTTE)
    assert stored is not None
    assert stored.metadata == {"event_type": METADATA_EVENT, "event_payload": {"key": row.key}}


def test_answer_that_got_lost_is_found_and_makes_one_message(world: World):
    world.slack.fault("chat.postMessage", "lost_answer", person=LOTTE)
    ask(world)
    world.send()
    in_doubt = of(world).state

    later(world, seconds=9)
    too_early = of(world).state
    later(world, seconds=1)

    (message,) = questions(world)
    assert (in_doubt, too_early) == (DeliveryState.SENDING, DeliveryState.SENDING)
    assert (of(world).state, of(world).ts) == (DeliveryState.SENT, message["ts"])
    assert people_sent(world, PROMPT) == PARTICIPANTS


def test_found_message_can_be_rewritten_like_any_other(world: World):
    lotte = world.person(LOTTE)
    world.slack.fault("chat.postMessage", "lost_answer", person=LOTTE)
    ask(world)
    world.send()
    later(world, seconds=10)

    lotte.click("checkins.skip")

    heard(lotte, "deze week niet")
    assert len(lotte.dm()) == 1


@pytest.mark.parametrize("kind", ["http:500", "error:fatal_error", "reset"])
def test_answer_that_says_perhaps_is_looked_up_and_sent_again_when_it_did_not_land(world: World, kind: str):
    world.slack.fault("chat.postMessage", kind, person=LOTTE)
    ask(world)
    world.send()
    in_doubt = of(world).state

    later(world, seconds=10)

    assert (in_doubt, of(world).state, len(questions(world))) == (DeliveryState.SENDING, DeliveryState.SENT, 1)
    assert people_sent(world, PROMPT) == PARTICIPANTS


def test_slack_that_does_not_answer_holds_up_a_lane_no_longer_than_its_patience(world: World):
    world.slack.fault("chat.postMessage", "timeout", person=LOTTE)
    ask(world)
    token = world.sandbox.workspace.app.bot_token
    impatient = dataclasses.replace(world.deps, slack=Slack(token, world.sandbox.api_url, timeout=1))

    sent = Lane(impatient, deliveries(world, PROMPT)[0].workspace_id or 0).run()
    in_doubt = of(world).state
    later(world, seconds=10)

    assert (sent, in_doubt, of(world).state) == (23, DeliveryState.SENDING, DeliveryState.SENT)
    assert len(questions(world)) == 1


@pytest.mark.parametrize(
    ("kind", "wait"),
    [
        ("ratelimited", 31),
        ("error:missing_scope", 61),
        ("error:something_new", 10),
        ("http:500", 10),
        ("reset", 10),
    ],
)
def test_doubt_that_cannot_be_settled_now_never_doubles_a_message(world: World, kind: str, wait: int):
    world.slack.fault("chat.postMessage", "lost_answer", person=LOTTE)
    world.slack.fault("conversations.history", kind, retry_after=30, times=2)
    ask(world)
    world.send()

    for _ in range(4):
        later(world, seconds=wait)

    assert (of(world).state, len(questions(world))) == (DeliveryState.SENT, 1)


def test_rate_limit_pauses_the_workspace_for_as_long_as_slack_asks(world: World):
    world.slack.fault("chat.postMessage", "ratelimited", person=LOTTE, retry_after=30)
    ask(world)
    world.send()
    at_once = people_sent(world, PROMPT)

    later(world, seconds=29)
    too_early = people_sent(world, PROMPT)
    later(world, seconds=1)

    assert (at_once, too_early) == (PARTICIPANTS[:6], PARTICIPANTS[:6])
    assert people_sent(world, PROMPT) == PARTICIPANTS
    assert of(world).attempts == 1  # what was refused this way was no attempt
    assert posts(world).count(None) == 23


def test_rate_limit_as_a_page_of_http_is_understood(world: World):
    world.slack.fault("chat.postMessage", "http:429", person=LOTTE)
    ask(world)

    world.send()
    later(world, seconds=1)

    assert people_sent(world, PROMPT) == PARTICIPANTS


@pytest.mark.parametrize("code", ["channel_not_found", "invalid_blocks"])
def test_permanent_refusal_fails_that_message_and_goes_on(world: World, code: str):
    world.slack.fault("chat.postMessage", f"error:{code}", person=LOTTE)
    ask(world)

    world.send()
    later(world, hours=1)

    assert outcomes(world, PROMPT)[LOTTE] == ("failed", code)
    assert people_sent(world, PROMPT) == [user_id for user_id in PARTICIPANTS if user_id != LOTTE]
    assert posts(world).count(f"error:{code}") == 1


@pytest.mark.parametrize("code", ["token_revoked", "missing_scope"])
def test_token_refused_pauses_and_loses_nothing(world: World, code: str):
    world.slack.fault("chat.postMessage", f"error:{code}", times=3)
    ask(world)

    world.send()
    at_once = len(posts(world))
    later(world, seconds=61)
    later(world, seconds=61)
    nobody = people_sent(world, PROMPT)
    later(world, seconds=61)

    assert (at_once, nobody) == (1, [])
    assert people_sent(world, PROMPT) == PARTICIPANTS
    assert {row.attempts for row in deliveries(world, PROMPT)} == {1}


def test_unknown_refusal_is_tried_again_ever_later_and_then_given_up(world: World):
    world.slack.fault("chat.postMessage", "error:something_new", person=LOTTE, times=100)
    ask(world)
    world.send()

    waits = []
    for _ in range(10):
        row = of(world)
        if row.state is not DeliveryState.PENDING:
            break
        waits.append((row.due_at - world.now).total_seconds())
        later(world, seconds=waits[-1])

    assert waits == [10, 20, 40, 80, 160]
    assert outcomes(world, PROMPT)[LOTTE] == ("failed", "something_new")
    assert posts(world).count("error:something_new") == service.MOST_ATTEMPTS
    assert len(people_sent(world, PROMPT)) == 22


def test_message_that_does_not_land_for_a_day_is_given_up(world: World):
    world.slack.fault("chat.postMessage", "http:500", person=LOTTE, times=100)
    ask(world)

    for _ in range(28):
        later(world, seconds=3600)

    assert outcomes(world, PROMPT)[LOTTE] == ("failed", "no_answer")
    assert questions(world) == []


def test_outage_of_half_an_hour_loses_nothing(world: World):
    world.slack.fault("chat.postMessage", "http:500", person=LOTTE, times=8)
    ask(world)

    for _ in range(30):
        later(world, seconds=120)

    assert outcomes(world, PROMPT)[LOTTE] == ("sent", None)
    assert len(questions(world)) == 1


def test_what_answers_a_person_goes_before_what_goes_to_many(world: World):
    lotte, wendela = world.person(LOTTE), world.person(WENDELA)
    world.slack.jump_to(amsterdam("2017-11-02 13:30"))
    lotte.command("/checkin")
    lotte.view()
    lotte.choose("checkins.changed.confidence", "4")
    lotte.choose("checkins.changed.tried", "no")
    wendela.command("/imagine mededeling")
    wendela.view()
    wendela.type("text", "Koffie")
    wendela.choose("audience", ["role:participant"])
    wendela.submit()
    wendela.view(callback_id="announcements.confirm")
    plan(world.deps)  # questions and reminders of a session first, by number
    wendela.submit()
    lotte.submit()

    world.send()

    with world.db.begin() as db:
        sent = db.scalars(select(Delivery.kind).where(Delivery.state == DeliveryState.SENT).order_by(Delivery.ts)).all()
    order = list(dict.fromkeys(sent))
    assert set(order[:2]) == {DeliveryKind.CHECKIN_RECEIPT, DeliveryKind.ANNOUNCEMENT_RESULT}
    assert order[2] == DeliveryKind.SESSION_REMINDER
    assert set(order[3:]) == {DeliveryKind.ANNOUNCEMENT, DeliveryKind.CHECKIN_PROMPT}


def test_question_that_waited_into_the_evening_comes_the_next_morning(world: World):
    world.slack.fault("chat.postMessage", "ratelimited", retry_after=7 * 3600)
    ask(world)
    world.send()

    later(world, hours=7)  # 19.15
    in_the_evening = people_sent(world, PROMPT)
    world.slack.jump_to(amsterdam("2017-11-03 08:00"))
    world.send()

    assert in_the_evening == []
    assert people_sent(world, PROMPT) == PARTICIPANTS
    assert {row.attempts for row in deliveries(world, PROMPT)} == {1}


def test_each_reader_gets_their_language(world: World):
    world.person(MARIT).command("/imagine taal en")
    heard(world.person(MARIT), "Saved")
    ask(world)

    world.send()

    assert texts(heard(world.person(MARIT), "improvement"))[0].startswith("Hi Marit, how is")
    assert texts(heard(world.person(LOTTE), "verbetertraject"))[0].startswith("Hoi Lotte, hoe gaat")


def test_lane_keeps_the_pace_of_the_workspace(world: World, monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    slow = world.deps.settings.model_copy(update={"messages_per_minute": 240})
    ask(world)
    lane = Lane(dataclasses.replace(world.deps, settings=slow), deliveries(world, PROMPT)[0].workspace_id or 0)
    monkeypatch.setattr(lane._stopping, "wait", waits.append)

    lane.run()

    assert len(waits) == 23
    assert 0 < max(waits) <= 0.25  # a busy machine may have used up some of its quarter seconds


def test_two_messages_to_one_person_keep_a_second_apart(world: World, monkeypatch: pytest.MonkeyPatch):
    waits: list[float] = []
    monkeypatch.setattr(lanes, "SAME_PERSON_SECONDS", 30.0)
    monkeypatch.setattr("jobs.lanes.time.sleep", waits.append)
    world.slack.jump_to(amsterdam("2017-11-02 13:30"))
    plan(world.deps)

    world.send()

    assert len(world.person(LOTTE).dm()) == 2
    assert len([wait for wait in waits if 20 < wait <= 30]) == 23  # who gets an invitation and the question


def test_lane_ends_when_its_time_is_up_and_the_next_goes_on(world: World):
    ask(world)
    hasty = dataclasses.replace(
        world.deps, settings=world.deps.settings.model_copy(update={"lane_seconds": 0.0, "messages_per_minute": 60})
    )

    sent = Lane(hasty, deliveries(world, PROMPT)[0].workspace_id or 0).run()
    world.send()

    assert sent <= 1
    assert people_sent(world, PROMPT) == PARTICIPANTS


def test_paused_workspace_has_no_work_until_its_pause_is_over(world: World):
    ask(world)
    with world.db.begin() as db:
        db.scalars(select(Workspace)).one().paused_until = world.now + timedelta(minutes=5)

    with world.db.begin() as db:
        now = service.waiting(db, world.now)
        then = service.waiting(db, world.now + timedelta(minutes=5))

    assert (now, len(then)) == ([], 1)


def test_log_of_a_refusal_tells_codes_and_no_words(world: World, caplog: pytest.LogCaptureFixture):
    world.slack.fault("chat.postMessage", "error:channel_not_found", person=LOTTE)
    ask(world)

    with caplog.at_level(logging.INFO, logger="jobs"):
        world.send()

    facts = [getattr(record, "data", {}) for record in caplog.records if record.name == "jobs.lanes"]
    assert facts == [{"delivery": of(world).id, "kind": PROMPT, "code": "channel_not_found"}]
    assert "Lotte" not in caplog.text
    assert json.dumps(facts)

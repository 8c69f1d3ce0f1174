from sqlalchemy import select

from bot.models.announcements import Announcement
from bot.models.deliveries import DeliveryKind
from jobs.announcements import refresh_results
from jobs.plan import plan
from tests.support.demo import WENDELA, amsterdam, slack_id
from tests.support.rows import deliveries, people_sent
from tests.support.screens import heard, texts
from tests.support.world import World

MENTORS = sorted(slack_id(f"M{number:02}") for number in range(1, 12))


def announce(world: World, send_at: str | None = None) -> None:
    wendela = world.person(WENDELA)
    wendela.command("/imagine mededeling")
    wendela.view()
    wendela.type("text", "Koffie")
    wendela.choose("audience", ["role:mentor"])
    if send_at:
        wendela.choose("send_at", str(int(amsterdam(send_at).timestamp())))
    wendela.submit()
    wendela.view(callback_id="announcements.confirm")
    wendela.submit()


def is_closed(world: World) -> bool:
    with world.db.begin() as db:
        return db.scalars(select(Announcement.closed_at)).one() is not None


def updates(world: World) -> int:
    return len(world.slack.calls("chat.update"))


def test_result_line_is_rewritten_when_its_numbers_change_only(world: World):
    world.slack.fault("chat.postMessage", "ratelimited", person=MENTORS[4], retry_after=30)
    announce(world)
    world.work()
    once = updates(world)

    for _ in range(3):
        refresh_results(world.deps)

    assert (once, updates(world), is_closed(world)) == (1, 1, False)


def test_final_result_line_is_left_alone_from_then_on(world: World):
    announce(world)
    world.work()
    once = updates(world)

    for _ in range(3):
        refresh_results(world.deps)

    assert (once, updates(world), is_closed(world)) == (1, 1, True)


def test_result_line_that_slack_did_not_take_is_tried_again(world: World):
    world.slack.fault("chat.update", "http:500")
    announce(world)
    world.work()
    closed_at_first = is_closed(world)

    refresh_results(world.deps)

    assert (closed_at_first, is_closed(world)) == (False, True)
    assert texts(heard(world.person(WENDELA), "Je mededeling")) == ["Je mededeling is uit: 11 van 11 verstuurd."]


def test_result_line_that_was_taken_away_is_given_up(world: World):
    world.slack.fault("chat.update", "error:message_not_found", times=5)
    announce(world)
    world.work()

    assert is_closed(world)


def test_announcement_planned_by_two_workers_goes_out_once(world: World):
    announce(world, send_at="2017-11-02 10:00")
    world.slack.jump_to(amsterdam("2017-11-02 10:00"))

    planned = [plan(world.deps), plan(world.deps)]
    world.work()

    assert planned == [1, 0]
    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == MENTORS


def test_announcement_of_which_the_moment_passed_during_downtime_goes_out_late(world: World):
    announce(world, send_at="2017-11-02 10:00")

    world.jump("2017-11-02 11:30")

    assert people_sent(world, DeliveryKind.ANNOUNCEMENT) == MENTORS
    assert {row.attempts for row in deliveries(world, DeliveryKind.ANNOUNCEMENT)} == {1}

from sqlalchemy import select

from bot.models.deliveries import DeliveryKind
from bot.models.networks import Workspace
from bot.models.people import Identity
from sandbox.client import wait_for
from tests.support.demo import LOTTE, MARIT
from tests.support.rows import outcomes, people_sent
from tests.support.screens import heard
from tests.support.world import World


def closed(world: World) -> list[str]:
    with world.db.begin() as db:
        return list(db.scalars(select(Identity.slack_user_id).where(Identity.deactivated_at.is_not(None))))


def is_uninstalled(world: World) -> bool:
    with world.db.begin() as db:
        return db.scalars(select(Workspace.uninstalled_at)).one() is not None


def close_account(world: World, user_id: str = LOTTE) -> None:
    world.slack.deactivate(user_id)
    wait_for(lambda: closed(world) == [user_id], what="the closed account")


def test_closed_account_gets_no_message_any_more(world: World):
    close_account(world)

    world.jump("2017-11-02 12:15")

    assert outcomes(world, DeliveryKind.CHECKIN_PROMPT)[LOTTE] == ("failed", "user_disabled")
    assert len(people_sent(world, DeliveryKind.CHECKIN_PROMPT)) == 22


def test_message_that_waits_for_an_account_being_closed_is_skipped(world: World):
    world.jump("2017-11-02 12:15")
    close_account(world)

    world.jump("2017-11-03 12:15")

    assert outcomes(world, DeliveryKind.CHECKIN_REMINDER)[LOTTE] == ("failed", "user_disabled")
    assert len(people_sent(world, DeliveryKind.CHECKIN_REMINDER)) == 22


def test_account_that_slack_says_is_closed_fails_and_the_others_get_theirs(world: World):
    world.sandbox.workspace.people[LOTTE].deleted = True  # the event that told so was lost

    world.jump("2017-11-02 12:15")

    assert outcomes(world, DeliveryKind.CHECKIN_PROMPT)[LOTTE] == ("failed", "user_not_found")
    assert len(people_sent(world, DeliveryKind.CHECKIN_PROMPT)) == 22


def test_closed_account_cannot_act(world: World):
    """Slack lets nobody act who is deactivated; a tap under way at that moment may still come in."""
    close_account(world)
    world.sandbox.workspace.people[LOTTE].deleted = False

    world.person(LOTTE).command("/checkin")

    heard(world.person(LOTTE), "Ik ken je nog niet als deelnemer")
    assert world.person(LOTTE).screen() is None


def test_account_opened_again_works_as_before(world: World):
    close_account(world)
    world.sandbox.workspace.people[LOTTE].deleted = False
    world.slack.change_person(LOTTE, deleted=False)
    wait_for(lambda: closed(world) == [], what="an open account")

    world.jump("2017-11-02 12:15")

    assert outcomes(world, DeliveryKind.CHECKIN_PROMPT)[LOTTE] == ("sent", None)


def test_change_of_somebody_unknown_is_no_trouble(world: World):
    answer = world.slack.event({"type": "user_change", "user": {"id": "U0NOBODY", "deleted": True}})

    assert answer is not None
    assert answer["acked"]
    world.finish()
    assert closed(world) == []


def test_nothing_is_sent_once_the_app_was_taken_out(world: World):
    world.slack.uninstall()
    wait_for(lambda: is_uninstalled(world), what="a workspace without the bot")

    world.jump("2017-11-02 12:15")

    assert people_sent(world, DeliveryKind.CHECKIN_PROMPT) == []
    assert world.slack.calls("chat.postMessage") == []


def test_withdrawn_tokens_of_people_are_not_ours(world: World):
    world.slack.event({"type": "tokens_revoked", "tokens": {"oauth": [MARIT], "bot": []}})
    world.finish()

    assert not is_uninstalled(world)


def test_withdrawn_token_of_the_bot_alone_stops_sending(world: World):
    world.slack.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0SANDBOX"]}})

    wait_for(lambda: is_uninstalled(world), what="a workspace without the bot")
    world.jump("2017-11-02 12:15")
    assert world.slack.calls("chat.postMessage") == []

from sqlalchemy import select

from bot.models.checkins import CheckIn, CheckInStatus, Tried, Visibility
from tests.support.demo import LOTTE
from tests.support.world import World


def stored(world: World) -> list[CheckIn]:
    with world.db.begin() as db:
        return list(db.scalars(select(CheckIn).order_by(CheckIn.id)))


def fill_in(world: World, confidence: str = "4", tried: str = "no") -> None:
    lotte = world.person(LOTTE)
    lotte.view()
    lotte.choose("checkins.changed.confidence", confidence)
    lotte.choose("checkins.changed.tried", tried)


def test_checkin_command_opens_form_and_two_taps_store_one_row(world: World):
    lotte = world.person(LOTTE)

    lotte.command("/checkin")
    fill_in(world)
    sent = lotte.submit()

    assert sent.errors == {}
    (row,) = stored(world)
    assert (row.week, row.status, row.confidence, row.tried, row.visibility) == (
        "2017-W44",
        CheckInStatus.SUBMITTED,
        4,
        Tried.NO,
        Visibility.COORDINATOR,
    )

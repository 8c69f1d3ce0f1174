from sqlalchemy import select

from bot.models.deliveries import DeliveryKind
from bot.models.sessions import LearningSession
from jobs.plan import plan
from sandbox.client import wait_for
from tests.jobs.conftest import WorldFrom
from tests.support.demo import LOTTE, MARIT, MIEKE, WENDELA, amsterdam, slack_id
from tests.support.rows import deliveries, outcomes, people_sent
from tests.support.screens import heard, texts
from tests.support.world import World

REMINDER = DeliveryKind.SESSION_REMINDER
PARTICIPANTS = [slack_id(f"D{number:02}") for number in range(1, 24)]
TRAINERS = [slack_id("TR1"), slack_id("TR2")]
INVITED = sorted([*PARTICIPANTS, *TRAINERS])
BOARDS = [slack_id(f"{kind}-{code}") for kind in "BS" for code in ("ASZ", "DZ", "JBZ", "NWZ", "OLVG", "SG")]


def openings(world: World, user_id: str = LOTTE) -> list[str]:
    """How the invitations that somebody got begin."""
    return [
        texts(message)[0].splitlines()[0] for message in world.person(user_id).dm() if "bijeenkomst" in message["text"]
    ]


def test_the_invited_are_reminded_seven_days_one_day_and_one_hour_before(world: World):
    counts = []
    for moment in (
        "2017-11-02 13:29",
        "2017-11-02 13:30",
        "2017-11-08 13:29",
        "2017-11-08 13:30",
        "2017-11-09 12:29",
        "2017-11-09 12:30",
        "2017-11-09 14:00",
    ):
        world.jump(moment)
        counts.append(len(people_sent(world, REMINDER)))

    assert counts == [0, 25, 25, 50, 50, 75, 75]
    assert people_sent(world, REMINDER) == sorted(INVITED * 3)
    assert openings(world) == [
        "Over 7 dagen heb je een bijeenkomst.",
        "Morgen om 13.30 uur heb je een bijeenkomst.",
        "Je bijeenkomst begint zo, om 13.30 uur.",
    ]


def test_plenary_module_reaches_boards_too_and_no_mentors(world: World):
    world.jump("2018-01-26 13:30")

    assert people_sent(world, REMINDER) == sorted([*INVITED, *BOARDS])
    assert openings(world, MIEKE) == ["Over 7 dagen heb je een bijeenkomst."]


def test_planning_again_and_again_reminds_nobody_twice(world: World):
    world.slack.jump_to(amsterdam("2017-11-02 13:30"))

    for _ in range(3):
        plan(world.deps)
    world.work()

    assert people_sent(world, REMINDER) == INVITED


def test_worker_back_after_days_sends_the_last_reminder_only(world: World):
    world.jump("2017-11-08 15:00")

    assert openings(world) == ["Morgen om 13.30 uur heb je een bijeenkomst."]


def test_worker_back_after_the_session_sends_nothing(world: World):
    world.jump("2017-11-09 13:30")

    assert people_sent(world, REMINDER) == []


def test_reminder_on_a_day_off_comes_on_the_working_day_before(world: World):
    """The seventh day before 14 December is the 7th; before Monday 8 January it is New Year's Day."""
    with world.db.begin() as db:
        session = db.scalars(select(LearningSession).where(LearningSession.code == "L2")).one()
        session_id = session.id
    move(world, session_id, "2018-01-08")

    world.jump("2017-12-29 13:29")
    before = openings(world)
    world.jump("2017-12-29 13:30")

    assert (before, openings(world)) == ([], ["Over 10 dagen heb je een bijeenkomst."])


def move(world: World, session_id: int, day: str) -> None:
    wendela = world.person(WENDELA)
    wendela.command("/imagine agenda")
    agenda = heard(wendela, "Je volgende bijeenkomsten")
    block = next(b for b in agenda["blocks"] if b.get("accessory", {}).get("value") == str(session_id))
    wendela.click("sessions.edit", block_id=block["block_id"])
    wendela.view()
    wendela.choose("day", day)
    assert wendela.submit().errors == {}


def test_reminder_late_in_the_evening_waits_for_the_morning(world: World):
    world.jump("2017-11-02 22:00")
    at_night = people_sent(world, REMINDER)

    world.jump("2017-11-03 08:00")

    assert (at_night, people_sent(world, REMINDER)) == ([], INVITED)
    assert openings(world) == ["Over 6 dagen heb je een bijeenkomst."]


def test_reminder_of_the_last_hour_does_not_wait(world: World):
    with world.db.begin() as db:
        session = db.scalars(select(LearningSession).where(LearningSession.code == "T2")).one()
        session_id = session.id
    wendela = world.person(WENDELA)
    wendela.command("/imagine agenda")
    agenda = heard(wendela, "Je volgende bijeenkomsten")
    block = next(b for b in agenda["blocks"] if b.get("accessory", {}).get("value") == str(session_id))
    wendela.click("sessions.edit", block_id=block["block_id"])
    wendela.view()
    wendela.choose("from", "08:30")
    wendela.submit()

    world.jump("2017-11-09 07:30")

    assert people_sent(world, REMINDER) == INVITED
    assert openings(world) == ["Je bijeenkomst begint zo, om 08.30 uur."]


def test_reminder_keeps_its_hour_when_the_clock_goes_back(world_from: WorldFrom):
    """Of the first plenary on Thursday 2 November, the seventh day before lies in summer time."""
    world = world_from("2017-10-02 09:00")
    with world.db.begin() as db:
        session_id = db.scalars(select(LearningSession.id).where(LearningSession.code == "L1")).one()
    move(world, session_id, "2017-11-02")

    world.jump("2017-10-26 13:29")
    before = openings(world)
    world.jump("2017-10-26 13:30")

    assert (before[-1:] == ["Over 7 dagen heb je een bijeenkomst."], openings(world)[-1]) == (
        False,
        "Over 7 dagen heb je een bijeenkomst.",
    )


def test_who_said_no_while_the_reminder_waited_does_not_get_it(world: World):
    lotte = world.person(LOTTE)
    lotte.open_home()
    lotte.home()
    world.slack.jump_to(amsterdam("2017-11-02 13:30"))
    plan(world.deps)
    before = lotte.home()
    lotte.click("sessions.answer.no", view=before["id"])
    lotte.home(after=before)

    world.send()

    assert outcomes(world, REMINDER)[LOTTE] == ("skipped", "said_no")
    assert len(people_sent(world, REMINDER)) == 24


def test_reminder_that_waited_until_the_session_began_is_skipped(world: World):
    world.slack.jump_to(amsterdam("2017-11-09 12:30"))
    plan(world.deps)
    world.slack.jump_to(amsterdam("2017-11-09 13:30"))

    world.send()

    assert {row.reason for row in deliveries(world, REMINDER)} == {"session_begun"}
    assert people_sent(world, REMINDER) == []


def test_change_notice_and_reminder_speak_each_readers_language(world: World):
    world.person(MARIT).command("/imagine taal en")
    heard(world.person(MARIT), "Saved")
    world.jump("2017-11-02 13:30")
    with world.db.begin() as db:
        session_id = db.scalars(select(LearningSession.id).where(LearningSession.code == "T2")).one()
    move(world, session_id, "2017-11-16")
    world.work()

    assert texts(heard(world.person(MARIT), "In 7 days"))[0] == (
        "In 7 days you have a session.\n"
        "*Hoe communiceer ik met anderen?* (leadership training)\n"
        "Thursday 9 November 2017, 13:30-17:30\n"
        "Place: Rotterdam"
    )
    assert texts(heard(world.person(MARIT), "This session has changed"))[0].splitlines()[2] == (
        "Thursday 16 November 2017, 13:30-17:30"
    )
    assert texts(heard(world.person(LOTTE), "gewijzigd"))[0].splitlines()[2] == (
        "donderdag 16 november 2017, 13.30-17.30 uur"
    )


def test_pause_of_check_ins_leaves_invitations_alone(world: World):
    world.person(LOTTE).command("/imagine pauze 4")
    heard(world.person(LOTTE), "Geniet van de rust")

    world.jump("2017-11-02 13:30")

    wait_for(lambda: openings(world) == ["Over 7 dagen heb je een bijeenkomst."], what="an invitation")

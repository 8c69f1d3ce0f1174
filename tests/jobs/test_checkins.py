from datetime import UTC, datetime

from bot.models.deliveries import DeliveryKind
from jobs.checkins import drop_old_drafts
from jobs.plan import plan
from sandbox.client import wait_for
from tests.jobs.conftest import WorldFrom
from tests.support.demo import AMSTERDAM, FATIMA, HUGO, LOTTE, MARIT, MIEKE, WENDELA, amsterdam, slack_id
from tests.support.rows import checkins, drafts, outcomes, people_sent
from tests.support.screens import buttons, heard, texts
from tests.support.world import World

PROMPT, REMINDER = DeliveryKind.CHECKIN_PROMPT, DeliveryKind.CHECKIN_REMINDER
PARTICIPANTS = [slack_id(f"D{number:02}") for number in range(1, 24)]
SMALL_PRINT = "Een tijd weg, of liever een andere dag? Typ `/imagine instellingen`."


def set_moment(world: World, weekday: int, at: str, user_id: str = LOTTE) -> None:
    """Choose an own day and hour in the settings."""
    person = world.person(user_id)
    before = person.screen()
    person.command("/imagine instellingen")
    person.view(after=before)
    person.choose("weekday", str(weekday))
    person.choose("at", at)
    assert person.submit().errors == {}


def check_in(world: World, user_id: str = LOTTE) -> None:
    person = world.person(user_id)
    person.command("/checkin")
    person.view()
    person.choose("checkins.changed.confidence", "4")
    person.choose("checkins.changed.tried", "no")
    person.submit()


def prompt_times(world: World, user_id: str = LOTTE) -> list[str]:
    """When somebody's questions were sent, by Slack's own ids, on the clock of Amsterdam."""
    moments = [
        datetime.fromtimestamp(float(message["ts"]), UTC).astimezone(AMSTERDAM)
        for message in world.person(user_id).dm()
        if "verbetertraject" in message["text"]
    ]
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in moments]


def test_everybody_who_leads_a_project_is_asked_once_on_thursday(world: World):
    world.jump("2017-11-02 12:14")
    before = people_sent(world, PROMPT)

    world.jump("2017-11-02 12:15")
    world.work()

    assert (before, people_sent(world, PROMPT)) == ([], PARTICIPANTS)
    message = world.person(LOTTE).last_message()
    assert texts(message) == [
        "Hoi Lotte, hoe gaat het deze week met jullie verbetertraject? Twee tikken is genoeg.",
        SMALL_PRINT,
    ]
    assert buttons(message) == ["Check-in invullen", "Deze week niet"]


def test_boards_mentors_trainers_and_coordinators_are_not_asked(world: World):
    world.jump("2017-11-02 12:15")

    assert [world.person(user_id).dm() for user_id in (MIEKE, HUGO, FATIMA, WENDELA, slack_id("PL"))] == [[]] * 5


def test_planning_again_and_again_asks_nobody_twice(world: World):
    world.slack.jump_to(amsterdam("2017-11-02 12:15"))

    planned = [plan(world.deps) for _ in range(3)]
    world.work()

    assert planned == [23, 0, 0]
    assert people_sent(world, PROMPT) == PARTICIPANTS


def test_question_is_english_for_who_chose_english(world: World):
    world.person(LOTTE).command("/imagine taal en")
    heard(world.person(LOTTE), "Saved")

    world.jump("2017-11-02 12:15")

    message = world.person(LOTTE).last_message(containing="improvement")
    assert texts(message) == [
        "Hi Lotte, how is your improvement project going this week? Two taps will do.",
        "Away for a while, or another day? Type `/imagine settings`.",
    ]
    assert buttons(message) == ["Check in", "Not this week"]
    assert "verbetertraject" in world.person(MARIT).last_message()["text"]


def test_language_chosen_while_the_question_waits_is_the_one_it_comes_in(world: World):
    world.slack.jump_to(amsterdam("2017-11-02 12:15"))
    plan(world.deps)
    world.person(LOTTE).command("/imagine taal en")
    heard(world.person(LOTTE), "Saved")

    world.send()

    heard(world.person(LOTTE), "how is your improvement project going this week?")


def test_reminder_comes_on_friday_once_to_who_did_not_answer(world: World):
    world.jump("2017-11-02 12:15")
    check_in(world, LOTTE)
    world.person(MARIT).click("checkins.skip")
    wait_for(lambda: len(checkins(world)) == 2, what="an answer and a skip")

    world.jump("2017-11-03 12:14")
    before = people_sent(world, REMINDER)
    world.jump("2017-11-03 12:15")
    world.jump("2017-11-03 17:00")

    expected = [user_id for user_id in PARTICIPANTS if user_id not in (LOTTE, MARIT)]
    assert (before, people_sent(world, REMINDER)) == ([], expected)
    message = heard(world.person(PARTICIPANTS[2]), "enige herinnering")
    assert texts(message) == [
        "Hoi Saskia, je check-in van deze week staat nog open. Dit is de enige herinnering.",
        SMALL_PRINT,
    ]
    assert buttons(message) == ["Check-in invullen", "Deze week niet"]


def test_question_comes_every_week(world: World):
    for day in ("2017-11-02", "2017-11-09", "2017-11-16"):
        world.jump(f"{day} 12:15")

    assert prompt_times(world) == ["2017-11-02 12:15", "2017-11-09 12:15", "2017-11-16 12:15"]


def test_own_day_and_hour_are_kept(world: World):
    set_moment(world, 1, "08:30")

    world.jump("2017-11-02 12:15")
    world.jump("2017-11-07 08:29")
    before = prompt_times(world)
    world.jump("2017-11-07 08:30")
    world.jump("2017-11-08 08:30")
    reminded = people_sent(world, REMINDER)
    world.jump("2017-11-09 12:15")

    assert (before, prompt_times(world), reminded) == ([], ["2017-11-07 08:30"], [LOTTE])


def test_moving_the_own_day_within_a_week_asks_no_second_time(world: World):
    world.jump("2017-11-02 12:15")
    set_moment(world, 4, "10:00")

    world.jump("2017-11-03 10:00")
    world.jump("2017-11-10 10:00")

    assert prompt_times(world) == ["2017-11-02 12:15", "2017-11-10 10:00"]


def test_question_on_friday_has_no_reminder_in_the_weekend_or_next_week(world: World):
    set_moment(world, 4, "10:00")

    for moment in ("2017-11-03 10:00", "2017-11-04 10:00", "2017-11-06 10:00"):
        world.jump(moment)

    assert prompt_times(world) == ["2017-11-03 10:00"]
    assert LOTTE not in outcomes(world, REMINDER)


def test_pause_keeps_questions_and_reminders_away_until_it_ends(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/imagine pauze tot 16-11")
    heard(lotte, "Geniet van de rust")

    for moment in ("2017-11-02 12:15", "2017-11-03 12:15", "2017-11-09 12:15", "2017-11-16 12:15"):
        world.jump(moment)

    assert prompt_times(world) == ["2017-11-16 12:15"]
    assert LOTTE not in people_sent(world, REMINDER)


def test_pause_begun_after_the_question_stops_the_reminder(world: World):
    world.jump("2017-11-02 12:15")
    world.person(LOTTE).command("/imagine pauze 2")
    heard(world.person(LOTTE), "Geniet van de rust")

    world.jump("2017-11-03 12:15")

    assert outcomes(world, REMINDER)[LOTTE] == ("skipped", "paused")


def test_holiday_moves_the_question_to_the_next_morning(world: World):
    world.jump("2018-05-10 12:15")  # Ascension Day
    on_the_day = people_sent(world, PROMPT)
    world.jump("2018-05-11 07:59")
    too_early = people_sent(world, PROMPT)

    world.jump("2018-05-11 08:00")

    assert (on_the_day, too_early, people_sent(world, PROMPT)) == ([], [], PARTICIPANTS)


def test_reminder_on_a_holiday_that_ends_the_week_is_left_out(world: World):
    world.jump("2018-04-26 12:15")
    asked = people_sent(world, PROMPT)

    world.jump("2018-04-27 12:15")  # King's Day, a Friday
    world.jump("2018-04-30 12:15")

    assert (asked, people_sent(world, REMINDER)) == (PARTICIPANTS, [])


def test_christmas_moves_an_own_monday_to_wednesday(world: World):
    set_moment(world, 0, "09:00")

    for moment in ("2017-12-25 09:00", "2017-12-26 09:00", "2017-12-27 08:00"):
        world.jump(moment)

    assert prompt_times(world)[-1] == "2017-12-27 08:00"


def test_worker_back_after_the_evening_asks_the_next_morning(world: World):
    world.jump("2017-11-02 21:00")
    at_night = people_sent(world, PROMPT)

    world.jump("2017-11-03 08:00")

    assert (at_night, people_sent(world, PROMPT)) == ([], PARTICIPANTS)


def test_worker_back_in_the_weekend_does_not_ask_for_the_week_that_ends(world: World):
    world.jump("2017-11-04 10:00")
    world.jump("2017-11-06 08:00")
    nobody = people_sent(world, PROMPT)

    world.jump("2017-11-09 12:15")

    assert (nobody, prompt_times(world)) == ([], ["2017-11-09 12:15"])


def test_worker_back_after_weeks_asks_once(world: World):
    world.jump("2017-11-23 12:15")

    assert prompt_times(world) == ["2017-11-23 12:15"]


def test_question_keeps_its_hour_when_the_clock_goes_back(world_from: WorldFrom):
    world = world_from("2017-10-25 09:00")

    for day in ("2017-10-26", "2017-11-02"):
        world.jump(f"{day} 12:14")
        world.jump(f"{day} 12:15")

    assert prompt_times(world) == ["2017-10-26 12:15", "2017-11-02 12:15"]


def test_question_keeps_its_hour_when_the_clock_goes_forward(world_from: WorldFrom):
    world = world_from("2018-03-21 09:00")

    for day in ("2018-03-22", "2018-03-29"):
        world.jump(f"{day} 12:14")
        world.jump(f"{day} 12:15")

    assert prompt_times(world) == ["2018-03-22 12:15", "2018-03-29 12:15"]


def test_nobody_is_asked_before_or_after_the_edition(world_from: WorldFrom):
    world = world_from("2017-09-13 09:00")
    world.jump("2017-09-14 12:15")
    before = people_sent(world, PROMPT)
    world.jump("2017-09-21 12:15")
    first = people_sent(world, PROMPT)

    world.jump("2018-06-28 12:15")

    assert (before, first, people_sent(world, PROMPT)) == ([], PARTICIPANTS, PARTICIPANTS)


def test_old_drafts_are_erased_after_a_fortnight(world: World):
    lotte = world.person(LOTTE)
    lotte.command("/checkin")
    lotte.view()
    lotte.choose("checkins.changed.confidence", "4")
    wait_for(lambda: len(drafts(world)) == 1, what="a draft")

    world.slack.jump_to(amsterdam("2017-11-15 08:59"))
    drop_old_drafts(world.deps)
    kept = len(drafts(world))
    world.slack.jump_to(amsterdam("2017-11-15 09:01"))
    drop_old_drafts(world.deps)

    assert (kept, drafts(world)) == (1, [])

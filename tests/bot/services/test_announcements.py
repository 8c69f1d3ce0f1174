from collections.abc import Callable
from datetime import datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.errors import UserError
from bot.models.announcements import Announcement, AnnouncementState
from bot.models.deliveries import Delivery, DeliveryKind, DeliveryState
from bot.models.editions import Hospital, Role, Track
from bot.models.people import Identity, Person
from bot.services import announcements, rosters
from bot.services.deliveries import Tally
from bot.services.members import Member
from tests.bot.support import EN, NL, Row, edition_of, member_of, owed, tick
from tests.support.demo import DEMO, FATIMA, HUGO, LOTTE, MIEKE, START, WENDELA, amsterdam

MESSAGE, RESULT = DeliveryKind.ANNOUNCEMENT, DeliveryKind.ANNOUNCEMENT_RESULT
LATER = amsterdam("2017-11-03 09:00")


def choice(database: Database, named: str) -> str:
    """ "hospital:OLVG" as the form would send it: "hospital:5"."""
    kind, _, code = named.partition(":")
    with database.begin() as db:
        if kind == "hospital":
            return f"hospital:{db.scalars(select(Hospital.id).where(Hospital.code == code)).one()}"
        if kind == "track":
            return f"track:{db.scalars(select(Track.id).where(Track.code == code)).one()}"
    return named


def reached(database: Database, *named: str) -> list[str]:
    edition, audience = edition_of(database), [choice(database, each) for each in named]
    with database.begin() as db:
        people = announcements.recipients(db, edition.id, audience)
        return sorted(db.get_one(Person, person).code for person in people)


def codes(*, roles: set[Role] | None = None, hospital: str | None = None) -> list[str]:
    return sorted(
        person.code
        for person in DEMO.people
        if (roles is None or roles & set(person.roles)) and (hospital is None or person.hospital == hospital)
    )


def draft(
    database: Database, text: str = "Tot donderdag.", audience: str = "role:mentor", send_at: datetime | None = None
) -> int:
    wendela = member_of(database, WENDELA)
    with database.begin() as db:
        return announcements.compose(db, wendela, text, [audience], send_at, NL, START).announcement.id


def confirm(database: Database, announcement_id: int, now: datetime = START) -> Announcement:
    wendela = member_of(database, WENDELA)
    with database.begin() as db:
        return announcements.confirm(db, wendela, announcement_id, NL, now)


def cancel(database: Database, announcement_id: int) -> Announcement:
    wendela = member_of(database, WENDELA)
    with database.begin() as db:
        return announcements.cancel(db, wendela, announcement_id, NL)


def tally(database: Database, announcement_id: int) -> Tally:
    with database.begin() as db:
        return announcements.result(db, db.get_one(Announcement, announcement_id))


def close_accounts(database: Database, *people: str) -> None:
    with database.begin() as db:
        for code in people:
            identity = db.scalars(select(Identity).join(Person).where(Person.code == code)).one()
            identity.deactivated_at = START


TRAINING = {Role.PARTICIPANT, Role.TRAINER}


def test_audience_is_everybody_who_fits_one_of_the_choices_each_once(database: Database):
    olvg, deventer = codes(hospital="OLVG"), codes(hospital="DZ")
    mentors, participants = codes(roles={Role.MENTOR}), codes(roles={Role.PARTICIPANT})
    expected = {
        "": [],
        "edition": codes(),
        "hospital:OLVG": olvg,
        "track:training": codes(roles=TRAINING),
        "track:leadership-network": codes(roles={Role.BOARD, Role.MANAGER, Role.STAFF_BOARD}),
        "role:mentor": mentors,
        "role:nurse": [],
        "hospital:OLVG + role:mentor": sorted(olvg + mentors),
        "hospital:OLVG + hospital:DZ + role:participant": sorted({*olvg, *deventer, *participants}),
        "track:training + role:participant": codes(roles=TRAINING),
        "edition + hospital:OLVG + role:mentor + track:training": codes(),
    }

    found = {
        audience: reached(database, *audience.split(" + ")) if audience else reached(database) for audience in expected
    }

    assert found == expected


def test_demo_edition_has_an_audience_of_fifty_one():
    assert (len(codes()), len(codes(roles=TRAINING)), len(codes(hospital="OLVG"))) == (51, 25, 6)


def test_choices_are_the_hospitals_tracks_and_roles_of_the_edition(database: Database):
    wendela = member_of(database, WENDELA)
    with database.begin() as db:
        found = announcements.audience_choices(db, wendela)

    assert [name for _, name in found.hospitals] == [
        "Albert Schweitzer Ziekenhuis",
        "Deventer Ziekenhuis",
        "Jeroen Bosch Ziekenhuis",
        "Noordwest Ziekenhuisgroep",
        "OLVG",
        "Spaarne Gasthuis",
    ]
    assert [name for _, name in found.tracks] == [
        "opleiding klinisch leiderschap",
        "leiderschapsnetwerk",
        "leernetwerk",
        "plenaire module",
    ]
    assert found.roles == [
        Role.PARTICIPANT,
        Role.BOARD,
        Role.STAFF_BOARD,
        Role.MENTOR,
        Role.TRAINER,
        Role.COORDINATOR,
        Role.PROGRAMME_LEADER,
    ]


def test_preview_counts_people_and_those_without_slack_and_sends_nothing(database: Database):
    close_accounts(database, "M01", "M02")
    wendela = member_of(database, WENDELA)

    with database.begin() as db:
        found = announcements.compose(db, wendela, " Tot donderdag. ", ["role:mentor"], None, NL, START)

    assert (found.people, found.unreachable) == (11, 2)
    assert (found.announcement.text, found.announcement.state) == ("Tot donderdag.", AnnouncementState.DRAFT)
    assert owed(database) == []


def test_confirmed_announcement_is_owed_to_each_person_and_its_result_to_the_author(database: Database):
    close_accounts(database, "M01")

    sent = confirm(database, draft(database))

    assert sent.state is AnnouncementState.SENT
    assert owed(database, RESULT) == [Row("C1", RESULT, "2017-11-01 09:00")]
    assert owed(database, MESSAGE) == [
        Row("M01", MESSAGE, "2017-11-01 09:00", DeliveryState.FAILED, "user_disabled"),
        *(Row(f"M{number:02}", MESSAGE, "2017-11-01 09:00") for number in range(2, 12)),
    ]


def test_announcement_confirmed_twice_is_owed_once(database: Database):
    announcement_id = draft(database)
    confirm(database, announcement_id)
    before = owed(database)

    confirm(database, announcement_id)
    tick(database, START)

    assert owed(database) == before


def test_draft_that_is_never_confirmed_reaches_nobody(database: Database):
    draft(database, send_at=LATER)

    tick(database, LATER)

    assert owed(database, MESSAGE, RESULT) == []


def test_scheduled_announcement_goes_out_at_its_moment(database: Database):
    scheduled = confirm(database, draft(database, send_at=LATER))
    counts = []
    for moment in ("2017-11-03 08:59", "2017-11-03 09:00", "2017-11-03 09:01"):
        tick(database, amsterdam(moment))
        counts.append(len(owed(database, MESSAGE)))

    assert scheduled.state is AnnouncementState.SCHEDULED
    assert counts == [0, 11, 11]
    assert {row.due for row in owed(database, MESSAGE)} == {"2017-11-03 09:00"}


def test_scheduled_announcement_after_downtime_goes_out_late_once(database: Database):
    confirm(database, draft(database, send_at=LATER))

    for _ in range(2):
        tick(database, amsterdam("2017-11-06 09:00"))

    assert [row.due for row in owed(database, MESSAGE)] == ["2017-11-06 09:00"] * 11


def test_scheduled_announcement_reaches_who_joined_meanwhile(database: Database):
    confirm(database, draft(database, send_at=LATER))
    newcomer = DEMO.people[-1].model_copy(update={"code": "M99", "name": "Nieuwe Mentor", "roles": [Role.MENTOR]})
    with database.begin() as db:
        rosters.load(db, DEMO.model_copy(update={"people": [*DEMO.people, newcomer]}), START)

    tick(database, LATER)

    assert [row.person for row in owed(database, MESSAGE)][-1] == "M99"


def test_scheduled_announcement_that_is_cancelled_never_goes_out(database: Database):
    announcement_id = draft(database, send_at=LATER)
    confirm(database, announcement_id)

    cancelled = cancel(database, announcement_id)
    tick(database, LATER)
    again = confirm(database, announcement_id, LATER)

    assert (cancelled.state, again.state) == (AnnouncementState.CANCELLED, AnnouncementState.CANCELLED)
    assert owed(database, MESSAGE) == []


def test_announcement_that_is_stopped_keeps_what_was_sent_and_holds_back_the_rest(database: Database):
    announcement_id = draft(database)
    confirm(database, announcement_id)
    with database.begin() as db:
        for row in db.scalars(select(Delivery).where(Delivery.kind == MESSAGE).order_by(Delivery.id).limit(4)):
            row.state = DeliveryState.SENT

    cancel(database, announcement_id)
    cancel(database, announcement_id)

    states = [(row.state, row.reason) for row in owed(database, MESSAGE)]
    assert states == [(DeliveryState.SENT, None)] * 4 + [(DeliveryState.SKIPPED, "cancelled")] * 7
    assert tally(database, announcement_id) == Tally(total=11, sent=4, skipped=7, failures=[])


def test_stopping_a_draft_changes_nothing(database: Database):
    announcement_id = draft(database)

    assert cancel(database, announcement_id).state is AnnouncementState.DRAFT


def test_only_a_coordinator_can_write_send_or_stop(database: Database):
    people = [member_of(database, person) for person in (LOTTE, HUGO, MIEKE, FATIMA)]
    announcement_id = draft(database)
    acts: list[Callable[[Any, Member], object]] = [
        lambda db, member: announcements.compose(db, member, "Hallo", ["edition"], None, EN, START),
        lambda db, member: announcements.confirm(db, member, announcement_id, EN, START),
        lambda db, member: announcements.cancel(db, member, announcement_id, EN),
    ]

    for act, member in product(acts, people):
        with pytest.raises(UserError, match=r"^Only a coordinator can send an announcement\.$"), database.begin() as db:
            act(db, member)

    assert owed(database) == []


def test_programme_leader_may_send_too(database: Database):
    leader = member_of(database, "U0PL")

    with database.begin() as db:
        found = announcements.compose(db, leader, "Hallo", ["role:coordinator"], None, EN, START)

    assert found.people == 2


@pytest.mark.parametrize(
    ("text", "audience", "send_at", "field", "sentence"),
    [
        ("  ", ["edition"], None, "text", "Write what you want to tell people."),
        ("a" * 2501, ["edition"], None, "text", "Keep it to 2500 characters; this is 2501."),
        (
            "patnr 4711234",
            ["edition"],
            None,
            "text",
            "This looks like a patient's data. Take it out; nothing has been stored.",
        ),
        ("Hallo", [], None, "audience", "Choose who gets it."),
        ("Hallo", ["role:nurse"], None, "audience", "Nobody fits this audience. Choose a wider one."),
        (
            "Hallo",
            ["edition"],
            START,
            "send_at",
            "Choose a moment in the future, or leave it empty to send now.",
        ),
    ],
)
def test_unfit_announcement_is_refused_at_its_field_and_nothing_is_stored(
    database: Database, text: str, audience: list[str], send_at: datetime | None, field: str, sentence: str
):
    wendela = member_of(database, WENDELA)

    with pytest.raises(UserError) as refusal, database.begin() as db:
        announcements.compose(db, wendela, text, audience, send_at, EN, START)

    assert (refusal.value.field, refusal.value.sentence) == (field, sentence)
    with database.begin() as db:
        assert list(db.scalars(select(Announcement))) == []


def test_announcement_that_is_gone_says_so(database: Database):
    wendela = member_of(database, WENDELA)

    with pytest.raises(UserError) as refusal, database.begin() as db:
        announcements.confirm(db, wendela, 4711, EN, START)

    assert refusal.value.sentence == "This announcement does not exist any more. Write it again."


def test_result_stays_open_until_its_last_word_was_shown(database: Database):
    announcement_id = draft(database)
    draft(database)
    confirm(database, announcement_id)
    found = []
    for is_final in (False, True):
        with database.begin() as db:
            found.append([row.id for row in announcements.open_results(db)])
            announcements.record_reported(db, announcement_id, "sent:1", is_final, START)
    with database.begin() as db:
        found.append([row.id for row in announcements.open_results(db)])

    assert found == [[announcement_id], [announcement_id], []]


def test_fingerprint_changes_with_every_number_that_the_line_shows(database: Database):
    announcement_id = draft(database)
    with database.begin() as db:
        item = db.get_one(Announcement, announcement_id)
    tallies = [
        Tally(3, 0, 0, []),
        Tally(3, 1, 0, []),
        Tally(3, 1, 1, []),
        Tally(3, 1, 1, [("Anna", "user_disabled")]),
        Tally(4, 1, 1, [("Anna", "user_disabled")]),
    ]

    prints = {announcements.fingerprint(item, each) for each in tallies}

    assert len(prints) == len(tallies)

import json
from copy import deepcopy
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Base, Database
from bot.errors import ConfigurationError
from bot.models.editions import Edition, Role, TermStyle, TrackRole
from bot.models.participations import Participation
from bot.models.people import Identity, Person
from bot.models.schedules import Schedule, ScheduleKind
from bot.models.sessions import LearningSession
from bot.models.teams import TeamMember
from bot.services import roster_files, rosters, sessions
from bot.services.members import find_member
from bot.services.roster_files import Roster
from bot.services.sessions import Details
from tests.bot.support import NL, load, local, member_of, participation_of, session_id, small_roster
from tests.support.demo import DEMO, START, TEAM_ID, WENDELA, amsterdam


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.begin() as db:
        return {
            table.name: [tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


def mistakes_in(folder: Path, roster: Any) -> str:
    path = folder / "roster.json"
    path.write_text(roster if isinstance(roster, str) else json.dumps(roster), encoding="utf-8")
    with pytest.raises(ConfigurationError) as refusal:
        roster_files.read(path)
    return str(refusal.value).replace(str(path), "roster.json")


def changed(**paths: Any) -> dict[str, Any]:
    """The small roster with values changed: `people__0__roles=["king"]`."""
    roster = deepcopy(small_roster())
    for path, value in paths.items():
        *way, last = (int(part) if part.isdigit() else part for part in path.split("__"))
        place: Any = roster
        for part in way:
            place = place[part]
        place[last] = value
    return roster


def test_roster_that_is_right_is_read_with_its_defaults(tmp_path: Path):
    path = tmp_path / "roster.json"
    path.write_text(json.dumps(small_roster()), encoding="utf-8")

    edition = roster_files.read(path).edition

    assert (edition.timezone, edition.country, edition.language) == ("Europe/Amsterdam", "NL", "nl")
    assert (edition.term_style, edition.is_demo) == (TermStyle.KLINISCH, False)
    assert (edition.checkin_weekday, edition.checkin_time) == (3, time(12, 15))
    assert (edition.quiet_from, edition.quiet_until) == (time(19), time(8))
    assert edition.reminder_offsets == ["P7D", "P1D", "PT1H"]


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"people__0__roles": ["king"]}, "people.0.roles.0", "Input should be 'participant'"),
        ({"people__0__roles": []}, "people.0.roles", "at least 1 item"),
        ({"people__0__email": "no address"}, "people.0.email", "should match pattern"),
        ({"people__0__language": "fr"}, "people.0.language", "is not one of nl, en"),
        ({"people__0__code": ""}, "people.0.code", "at least 1 character"),
        ({"people__0__birthday": "1970-01-01"}, "people.0.birthday", "Extra inputs are not permitted"),
        ({"edition__timezone": "Europe/Rotterdam"}, "edition.timezone", "is not a time zone such as Europe/Amsterdam"),
        ({"edition__language": "de"}, "edition.language", "is not one of nl, en"),
        ({"edition__reminder_offsets": ["P1D", "a week"]}, "edition.reminder_offsets.1", "is not an ISO 8601 duration"),
        ({"edition__checkin_weekday": 5}, "edition.checkin_weekday", "less than or equal to 4"),
        ({"edition__country": "XX"}, "edition.country", "is not a country of which the public holidays are known"),
        ({"edition__reminder_offsets": ["-P1D"]}, "edition.reminder_offsets.0", "is not a time before the start"),
        ({"edition__quiet_from": "08:00"}, "roster", "quiet_until must be earlier in the day than quiet_from"),
        ({"people__1__email": "ANNA@h1.example"}, "roster", "two people have the address anna@h1.example"),
        ({"sessions__0__title": ""}, "sessions.0.title", "at least 1 character"),
        ({"edition__starts_on": "21-9-2017"}, "edition.starts_on", "date"),
        ({"edition__checkin_time": "half een"}, "edition.checkin_time", "time"),
        ({"edition__term_style": "boss"}, "edition.term_style", "klinisch leider"),
        ({"tracks__0__audience": ["everybody"]}, "tracks.0.audience.0", "Input should be 'participant'"),
        ({"sessions__0__start": "25:00"}, "sessions.0.start", "time"),
        ({"people__0__hospital": "H9"}, "roster", "person A: hospital H9"),
        ({"sessions__0__track": "sailing"}, "roster", "session S1: track sailing"),
        ({"teams__0__hospital": "H9"}, "roster", "team T1: hospital H9"),
        ({"teams__0__leaders": ["A", "Z"]}, "roster", "team T1: person Z"),
        ({"people__1__code": "A"}, "roster", "person A is there twice"),
        ({"sessions__0__end": "13:30"}, "roster", "session S1 ends before it begins"),
        ({"edition__ends_on": "2017-08-31"}, "roster", "the edition ends before it begins"),
    ],
)
def test_mistake_is_named_with_its_place(tmp_path: Path, changes: dict[str, Any], place: str, words: str):
    said = mistakes_in(tmp_path, changed(**changes))

    headline, *lines = said.split("\n")
    mine = [line for line in lines if line.startswith(f"  - {place}: ")]
    assert headline == "roster.json has mistakes:"
    assert [words in line for line in mine] == [True]


@pytest.mark.parametrize("part", ["hospitals", "tracks", "people", "teams", "sessions"])
def test_code_that_is_there_twice_is_named(tmp_path: Path, part: str):
    rows = small_roster()[part]
    what = {"people": "person"}.get(part, part.removesuffix("s"))

    said = mistakes_in(tmp_path, small_roster(**{part: [*rows, rows[0]]}))

    assert f"{what} {rows[0]['code']} is there twice" in said


def test_mistakes_of_different_kinds_are_named_at_once(tmp_path: Path):
    fields = mistakes_in(tmp_path, changed(people__0__roles=["king"], edition__timezone="Mars", sessions__0__end="x"))
    codes = changed(people__0__hospital="H9", sessions__0__track="sailing")
    codes["people"].append(codes["people"][1])
    codes["hospitals"].append(codes["hospitals"][0])

    codes_said = mistakes_in(tmp_path, codes)

    assert [place in fields for place in ("people.0.roles.0:", "edition.timezone:", "sessions.0.end:")] == [True] * 3
    assert "person C is there twice" in codes_said
    assert "hospital H1 is there twice" in codes_said
    assert "person A: hospital H9" in codes_said
    assert "session S1: track sailing" in codes_said


def test_file_that_is_missing_or_no_json_is_said_so(tmp_path: Path):
    with pytest.raises(ConfigurationError, match=r"^There is no file .*nothing\.json\.$"):
        roster_files.read(tmp_path / "nothing.json")

    assert mistakes_in(tmp_path, '{\n "network": }') == "roster.json is not JSON: Expecting value in line 2."


def test_load_counts_what_is_new(empty_database: Database):
    roster = Roster.model_validate(small_roster())
    found = []
    for _ in range(2):
        with empty_database.begin() as db:
            loaded = rosters.load(db, roster, START)
            found.append((loaded.people, loaded.sessions))

    assert found == [(2, 1), (0, 0)]


def test_edition_loaded_again_changes_nothing(database: Database):
    before = everything(database)

    with database.begin() as db:
        rosters.load(db, DEMO, START)

    assert everything(database) == before


def test_edition_loaded_again_in_the_middle_of_it_changes_nothing(database: Database):
    before = everything(database)

    with database.begin() as db:
        rosters.load(db, DEMO, amsterdam("2018-03-01 10:00"))

    assert everything(database) == before


def test_session_moved_in_slack_is_not_moved_back_by_a_reload(database: Database):
    wendela, subject = member_of(database, WENDELA), session_id(database, "T2")
    moved = Details("Andere titel", amsterdam("2017-11-16 14:00"), amsterdam("2017-11-16 17:00"), "Utrecht", None)
    with database.begin() as db:
        sessions.change(db, wendela, subject, moved, NL, START)

    with database.begin() as db:
        rosters.load(db, DEMO, START)

    with database.begin() as db:
        row = db.get_one(LearningSession, subject)
        assert Details(row.title, row.starts_at, row.ends_at, row.location, row.preparation) == moved


def test_sessions_stand_on_the_clock_of_the_edition(empty_database: Database):
    load(empty_database, small_roster(), amsterdam("2017-09-01 09:00"))

    with empty_database.begin() as db:
        row = db.scalars(select(LearningSession)).one()
    assert (local(row.starts_at), local(row.ends_at), row.revision) == ("2017-11-09 13:30", "2017-11-09 17:30", 0)


def test_reload_adds_newcomers_and_updates_people_and_habits(empty_database: Database):
    load(empty_database, small_roster())
    roster = changed(
        people__0__name="Anna van Arts-Bos",
        people__0__email="A.Bos@h1.example",
        people__0__roles=["participant", "nurse"],
        edition__checkin_time="09:00",
        edition__ends_on="2018-07-31",
    )
    roster["people"].append({"code": "B", "name": "Bas Bever", "roles": ["mentor"]})

    load(empty_database, roster)

    with empty_database.begin() as db:
        people = {row.code: (row.name, row.first_name, row.email) for row in db.scalars(select(Person))}
        edition = db.scalars(select(Edition)).one()
        roles = {row.person.code: sorted(role.role for role in row.roles) for row in db.scalars(select(Participation))}
    assert people == {
        "A": ("Anna van Arts-Bos", "Anna", "a.bos@h1.example"),
        "B": ("Bas Bever", "Bas", None),
        "C": ("Coby Coördinator", "Coby", "coby@net.example"),
    }
    assert roles == {"A": ["nurse", "participant"], "B": ["mentor"], "C": ["coordinator"]}
    assert (edition.checkin_time, edition.ends_on) == (time(9), date(2018, 7, 31))


def test_reload_keeps_what_people_chose_for_themselves(empty_database: Database):
    load(empty_database, small_roster())
    with empty_database.begin() as db:
        person = db.scalars(select(Person).where(Person.code == "A")).one()
        person.language = "en"
        participation = db.scalars(select(Participation).where(Participation.person_id == person.id)).one()
        participation.checkin_weekday, participation.paused_until = 0, date(2017, 12, 1)

    load(empty_database, changed(people__0__language="nl"))

    with empty_database.begin() as db:
        person = db.scalars(select(Person).where(Person.code == "A")).one()
    participation = participation_of(empty_database, "A")
    assert (person.language, participation.checkin_weekday, participation.paused_until) == ("en", 0, date(2017, 12, 1))


def test_reload_with_other_reminder_offsets_reminds_by_those(empty_database: Database):
    load(empty_database, small_roster())

    load(empty_database, changed(edition__reminder_offsets=["P14D", "PT1H"]))

    with empty_database.begin() as db:
        query = select(Schedule.rule, Schedule.next_at).where(Schedule.kind == ScheduleKind.SESSION_REMINDER)
        moments = {rule: at and local(at) for rule, at in db.execute(query)}
    assert moments == {"P14D": None, "PT1H": "2017-11-09 12:30"}


def test_reload_takes_a_role_from_an_audience_and_a_leader_from_a_team(empty_database: Database):
    roster = changed(tracks__0__audience=["participant", "nurse"], teams__0__leaders=["A", "C"])
    load(empty_database, roster)

    load(empty_database, small_roster())

    with empty_database.begin() as db:
        audience = list(db.scalars(select(TrackRole.role)))
        leaders = len(db.scalars(select(TeamMember)).all())
    assert (audience, leaders) == ([Role.PARTICIPANT], 1)


def test_team_of_the_roster_has_its_leaders(database: Database):
    with database.begin() as db:
        leaders = db.scalars(
            select(Person.code)
            .join(Participation, Participation.person_id == Person.id)
            .join(TeamMember, TeamMember.participation_id == Participation.id)
            .where(TeamMember.is_leader)
        )
        found = sorted(leaders)

    assert found == sorted(code for team in DEMO.teams for code in team.leaders)


@pytest.mark.parametrize("network", ["net", "imagine"])
@pytest.mark.parametrize("first_is_demo", [True, False])
def test_demo_data_and_real_editions_do_not_go_together(empty_database: Database, first_is_demo: bool, network: str):
    load(empty_database, changed(edition__is_demo=first_is_demo))
    other = changed(edition__is_demo=not first_is_demo, edition__code="E2", network__code=network)
    before = everything(empty_database)

    with pytest.raises(
        ConfigurationError, match=r"^Demo data and real editions do not go together; use another database\.$"
    ):
        load(empty_database, other)

    assert everything(empty_database) == before


def test_two_real_editions_go_together(empty_database: Database):
    load(empty_database, small_roster())
    later = changed(edition__code="E2", edition__starts_on="2018-09-01", edition__ends_on="2019-06-30")
    later["sessions"][0]["date"] = "2018-11-08"

    load(empty_database, later)

    with empty_database.begin() as db:
        codes = [row.code for row in db.scalars(select(Edition).order_by(Edition.id))]
        people = len(list(db.scalars(select(Person))))
    assert (codes, people) == (["E1", "E2"], 2)


def test_people_without_account_are_those_with_an_address_asked_for_longest_ago_first(database: Database):
    with database.begin() as db:
        here = db.scalars(select(Identity.workspace_id)).first() or 0
        for code, asked in {"D01": "2017-10-02 09:00", "D02": None, "D03": "2017-10-01 09:00"}.items():
            person = db.scalars(select(Person).where(Person.code == code)).one()
            person.looked_up_at = amsterdam(asked) if asked else None
            db.delete(db.scalars(select(Identity).where(Identity.person_id == person.id)).one())
        gone = db.scalars(select(Person).where(Person.code == "D04")).one()
        gone.email = None
        db.delete(db.scalars(select(Identity).where(Identity.person_id == gone.id)).one())

    with database.begin() as db:
        found = [person.code for person in rosters.people_without_account(db, here, 10, START + timedelta(days=9))]
        first = [person.code for person in rosters.people_without_account(db, here, 1, START + timedelta(days=9))]

    assert (found, first) == (["D02", "D03", "D01"], ["D02"])


def test_account_is_linked_once_and_to_nobody_else(database: Database):
    with database.begin() as db:
        here = db.scalars(select(Identity.workspace_id)).first() or 0
        marit = db.scalars(select(Person.id).where(Person.code == "D01")).one()
        db.delete(db.scalars(select(Identity).where(Identity.person_id == marit)).one())

    for user_id in (None, "U0D07", "U0MARIT", "U0MARIT"):
        with database.begin() as db:
            rosters.link(db, here, marit, user_id, START)

    with database.begin() as db:
        accounts = list(db.scalars(select(Identity.slack_user_id).where(Identity.person_id == marit)))
        person = db.get_one(Person, marit)
        lotte = find_member(db, TEAM_ID, "U0D07", START)
    assert (accounts, person.looked_up_at) == (["U0MARIT"], START)
    assert lotte is not None
    assert lotte.first_name == "Lotte"

"""The smaller parts: names, texts, addresses, fields, conversations and who hears of what."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from sandbox.page import address, fields, texts
from sandbox.page.conversation import conversation
from sandbox.page.dates import clock_sentence, day_words, zone_of
from sandbox.page.live import concerns, stream
from sandbox.page.people import face, search
from sandbox.page.refusals import translated
from sandbox.page.screen import reader_of
from sandbox.page.texts import LANGUAGES, TEXTS, text
from sandbox.workspace import Workspace
from tests.page.demo import workspace

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2017, 11, 1)


@pytest.fixture
def place() -> Workspace:
    return workspace()


def reader(place: Workspace, **query: str):
    here = address.read(place, {"as": "U0D07", **query})
    assert here is not None
    return reader_of(place, here)


# Texts and dates


@pytest.mark.parametrize("key", TEXTS)
def test_text_says_something_in_both_languages_with_the_same_values(key):
    names = [{name for _, name, _, _ in Formatter().parse(each) if name} for each in TEXTS[key]]

    assert all(TEXTS[key])
    assert names[0] == names[1]


def test_every_text_is_used_somewhere():
    folder = Path(texts.__file__).parent
    source = "".join(
        each.read_text() for each in folder.rglob("*") if each.suffix in (".py", ".html") and each.name != "texts.py"
    )

    assert [key for key in TEXTS if f'"{key}"' not in source and f"'{key}'" not in source] == []


@pytest.mark.parametrize(
    ("day", "dutch", "english"),
    [
        (TODAY, "Vandaag", "Today"),
        (TODAY - timedelta(days=1), "Gisteren", "Yesterday"),
        (date(2017, 10, 26), "donderdag 26 oktober", "Thursday 26 October"),
        (date(2016, 9, 21), "woensdag 21 september 2016", "Wednesday 21 September 2016"),
    ],
)
def test_day_divider(day, dutch, english):
    assert [day_words(day, TODAY, language) for language in LANGUAGES] == [dutch, english]


def test_clock_is_written_out_in_its_own_zone():
    moment = datetime(2017, 11, 1, 8, 0, tzinfo=UTC)

    assert clock_sentence(moment, AMSTERDAM, "nl") == "woensdag 1 november 2017, 09.00 uur"


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../etc/passwd"])
def test_zone_of_a_poor_profile_is_that_of_the_programme(name):
    assert zone_of(name) == AMSTERDAM


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("Please complete this required field.", "Vul dit verplichte veld in."),
        ("Please enter at least 3 characters.", "Typ minstens 3 tekens."),
        ("Please enter a number of at most 2.5.", "Vul een getal in van hoogstens 2.5."),
        ("Kies een dag in de toekomst.", "Kies een dag in de toekomst."),
    ],
)
def test_only_the_clients_own_objections_are_translated(place, english, dutch):
    assert translated(english, reader(place)) == dutch


# People


@pytest.mark.parametrize(("person", "initials"), [("U0D07", "LK"), ("U0D09", "NO"), ("U0NONE", "?")])
def test_initials_skip_particles(place, person, initials):
    assert face(place, person).initials == initials


@pytest.mark.parametrize(
    ("words", "found"),
    [("kerkhuis", ["U0D07"]), ("ziekenhuis GERIATER", ["U0D01"]), ("", 5), ("niemand", [])],
)
def test_people_are_found_by_words_of_name_and_title(place, words, found):
    faces, more = search(place, words)

    assert more == 0
    assert len(faces) == found if isinstance(found, int) else [each.id for each in faces] == found


def test_people_who_left_cannot_be_acted_as(place):
    place.people["U0D01"].deleted = True

    assert search(place, "marit") == ([], 0)


# Addresses


def test_address_without_anything_is_the_first_person_with_the_app(place):
    here = address.read(place, {})

    assert here is not None
    assert (here.person.id, here.channel.is_im, here.tab, here.language, here.limit) == (
        "U0D07",
        True,
        "messages",
        "nl",
        100,
    )


@pytest.mark.parametrize(
    "query",
    [
        {"as": "U0NONE"},
        {"in": "C0NONE"},
        {"in": "DU0D01"},
        {"limit": "-5"},
        {"limit": "²"},
        {"tab": "x"},
        {"lang": "<"},
    ],
)
def test_address_that_makes_no_sense_leads_to_the_usual_place(place, query):
    assert address.read(place, query) == address.read(place, {})


def test_address_reads_back_what_it_writes(place):
    written = "/?as=U0D01&in=C0ALGEMEEN&lang=en&limit=300"
    here = address.read(place, {"as": "U0D01", "in": "C0ALGEMEEN", "lang": "en", "limit": "300"})

    assert here is not None
    assert here.url() == written


def test_workspace_without_people_has_no_address():
    assert address.read(Workspace(), {}) is None


# Fields


@pytest.mark.parametrize(("block_id", "action_id"), [("b", "a"), ("a/b", "c/d"), ("é ?", '"<'), ("%2F", ".")])
def test_field_name_carries_any_ids(block_id, action_id):
    assert fields.ids_of(fields.key_of(block_id, action_id)) == (block_id, action_id)


@pytest.mark.parametrize(
    ("kind", "strings", "raw"),
    [
        ("static_select", ["een"], "een"),
        ("static_select", [], None),
        ("checkboxes", ["een", "twee"], ["een", "twee"]),
        ("multi_users_select", [], []),
        ("datetimepicker", ["2017-11-02T12:15"], 1509621300),
        ("button", [], None),
    ],
)
def test_strings_of_the_page_become_what_the_workspace_takes(kind, strings, raw):
    assert fields.raw_of(kind, strings, AMSTERDAM) == raw


# Conversations


def test_consecutive_messages_share_a_heading_until_five_minutes_pass(place):
    channel = place.add_channel("proef")
    for author, minutes in (("U0D01", 0), ("U0D01", 4), ("U0D01", 6), ("U0D07", 0)):
        place.clock.advance(timedelta(minutes=minutes))
        place.post(channel, author, "x")

    lines = list(conversation(place, place.messages(channel.id), reader(place)))

    assert [line.follows for line in lines] == [False, True, False, False]


def test_days_are_divided_in_the_readers_zone(place):
    channel = place.add_channel("proef")
    place.clock.jump_to(datetime(2017, 11, 1, 22, 59, tzinfo=UTC))
    place.post(channel, "U0D01", "voor middernacht")
    place.clock.jump_to(datetime(2017, 11, 1, 23, 1, tzinfo=UTC))
    place.post(channel, "U0D01", "na middernacht")

    lines = list(conversation(place, place.messages(channel.id), reader(place)))

    assert [line.divider for line in lines] == ["Gisteren", "Vandaag"]


def test_ephemeral_message_is_marked_and_stands_apart(place):
    channel = place.add_channel("proef")
    place.post(channel, "U0D01", "voor iedereen")
    place.post_ephemeral(channel, "U0D07", "U0D01", "voor jou")

    lines = list(conversation(place, place.messages(channel.id, "U0D07"), reader(place)))

    assert [(line.only_you, line.follows) for line in lines] == [(False, False), (True, False)]


def test_only_texts_without_blocks_are_marked_as_edited(place):
    channel = place.add_channel("proef")
    with_blocks, without = (place.post(channel, place.bot.id, "x") for _ in range(2))
    place.change_message(with_blocks, text="y", blocks=[{"type": "divider"}])
    place.change_message(without, text="y", blocks=[])

    lines = list(conversation(place, place.messages(channel.id), reader(place)))

    assert [line.edited for line in lines] == [False, True]


# Live


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        (("message", "C0ALGEMEEN"), True),
        (("message", "C0GEHEIM"), False),
        (("message", "C0NONE"), False),
        (("view", "U0D07"), True),
        (("view", "U0D01"), False),
        (("home", "U0D01"), False),
        (("clock",), True),
        (("reset",), True),
    ],
)
def test_change_is_announced_to_whom_it_concerns(place, change, heard):
    place.add_channel("geheim", members=["U0D01"])

    assert concerns(place, "U0D07", change) is heard


def test_stream_announces_a_burst_once_and_ends_with_the_server(place):
    async def listen() -> list[str]:
        events = stream(place, "U0D07")
        heard = [await anext(events)]
        for _ in range(3):
            place.changes.publish("clock")
        heard.append(await anext(events))
        place.changes.publish("closed")
        return [*heard, *[event async for event in events]]

    assert asyncio.run(listen()) == ["event: ready\ndata: \n\n", "event: change\ndata: \n\n"]


def test_text_is_filled_in():
    assert text("en", "unread", count=3) == "3 unread"

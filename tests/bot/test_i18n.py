import ast
import re
import string
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.i18n import LOCALES_DIR, Texts
from tests.support.demo import amsterdam

ROOT = Path(__file__).parents[2]
NL, EN = Texts("nl"), Texts("en")
Key = str | tuple[str, str]


def catalogue() -> dict[Key, Message]:
    with (LOCALES_DIR / "nl.po").open("rb") as source:
        return {key(message): message for message in read_po(source, locale="nl") if message.id}


def key(message: Message) -> Key:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def dutch(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def used() -> dict[Key, str]:
    """Every text in the code that is for people, and where it stands."""
    found: dict[Key, str] = {}
    for folder in ("bot", "handlers", "jobs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text, line in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                found[text] = f"{path.relative_to(ROOT)}:{line}"
    return found


def _texts(tree: ast.Module) -> Iterator[tuple[Key, int]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("t", "_"):
            for constant in _constants(node.args[0]):
                yield constant, node.lineno
        elif name == "plural":
            one, many = (_constants(argument) for argument in node.args[:2])
            yield (one[0], many[0]), node.lineno


def _constants(node: ast.expr) -> list[str]:
    """The texts an argument can be: itself, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    return []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


CATALOGUE = catalogue()
USED = used()


def test_texts_are_found_in_the_code():
    assert len(USED) > 100
    assert USED["Check in"].startswith(("bot/views/", "handlers/"))
    assert ("and {number} other", "and {number} others") in USED


def test_every_text_for_people_is_in_the_dutch_catalogue():
    missing = {text: place for text, place in USED.items() if text not in CATALOGUE}

    assert missing == {}


def test_dutch_catalogue_has_nothing_that_is_not_used():
    assert [text for text in CATALOGUE if text not in USED] == []


def test_every_dutch_text_is_there_and_certain():
    wanting = [text for text, message in CATALOGUE.items() if message.fuzzy or not all(dutch(message))]

    assert wanting == []


def test_every_dutch_text_has_the_placeholders_of_the_english_one():
    wrong = {}
    for text, message in CATALOGUE.items():
        english = placeholders(text if isinstance(text, str) else text[1])
        if any(placeholders(translation) != english for translation in dutch(message)):
            wrong[text] = dutch(message)

    assert wrong == {}


def test_dutch_says_je_and_never_u_and_nothing_is_shouted():
    formal = re.compile(r"\b(?:u|uw|uzelf)\b", re.IGNORECASE)
    texts = [translation for message in CATALOGUE.values() for translation in dutch(message)]

    assert [text for text in texts if formal.search(text)] == []
    assert [text for text in texts if "!" in text] == []


def test_english_is_not_shouted_either():
    texts = [part for text in USED for part in ([text] if isinstance(text, str) else text)]

    assert [text for text in texts if "!" in text] == []


def test_every_text_can_be_shown_in_both_languages():
    for text in CATALOGUE:
        english = text if isinstance(text, str) else text[1]
        values = dict.fromkeys(placeholders(english) - {"number"}, "x")
        for t in (NL, EN):
            said = (
                t(text, **values, **({"number": 3} if "number" in placeholders(text) else {}))
                if isinstance(text, str)
                else t.plural(*text, 3, **values)
            )
            assert "{" not in said


def test_plural_fits_the_number():
    said = [t.plural("and {number} other", "and {number} others", number) for t in (EN, NL) for number in (1, 2)]

    assert said == ["and 1 other", "and 2 others", "en nog 1 ander", "en nog 2 anderen"]


def test_dutch_dates_are_written_as_people_write_them():
    moment = amsterdam("2017-09-21 13:30")

    said = [
        NL.day(date(2017, 9, 21)),
        NL.moment(moment),
        NL.period(moment, amsterdam("2017-09-21 17:30")),
        NL.hour(time(13, 30)),
        NL.hour(time(8, 5)),
        NL.weekday(0),
        NL.weekday(3),
    ]

    assert said == [
        "donderdag 21 september 2017",
        "donderdag 21 september 2017, 13.30 uur",
        "donderdag 21 september 2017, 13.30-17.30 uur",
        "13.30 uur",
        "08.05 uur",
        "maandag",
        "donderdag",
    ]


def test_english_dates_are_british():
    moment = amsterdam("2017-09-21 13:30")

    said = [
        EN.day(date(2017, 9, 21)),
        EN.moment(moment),
        EN.period(moment, amsterdam("2017-09-21 17:30")),
        EN.hour(time(13, 30)),
        EN.weekday(6),
    ]

    assert said == [
        "Thursday 21 September 2017",
        "Thursday 21 September 2017, 13:30",
        "Thursday 21 September 2017, 13:30-17:30",
        "13:30",
        "Sunday",
    ]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Amsterdam", "donderdag 9 november 2017, 00.30 uur"),
        ("UTC", "woensdag 8 november 2017, 23.30 uur"),
        ("America/Curacao", "woensdag 8 november 2017, 19.30 uur"),
    ],
)
def test_moment_is_told_on_the_clock_of_the_edition(zone: str, said: str):
    assert Texts("nl", zone).moment(amsterdam("2017-11-09 00:30")) == said


def test_same_wall_clock_is_told_before_and_after_the_clock_changes():
    said = [NL.moment(amsterdam(moment)) for moment in ("2017-10-26 12:15", "2017-11-02 12:15")]

    assert said == ["donderdag 26 oktober 2017, 12.15 uur", "donderdag 2 november 2017, 12.15 uur"]


def test_braces_in_what_somebody_typed_are_left_alone():
    said = EN("Hi {name}", name="{secret} {0}")

    assert said == "Hi {secret} {0}"

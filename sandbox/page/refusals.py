"""What Slack's own client says of a form, in the reader's language.

The workspace words these as Slack does, in English. What the app itself says of a field stays as the app wrote it.
"""

import re

from sandbox.page.reader import Reader
from sandbox.page.texts import TEXTS

OWN = ("required", "too_short", "too_long", "no_number", "no_whole_number", "too_low", "too_high")


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(re.escape(english).replace(r"\{limit\}", r"(?P<limit>\S+)"))


PATTERNS = {key: _pattern(TEXTS[key][1]) for key in OWN}


def translated(sentence: str, reader: Reader) -> str:
    """The reader's words for a sentence of Slack's client; any other sentence unchanged."""
    for key, pattern in PATTERNS.items():
        found = pattern.fullmatch(sentence)
        if found:
            return reader.say(key, **found.groupdict())
    return sentence

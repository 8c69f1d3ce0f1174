"""`make translations` and its part of `make check`: is every text for people in the Dutch catalogue?"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.i18n import LOCALES_DIR

_ROOT = Path(__file__).parents[2]
_KEYWORDS = {"_": None, "t": None, "plural": (1, 2)}
_DUTCH = LOCALES_DIR / "nl.po"


def template() -> Catalog:
    """Every text in the code that is marked for translation."""
    catalog = Catalog(charset="utf-8")
    for folder in ("bot", "handlers", "jobs"):
        found = extract_from_dir(_ROOT / folder, method_map=[("**.py", "python")], keywords=_KEYWORDS)
        for _file, _line, message, _comments, _context in found:
            catalog.add(message)
    return catalog


def dutch() -> Catalog:
    """The Dutch catalogue as it stands."""
    with _DUTCH.open("rb") as source:
        return read_po(source, locale="nl")


def mistakes() -> list[str]:
    """What is wanting in the Dutch catalogue: missing, doubtful, superfluous."""
    wanted, have = template(), dutch()
    missing = [f"not translated: {message.id}" for message in _messages(wanted) if not _is_translated(have, message)]
    doubtful = [f"fuzzy: {message.id}" for message in _messages(have) if message.fuzzy]
    superfluous = [f"not used any more: {message.id}" for message in _messages(have) if message.id not in wanted]
    return missing + doubtful + superfluous


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _is_translated(catalog: Catalog, message: Message) -> bool:
    found = catalog.get(message.id)
    if found is None:
        return False
    return all(found.string) if isinstance(found.string, tuple | list) else bool(found.string)


def write() -> None:
    """Add new texts, untranslated, and take out those no longer used."""
    catalog = dutch()
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalog, sort_output=True, width=0, no_location=True)
    _DUTCH.write_bytes(text.getvalue())


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    sys.exit("\n".join(mistakes()) or None)

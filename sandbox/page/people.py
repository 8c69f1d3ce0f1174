"""People as the page shows them: a coloured tile with initials, a name and a title."""

from dataclasses import dataclass
from itertools import islice
from unicodedata import normalize
from zlib import crc32

from sandbox.people import Person
from sandbox.workspace import Workspace

COLOURS = 10
SLACKBOT = "USLACKBOT"
"""Who speaks for the workspace itself, as in Slack."""

SHOWN = 40
"""People in the switcher at once; beyond this one searches."""


@dataclass(frozen=True)
class Face:
    """What stands beside a message."""

    id: str
    name: str
    initials: str
    colour: int
    is_app: bool
    title: str = ""


def face(workspace: Workspace, person_id: str) -> Face:
    """The face of a person or the app; somebody unknown keeps their id as name."""
    person = workspace.person(person_id)
    if person_id == SLACKBOT:
        return Face(SLACKBOT, "Slackbot", "S", 3, is_app=False)
    if person is None:
        return Face(person_id, person_id, "?", 0, is_app=False)
    return Face(
        person.id,
        person.real_name or person.name,
        _initials(person.real_name or person.name),
        crc32(person.id.encode()) % COLOURS,
        is_app=person.is_bot,
        title=person.title,
    )


def _initials(name: str) -> str:
    """First and last initial; the particles of a Dutch surname ("van der") have none."""
    parts = [part for part in name.split() if part[0].isupper()] or name.split() or ["?"]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def search(workspace: Workspace, words: str) -> tuple[list[Face], int]:
    """The people who match every word, and how many more there are than fit."""
    wanted = _folded(words).split()
    found = [person for person in workspace.people.values() if _is_found(person, wanted)]
    return [face(workspace, person.id) for person in islice(found, SHOWN)], max(0, len(found) - SHOWN)


def _is_found(person: Person, wanted: list[str]) -> bool:
    """Whether the person can act and all words stand in their name or title, with or without accents."""
    known = _folded(f"{person.real_name} {person.name} {person.title}")
    return not person.deleted and not person.is_bot and all(word in known for word in wanted)


def _folded(words: str) -> str:
    return normalize("NFKD", words).encode("ascii", "ignore").decode().lower()

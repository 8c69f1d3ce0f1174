"""The file an edition is written in: every mistake in it is named before anything touches the database."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Annotated, Protocol
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import ConfigurationError
from bot.i18n import LANGUAGES
from bot.models.editions import Role, TermStyle
from bot.services import sessions


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone such as Europe/Amsterdam")
    return name


def _known_language(name: str) -> str:
    if name not in LANGUAGES:
        raise ValueError(f"is not one of {', '.join(LANGUAGES)}")
    return name


def _known_offset(offset: str) -> str:
    try:
        sessions.parse_offset(offset)
    except ValidationError:
        raise ValueError('is not an ISO 8601 duration such as "P7D" or "PT1H"') from None
    return offset


Zone = Annotated[str, AfterValidator(_known_zone)]
Language = Annotated[str, AfterValidator(_known_language)]
Offset = Annotated[str, AfterValidator(_known_offset)]
Code = Annotated[str, Field(min_length=1, max_length=40)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


class NetworkEntry(_Entry):
    """The organisation that runs the programme."""

    code: Code
    name: str


class EditionEntry(_Entry):
    """The edition and its habits; weekdays count from Monday = 0."""

    code: Code
    name: str
    starts_on: date
    ends_on: date
    timezone: Zone = "Europe/Amsterdam"
    country: str = "NL"
    language: Language = "nl"
    term_style: TermStyle = TermStyle.KLINISCH
    is_demo: bool = False
    checkin_weekday: int = Field(default=3, ge=0, le=4)
    checkin_time: time = time(12, 15)
    quiet_from: time = time(19)
    quiet_until: time = time(8)
    reminder_offsets: list[Offset] = ["P7D", "P1D", "PT1H"]


class HospitalEntry(_Entry):
    """A hospital and the theme it chose."""

    code: Code
    name: str
    theme: str | None = None


class TrackEntry(_Entry):
    """A part of the programme and the roles it is for."""

    code: Code
    name_nl: str
    name_en: str
    audience: list[Role]


class PersonEntry(_Entry):
    """Somebody who takes part. The e-mail address is the one of their Slack account."""

    code: Code
    name: str
    first_name: str | None = None
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    language: Language | None = None
    hospital: str | None = None
    specialty: str | None = None
    roles: list[Role] = Field(min_length=1)


class TeamEntry(_Entry):
    """An improvement team and the people who lead it."""

    code: Code
    name: str
    hospital: str
    leaders: list[str]


class SessionEntry(_Entry):
    """A session, on the clock of the edition."""

    code: Code
    track: str
    date: date
    start: time
    end: time
    title: str
    location: str
    preparation: str | None = None


class Roster(BaseModel):
    """A whole edition. Keys this release has no use for yet, such as `projects`, are left alone."""

    notice: str | None = None
    network: NetworkEntry
    edition: EditionEntry
    hospitals: list[HospitalEntry] = []
    tracks: list[TrackEntry] = []
    people: list[PersonEntry]
    teams: list[TeamEntry] = []
    sessions: list[SessionEntry] = []

    @model_validator(mode="after")
    def _fits_together(self) -> "Roster":
        hospitals, tracks, people = (
            {each.code for each in part} for part in (self.hospitals, self.tracks, self.people)
        )
        wrong = [f"person {p.code}: hospital {p.hospital}" for p in self.people if p.hospital not in {None, *hospitals}]
        wrong += [f"session {s.code}: track {s.track}" for s in self.sessions if s.track not in tracks]
        wrong += [f"team {t.code}: hospital {t.hospital}" for t in self.teams if t.hospital not in hospitals]
        wrong += [f"team {t.code}: person {p}" for t in self.teams for p in t.leaders if p not in people]
        mistakes = [f"unknown codes: {'; '.join(wrong)}"] if wrong else []
        mistakes += _twice("hospital", self.hospitals) + _twice("track", self.tracks) + _twice("person", self.people)
        mistakes += _twice("session", self.sessions) + _twice("team", self.teams)
        mistakes += [f"session {s.code} ends before it begins" for s in self.sessions if s.end <= s.start]
        if self.edition.ends_on < self.edition.starts_on:
            mistakes.append("the edition ends before it begins")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self


def _twice(what: str, entries: Iterable[_Coded]) -> list[str]:
    counts = Counter(entry.code for entry in entries)
    return [f"{what} {code} is there twice" for code, count in counts.items() if count > 1]


def read(path: Path) -> Roster:
    """A roster from a JSON file. Raises ConfigurationError naming every mistake and where it stands."""
    try:
        return Roster.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ConfigurationError(f"There is no file {path}.") from None
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{path} is not JSON: {error.msg} in line {error.lineno}.") from None
    except ValidationError as error:
        lines = [f"  - {'.'.join(map(str, e['loc'])) or 'roster'}: {e['msg']}" for e in error.errors()]
        raise ConfigurationError(f"{path} has mistakes:\n" + "\n".join(lines)) from None

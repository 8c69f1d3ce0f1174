"""The file an edition is written in: every mistake in it is named before anything touches the database."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Protocol
from zoneinfo import available_timezones

from holidays import list_supported_countries
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import ConfigurationError
from bot.i18n import LANGUAGES
from bot.models.editions import Role, TermStyle
from bot.services import sessions

_LONGEST_OFFSET = timedelta(days=366)


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
        ahead = sessions.parse_offset(offset)
    except ValidationError:
        raise ValueError('is not an ISO 8601 duration such as "P7D" or "PT1H"') from None
    if not timedelta(0) < ahead <= _LONGEST_OFFSET:
        raise ValueError("is not a time before the start, of a year at most")
    return offset


def _known_country(code: str) -> str:
    if code not in list_supported_countries():
        raise ValueError("is not a country of which the public holidays are known, such as NL")
    return code


Zone = Annotated[str, AfterValidator(_known_zone)]
Language = Annotated[str, AfterValidator(_known_language)]
Offset = Annotated[str, AfterValidator(_known_offset)]
Country = Annotated[str, AfterValidator(_known_country)]
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
    country: Country = "NL"
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
    title: str = Field(min_length=1, max_length=150)
    location: str = Field(min_length=1, max_length=150)
    preparation: str | None = Field(default=None, max_length=1000)


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
        if self.edition.quiet_until >= self.edition.quiet_from:
            mistakes.append("quiet_until must be earlier in the day than quiet_from")
        addresses = Counter(person.email.lower() for person in self.people if person.email)
        mistakes += [f"two people have the address {address}" for address, times in addresses.items() if times > 1]
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
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read as text in UTF-8 ({type(error).__name__}).") from None
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{path} is not JSON: {error.msg} in line {error.lineno}.") from None
    except ValidationError as error:
        lines = [f"  - {'.'.join(map(str, e['loc'])) or 'roster'}: {e['msg']}" for e in error.errors()]
        raise ConfigurationError(f"{path} has mistakes:\n" + "\n".join(lines)) from None

"""Texts in the reader's language: gettext catalogues, and dates and times the way people write them.

English is the language of the code, so English needs no catalogue. Dutch date forms follow taaladvies.net
("datumnotatie"): day and month in lower case, a point in clock times, "uur" after them.
"""

import gettext
import io
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = {"nl": "Nederlands", "en": "English"}
DEFAULT_LANGUAGE = "nl"
LOCALES_DIR = Path(__file__).parent / "locales"

_BABEL_LOCALE = {"nl": "nl_NL", "en": "en_GB"}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = LOCALES_DIR / f"{language}.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(message: str) -> str:
    """Mark a text for the catalogues where it is defined; it is translated where it is shown."""
    return message


class Texts:
    """Speaks one language, in one time zone: `t("Hello {name}", name=...)`."""

    def __init__(self, language: str, timezone: str = "Europe/Amsterdam") -> None:
        self.language = language
        self.timezone = ZoneInfo(timezone)
        self._catalogue = _catalogue(language)
        self._locale = _BABEL_LOCALE[language]

    def __call__(self, message: str, **values: object) -> str:
        """The translation of an English sentence, its `{placeholders}` filled in."""
        return self._catalogue.gettext(message).format(**values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """The translation that fits the number; `{number}` stands for it."""
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)

    def local(self, moment: datetime) -> datetime:
        """A moment on the wall clock of this reader's edition."""
        return moment.astimezone(self.timezone)

    def day(self, day: date) -> str:
        """ "donderdag 21 september 2017" """
        return format_date(day, "EEEE d MMMM y", locale=self._locale)

    def clock(self, at: time) -> str:
        """ "13.30" in Dutch, "13:30" in English."""
        return f"{at:%H.%M}" if self.language == "nl" else f"{at:%H:%M}"

    def moment(self, moment: datetime) -> str:
        """ "donderdag 21 september 2017, 13.30 uur" """
        local = self.local(moment)
        return f"{self.day(local.date())}, {self.hour(local.time())}"

    def hour(self, at: time) -> str:
        """ "13.30 uur" in Dutch, "13:30" in English."""
        return f"{self.clock(at)} uur" if self.language == "nl" else self.clock(at)

    def period(self, start: datetime, end: datetime) -> str:
        """ "donderdag 21 september 2017, 13.30-17.30 uur": start and end on one day."""
        first, last = self.local(start), self.local(end)
        day = self.day(first.date())
        hours = f"{self.clock(first.time())}-{self.clock(last.time())}"
        return f"{day}, {hours} uur" if self.language == "nl" else f"{day}, {hours}"

    def weekday(self, weekday: int) -> str:
        """ "donderdag"; Monday is 0."""
        return format_date(date(2018, 1, 1 + weekday), "EEEE", locale=self._locale)

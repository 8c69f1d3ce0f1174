"""Moments in words, in the reader's language and zone: day dividers, the clock and Slack's date tokens."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date, format_datetime, format_timedelta

from sandbox.page.texts import Language, text

LOCALES: dict[Language, str] = {"nl": "nl_NL", "en": "en_GB"}
TOKEN = re.compile(r"\{(\w+)\}")
HALF_A_YEAR = timedelta(days=182)
DATES = {
    "date": "d MMMM y",
    "date_short": "d MMM y",
    "date_long": "EEEE d MMMM y",
    "day_divider": "EEEE d MMMM y",
}
TIMES = {"date_num": "%Y-%m-%d", "time": "%H:%M", "time_secs": "%H:%M:%S"}


def zone_of(name: str | None) -> ZoneInfo:
    """The reader's zone; a profile may lack one, and then the programme's own country is the best guess."""
    try:
        return ZoneInfo(name or "Europe/Amsterdam")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("Europe/Amsterdam")


def moment_of(ts: str | float) -> datetime:
    """The moment of a Slack `ts`; only for showing, since a ts is an identifier and no number."""
    return datetime.fromtimestamp(float(ts), UTC)


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Hours and minutes as Slack prints them beside a message."""
    return f"{moment.astimezone(zone):%H:%M}"


def clock_sentence(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """The sandbox clock, written out: it is the one date on the page that a person must not misread."""
    pattern = "EEEE d MMMM y, HH.mm 'uur'" if language == "nl" else "EEEE d MMMM y, HH:mm"
    return str(format_datetime(moment, pattern, tzinfo=zone, locale=LOCALES[language]))


def day_words(day: date, today: date, language: Language) -> str:
    """A day divider: near days by name, other days of this half year without the year."""
    near = near_day(day, today, language)
    if near:
        return near.capitalize()
    pattern = "EEEE d MMMM" if abs(today - day) < HALF_A_YEAR else "EEEE d MMMM y"
    return str(format_date(day, pattern, locale=LOCALES[language]))


def near_day(day: date, today: date, language: Language) -> str | None:
    """Yesterday, today or tomorrow in words."""
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    key = names.get((day - today).days)
    return text(language, key) if key else None


def date_token(stamp: str, form: str, now: datetime, zone: ZoneInfo, language: Language) -> str | None:
    """Fill in the `{date_long} {time}` of a `<!date^...>` token; None when it must fall back to its own text.

    Slack falls back on anything it does not understand, so an unknown word loses the whole token.
    """
    if not stamp.isdigit() or len(stamp) > 11:
        return None
    moment = datetime.fromtimestamp(int(stamp), UTC).astimezone(zone)
    words = {name: _word(name, moment, now.astimezone(zone), language) for name in TOKEN.findall(form)}
    if not words or None in words.values():
        return None
    return TOKEN.sub(lambda found: words[found[1]] or "", form)


def _word(name: str, moment: datetime, now: datetime, language: Language) -> str | None:
    if name.endswith("_pretty"):
        near = near_day(moment.date(), now.date(), language)
        return near or _word(name.removesuffix("_pretty"), moment, now, language)
    if name in DATES:
        # Within half a year Slack leaves the year out.
        pattern = DATES[name].removesuffix(" y") if abs(now - moment) < HALF_A_YEAR else DATES[name]
        return str(format_date(moment.date(), pattern, locale=LOCALES[language]))
    if name == "ago":
        return str(format_timedelta(moment - now, add_direction=True, locale=LOCALES[language]))
    return moment.strftime(TIMES[name]) if name in TIMES else None

"""A person's own settings: language, check-in moment, pause."""

from datetime import date, datetime, time

from slack_sdk.models.blocks import DatePickerElement

from bot.i18n import LANGUAGES, Texts
from bot.messages import Message, View
from bot.services.preferences import Preferences
from bot.views import kit

OPEN = "preferences.open"
SUBMIT = "preferences.submit"

_WORKING_DAYS = range(5)
_QUARTERS = (0, 15, 30, 45)


def form(t: Texts, current: Preferences, *, checks_in: bool) -> View:
    """Language for everybody; moment and pause for those who are asked."""
    about = kit.Form(SUBMIT, t("Settings"), t("Save"), {})
    language = kit.field("language", t("Language"), kit.select("language", list(LANGUAGES.items()), current.language))
    if not checks_in:
        return kit.modal(t, about, language)
    days = [(str(day), t.weekday(day)) for day in _WORKING_DAYS]
    times = [(f"{at:%H:%M}", t.hour(at)) for at in _times(current)]
    return kit.modal(
        t,
        about,
        language,
        kit.field("weekday", t("Day of the check-in"), kit.select("weekday", days, str(current.weekday))),
        kit.field("at", t("Time of the check-in"), kit.select("at", times, f"{current.at:%H:%M}")),
        kit.field(
            "paused_until",
            t("Pause until"),
            DatePickerElement(
                action_id="paused_until",
                initial_date=current.paused_until.isoformat() if current.paused_until else None,
            ),
            optional=True,
            hint=t("No check-in is asked before that day; invitations to sessions stay."),
        ),
    )


def _times(current: Preferences) -> list[time]:
    """The quarters of an hour outside quiet hours, and the present choice."""
    quarters = [time(hour, minute) for hour in range(24) for minute in _QUARTERS]
    fitting = {at for at in quarters if current.quiet_until <= at < current.quiet_from}
    return sorted(fitting | {current.at})


def read_form(view: View) -> tuple[str, int | None, time | None, date | None]:
    """Language, weekday, time and end of the pause; None where a field is not shown or empty."""
    weekday, at = kit.value_of(view, "weekday"), kit.value_of(view, "at")
    until = kit.raw_of(view, "paused_until", "selected_date")
    return (
        kit.value_of(view, "language") or "",
        int(weekday) if weekday else None,
        time.fromisoformat(at) if at else None,
        date.fromisoformat(str(until)) if until else None,
    )


def has_pause(view: View) -> bool:
    """Whether the form asked for a pause at all."""
    return "paused_until" in view["state"]["values"]


def saved(t: Texts, current: Preferences, *, checks_in: bool) -> Message:
    """Says what holds from now on."""
    lines = [t("Saved. I speak {language} with you.", language=LANGUAGES[current.language])]
    if checks_in:
        lines.append(_moment(t, current))
    text = " ".join(lines)
    return kit.message(text, kit.section(text))


def _moment(t: Texts, current: Preferences) -> str:
    if current.paused_until:
        return t("I ask no check-in until {day}.", day=t.day(current.paused_until))
    return t(
        "I ask for your check-in every {weekday} at {time}.",
        weekday=t.weekday(current.weekday),
        time=t.hour(current.at),
    )


def moment_line(t: Texts, current: Preferences) -> str:
    """When this person is asked, for the Home tab."""
    return _moment(t, current)


def paused(t: Texts, until: date | None) -> Message:
    """Says that a pause holds, or that it is over."""
    text = (
        t("I ask no check-in until {day}. Enjoy the quiet.", day=t.day(until))
        if until
        else t("The pause is over: I ask for your check-in again.")
    )
    return kit.message(text, kit.section(text))


def parse_pause(words: str, today: date) -> date | None:
    """The day a pause ends, from "2" (weeks), "27-11", "27-11-2017" or "2017-11-27"; None when it is no such thing."""
    words = words.strip().lower().removeprefix("tot ").removeprefix("until ")
    weeks = words.split(" ")[0]
    if weeks.isdecimal() and len(weeks) <= 2:
        return date.fromordinal(today.toordinal() + 7 * int(weeks))
    return _full_date(words) or _day_and_month(words, today)


def _full_date(words: str) -> date | None:
    for form_ in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(words, form_).date()  # noqa: DTZ007 - a date, not a moment
        except ValueError:
            continue
    return None


def _day_and_month(words: str, today: date) -> date | None:
    """The next such day from today on."""
    for year in (today.year, today.year + 1):
        found = _full_date(f"{words}-{year}")
        if found and found > today:
            return found
    return None

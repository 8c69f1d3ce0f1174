"""Sessions as people see them: agenda, reminders, change notices, and the coordinator's form."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    ActionsBlock,
    ConfirmObject,
    DatePickerElement,
    TimePickerElement,
)
from slack_sdk.models.blocks import (
    Block as SlackBlock,
)

from bot.errors import UserError
from bot.i18n import Texts, _
from bot.messages import Message, View
from bot.models.sessions import Answer, LearningSession
from bot.services.sessions import Details, Invitation
from bot.views import kit

ANSWER = "sessions.answer"
AGENDA = "sessions.agenda"
EDIT = "sessions.edit"
CANCEL = "sessions.cancel"
SUBMIT = "sessions.submit"

_LONGEST_LINE = 150
_AGENDA = "agenda"
_LONGEST_PREPARATION = 1000

_BUTTONS = {Answer.YES: _("I will be there"), Answer.MAYBE: _("Maybe"), Answer.NO: _("I cannot come")}
_ANSWERED = {
    Answer.YES: _("Your answer: you will be there."),
    Answer.MAYBE: _("Your answer: maybe."),
    Answer.NO: _("Your answer: you cannot come. You get no more reminders of this session."),
}


def _facts(t: Texts, session: LearningSession) -> str:
    """Title, track, time and place, each on a line of its own."""
    track = session.track.name_nl if t.language == "nl" else session.track.name_en
    return "\n".join(
        [
            f"*{kit.escape(session.title)}* ({kit.escape(track)})",
            t.period(session.starts_at, session.ends_at),
            t("Place: {place}", place=kit.escape(session.location)),
        ]
    )


def _preparation(t: Texts, session: LearningSession) -> str:
    return t("To prepare: {preparation}", preparation=kit.escape(session.preparation)) if session.preparation else ""


def _answer_row(t: Texts, session: LearningSession, answer: Answer | None, place: str = "session") -> ActionsBlock:
    buttons = [
        kit.button(
            ("✓ " if choice is answer else "") + t(label),
            f"{ANSWER}.{choice}",
            answer_value(session),
            "primary" if choice is answer else None,
        )
        for choice, label in _BUTTONS.items()
    ]
    return kit.actions(*buttons, block_id=f"{place}-{session.id}")


def answer_value(session: LearningSession) -> str:
    """What an answer button carries: the session, and the start that its reader saw."""
    return f"{session.id}@{session.starts_at.astimezone(UTC).isoformat()}"


def is_in_agenda(block_id: str) -> bool:
    """Whether an answer button stands in an agenda, among those of other sessions."""
    return block_id.startswith(f"{_AGENDA}-")


def read_answer(value: str) -> tuple[int, datetime]:
    """The session and the start that an answer button carries."""
    session_id, _, start = value.partition("@")
    return int(session_id), datetime.fromisoformat(start)


def _paragraphs(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def reminder(t: Texts, session: LearningSession, answer: Answer | None, now: datetime) -> Message:
    """When, where and what to prepare, with the three answers."""
    opening = _how_soon(t, session.starts_at, now)
    status = t(_ANSWERED[answer]) if answer else t("Will you be there?")
    text = _paragraphs(opening, _facts(t, session), _preparation(t, session), status)
    return kit.message(
        text,
        kit.section(_paragraphs(opening, _facts(t, session))),
        *([kit.section(_preparation(t, session))] if session.preparation else []),
        kit.context(status),
        _answer_row(t, session, answer),
    )


def _how_soon(t: Texts, starts_at: datetime, now: datetime) -> str:
    start, today = t.local(starts_at), t.local(now)
    days = (start.date() - today.date()).days
    if days > 1:
        return t("In {days} days you have a session.", days=days)
    if days == 1:
        return t("Tomorrow at {time} you have a session.", time=t.hour(start.time()))
    if starts_at - now <= timedelta(minutes=75):
        return t("Your session begins soon, at {time}.", time=t.hour(start.time()))
    return t("Today at {time} you have a session.", time=t.hour(start.time()))


def change_notice(t: Texts, session: LearningSession) -> Message:
    """Tells who knew the old time or place; a new time asks for a new answer."""
    if session.cancelled_at is not None:
        text = _paragraphs(t("This session is cancelled."), _facts(t, session))
        return kit.message(text, kit.section(text))
    opening = t("This session has changed. These are the new details.")
    text = _paragraphs(opening, _facts(t, session), t("Will you be there?"))
    return kit.message(
        text,
        kit.section(_paragraphs(opening, _facts(t, session))),
        kit.context(t("Will you be there?")),
        _answer_row(t, session, None),
    )


def overtaken(t: Texts, session: LearningSession) -> Message:
    """What an old message becomes when somebody answers it after the session moved: the new facts, asked again."""
    return change_notice(t, session)


def agenda_blocks(t: Texts, invitations: Sequence[Invitation], *, is_coordinator: bool) -> list[SlackBlock]:
    """The next sessions with their answers; coordinators get a button to change each."""
    blocks: list[SlackBlock] = []
    for invitation in invitations:
        session = invitation.session
        change = kit.button(t("Change"), EDIT, str(session.id)) if is_coordinator else None
        blocks.append(kit.section(_paragraphs(_facts(t, session), _preparation(t, session)), accessory=change))
        if not is_coordinator:
            blocks.append(_answer_row(t, session, invitation.answer, _AGENDA))
    if not blocks:
        blocks.append(kit.section(t("No sessions are planned for you.")))
    return blocks


def agenda(t: Texts, invitations: Sequence[Invitation], *, is_coordinator: bool, is_demo: bool) -> Message:
    """The agenda as a message."""
    title = t("Your next sessions")
    facts = [_facts(t, invitation.session) for invitation in invitations] or [t("No sessions are planned for you.")]
    mark = [kit.demo_mark(t)] if is_demo else []
    blocks = agenda_blocks(t, invitations, is_coordinator=is_coordinator)
    return kit.message(_paragraphs(title, *facts), kit.header(title), *blocks, *mark)


def edit_form(t: Texts, session: LearningSession) -> View:
    """The coordinator's form to change a session or call it off."""
    about = kit.Form(SUBMIT, t("Change session"), t("Save"), {"session": session.id})
    start, end = t.local(session.starts_at), t.local(session.ends_at)
    return kit.modal(
        t,
        about,
        kit.context(t("People who know of this session get one notice when its time or place changes.")),
        kit.field("title", t("Title"), kit.text_input("title", session.title, _LONGEST_LINE, lines=False)),
        kit.field("day", t("Day"), DatePickerElement(action_id="day", initial_date=start.date().isoformat())),
        kit.field("starts_at", t("From"), TimePickerElement(action_id="from", initial_time=f"{start:%H:%M}")),
        kit.field("ends_at", t("Until"), TimePickerElement(action_id="until", initial_time=f"{end:%H:%M}")),
        kit.field("location", t("Place"), kit.text_input("location", session.location, _LONGEST_LINE, lines=False)),
        kit.field(
            "preparation",
            t("What to prepare"),
            kit.text_input("preparation", session.preparation, _LONGEST_PREPARATION),
            optional=True,
        ),
        kit.actions(kit.button(t("Cancel this session"), CANCEL, str(session.id), "danger", _sure(t))),
    )


def _sure(t: Texts) -> ConfirmObject:
    return kit.confirmation(
        t("Cancel this session?"),
        t("Everybody who knows of it gets a message. This cannot be undone."),
        t("Cancel it"),
        t("Keep it"),
    )


def read_edit_form(view: View, t: Texts) -> Details:
    """The details a coordinator filled in, on the clock of the edition.

    Raises UserError for a wall-clock time that does not exist on that day (the night the clock goes forward).
    """
    day = date.fromisoformat(str(kit.raw_of(view, "day", "selected_date")))
    return Details(
        title=(kit.value_of(view, "title") or "").strip(),
        starts_at=_moment(view, "starts_at", day, t),
        ends_at=_moment(view, "ends_at", day, t),
        location=(kit.value_of(view, "location") or "").strip(),
        preparation=(kit.value_of(view, "preparation") or "").strip() or None,
    )


def _moment(view: View, name: str, day: date, t: Texts) -> datetime:
    at = time.fromisoformat(str(kit.raw_of(view, name, "selected_time")))
    moment = datetime.combine(day, at, t.timezone)
    if moment.astimezone(ZoneInfo("UTC")).astimezone(t.timezone).time() != at:
        raise UserError(t("That time does not exist: the clock goes forward that night."), field=name)
    return moment


def saved(t: Texts, people: int) -> Message:
    """Tells the coordinator what saving did."""
    text = (
        t("Saved.")
        if people == 0
        else t.plural("Saved. {number} person gets a notice.", "Saved. {number} people get a notice.", people)
    )
    return kit.message(text, kit.section(text))

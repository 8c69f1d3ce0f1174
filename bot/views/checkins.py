"""The weekly check-in as people see it: question, form, receipt."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import ButtonElement, InputBlock
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot.i18n import Texts, _
from bot.messages import Message, View
from bot.models.checkins import HelpFrom, NextStep, Obstacle, Tried, Visibility
from bot.services.checkins import LONGEST_LEARNED, Answers
from bot.services.weeks import sunday_of, week_number
from bot.views import kit

OPEN = "checkins.open"
SKIP = "checkins.skip"
CHANGED = "checkins.changed"
SUBMIT = "checkins.submit"

CONFIDENCE = {
    "1": _("1 - very unsure"),
    "2": _("2 - unsure"),
    "3": _("3 - in between"),
    "4": _("4 - sure"),
    "5": _("5 - very sure"),
}
TRIED = {
    Tried.YES: _("Yes"),
    Tried.NO: _("No"),
    Tried.NO_TIME: _("Did not get round to it"),
}
NEXT_STEP = {
    NextStep.ADOPT: _("Go on"),
    NextStep.ADAPT: _("Adapt"),
    NextStep.ABANDON: _("Stop"),
}
OBSTACLE = {
    Obstacle.NONE: _("Nothing"),
    Obstacle.TIME: _("Time"),
    Obstacle.PEOPLE: _("People"),
    Obstacle.DATA_ICT: _("Data or IT"),
    Obstacle.SUPPORT: _("Support among colleagues"),
    Obstacle.DECISION: _("A decision is needed"),
    Obstacle.OTHER: _("Something else"),
}
HELP_FROM = {
    HelpFrom.NOBODY: _("No"),
    HelpFrom.COORDINATOR: _("From the coordinator"),
    HelpFrom.MENTOR: _("From my mentor"),
    HelpFrom.NETWORK: _("From the network"),
    HelpFrom.BOARD: _("From a board member"),
}
VISIBILITY = {
    Visibility.COORDINATOR: _("The coordinator only"),
    Visibility.TEAM: _("My team"),
    Visibility.NETWORK: _("The network"),
    Visibility.NETWORK_ANONYMOUS: _("The network, without my name"),
}


def _choices(t: Texts, labels: Mapping[Any, str]) -> kit.Choices:
    return [(str(value), t(label)) for value, label in labels.items()]


def prompt(t: Texts, first_name: str, week: str) -> Message:
    """The week's question."""
    text = t(
        "Hi {name}, how is your improvement project going this week? Two taps will do.", name=kit.escape(first_name)
    )
    return kit.message(text, kit.section(text), kit.actions(*_answer_buttons(t, week)), _small_print(t))


def reminder(t: Texts, first_name: str, week: str) -> Message:
    """The week's one reminder."""
    text = t(
        "Hi {name}, your check-in of this week is still open. This is the only reminder.", name=kit.escape(first_name)
    )
    return kit.message(text, kit.section(text), kit.actions(*_answer_buttons(t, week)), _small_print(t))


def _answer_buttons(t: Texts, week: str) -> list[ButtonElement]:
    return [
        kit.button(t("Check in"), OPEN, week, "primary"),
        kit.button(t("Not this week"), SKIP, week),
    ]


def _small_print(t: Texts) -> SlackBlock:
    return kit.context(t("Away for a while, or another day? Type `/imagine settings`."))


def receipt(t: Texts, first_name: str, week: str, visibility: Visibility) -> Message:
    """Says that a check-in is stored, and until when it can be changed; it repeats nothing of its content."""
    text = t(
        "Thank you, {name}. Your check-in of week {week} is in. Who may read it: {readers}.",
        name=kit.escape(first_name),
        week=week_number(week),
        readers=t(VISIBILITY[visibility]).lower(),
    )
    return kit.message(
        text,
        kit.section(text),
        kit.actions(kit.button(t("Change"), OPEN, week)),
        kit.context(t("You can change it until {day}, {time}.", day=t.day(sunday_of(week)), time=_end_of_day(t))),
    )


def _end_of_day(t: Texts) -> str:
    return "23.59 uur" if t.language == "nl" else "23:59"


def skipped(t: Texts, week: str) -> Message:
    """Says that this week is left alone, and offers the way back."""
    text = t("All right, not this week. Until next week.")
    return kit.message(text, kit.section(text), kit.actions(kit.button(t("Check in after all"), OPEN, week)))


def form(t: Texts, week: str, answers: Answers, aim_by: date, *, sure: bool = False) -> View:
    """The check-in: two required taps; what was learned and what follows appear once something was tried.

    `sure`: the author is asked to read the text once more, because a patient might be recognised in it.
    """
    about = kit.Form(
        callback_id=SUBMIT,
        title=t("Check-in week {week}", week=week_number(week)),
        submit=t("Send anyway") if sure else t("Send"),
        memory={"week": week, "sure": fingerprint(answers) if sure else None},
    )
    warning = (
        [kit.section(t("Might a patient be recognised in your text? Read it once more; send it if not."))]
        if sure
        else []
    )
    return kit.modal(t, about, *warning, *_core(t, answers, aim_by), *_test(t, answers), *_rest(t, answers))


def _core(t: Texts, answers: Answers, aim_by: date) -> list[SlackBlock]:
    confidence = str(answers.confidence) if answers.confidence else None
    return [
        kit.field(
            "confidence",
            t("How sure are you that you will reach your aim by {day}?", day=t.day(aim_by)),
            kit.radio(f"{CHANGED}.confidence", _choices(t, CONFIDENCE), confidence),
            reports=True,
        ),
        kit.field(
            "tried",
            t("Did you try something?"),
            kit.radio(f"{CHANGED}.tried", _choices(t, TRIED), answers.tried),
            reports=True,
        ),
    ]


def _test(t: Texts, answers: Answers) -> list[SlackBlock]:
    if answers.tried is not Tried.YES:
        return []
    learned = kit.text_input(f"{CHANGED}.learned", answers.learned, LONGEST_LEARNED, every_letter=True)
    hint = t("No patient data: no names, dates of birth, numbers or recognisable cases.")
    next_step = kit.radio(f"{CHANGED}.next_step", _choices(t, NEXT_STEP), answers.next_step)
    return [
        _optional("learned", t("What did you try and what did you learn?"), learned, hint),
        _optional("next_step", t("And now?"), next_step),
    ]


def _rest(t: Texts, answers: Answers) -> list[SlackBlock]:
    choose = t("Choose, if it applies")
    obstacle = kit.select(f"{CHANGED}.obstacle", _choices(t, OBSTACLE), answers.obstacle, choose)
    help_from = kit.select(f"{CHANGED}.help_from", _choices(t, HELP_FROM), answers.help_from, choose)
    visibility = kit.select(f"{CHANGED}.visibility", _choices(t, VISIBILITY), answers.visibility)
    return [
        _optional("obstacle", t("What is in the way?"), obstacle),
        _optional("help_from", t("Would you like help?"), help_from),
        kit.field("visibility", t("Who may read this?"), visibility, reports=True),
    ]


def _optional(name: str, label: str, element: InputInteractiveElement, hint: str | None = None) -> InputBlock:
    """A field that may stay empty; what is filled in goes into the draft at once."""
    return kit.field(name, label, element, optional=True, hint=hint, reports=True)


def fingerprint(answers: Answers) -> str:
    """Stands for the text its author was asked to read once more: another text is looked at anew."""
    return hashlib.sha256((answers.learned or "").encode()).hexdigest()[:16]


def read_form(view: View) -> Answers:
    """What the form holds now; a field that is not shown counts as untouched."""
    kept = {name: kit.value_of(view, name) for name in Answers.__dataclass_fields__}
    return Answers.from_draft({name: value for name, value in kept.items() if value})


def shows_test(view: View) -> bool:
    """Whether the form shows the questions about a test."""
    return any(block.get("block_id") == "learned" for block in view["blocks"])


def summary(t: Texts, confidence: list[int]) -> str:
    """A person's own last answers about confidence, for their own eyes."""
    return t("Your confidence, last weeks: {values}", values=" · ".join(map(str, confidence)))

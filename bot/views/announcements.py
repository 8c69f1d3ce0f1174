"""Announcements as people see them: the coordinator's form, preview and result, and the message itself."""

import re
from datetime import UTC, datetime

from slack_sdk.models.blocks import (
    Block as SlackBlock,
)
from slack_sdk.models.blocks import (
    ConfirmObject,
    DateTimePickerElement,
    OptionGroup,
    PlainTextObject,
    StaticMultiSelectElement,
)

from bot.i18n import Texts, _
from bot.messages import Message, View
from bot.models.announcements import Announcement, AnnouncementState
from bot.models.editions import Role
from bot.services.announcements import EVERYBODY, LONGEST_TEXT, AudienceChoices, Preview
from bot.services.deliveries import Tally
from bot.views import kit

OPEN = "announcements.open"
COMPOSE = "announcements.compose"
CONFIRM = "announcements.confirm"
STOP = "announcements.stop"

_LONGEST_SECTION = 2900
_MOST_NAMES = 15
_URL = re.compile(r"https?://[^\s|<>]*[^\s|<>.,:!?]")

ROLES = {
    Role.PARTICIPANT: _("participants"),
    Role.MANAGER: _("managers"),
    Role.NURSE: _("nurses"),
    Role.BOARD: _("board members"),
    Role.STAFF_BOARD: _("medical staff boards"),
    Role.MENTOR: _("mentors"),
    Role.COACH: _("coaches"),
    Role.TRAINER: _("trainers"),
    Role.COORDINATOR: _("coordinators"),
    Role.PROGRAMME_LEADER: _("programme leaders"),
}
_REASONS = {
    "no_slack_account": _("no Slack account yet"),
    "user_disabled": _("account closed"),
    "user_not_found": _("account closed"),
    "channel_not_found": _("cannot be reached in Slack"),
    "user_not_visible": _("cannot be reached in Slack"),
    "messages_tab_disabled": _("the bot may not send messages; ask the administrator"),
}


def compose_form(t: Texts, choices: AudienceChoices) -> View:
    """Text, audience and moment."""
    about = kit.Form(COMPOSE, t("Announcement"), t("Preview"), {})
    return kit.modal(
        t,
        about,
        kit.field(
            "text",
            t("Your message"),
            kit.text_input("text", None, LONGEST_TEXT),
            hint=t("*bold*, _italic_ and links work. No patient data."),
        ),
        kit.field(
            "audience",
            t("Who gets it?"),
            StaticMultiSelectElement(
                action_id="audience",
                option_groups=_groups(t, choices),
                placeholder=t("Choose one or more groups"),
            ),
        ),
        kit.field(
            "send_at",
            t("When?"),
            DateTimePickerElement(action_id="send_at"),
            optional=True,
            hint=t("Leave it empty to send now."),
        ),
    )


def _groups(t: Texts, choices: AudienceChoices) -> list[OptionGroup]:
    everybody = [(EVERYBODY, t("Everybody in this edition"))]
    roles = [(f"role:{role}", t(ROLES[role])) for role in choices.roles]
    named = {
        t("Edition"): everybody,
        t("Hospitals"): choices.hospitals,
        t("Tracks"): choices.tracks,
        t("Roles"): roles,
    }
    return [
        OptionGroup(label=PlainTextObject(text=label), options=[kit.option(*item) for item in items])
        for label, items in named.items()
        if items
    ]


def read_compose_form(view: View) -> tuple[str, list[str], datetime | None]:
    """Text, audience and moment (aware, None for now) that a coordinator filled in."""
    at = kit.raw_of(view, "send_at", "selected_date_time")
    moment = datetime.fromtimestamp(int(str(at)), UTC) if at else None
    return kit.value_of(view, "text") or "", kit.values_of(view, "audience"), moment


def audience_names(t: Texts, choices: AudienceChoices, audience: list[str]) -> str:
    """What an audience is called: "OLVG, mentors"."""
    names = {**dict(choices.hospitals), **dict(choices.tracks), EVERYBODY: t("everybody in this edition")}
    names |= {f"role:{role}": t(label) for role, label in ROLES.items()}
    return ", ".join(names[choice] for choice in audience if choice in names)


def preview(t: Texts, found: Preview, audience: str, *, is_quiet: bool) -> View:
    """What is about to happen, for one last look."""
    announcement = found.announcement
    submit = t("Send") if announcement.send_at is None else t("Schedule")
    about = kit.Form(CONFIRM, t("Preview"), submit, {"announcement": announcement.id})
    people = t.plural("*{number} person* gets this message", "*{number} people* get this message", found.people)
    when = t("now") if announcement.send_at is None else t.moment(announcement.send_at)
    moment = t("When: {moment}", moment=when)
    notes: list[SlackBlock] = [kit.section(f"{people}: {kit.escape(audience)}.\n{moment}")]
    if found.unreachable:
        missing = t.plural(
            "{number} of them has no Slack account yet and will not get it.",
            "{number} of them have no Slack account yet and will not get it.",
            found.unreachable,
        )
        notes.append(kit.section(missing))
    if is_quiet:
        notes.append(kit.section(t("That is outside working hours. Close this view to choose another moment.")))
    return kit.modal(t, about, *notes, kit.divider(), *text_blocks(announcement.text), close=t("Back"))


def text_blocks(text: str) -> list[SlackBlock]:
    """A coordinator's text as paragraphs: markup works, mentions do not, links do; cut where Slack's limit asks it."""
    safe = _URL.sub(lambda link: f"<{link.group(0)}>", kit.escape(text))
    return [kit.section(part) for part in _parts(safe)]


def _parts(text: str) -> list[str]:
    parts = []
    while len(text) > _LONGEST_SECTION:
        space = text.rfind(" ", 0, _LONGEST_SECTION)
        part = text[:space] if space > 0 else kit.cut(text, _LONGEST_SECTION)
        parts.append(part)
        text = text[len(part) :].lstrip()
    return [*parts, text]


def announcement(t: Texts, text: str, author: str, edition: str) -> Message:
    """The message each person gets."""
    source = t("From {author}, {edition}", author=kit.escape(author), edition=kit.escape(edition))
    return kit.message(f"{kit.escape(text)}\n{source}", *text_blocks(text), kit.context(source))


def result(t: Texts, item: Announcement, tally: Tally) -> Message:
    """How far an announcement is, for its author; rewritten while it goes out."""
    lines = [_headline(t, item, tally), *_failures(t, tally)]
    text = "\n".join(lines)
    stop = kit.actions(kit.button(t("Stop"), STOP, str(item.id), "danger", _sure(t)))
    return kit.message(text, kit.section(text), *([stop] if can_stop(item, tally) else []))


def can_stop(item: Announcement, tally: Tally) -> bool:
    """Whether there is anything left to hold back."""
    return item.state is AnnouncementState.SCHEDULED or (item.state is AnnouncementState.SENT and not tally.is_done)


def is_final(item: Announcement, tally: Tally) -> bool:
    """Whether the result line says its last word."""
    return item.state is not AnnouncementState.SCHEDULED and tally.is_done


def _headline(t: Texts, item: Announcement, tally: Tally) -> str:
    numbers = {"sent": tally.sent, "total": tally.total}
    if item.state is AnnouncementState.SCHEDULED and item.send_at is not None:
        return t("Your announcement goes out on {moment}.", moment=t.moment(item.send_at))
    if item.state is AnnouncementState.CANCELLED:
        return t("Your announcement was stopped: {sent} of {total} sent.", **numbers)
    if tally.is_done:
        return t("Your announcement is out: {sent} of {total} sent.", **numbers)
    return t("Your announcement is going out: {sent} of {total} sent.", **numbers)


def _failures(t: Texts, tally: Tally) -> list[str]:
    if not tally.failures:
        return []
    shown = [f"• {kit.escape(name)}: {_reason(t, code)}" for name, code in tally.failures[:_MOST_NAMES]]
    more = len(tally.failures) - len(shown)
    rest = [t.plural("and {number} other", "and {number} others", more)] if more else []
    return [t.plural("{number} failed:", "{number} failed:", len(tally.failures)), *shown, *rest]


def _reason(t: Texts, code: str) -> str:
    return t(_REASONS[code]) if code in _REASONS else t("Slack says {code}", code=kit.escape(code))


def _sure(t: Texts) -> ConfirmObject:
    return kit.confirmation(
        t("Stop this announcement?"),
        t("Who has it keeps it. The others will not get it."),
        t("Stop it"),
        t("Go on"),
    )

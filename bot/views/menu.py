"""What the bot can do, for this person: help, the menu in direct messages, and the answer to unknown words."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import ButtonElement

from bot.i18n import Texts, _
from bot.messages import Message
from bot.models.editions import Role
from bot.services.members import Member
from bot.views import announcements, checkins, kit, preferences, sessions


@dataclass(frozen=True)
class Subcommand:
    """A word after `/imagine`, in both languages; a person may use either."""

    name: str
    nl: str
    en: str
    explanation: str
    for_checkins: bool = False
    for_coordinators: bool = False

    def fits(self, member: Member) -> bool:
        """Whether this word is of use to this person."""
        return (member.checks_in or not self.for_checkins) and (member.is_coordinator or not self.for_coordinators)


SUBCOMMANDS = (
    Subcommand("checkin", "checkin", "checkin", _("your check-in of this week"), for_checkins=True),
    Subcommand("skip", "overslaan", "skip", _("not this week"), for_checkins=True),
    Subcommand(
        "pause", "pauze", "pause", _("no check-ins for a while, such as `{word} 2` for two weeks"), for_checkins=True
    ),
    Subcommand("agenda", "agenda", "agenda", _("your next sessions")),
    Subcommand("announce", "mededeling", "announce", _("a message to everybody or to a group"), for_coordinators=True),
    Subcommand("settings", "instellingen", "settings", _("language and your own moment")),
    Subcommand("language", "taal", "language", _("`{word} en` for English, `{word} nl` for Dutch")),
    Subcommand("help", "help", "help", _("this list")),
)


def find_subcommand(word: str) -> Subcommand | None:
    """The subcommand a word stands for, in either language."""
    return next((command for command in SUBCOMMANDS if word.lower() in (command.nl, command.en)), None)


def word_for(t: Texts, command: Subcommand) -> str:
    """The word for a subcommand in the reader's language."""
    return command.nl if t.language == "nl" else command.en


def help_text(t: Texts, member: Member) -> Message:
    """The words that fit this person, and the same things as buttons."""
    title = t("What I can do for you, {name}", name=kit.escape(member.first_name))
    who = _who(t, member)
    lines = [_line(t, command) for command in SUBCOMMANDS if command.fits(member)]
    mark = [kit.demo_mark(t)] if member.is_demo else []
    text = "\n".join([title, who, *lines])
    return kit.message(
        text, kit.section(f"*{title}*\n{who}"), kit.section("\n".join(lines)), kit.actions(*buttons(t, member)), *mark
    )


def _who(t: Texts, member: Member) -> str:
    edition = kit.escape(member.edition_name)
    if Role.PARTICIPANT in member.roles:
        return t("You take part in {edition} as a {term}.", edition=edition, term=member.term)
    return t("You take part in {edition}.", edition=edition)


def _line(t: Texts, command: Subcommand) -> str:
    word = word_for(t, command)
    return f"• `/imagine {word}` - {t(command.explanation, word=word)}"


def menu(t: Texts, member: Member) -> Message:
    """The answer to anything somebody writes to the bot."""
    text = t("Hi {name}, choose what you want to do. `/imagine help` tells more.", name=kit.escape(member.first_name))
    return kit.message(text, kit.section(text), kit.actions(*buttons(t, member)))


def buttons(t: Texts, member: Member) -> Sequence[ButtonElement]:
    """Everything this person can do by command, as buttons."""
    own = [
        kit.button(t("Check in"), checkins.OPEN, style="primary"),
        kit.button(t("Not this week"), checkins.SKIP),
    ]
    everybody = [
        kit.button(t("Agenda"), sessions.AGENDA),
        kit.button(t("Settings"), preferences.OPEN),
    ]
    coordinator = [kit.button(t("Announcement"), announcements.OPEN)]
    return [*(own if member.checks_in else []), *everybody, *(coordinator if member.is_coordinator else [])]


def unknown_word(t: Texts, member: Member, word: str) -> Message:
    """Says that a word is unknown, and what was perhaps meant."""
    fitting = [word_for(t, command) for command in SUBCOMMANDS if command.fits(member)]
    close = difflib.get_close_matches(word.lower(), fitting, n=1, cutoff=0.5)
    shown = kit.escape(word[:40])
    text = t("I do not know `{word}`.", word=shown.replace("`", "'"))
    if close:
        text += " " + t("Did you mean `/imagine {word}`?", word=close[0])
    text += " " + t("`/imagine help` shows everything.")
    return kit.message(text, kit.section(text), kit.actions(*buttons(t, member)))


def stranger(t: Texts) -> Message:
    """The way in for somebody the programme does not know."""
    text = t(
        "Hi. I do not know you as a member of the programme yet. Ask your coordinator to add you, "
        "with the e-mail address of your Slack account; then try again."
    )
    return kit.message(text, kit.section(text))


def failure(t: Texts, reference: str) -> str:
    """What a person reads when something went wrong that nobody foresaw."""
    return t(
        "Something went wrong on our side. Try again in a minute. "
        "If it stays, tell your coordinator this number: {reference}.",
        reference=reference,
    )


def too_late(t: Texts) -> str:
    """What a person reads when Slack would not open a form any more."""
    return t("Slack was too slow to open the form. Press the button to try again.")


def busy(t: Texts) -> str:
    """What a person reads while the database cannot be reached."""
    return t("I cannot reach my memory right now. Nothing you filled in is lost: try again in a minute.")

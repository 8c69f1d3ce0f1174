"""The Home tab: the next session, this week's check-in, and everything a person can do as buttons."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block as SlackBlock

from bot.i18n import Texts
from bot.messages import View
from bot.models.checkins import CheckIn, CheckInStatus
from bot.services.members import Member
from bot.services.preferences import Preferences
from bot.services.sessions import Invitation
from bot.services.weeks import week_number
from bot.views import announcements, checkins, kit, preferences, sessions


def home(
    t: Texts,
    member: Member,
    week: str,
    checkin: CheckIn | None,
    confidence: Sequence[int],
    invitations: Sequence[Invitation],
    settings: Preferences,
) -> View:
    """Most important first: what is asked of this person now, then what comes."""
    greeting = t("Hi {name}", name=member.first_name)
    return kit.home(
        kit.header(greeting),
        kit.context(kit.escape(member.edition_name)),
        *(_checkin(t, week, checkin, confidence) if member.checks_in else []),
        *(_coordinator(t) if member.is_coordinator else []),
        kit.header(t("Your next sessions")),
        *sessions.agenda_blocks(t, invitations, is_coordinator=member.is_coordinator),
        kit.divider(),
        *_settings(t, member, settings),
        *([kit.demo_mark(t)] if member.is_demo else []),
    )


def _checkin(t: Texts, week: str, checkin: CheckIn | None, confidence: Sequence[int]) -> list[SlackBlock]:
    title = kit.header(t("Your check-in of week {week}", week=week_number(week)))
    history = [kit.context(checkins.summary(t, list(confidence)))] if confidence else []
    if checkin is None:
        ask = kit.button(t("Check in"), checkins.OPEN, week, "primary")
        skip = kit.button(t("Not this week"), checkins.SKIP, week)
        return [title, kit.section(t("Not filled in yet. It takes a minute.")), kit.actions(ask, skip), *history]
    done = checkin.status is CheckInStatus.SUBMITTED
    status = t("It is in. Thank you.") if done else t("You skip this week.")
    again = kit.button(t("Change") if done else t("Check in after all"), checkins.OPEN, week)
    return [title, kit.section(status), kit.actions(again), *history]


def _coordinator(t: Texts) -> list[SlackBlock]:
    return [
        kit.header(t("For coordinators")),
        kit.actions(kit.button(t("Announcement"), announcements.OPEN, style="primary")),
    ]


def _settings(t: Texts, member: Member, settings: Preferences) -> list[SlackBlock]:
    line = [kit.context(preferences.moment_line(t, settings))] if member.checks_in else []
    return [*line, kit.actions(kit.button(t("Agenda"), sessions.AGENDA), kit.button(t("Settings"), preferences.OPEN))]


def stranger(t: Texts, text: str) -> View:
    """The Home tab of somebody the programme does not know."""
    return kit.home(kit.header(t("Welcome")), kit.section(text))

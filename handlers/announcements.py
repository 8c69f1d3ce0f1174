"""Announcements: write, look once more, send; stop one that is on its way."""

from slack_bolt import App

from bot.deps import Deps
from bot.services import announcements
from bot.services.quiet import QuietRules, is_quiet
from bot.views import announcements as views
from bot.views import kit
from handlers.calls import Call, members_only


def open_form(call: Call) -> None:
    """Open the form to write an announcement."""
    announcements.require_coordinator(call.member, call.t)
    with call.deps.db.begin() as db:
        choices = announcements.audience_choices(db, call.member)
    call.open(views.compose_form(call.t, choices), again=kit.button(call.t("Announcement"), views.OPEN))


def on_composed(call: Call) -> None:
    """Show whom it would reach, on top of the form: going back keeps what was written."""
    text, audience, send_at = views.read_compose_form(call.view)
    with call.deps.db.begin() as db:
        found = announcements.compose(db, call.member, text, audience, send_at, call.t, call.now)
        choices = announcements.audience_choices(db, call.member)
        rules = QuietRules.of(announcements.edition_of(db, found.announcement))
    names = views.audience_names(call.t, choices, audience)
    quiet = is_quiet(send_at or call.now, rules)
    call.ack(response_action="push", view=views.preview(call.t, found, names, is_quiet=quiet))


def on_confirmed(call: Call) -> None:
    """Send it, now or at its moment; the result line follows in the author's direct messages."""
    announcement_id = int(str(kit.memory(call.view)["announcement"]))
    with call.deps.db.begin() as db:
        announcements.confirm(db, call.member, announcement_id, call.t, call.now)
    call.ack(response_action="clear")


def on_stopped(call: Call) -> None:
    """Hold back what was not sent yet; the result line is rewritten by its own job."""
    with call.deps.db.begin() as db:
        announcements.cancel(db, call.member, int(call.value), call.t)


def register(app: App, deps: Deps) -> None:
    """The triggers of this feature."""
    app.action(views.OPEN)(members_only(deps, open_form))
    app.view(views.COMPOSE)(members_only(deps, on_composed))
    app.view(views.CONFIRM)(members_only(deps, on_confirmed))
    app.action(views.STOP)(members_only(deps, on_stopped))

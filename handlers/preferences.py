"""A person's own settings, by form or by word."""

from slack_bolt import App

from bot.deps import Deps
from bot.errors import UserError
from bot.i18n import Texts
from bot.services import checkins, preferences
from bot.services.members import find_member
from bot.views import kit
from bot.views import preferences as views
from handlers import home
from handlers.calls import Call, members_only


def open_form(call: Call) -> None:
    """Open the settings as they are."""
    with call.deps.db.begin() as db:
        current = preferences.of(db, call.member, call.now)
    form = views.form(call.t, current, checks_in=call.member.checks_in)
    call.open(form, again=kit.button(call.t("Settings"), views.OPEN))


def on_submitted(call: Call) -> None:
    """Save all settings, or none of them when one does not fit."""
    language, weekday, at, paused_until = views.read_form(call.view)
    member = call.member
    with call.deps.db.begin() as db:
        preferences.set_language(db, member, language, call.t)
        if weekday is not None and at is not None:
            preferences.set_moment(db, member, weekday, at, call.t, call.now)
        if views.has_pause(call.view):
            preferences.pause(db, member, paused_until, call.t, call.now)
    call.ack()
    _confirm(call)


def set_language(call: Call, words: str) -> None:
    """`/imagine taal en`"""
    with call.deps.db.begin() as db:
        preferences.set_language(db, call.member, words.strip().lower(), call.t)
    _confirm(call)


def pause(call: Call, words: str) -> None:
    """`/imagine pauze 2`, `/imagine pauze tot 27-11`, and `/imagine pauze stop` to end it."""
    checkins.may_check_in(call.member, call.t)
    until = None
    if words.strip().lower() not in {"stop", "uit", "off"}:
        until = views.parse_pause(words, call.member.today(call.now))
        if until is None:
            raise UserError(
                call.t(
                    "Say for how long: `/imagine pause 2` for two weeks, `/imagine pause 27-11` until that day, "
                    "or `/imagine pause stop`."
                )
            )
    with call.deps.db.begin() as db:
        preferences.pause(db, call.member, until, call.t, call.now)
    call.reply(views.paused(call.t, until))
    home.refresh(call)


def _confirm(call: Call) -> None:
    """Say what holds now, in the language that holds now."""
    with call.deps.db.begin() as db:
        member = find_member(db, call.team_id, call.user_id, call.now) or call.member
        current = preferences.of(db, member, call.now)
    changed = Call(call.deps, call.args, Texts(member.language, member.timezone), call.now, member)
    changed.reply(views.saved(changed.t, current, checks_in=member.checks_in))
    home.refresh(changed)


def register(app: App, deps: Deps) -> None:
    """The triggers of this feature."""
    app.action(views.OPEN)(members_only(deps, open_form))
    app.view(views.SUBMIT)(members_only(deps, on_submitted))

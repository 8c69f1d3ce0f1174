"""`/imagine` and everything people write to the bot."""

from collections.abc import Callable

from slack_bolt import App, Args

from bot.deps import Deps
from bot.views import menu as views
from handlers import announcements, checkins, preferences, sessions
from handlers.calls import BoltListener, Call, members_only


def _show_help(call: Call) -> None:
    call.reply(views.help_text(call.t, call.member))


_ACTIONS: dict[str, Callable[[Call, str], None]] = {
    "checkin": lambda call, _words: checkins.open_form(call),
    "skip": lambda call, _words: checkins.skip_week(call),
    "pause": preferences.pause,
    "agenda": lambda call, _words: sessions.show_agenda(call),
    "announce": lambda call, _words: announcements.open_form(call),
    "settings": lambda call, _words: preferences.open_form(call),
    "language": preferences.set_language,
    "help": lambda call, _words: _show_help(call),
}


def on_command(call: Call) -> None:
    """Do what the word after `/imagine` says; without a word, show what there is."""
    word, _, words = call.body.get("text", "").strip().partition(" ")
    if not word:
        _show_help(call)
        return
    command = views.find_subcommand(word)
    if command is None:
        call.reply(views.unknown_word(call.t, call.member, word))
        return
    _ACTIONS[command.name](call, words)


def on_message(call: Call) -> None:
    """Somebody wrote to the bot: show the menu."""
    call.reply(views.menu(call.t, call.member))


_NOT_WRITTEN = frozenset({"message_changed", "message_deleted", "message_replied", "bot_message"})


def _people_only(listener: BoltListener) -> BoltListener:
    """Edits, deletions and what bots write, ourselves included, pass by before anybody looks who it was."""

    def answer(args: Args) -> None:
        event = args.body["event"]
        if event.get("subtype") in _NOT_WRITTEN or event.get("bot_id"):
            args.ack()
        else:
            listener(args)

    return answer


def register(app: App, deps: Deps) -> None:
    """The triggers of this feature."""
    app.command("/imagine")(members_only(deps, on_command))
    app.event("message")(_people_only(members_only(deps, on_message)))

"""One thing a member did in Slack, and the ways to answer it.

Bolt hands listeners loose arguments and quietly passes None for a misspelt name; ours take one typed `Call`. They
never raise into Bolt either: in its default mode an error right after `ack()` would take the ack back, and Slack would
show a failure (slack_bolt 1.30, listener/thread_runner.py).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import Ack, Args
from slack_sdk.models.blocks import ButtonElement
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.deps import Deps
from bot.errors import DeliveryError, UserError, new_reference
from bot.i18n import DEFAULT_LANGUAGE, Texts
from bot.messages import Message, View
from bot.services.members import Member, find_member
from bot.views import home, kit, menu

log = logging.getLogger(__name__)

_TRIGGER_GONE = frozenset(
    {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
    }
)
_DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)


@dataclass(frozen=True)
class Surface:
    """Where somebody did something, and how to answer there."""

    deps: Deps
    args: Args
    t: Texts
    now: datetime

    @property
    def body(self) -> dict[str, Any]:
        """Slack's payload."""
        return self.args.body

    @property
    def ack(self) -> Ack:
        """Tells Slack we have it; a form's submission may be acked with errors or another view."""
        return self.args.ack

    @property
    def user_id(self) -> str:
        """Slack's id of who did it."""
        return self.args.context.user_id or ""

    @property
    def team_id(self) -> str:
        """The workspace the bot is installed in, also when somebody of another one acts in a shared channel."""
        authorized = self.args.context.authorize_result
        return str(authorized.team_id) if authorized else ""

    @property
    def is_submission(self) -> bool:
        """Whether a form was sent, which waits for its ack."""
        return self.body.get("type") == "view_submission"

    @property
    def view(self) -> View:
        """The form concerned."""
        view: View = self.body["view"]
        return view

    @property
    def action(self) -> dict[str, Any]:
        """The button or field concerned; empty when nothing was pressed."""
        return self.args.action or {}

    @property
    def value(self) -> str:
        """What the pressed button carries."""
        return str(self.action.get("value", ""))

    def reply(self, message: Message) -> None:
        """Answer where only this person sees it: below what they did, else in their direct messages."""
        if self.body.get("response_url"):
            self.args.respond(
                text=message.text, blocks=list(message.blocks), response_type="ephemeral", replace_original=False
            )
        else:
            self.deps.slack.post(self.user_id, message, key="reply")

    def say(self, sentence: str) -> None:
        """Answer with one sentence."""
        self.reply(kit.message(sentence, kit.section(sentence)))

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Show what is wrong: below the field of a form that was sent, which stays open; else as an answer."""
        if not self.is_submission or self.ack.response is not None:
            self.say(sentence)
            return
        inputs = [block["block_id"] for block in self.view["blocks"] if block["type"] == "input"]
        if not inputs:
            self.ack(response_action="update", view=_notice(self.t, self.view, sentence))
            return
        name = field if field in inputs else inputs[0]
        self.ack(response_action="errors", errors={str(name): sentence})


def _notice(t: Texts, view: View, sentence: str) -> View:
    about = kit.Form(view["callback_id"], view["title"]["text"], None, kit.memory(view))
    return kit.modal(t, about, kit.section(sentence))


@dataclass(frozen=True)
class Call(Surface):
    """Something a member did."""

    member: Member

    def open(self, view: View, again: ButtonElement) -> None:
        """Open a form; when Slack's three seconds are over, offer a button to try again."""
        try:
            self.deps.slack.open_view(self.body["trigger_id"], view)
        except DeliveryError as error:
            if error.code not in _TRIGGER_GONE:
                raise
            log.warning("a trigger was too old to open a form", extra={"data": {"code": error.code}})
            sentence = menu.too_late(self.t)
            self.reply(kit.message(sentence, kit.section(sentence), kit.actions(again)))


Listener = Callable[[Call], None]
BoltListener = Callable[[Args], None]


def members_only(deps: Deps, listener: Listener) -> BoltListener:
    """A Bolt listener that knows who is there, acks first, and turns every error into a sentence.

    Form submissions are acked by the listener (it may have errors to show), or else when it is done.
    """

    def answer(args: Args) -> None:
        surface = Surface(deps, args, Texts(DEFAULT_LANGUAGE), deps.clock())
        if not surface.is_submission:
            args.ack()
        _carefully(surface, lambda: _for_member(surface, listener))

    answer.__name__ = getattr(listener, "__name__", "listener")
    return answer


def _for_member(surface: Surface, listener: Listener) -> None:
    member = _who(surface)
    if member is None:
        _welcome_stranger(surface)
        return
    t = Texts(member.language, member.timezone)
    call = Call(surface.deps, surface.args, t, surface.now, member)
    _carefully(call, lambda: listener(call))
    if call.ack.response is None:
        call.ack()


def _who(surface: Surface) -> Member | None:
    with surface.deps.db.begin() as db:
        return find_member(db, surface.team_id, surface.user_id, surface.now)


def _welcome_stranger(surface: Surface) -> None:
    surface.ack()
    message = menu.stranger(surface.t)
    if surface.body.get("event", {}).get("type") == "app_home_opened":
        surface.deps.slack.publish_home(surface.user_id, home.stranger(surface.t, message.text))
    else:
        surface.reply(message)


def _carefully(surface: Surface, work: Callable[[], None]) -> None:
    """Do the work; whatever goes wrong becomes a clear sentence for the person, and a log line without their words."""
    try:
        work()
    except UserError as error:
        _try_to_tell(surface, error.sentence, error.field)
    except _DATABASE_AWAY as error:
        log.error("the database did not answer", extra={"data": {"error": type(error).__name__}})
        _try_to_tell(surface, menu.busy(surface.t))
    except Exception:
        reference = new_reference()
        log.exception("a listener failed", extra={"data": {"reference": reference}})
        _try_to_tell(surface, menu.failure(surface.t, reference))


def _try_to_tell(surface: Surface, sentence: str, field: str | None = None) -> None:
    try:
        surface.refuse(sentence, field)
    except (DeliveryError, OSError):
        log.warning("could not tell the person about a failure")
        if surface.ack.response is None:
            surface.ack()


def everybody(deps: Deps, listener: Callable[[Deps, dict[str, Any]], None]) -> BoltListener:
    """A Bolt listener for what Slack itself reports: accounts closed, the bot taken out."""

    def answer(args: Args) -> None:
        args.ack()
        try:
            listener(deps, args.body)
        except Exception:
            log.exception("an event was not handled", extra={"data": {"reference": new_reference()}})

    answer.__name__ = getattr(listener, "__name__", "listener")
    return answer

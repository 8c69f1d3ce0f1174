"""Sessions: the agenda, answers to invitations, and the coordinator's changes."""

import logging
import re

from slack_bolt import App

from bot.deps import Deps
from bot.errors import DeliveryError, UserError
from bot.i18n import Texts
from bot.messages import Message
from bot.models.sessions import Answer
from bot.services import sessions
from bot.services.sessions import Response
from bot.slack import Posted
from bot.views import kit
from bot.views import sessions as views
from handlers import home
from handlers.calls import Call, members_only

log = logging.getLogger(__name__)


def show_agenda(call: Call) -> None:
    """The next sessions of this person's tracks."""
    call.reply(_agenda(call))


def on_answered(call: Call) -> None:
    """Record yes, maybe or no, and show it in the message that asked."""
    answer = Answer(call.action["action_id"].rpartition(".")[2])
    session_id, start = views.read_answer(call.value)
    with call.deps.db.begin() as db:
        response = sessions.respond(db, call.member, session_id, start, answer, call.t, call.now)
    _show_answer(call, response)
    home.refresh(call)


def _show_answer(call: Call, response: Response) -> None:
    """Rewrite the message in which the button stands; an answer given in the agenda or on Home shows there."""
    container = call.body.get("container", {})
    if container.get("type") != "message":
        return
    if container.get("is_ephemeral"):
        message = _agenda(call)
        call.args.respond(text=message.text, blocks=list(message.blocks), replace_original=True)
        return
    if views.is_in_agenda(call.action["block_id"]):
        message = _agenda(call)
    elif response.answer is None:
        message = views.overtaken(call.t, response.session)
    else:
        message = views.reminder(call.t, response.session, response.answer, call.now)
    try:
        call.deps.slack.update(Posted(container["channel_id"], container["message_ts"]), message)
    except DeliveryError as error:
        log.warning("an answer was not shown", extra={"data": {"code": error.code}})


def _agenda(call: Call) -> Message:
    member = call.member
    with call.deps.db.begin() as db:
        found = sessions.upcoming(db, member, call.now, most=10 if member.is_coordinator else 3)
    return views.agenda(call.t, found, is_coordinator=member.is_coordinator, is_demo=member.is_demo)


def open_edit_form(call: Call) -> None:
    """Open the coordinator's form for one session."""
    with call.deps.db.begin() as db:
        session = sessions.get(db, int(call.value))
    if session is None or not call.member.is_coordinator or session.edition_id != call.member.edition_id:
        raise UserError(call.t("Only a coordinator can change a session."))
    t = Texts(call.t.language, session.edition.timezone)
    call.open(views.edit_form(t, session), again=kit.button(call.t("Change"), views.EDIT, call.value))


def on_edited(call: Call) -> None:
    """Save a session; who knew the old time or place is told once."""
    details = views.read_edit_form(call.view, call.t)
    session_id = int(str(kit.memory(call.view)["session"]))
    with call.deps.db.begin() as db:
        people = sessions.change(db, call.member, session_id, details, call.t, call.now)
    call.ack()
    call.reply(views.saved(call.t, people))
    home.refresh(call)


def on_cancelled(call: Call) -> None:
    """Call a session off, from the button in its form."""
    with call.deps.db.begin() as db:
        people = sessions.cancel(db, call.member, int(call.value), call.t, call.now)
    done = views.saved(call.t, people)
    about = kit.Form(views.SUBMIT, call.t("Session cancelled"), None, kit.memory(call.view))
    call.deps.slack.update_view(call.view["id"], kit.modal(call.t, about, kit.section(done.text)))
    home.refresh(call)


def register(app: App, deps: Deps) -> None:
    """The triggers of this feature."""
    app.action(views.AGENDA)(members_only(deps, show_agenda))
    app.action(re.compile(rf"^{re.escape(views.ANSWER)}\."))(members_only(deps, on_answered))
    app.action(views.EDIT)(members_only(deps, open_edit_form))
    app.action(views.CANCEL)(members_only(deps, on_cancelled))
    app.view(views.SUBMIT)(members_only(deps, on_edited))

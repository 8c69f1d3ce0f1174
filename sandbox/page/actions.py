"""What a person does on the page: each route reads a small form, calls one act, and says in words what went wrong.

Nothing is drawn here. Whatever an act changes is announced by the workspace, and every open page then draws itself
anew.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import acts
from sandbox.acts import InMessage, InView, Outcome
from sandbox.errors import ActError
from sandbox.escaping import escape_entities
from sandbox.form import find_element
from sandbox.messages import Channel
from sandbox.page import address, fields
from sandbox.page.dates import zone_of
from sandbox.page.people import SLACKBOT
from sandbox.page.reader import Reader
from sandbox.page.screen import reader_of
from sandbox.workspace import Workspace

SILENT = ("timeout", "operation_timeout")


class Refused(Exception):
    """The person is told this sentence."""


@dataclass(frozen=True)
class Doing:
    """One act under way: who does it and what their form said."""

    workspace: Workspace
    reader: Reader
    form: FormData

    def said(self, name: str) -> str:
        """One value of the form; empty when it is absent."""
        return str(self.form.get(name, ""))

    def channel(self) -> Channel:
        """The channel they are looking at, if they are in it."""
        channel = self.workspace.channel(self.said("in"))
        if channel is None or self.reader.id not in channel.members:
            raise Refused(self.reader.say("not_found"))
        return channel

    def place(self) -> InMessage | InView:
        """The message or view that holds what they touched."""
        kind, _, rest = self.said("surface").partition(":")
        channel_id, _, ts = rest.partition(":")
        return InMessage(channel_id, ts) if kind == "message" else InView(rest)


Act = Callable[[Doing], Awaitable[Outcome | None]]


def routes(workspace: Workspace) -> list[Route]:
    """One route for each thing a person can do."""
    return [Route(f"/do/{name}", _endpoint(workspace, act), methods=["POST"]) for name, act in ACTS.items()]


def _endpoint(workspace: Workspace, act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        form = await request.form()
        here = address.read(workspace, {name: str(value) for name, value in form.items()})
        if here is None or here.person.id != form.get("as"):
            return JSONResponse({"ok": False}, status_code=404)
        reader = reader_of(workspace, here)
        try:
            await act(Doing(workspace, reader, form))
        except Refused as refusal:
            return JSONResponse({"ok": False, "message": str(refusal)})
        except ActError:
            return JSONResponse({"ok": False, "message": reader.say("not_found")})
        return JSONResponse({"ok": True})

    return endpoint


async def say(doing: Doing) -> None:
    """Send what stands in the composer: a command if it starts with a slash, as in Slack."""
    text, channel = doing.said("text").strip(), doing.channel()
    if text.startswith("/"):
        outcome = await acts.run_command(doing.workspace, doing.reader.id, channel.id, text)
        _explain(doing, channel, text.split()[0], outcome)
    elif text:
        await acts.send_message(doing.workspace, doing.reader.id, channel.id, text)


def _explain(doing: Doing, channel: Channel, command: str, outcome: Outcome) -> None:
    """Tell the writer of a command that it failed, in the conversation as Slack does, and let them keep the text."""
    if outcome.acked:
        return
    keys = {"unknown_command": "command_unknown"} | dict.fromkeys(SILENT, "command_silent")
    key = keys.get(outcome.error or "", "command_unreachable")
    sentence = doing.reader.say(key, command=command, name=doing.workspace.app.name)
    doing.workspace.post_ephemeral(channel, doing.reader.id, SLACKBOT, escape_entities(sentence))
    raise Refused("")


async def press(doing: Doing) -> None:
    """Press a button, or choose in a menu that the app hears of at once."""
    block_id, action_id = fields.ids_of(doing.said("key"))
    _forgive(doing, block_id)
    outcome = await acts.press(
        doing.workspace, doing.reader.id, doing.place(), block_id, action_id, _raw(doing, block_id, action_id)
    )
    _heard(doing, outcome)


async def fill_in(doing: Doing) -> None:
    """Type into a text field; the app hears of it if the field says so."""
    block_id, action_id = fields.ids_of(doing.said("key"))
    _forgive(doing, block_id)
    outcome = await acts.type_text(
        doing.workspace,
        doing.reader.id,
        doing.place(),
        block_id,
        action_id,
        doing.said("value"),
        enter=doing.said("enter") == "true",
    )
    _heard(doing, outcome)


def _forgive(doing: Doing, block_id: str) -> None:
    """An objection goes away once its field is changed, as in Slack."""
    view = doing.workspace.top_view(doing.reader.id)
    if view:
        view.errors.pop(block_id, None)


def _raw(doing: Doing, block_id: str, action_id: str) -> object:
    """What was chosen, as the workspace takes it for this kind of element."""
    found = find_element(_blocks(doing), action_id, block_id)
    if found is None:
        raise Refused(doing.reader.say("not_found"))
    strings = [str(value) for value in doing.form.getlist("value") if value]
    return fields.raw_of(str(found[1]["type"]), strings, doing.reader.zone)


def _blocks(doing: Doing) -> list[fields.Json]:
    place = doing.place()
    if isinstance(place, InMessage):
        channel = doing.workspace.channel(place.channel_id)
        message = channel.find(place.ts, doing.reader.id) if channel else None
        return message.blocks if message else []
    shown = (doing.workspace.top_view(doing.reader.id), doing.workspace.home(doing.reader.id))
    return next((view.blocks for view in shown if view and view.id == place.view_id), [])


async def submit(doing: Doing) -> None:
    """Send the modal. Objections come back inside the view itself."""
    outcome = await acts.submit_view(doing.workspace, doing.reader.id)
    if not outcome.errors and (not outcome.acked or outcome.seen):
        raise Refused(doing.reader.say("modal_silent"))


async def close(doing: Doing) -> None:
    """Close the modal; whether the app notices is not the person's concern."""
    await acts.close_view(doing.workspace, doing.reader.id, all_views=doing.said("all") == "true")


async def open_app(doing: Doing) -> None:
    """Tell the app that its Start or Messages tab was opened."""
    await acts.open_home(doing.workspace, doing.reader.id, doing.said("tab") or "home")


async def jump(doing: Doing) -> None:
    """Set the clock forward, by one of the workspace's jumps or to a moment of one's own."""
    try:
        await acts.jump(doing.workspace, _moment(doing))
    except ValueError as error:
        raise Refused(doing.reader.say("only_forward")) from error


def _moment(doing: Doing) -> datetime:
    workspace, number = doing.workspace, doing.said("jump")
    if number.isdecimal() and int(number) < len(workspace.jumps):
        return workspace.jumps[int(number)].target(workspace.clock.now(), workspace.tz)
    try:
        return datetime.fromisoformat(doing.said("moment")).replace(tzinfo=zone_of(workspace.tz))
    except ValueError as error:
        raise Refused(doing.reader.say("bad_moment")) from error


def _heard(doing: Doing, outcome: Outcome) -> None:
    """A press that the app never answered is shown, since nothing on the screen would change."""
    if outcome.acked:
        return
    key = "app_silent" if outcome.error in SILENT else "app_absent"
    raise Refused(doing.reader.say(key, name=doing.workspace.app.name))


ACTS: dict[str, Act] = {
    "say": say,
    "press": press,
    "fill-in": fill_in,
    "submit": submit,
    "close": close,
    "open": open_app,
    "jump": jump,
}

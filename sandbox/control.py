"""The control API: a test or a demonstration sets the clock, plays the people, breaks things and looks at screens."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import acts
from sandbox.delivery import deliver_event
from sandbox.errors import ActError, SlackError
from sandbox.faults import Fault
from sandbox.form import find_element
from sandbox.messages import Message
from sandbox.payloads import team_join
from sandbox.people import read_people
from sandbox.view import View
from sandbox.workspace import Workspace

Body = dict[str, Any]
Handler = Callable[[Workspace, Body], Awaitable[Any]]


async def health(workspace: Workspace, body: Body) -> Any:
    """That the sandbox is up, and what is in it."""
    app = {"id": workspace.app.app_id, "name": workspace.app.name, "installed": workspace.app.installed}
    return {"ok": True, "team_id": workspace.team_id, "app": app, "people": len(workspace.people)}


async def clock(workspace: Workspace, body: Body) -> Any:
    """What time it is in the workspace."""
    return {"now": workspace.clock.now().isoformat(), "frozen": workspace.clock.frozen}


async def set_clock(workspace: Workspace, body: Body) -> Any:
    """Set it forward: {"to": iso} or {"advance_seconds": n} or {"jump": label of a preset}."""
    await acts.jump(workspace, _moment(workspace, body))
    return await clock(workspace, body)


async def people(workspace: Workspace, body: Body) -> Any:
    """Everybody."""
    return [asdict(person) for person in workspace.people.values()]


async def add_people(workspace: Workspace, body: Body) -> Any:
    """Let people join: {"people": [rows], "tell": true to send team_join for each}."""
    joined = read_people(body["people"])
    workspace.add_people(joined)
    for person in joined if body.get("tell") else ():
        await deliver_event(workspace, team_join(workspace, person))
    return {"added": len(joined)}


async def change_person(workspace: Workspace, body: Body) -> Any:
    """Change somebody, such as {"deleted": true}; the app gets user_change."""
    changes = {name: value for name, value in body.items() if name != "person"}
    return (await acts.change_person(workspace, body["person"], changes)).as_json()


async def messages(workspace: Workspace, body: Body) -> Any:
    """What `person` sees in `channel`, ephemeral messages included."""
    return _shown(workspace, workspace.messages(body["channel"], body.get("person")))


async def dm(workspace: Workspace, body: Body) -> Any:
    """The direct message between `person` and the app."""
    channel = workspace.dm(body["person"])
    return {"channel": channel.id, "messages": _shown(workspace, workspace.messages(channel.id, body["person"]))}


async def view(workspace: Workspace, body: Body) -> Any:
    """The modal that `person` looks at, or null."""
    return _screen(workspace, workspace.top_view(body["person"]))


async def home(workspace: Workspace, body: Body) -> Any:
    """The home tab of `person`, or null."""
    return _screen(workspace, workspace.home(body["person"]))


async def command(workspace: Workspace, body: Body) -> Any:
    """Type a slash command: {"person", "text", "channel": the direct message if not given}."""
    return (await acts.run_command(workspace, body["person"], _where(workspace, body), body["text"])).as_json()


async def message(workspace: Workspace, body: Body) -> Any:
    """Write a message: {"person", "text", "channel": the direct message if not given}."""
    return (await acts.send_message(workspace, body["person"], _where(workspace, body), body["text"])).as_json()


async def press(workspace: Workspace, body: Body) -> Any:
    """Click or choose: {"person", "action_id", "block_id", "value", "view" or "channel" and "ts"}."""
    place = _place(workspace, body)
    done = await acts.press(
        workspace, body["person"], place, body.get("block_id"), body["action_id"], body.get("value")
    )
    return done.as_json()


async def type_text(workspace: Workspace, body: Body) -> Any:
    """Type into a field: {"person", "action_id", "block_id", "text", "enter"}."""
    place, enter = _place(workspace, body), bool(body.get("enter"))
    done = await acts.type_text(
        workspace, body["person"], place, body.get("block_id"), body["action_id"], body["text"], enter=enter
    )
    return done.as_json()


async def submit(workspace: Workspace, body: Body) -> Any:
    """Submit the open modal: {"person", "values": {block_id: {action_id: value}} to fill in before}."""
    return (await acts.submit_view(workspace, body["person"], body.get("values"))).as_json()


async def close(workspace: Workspace, body: Body) -> Any:
    """Cancel the open modal: {"person", "all": true to close the stack with the X}."""
    return (await acts.close_view(workspace, body["person"], all_views=bool(body.get("all")))).as_json()


async def open_home(workspace: Workspace, body: Body) -> Any:
    """Open the app: {"person", "tab": "home" or "messages"}."""
    return (await acts.open_home(workspace, body["person"], body.get("tab") or "home")).as_json()


async def event(workspace: Workspace, body: Body) -> Any:
    """Send the app any event it subscribed to: {"event": inner event}; null if it did not."""
    answer = await deliver_event(workspace, body["event"])
    return asdict(answer) if answer else None


async def add_fault(workspace: Workspace, body: Body) -> Any:
    """Let something go wrong: {"method", "kind", "times", "retry_after", "person"}."""
    workspace.faults.add(Fault(**body))
    return workspace.faults.describe()


async def calls(workspace: Workspace, body: Body) -> Any:
    """The log of Web API calls, or those of `method`."""
    return [asdict(call) for call in workspace.calls if body.get("method") in (None, call.method)]


async def reset(workspace: Workspace, body: Body) -> Any:
    """Forget messages, screens, calls and faults."""
    workspace.reset()
    return {"ok": True}


async def uninstall(workspace: Workspace, body: Body) -> Any:
    """Remove the app: two events, and account_inactive from then on."""
    return (await acts.uninstall(workspace)).as_json()


async def install(workspace: Workspace, body: Body) -> Any:
    """Install the app again."""
    workspace.app.installed = True
    return {"ok": True}


async def request_url(workspace: Workspace, body: Body) -> Any:
    """Deliver over signed HTTP to {"url"}, or over Socket Mode if it is null."""
    workspace.request_url = body.get("url")
    return {"url": workspace.request_url}


async def disconnect(workspace: Workspace, body: Body) -> Any:
    """Send every connection away for {"reason"}: warning, refresh_requested, link_disabled, or null to cut it."""
    return {"disconnected": await workspace.sockets.disconnect(body.get("reason"))}


async def connections(workspace: Workspace, body: Body) -> Any:
    """The app's WebSocket connections."""
    return workspace.sockets.describe()


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "health", health),
    ("GET", "clock", clock),
    ("POST", "clock", set_clock),
    ("GET", "people", people),
    ("POST", "people", add_people),
    ("POST", "people/{person}", change_person),
    ("GET", "messages", messages),
    ("GET", "dm", dm),
    ("GET", "view", view),
    ("GET", "home", home),
    ("POST", "act/command", command),
    ("POST", "act/message", message),
    ("POST", "act/click", press),
    ("POST", "act/choose", press),
    ("POST", "act/type", type_text),
    ("POST", "act/submit", submit),
    ("POST", "act/close", close),
    ("POST", "act/open-home", open_home),
    ("POST", "event", event),
    ("POST", "faults", add_fault),
    ("GET", "calls", calls),
    ("POST", "reset", reset),
    ("POST", "uninstall", uninstall),
    ("POST", "install", install),
    ("POST", "request-url", request_url),
    ("POST", "disconnect-sockets", disconnect),
    ("GET", "connections", connections),
]


def routes() -> list[Route]:
    """The control API as routes under /control."""
    return [Route(f"/control/{path}", _endpoint(handler), methods=[verb]) for verb, path, handler in ROUTES]


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        given = await request.json() if await request.body() else {}
        body = {**request.query_params, **request.path_params, **given}
        try:
            return JSONResponse(await handler(request.app.state.workspace, body))
        except KeyError as error:
            return JSONResponse({"error": f"Missing: {error.args[0]}."}, status_code=400)
        except (ActError, SlackError, TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return answer


def _moment(workspace: Workspace, body: Body) -> datetime:
    now = workspace.clock.now()
    if "to" in body:
        return datetime.fromisoformat(body["to"])
    if "jump" in body:
        found = next((preset for preset in workspace.jumps if preset.label == body["jump"]), None)
        if found is None:
            raise ActError(f"There is no jump called {body['jump']!r}.")
        return found.target(now, workspace.tz)
    return now + timedelta(seconds=float(body["advance_seconds"]))


def _where(workspace: Workspace, body: Body) -> str:
    return body.get("channel") or workspace.dm(body["person"]).id


def _place(workspace: Workspace, body: Body) -> acts.Place:
    """Where an element is: as told, else in the open modal, the newest message that has it, or the home tab."""
    if body.get("view"):
        return acts.InView(body["view"])
    if body.get("ts"):
        return acts.InMessage(_where(workspace, body), body["ts"])
    person, action_id, block_id = body["person"], body["action_id"], body.get("block_id")
    top, own = workspace.top_view(person), workspace.home(person)
    if top and find_element(top.blocks, action_id, block_id):
        return acts.InView(top.id)
    for each in reversed(workspace.messages(_where(workspace, body), person)):
        if find_element(each.blocks, action_id, block_id):
            return acts.InMessage(each.channel_id, each.ts)
    if own and find_element(own.blocks, action_id, block_id):
        return acts.InView(own.id)
    raise ActError(f"{person} sees no {action_id!r}: not in a modal, not in the messages, not in the home tab.")


def _shown(workspace: Workspace, found: list[Message]) -> list[dict[str, Any]]:
    return [workspace.message_object(each) | {"is_ephemeral": each.viewer is not None} for each in found]


def _screen(workspace: Workspace, shown: View | None) -> dict[str, Any] | None:
    return workspace.view_object(shown) | {"errors": shown.errors} if shown else None

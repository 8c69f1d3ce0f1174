"""What people do: each act builds the payload that Slack would send, delivers it, and applies the app's answer.

All of these run on the server's event loop and come back once the app has acknowledged or three seconds have passed;
what the app does after its acknowledgement arrives later, through the Web API.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sandbox import payloads
from sandbox.block_kit.surfaces import check_message_blocks
from sandbox.delivery import Answer, deliver_command, deliver_event, deliver_interaction
from sandbox.errors import ActError, SlackError
from sandbox.escaping import escape_entities, escape_references
from sandbox.form import KINDS, Block, Element, Values, action, entry, find_element, initial_values, refusals
from sandbox.messages import Channel, Message
from sandbox.modals import close_all, close_top, push_onto, update_view
from sandbox.people import Person
from sandbox.view import View
from sandbox.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
NOT_ANSWERED = "This app did not respond in time."


@dataclass(frozen=True)
class Outcome:
    """How an act ended. `seen` is what the person reads because of it; `errors` are objections per block of a form."""

    acked: bool = True
    ms: float = 0.0
    error: str | None = None
    response: Any = None
    seen: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for the control API."""
        return asdict(self)


@dataclass(frozen=True)
class InMessage:
    """An element in a message."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class InView:
    """An element in a modal or a home tab."""

    view_id: str


Place = InMessage | InView
FormValues = dict[str, dict[str, Any]]
"""What a page read from its fields: block id -> action id -> option value(s), text, date, or nothing."""


async def run_command(workspace: Workspace, person_id: str, channel_id: str, text: str) -> Outcome:
    """Type a slash command, name and all, such as "/checkin now"."""
    person, channel = _person(workspace, person_id), _channel(workspace, channel_id)
    name, _, rest = text.strip().partition(" ")
    command = workspace.app.command(name)
    if command is None or workspace.is_external(person) or not workspace.app.installed:
        # People who join over Slack Connect cannot run the commands of another organisation's app.
        return Outcome(acked=False, error="unknown_command", seen=f"{name} is not a valid command.")
    typed = escape_references(workspace, rest.strip()) if command.should_escape else rest.strip()
    answer = await deliver_command(workspace, payloads.slash_command(workspace, person, channel, name, typed))
    return _after_command(workspace, person, channel, text, answer)


async def send_message(workspace: Workspace, person_id: str, channel_id: str, text: str) -> Outcome:
    """Write a message in a channel, or to the app in the direct message."""
    person, channel = _person(workspace, person_id), _channel(workspace, channel_id)
    message = workspace.post(channel, person.id, escape_entities(text))
    workspace.mark_read(person_id, channel_id)
    return _outcome(await deliver_event(workspace, payloads.message_sent(workspace, channel, message)))


async def press(
    workspace: Workspace, person_id: str, place: Place, block_id: str | None, action_id: str, value: Any = None
) -> Outcome:
    """Press a button, or choose `value` in a menu, date or text field; in an input block this only fills in.

    An option is named by its value, several by a list. A text field in an input block with `dispatch_action` is sent
    as if its writer pressed Enter; `type_text` knows the difference.
    """
    block, element = _find(workspace, person_id, place, block_id, action_id)
    _fill_in(workspace, person_id, place, block, element, value)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return Outcome()
    return await _dispatch(workspace, person_id, place, block, element, value)


async def type_text(
    workspace: Workspace,
    person_id: str,
    place: Place,
    block_id: str | None,
    action_id: str,
    text: str,
    *,
    enter: bool = False,
) -> Outcome:
    """Type into a text field; the app hears of it only if the field says so, by default when Enter is pressed."""
    block, element = _find(workspace, person_id, place, block_id, action_id)
    _fill_in(workspace, person_id, place, block, element, text)
    told_on = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
    done = "on_enter_pressed" if enter else "on_character_entered"
    if not block.get("dispatch_action") or done not in told_on:
        return Outcome()
    return await _dispatch(workspace, person_id, place, block, element, text)


async def save_state(workspace: Workspace, person_id: str, form_values: FormValues) -> None:
    """Keep what the person filled in so far in their top modal, without telling the app. Unknown fields are ignored."""
    view = workspace.top_view(person_id)
    for block_id, fields in form_values.items() if view else ():
        for action_id, raw in fields.items():
            found = find_element(view.blocks, action_id, block_id) if view else None
            if view and found and found[1]["type"] in KINDS:
                view.values[block_id][action_id] = entry(found[1], raw)


async def submit_view(workspace: Workspace, person_id: str, form_values: FormValues | None = None) -> Outcome:
    """Submit the top modal. What Slack's client objects to itself never reaches the app."""
    view = _top_view(workspace, person_id)
    await save_state(workspace, person_id, form_values or {})
    view.errors = refusals(view.blocks, view.values)
    workspace.changes.publish("view", person_id)
    if view.errors:
        return Outcome(acked=False, error="refused_by_client", errors=view.errors)
    answer = await deliver_interaction(
        workspace, payloads.view_submission(workspace, _person(workspace, person_id), view)
    )
    return _after_submission(workspace, view, answer)


async def close_view(workspace: Workspace, person_id: str, *, all_views: bool = False) -> Outcome:
    """Cancel the top modal, or with `all_views` close the whole stack with the X.

    Slack tells the app only if the view asked for it: about the cancelled view, or with the X about the first one.
    """
    view = _top_view(workspace, person_id)
    cleared = all_views or bool(view.content.get("clear_on_close"))
    told = workspace.stacks[person_id][0] if all_views else view
    payload = payloads.view_closed(workspace, _person(workspace, person_id), told, is_cleared=cleared)
    if cleared:
        close_all(workspace, person_id)
    else:
        close_top(workspace, view)
    if not told.content.get("notify_on_close"):
        return Outcome()
    return _outcome(await deliver_interaction(workspace, payload))


async def open_home(workspace: Workspace, person_id: str, tab: str = "home") -> Outcome:
    """Open the app's home tab, or with `tab="messages"` its direct message."""
    person = _person(workspace, person_id)
    return _outcome(await deliver_event(workspace, payloads.app_home_opened(workspace, person, tab)))


async def change_person(workspace: Workspace, person_id: str, changes: dict[str, Any]) -> Outcome:
    """Change a member, for instance deactivate them, and tell the app."""
    person = _person(workspace, person_id)
    for name, value in changes.items():
        if name == "id" or not hasattr(person, name):
            raise ActError(f"A person has no {name!r} to change.")
        setattr(person, name, value)
    workspace.add_people([person])
    return _outcome(await deliver_event(workspace, payloads.user_change(workspace, person)))


async def uninstall(workspace: Workspace) -> Outcome:
    """Remove the app: it hears so in two events, and its token is refused from then on."""
    bot = {"oauth": [], "bot": [workspace.app.bot_user_id]}
    answer = await deliver_event(workspace, {"type": "app_uninstalled"})
    await deliver_event(workspace, {"type": "tokens_revoked", "tokens": bot})
    workspace.app.installed = False
    return _outcome(answer)


async def jump(workspace: Workspace, moment: datetime) -> datetime:
    """Set the clock forward and say what time it is then."""
    workspace.clock.jump_to(moment)
    return workspace.clock.now()


async def _dispatch(
    workspace: Workspace, person_id: str, place: Place, block: Block, element: Element, value: Any
) -> Outcome:
    person = _person(workspace, person_id)
    done = [action(element, block["block_id"], value, workspace.new_ts())]
    if isinstance(place, InView):
        payload = payloads.view_actions(workspace, person, _view(workspace, place), done)
    else:
        channel, message = _message(workspace, person_id, place)
        payload = payloads.message_actions(workspace, person, channel, message, done)
    return _outcome(await deliver_interaction(workspace, payload))


def _after_command(workspace: Workspace, person: Person, channel: Channel, typed: str, answer: Answer) -> Outcome:
    if not answer.acked:
        code = "operation_timeout" if answer.error == "timeout" else "dispatch_failed"
        seen = f'{typed.split()[0]} failed with the error "{code}"'
        return Outcome(False, answer.ms, code, seen=seen)
    body = answer.body if isinstance(answer.body, dict) else {}
    text, blocks = body.get("text") or "", body.get("blocks") or []
    everybody = body.get("response_type") == "in_channel"
    try:
        check_message_blocks(blocks)
    except SlackError as refusal:
        # That the person then sees nothing is unconfirmed; the app hears of it nowhere, so the outcome says it here.
        return Outcome(True, answer.ms, refusal.code, refusal.as_answer())
    if everybody:
        workspace.post(channel, person.id, typed)
    if text or blocks:
        show(workspace, channel, person.id, text, blocks, everybody=everybody)
    return Outcome(True, answer.ms, response=answer.body, seen=text or None)


def show(
    workspace: Workspace, channel: Channel, person_id: str, text: str, blocks: list[Block] | None, *, everybody: bool
) -> Message:
    """Put the app's answer to a command or click on the screen: for its reader alone unless it says otherwise."""
    if everybody:
        return workspace.post(channel, workspace.bot.id, text, blocks=blocks)
    return workspace.post_ephemeral(channel, person_id, workspace.bot.id, text, blocks=blocks)


def _after_submission(workspace: Workspace, view: View, answer: Answer) -> Outcome:
    if not answer.acked:
        return Outcome(False, answer.ms, answer.error, seen=TROUBLE)
    body = answer.body if isinstance(answer.body, dict) else {}
    try:
        errors = _apply(workspace, view, body)
    except SlackError as refusal:
        return Outcome(True, answer.ms, refusal.code, refusal.as_answer(), seen=TROUBLE)
    return Outcome(True, answer.ms, response=answer.body, errors=errors)


def _apply(workspace: Workspace, view: View, body: dict[str, Any]) -> dict[str, str]:
    match body.get("response_action"):
        case None:
            close_top(workspace, view)
        case "clear":
            close_all(workspace, view.person_id)
        case "update":
            update_view(workspace, view, body.get("view") or {})
        case "push":
            push_onto(workspace, view.person_id, body.get("view") or {})
        case "errors":
            return _show_errors(workspace, view, body.get("errors") or {})
        case unknown:
            raise SlackError(
                "invalid_arguments", response_metadata={"messages": [f"[ERROR] response_action {unknown}"]}
            )
    return {}


def _show_errors(workspace: Workspace, view: View, errors: dict[str, str]) -> dict[str, str]:
    # An error for a block that is not an input ends, as apps report, in a general connection error.
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    strangers = sorted(errors.keys() - inputs)
    if strangers or not errors:
        raise SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] no input block: {strangers}"]})
    view.errors = errors
    workspace.changes.publish("view", view.person_id)
    return errors


def _outcome(answer: Answer | None) -> Outcome:
    if answer is None:
        return Outcome()
    return Outcome(answer.acked, answer.ms, answer.error, answer.body, None if answer.acked else NOT_ANSWERED)


def _fill_in(workspace: Workspace, person_id: str, place: Place, block: Block, element: Element, value: Any) -> None:
    if element["type"] in KINDS:
        values = _values(workspace, person_id, place)
        values[block["block_id"]][element["action_id"]] = entry(element, value)


def _values(workspace: Workspace, person_id: str, place: Place) -> Values:
    if isinstance(place, InView):
        return _view(workspace, place).values
    message = _message(workspace, person_id, place)[1]
    return message.states.setdefault(person_id, initial_values(message.blocks))


def _find(
    workspace: Workspace, person_id: str, place: Place, block_id: str | None, action_id: str
) -> tuple[Block, Element]:
    holder = _view(workspace, place) if isinstance(place, InView) else _message(workspace, person_id, place)[1]
    found = find_element(holder.blocks, action_id, block_id)
    if found is None:
        raise ActError(f"There is no {action_id!r} here.")
    return found


def _person(workspace: Workspace, person_id: str) -> Person:
    person = workspace.people.get(person_id)
    if person is None or person.deleted:
        raise ActError(f"{person_id} is not an active member of the workspace.")
    return person


def _channel(workspace: Workspace, channel_id: str) -> Channel:
    channel = workspace.channel(channel_id)
    if channel is None:
        raise ActError(f"There is no channel {channel_id}.")
    return channel


def _message(workspace: Workspace, person_id: str, place: InMessage) -> tuple[Channel, Message]:
    channel = _channel(workspace, place.channel_id)
    message = channel.find(place.ts, person_id)
    if message is None:
        raise ActError(f"There is no message {place.ts} in {place.channel_id}.")
    return channel, message


def _view(workspace: Workspace, place: InView) -> View:
    view = workspace.views.get(place.view_id)
    if view is None:
        raise ActError(f"View {place.view_id} is not open.")
    return view


def _top_view(workspace: Workspace, person_id: str) -> View:
    view = workspace.top_view(person_id)
    if view is None:
        raise ActError(f"{person_id} has no modal open.")
    return view

"""What the app does to people's screens: open, push, update and publish views, within Slack's rules."""

import secrets
from typing import Any

from sandbox.block_kit.surfaces import check_view
from sandbox.errors import SlackError
from sandbox.form import fill_ids, initial_values
from sandbox.view import View
from sandbox.workspace import Workspace

DEEPEST_STACK = 3


def open_modal(workspace: Workspace, trigger_id: str, content: dict[str, Any]) -> View:
    """Put a first modal on the screen of the person whose trigger this is; it takes the place of an open one."""
    trigger = workspace.triggers.check(trigger_id)
    check_view(content, "modal")
    _check_external_id(workspace, content)
    trigger.used = True
    close_all(workspace, trigger.person_id)
    return _stack(workspace, trigger.person_id, content)


def push_modal(workspace: Workspace, trigger_id: str, content: dict[str, Any]) -> View:
    """Put a modal on top of the open one; the trigger must come from inside that stack."""
    trigger = workspace.triggers.check(trigger_id)
    origin = workspace.views.get(trigger.view_id or "")
    if origin is None:
        raise SlackError("not_found")
    check_view(content, "modal", "home")
    if content["type"] != origin.type or origin.type == "home":
        problem = "must match the `type` of the root view whose stack we're pushing onto [json-pointer:/view/type]"
        raise SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {problem}"]})
    view = push_onto(workspace, trigger.person_id, content)
    trigger.used = True
    return view


def push_onto(workspace: Workspace, person_id: str, content: dict[str, Any]) -> View:
    """Put a modal on top of the person's stack, of three at most."""
    check_view(content, "modal")
    if len(workspace.stacks.get(person_id, [])) >= DEEPEST_STACK:
        raise SlackError("push_limit_reached")
    _check_external_id(workspace, content)
    return _stack(workspace, person_id, content)


def update_view(workspace: Workspace, view: View, content: dict[str, Any], expected_hash: str | None = None) -> View:
    """Replace what a view shows. What was filled in survives where block id and action id are unchanged."""
    if expected_hash and expected_hash != view.hash:
        raise SlackError("hash_conflict")
    check_view(content, view.type)
    _check_external_id(workspace, content, own=view)
    filled = {**content, "blocks": fill_ids(content["blocks"])}
    view.content, view.values = filled, initial_values(filled["blocks"], view.values)
    view.hash, view.errors = _new_hash(workspace), {}
    workspace.changes.publish(*_change(view))
    return view


def publish_home(
    workspace: Workspace, person_id: str, content: dict[str, Any], expected_hash: str | None = None
) -> View:
    """Put a view in the person's home tab."""
    if not workspace.app.home_tab:
        raise SlackError("not_enabled")
    current = workspace.homes.get(person_id)
    if current:
        return update_view(workspace, current, content, expected_hash)
    check_view(content, "home")
    _check_external_id(workspace, content)
    view = _new_view(workspace, person_id, content)
    workspace.homes[person_id] = view
    workspace.changes.publish("home", person_id)
    return view


def view_by_external_id(workspace: Workspace, external_id: str) -> View | None:
    """A view by the app's own name for it."""
    return next((view for view in workspace.views.values() if external_id and view.external_id == external_id), None)


def close_top(workspace: Workspace, view: View) -> None:
    """Take one modal off its person's screen, wherever in the stack it is by now."""
    stack = workspace.stacks.get(view.person_id, [])
    if view in stack:
        stack.remove(view)
        workspace.views.pop(view.id, None)
        workspace.changes.publish("view", view.person_id)


def close_all(workspace: Workspace, person_id: str) -> None:
    """Take every modal off the person's screen."""
    for view in workspace.stacks.pop(person_id, []):
        workspace.views.pop(view.id, None)
    workspace.changes.publish("view", person_id)


def _stack(workspace: Workspace, person_id: str, content: dict[str, Any]) -> View:
    view = _new_view(workspace, person_id, content)
    stack = workspace.stacks.setdefault(person_id, [])
    if stack:
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    workspace.changes.publish("view", person_id)
    return view


def _new_view(workspace: Workspace, person_id: str, content: dict[str, Any]) -> View:
    filled = {**content, "blocks": fill_ids(content["blocks"])}
    view_id = f"V{secrets.token_hex(5).upper()}"
    view = View(view_id, person_id, filled, _new_hash(workspace), initial_values(filled["blocks"]), root_id=view_id)
    workspace.views[view_id] = view
    return view


def _check_external_id(workspace: Workspace, content: dict[str, Any], own: View | None = None) -> None:
    other = view_by_external_id(workspace, content.get("external_id") or "")
    if other and other is not own:
        raise SlackError("duplicate_external_id")


def _new_hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock.timestamp())}.{secrets.token_hex(4)}"


def _change(view: View) -> tuple[str, str]:
    return ("home" if view.type == "home" else "view", view.person_id)

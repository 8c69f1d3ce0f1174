"""views.*: modals and home tabs. None of these needs a scope, most need a fresh trigger."""

from typing import Any

from sandbox import modals
from sandbox.errors import SlackError
from sandbox.view import View
from sandbox.web_api.arguments import Arguments
from sandbox.web_api.registry import method
from sandbox.workspace import Workspace


@method("views.open")
def open_view(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Open a modal for whoever caused the trigger."""
    view = modals.open_modal(workspace, _trigger(arguments), arguments.json("view"))
    return {"view": workspace.view_object(view)}


@method("views.push")
def push_view(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Put a modal on top of the one that caused the trigger."""
    view = modals.push_modal(workspace, _trigger(arguments), arguments.json("view"))
    return {"view": workspace.view_object(view)}


@method("views.update")
def update_view(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Replace a view by its id or external id; with a hash only if nobody else did meanwhile."""
    view = _wanted(workspace, arguments)
    updated = modals.update_view(workspace, view, arguments.json("view"), arguments.text("hash") or None)
    return {"view": workspace.view_object(updated)}


@method("views.publish")
def publish_view(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """Fill somebody's home tab."""
    person = workspace.people.get(arguments.text("user_id"))
    if person is None:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] invalid `user_id`"]})
    expected = arguments.text("hash") or None
    view = modals.publish_home(workspace, person.id, arguments.json("view"), expected)
    return {"view": workspace.view_object(view)}


def _trigger(arguments: Arguments) -> str:
    return arguments.text("trigger_id") or arguments.text("interactivity_pointer")


def _wanted(workspace: Workspace, arguments: Arguments) -> View:
    view_id, external_id = arguments.text("view_id"), arguments.text("external_id")
    if not view_id and not external_id:
        message = "[ERROR] either `view_id` or `external_id` is required"
        raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
    found = workspace.views.get(view_id) or modals.view_by_external_id(workspace, external_id)
    if found is None:
        raise SlackError("not_found")
    return found

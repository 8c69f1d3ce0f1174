"""Whole messages, modals and home tabs: how many blocks they hold, and what must be unique in them."""

import json
from typing import Any

from sandbox.block_kit.blocks import BLOCK
from sandbox.block_kit.rules import Report, array, boolean, record, string, text
from sandbox.errors import SlackError

MOST_VIEW_BYTES = 250_000

_MESSAGE_BLOCKS = array(BLOCK, 0, 50)
_SHARED = {"private_metadata": string(3000, 0), "callback_id": string(255, 0), "external_id": string(255, 0)}
_VIEW_BLOCKS = {"blocks": array(BLOCK, 0, 100)}
_VIEWS = {
    "modal": record(
        {"title": text(24), **_VIEW_BLOCKS},
        {
            "submit": text(24),
            "close": text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
            **_SHARED,
        },
    ),
    "home": record(_VIEW_BLOCKS, _SHARED),
}


def check_message_blocks(blocks: Any) -> None:
    """Refuse the blocks of a message as Slack does, with everything that is wrong in one answer."""
    report = Report()
    _MESSAGE_BLOCKS(blocks, "/blocks", report)
    _check_unique(blocks, "/blocks", report)
    _refuse("invalid_blocks", report)


def check_view(view: Any, *types: str) -> None:
    """Refuse a view as Slack does; `types` are those that the method takes."""
    report = Report()
    if not isinstance(view, dict) or view.get("type") not in types:
        given = view.get("type") if isinstance(view, dict) else None
        report.add(f"unsupported type: {given}" if given else "missing required field: type", "/view/type")
        _refuse("invalid_arguments", report)
    _VIEWS[view["type"]](view, "/view", report)
    _check_unique(view.get("blocks"), "/view/blocks", report)
    _check_submit(view, report)
    _refuse("invalid_arguments", report)
    if len(json.dumps(view)) > MOST_VIEW_BYTES:
        raise SlackError("view_too_large")


def _check_unique(blocks: Any, pointer: str, report: Report) -> None:
    _check_twins("block_id", blocks, pointer, report)
    for index, block in _objects(blocks):
        _check_twins("action_id", block.get("elements"), f"{pointer}/{index}/elements", report)


def _check_twins(name: str, items: Any, pointer: str, report: Report) -> None:
    seen: set[str] = set()
    for index, item in _objects(items):
        own_id = str(item.get(name) or "")
        if own_id in seen:
            report.add(f'`{name}` "{own_id}" already exists', f"{pointer}/{index}/{name}")
        if own_id:
            seen.add(own_id)


def _check_submit(view: dict[str, Any], report: Report) -> None:
    if view["type"] == "home" or view.get("submit"):
        return
    for index, block in _objects(view.get("blocks")):
        if block.get("type") == "input":
            report.add("must define `submit` to use an `input` block in modals", f"/view/blocks/{index}/input")


def _objects(items: Any) -> list[tuple[int, dict[str, Any]]]:
    # What is malformed was objected to already; here only what can be looked into counts.
    listed = items if isinstance(items, list) else []
    return [(index, item) for index, item in enumerate(listed) if isinstance(item, dict)]


def _refuse(code: str, report: Report) -> None:
    if report.problems:
        messages = [f"[ERROR] {problem}" for problem in report.problems]
        raise SlackError(code, errors=report.problems, response_metadata={"messages": messages})

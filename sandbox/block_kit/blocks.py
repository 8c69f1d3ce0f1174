"""The blocks, and which elements each takes (placement: Slack's published types, and answers of Slack itself)."""

from typing import Any

from sandbox.block_kit.elements import ELEMENTS, IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.block_kit.rules import Report, Rule, array, boolean, record, string, text, variant

BLOCK_ID = {"block_id": string(255)}

_SECTION = record(
    {},
    {
        "text": text(3000, markdown=True),
        "fields": array(text(2000, markdown=True), 1, 10),
        "accessory": variant({name: ELEMENTS[name] for name in sorted(IN_SECTION)}),
        "expand": boolean,
        **BLOCK_ID,
    },
)
_CONTEXT_ELEMENT = {
    "image": IMAGE,
    "plain_text": text(3000),
    "mrkdwn": text(3000, markdown=True),
}
_ACTIONS = record({"elements": array(variant({name: ELEMENTS[name] for name in sorted(IN_ACTIONS)}), 1, 25)}, BLOCK_ID)


def _section(value: Any, pointer: str, report: Report) -> None:
    _SECTION(value, pointer, report)
    if not ("text" in value or "fields" in value):
        report.add("missing required field: text", pointer)


def _actions(value: Any, pointer: str, report: Report) -> None:
    # Slack's types allow multi-selects here; Slack itself refuses them, in these words.
    elements = value.get("elements")
    types = [each.get("type", "") for each in elements if isinstance(each, dict)] if isinstance(elements, list) else []
    if any(str(name).startswith("multi_") for name in types):
        report.add("unsupported element: multiselect", pointer)
    else:
        _ACTIONS(value, pointer, report)


BLOCKS: dict[str, Rule] = {
    "section": _section,
    "header": record({"text": text(150)}, BLOCK_ID),
    "context": record({"elements": array(variant(_CONTEXT_ELEMENT), 1, 10)}, BLOCK_ID),
    "actions": _actions,
    "divider": record({}, BLOCK_ID),
    "input": record(
        {"label": text(2000), "element": variant({name: ELEMENTS[name] for name in sorted(IN_INPUT)})},
        {"hint": text(2000), "optional": boolean, "dispatch_action": boolean, **BLOCK_ID},
    ),
    "image": record(
        {"alt_text": string(2000)},
        {"image_url": string(3000), "slack_file": record({}, {"id": string(255)}), "title": text(2000), **BLOCK_ID},
    ),
}
BLOCK = variant(BLOCKS)

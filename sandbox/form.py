"""What people fill in: Slack's shape for the value of each kind of element, and the checks Slack's client makes."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.errors import ActError

Block = dict[str, Any]
Element = dict[str, Any]
Entry = dict[str, Any]
Values = dict[str, dict[str, Entry]]
"""`state.values`: block id -> action id -> what is filled in."""


@dataclass(frozen=True)
class Kind:
    """Where Slack keeps the value of an element, and under which name the app may preset it."""

    key: str
    initial: str
    many: bool = False


KINDS = {
    "plain_text_input": Kind("value", "initial_value"),
    "number_input": Kind("value", "initial_value"),
    "email_text_input": Kind("value", "initial_value"),
    "url_text_input": Kind("value", "initial_value"),
    "rich_text_input": Kind("rich_text_value", "initial_value"),
    "static_select": Kind("selected_option", "initial_option"),
    "radio_buttons": Kind("selected_option", "initial_option"),
    "multi_static_select": Kind("selected_options", "initial_options", many=True),
    "checkboxes": Kind("selected_options", "initial_options", many=True),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
    "datetimepicker": Kind("selected_date_time", "initial_date_time"),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
}


def elements_of(block: Block) -> list[Element]:
    """The interactive elements of a block, wherever its type keeps them."""
    if block["type"] in {"actions", "context_actions"}:
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    accessory = block.get("accessory")
    return [accessory] if accessory and accessory["type"] != "image" else []


def fill_ids(blocks: list[Block]) -> list[Block]:
    """A copy in which every block and element has an id: where the app gives none, Slack makes a short random one."""
    return [_with_ids(block) for block in blocks]


def find_element(blocks: list[Block], action_id: str, block_id: str | None = None) -> tuple[Block, Element] | None:
    """The element with this action id; a block id tells twins apart."""
    for block in blocks:
        if block_id in (None, block.get("block_id")):
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return block, element
    return None


def initial_values(blocks: list[Block], kept: Values | None = None) -> Values:
    """The state of a fresh surface; values in `kept` survive where block id and action id are unchanged."""
    values: Values = {}
    for block, element in _stateful(blocks):
        older = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
        same_type = older is not None and older["type"] == element["type"]
        values.setdefault(block["block_id"], {})[element["action_id"]] = (
            older if older is not None and same_type else _untouched(element)
        )
    return values


def entry(element: Element, raw: Any) -> Entry:
    """The state entry after a person filled in `raw`: option values, a date, a text, or nothing to empty it."""
    kind = KINDS[element["type"]]
    return {"type": element["type"], kind.key: selected(element, raw)}


def selected(element: Element, raw: Any) -> Any:
    """The value in Slack's shape: whole option objects for menus, a number for a moment, text for the rest."""
    kind = KINDS.get(element["type"])
    if kind and kind.many:
        rows = [raw] if isinstance(raw, str) else list(raw or [])
        return [_one(element, row) for row in rows]
    return _one(element, raw) if raw not in (None, "") else None


def action(element: Element, block_id: str, raw: Any, action_ts: str) -> dict[str, Any]:
    """The entry of `actions` in a block_actions payload."""
    common = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id, "action_ts": action_ts}
    if element["type"] == "button":
        return common | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if element["type"] == "overflow":
        return common | {"selected_option": selected(element, raw)}
    placeholder = {"placeholder": element["placeholder"]} if "placeholder" in element else {}
    return common | placeholder | {key: value for key, value in entry(element, raw).items() if key != "type"}


def refusals(blocks: list[Block], values: Values) -> dict[str, str]:
    """What Slack's own client objects to before it sends a form: block id -> sentence."""
    errors = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            problem = _problem(block, element, values[block["block_id"]][element["action_id"]])
            if problem:
                errors[block["block_id"]] = problem
    return errors


def _with_ids(block: Block) -> Block:
    filled = {**block, "block_id": block.get("block_id") or secrets.token_hex(3)}
    if block["type"] in {"actions", "context_actions"}:
        return filled | {"elements": [_with_action_id(element) for element in block["elements"]]}
    for place in ("element", "accessory"):
        if place in block and block[place]["type"] != "image":
            filled[place] = _with_action_id(block[place])
    return filled


def _with_action_id(element: Element) -> Element:
    return {**element, "action_id": element.get("action_id") or secrets.token_hex(3)}


def _stateful(blocks: list[Block]) -> Iterator[tuple[Block, Element]]:
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in KINDS:
                yield block, element


def _untouched(element: Element) -> Entry:
    kind = KINDS[element["type"]]
    return {"type": element["type"], kind.key: element.get(kind.initial, [] if kind.many else None)}


def _one(element: Element, raw: Any) -> Any:
    if "options" in element or "option_groups" in element:
        return _option(element, str(raw))
    return int(raw) if element["type"] == "datetimepicker" else str(raw)


def _option(element: Element, value: str) -> dict[str, Any]:
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(option for group in groups for option in group["options"])]
    for option in options:
        if option.get("value") == value:
            return dict(option)
    offered = ", ".join(str(option.get("value")) for option in options)
    raise ActError(f"{element['action_id']} does not offer {value!r}; it offers {offered}.")


def _problem(block: Block, element: Element, filled: Entry) -> str | None:
    value = filled[KINDS[element["type"]].key] if element["type"] in KINDS else "given"
    if not value:
        return None if block.get("optional") else "Please complete this required field."
    if element["type"] == "plain_text_input":
        return _length_problem(element, value)
    return _number_problem(element, value) if element["type"] == "number_input" else None


def _length_problem(element: Element, text: str) -> str | None:
    if len(text) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(text) > element.get("max_length", 3000):
        return f"Please enter no more than {element.get('max_length', 3000)} characters."
    return None


def _number_problem(element: Element, text: str) -> str | None:
    try:
        number = float(text) if element.get("is_decimal_allowed") else int(text)
    except ValueError:
        return "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
    if number < float(element.get("min_value", "-inf")):
        return f"Please enter a number of at least {element['min_value']}."
    if number > float(element.get("max_value", "inf")):
        return f"Please enter a number of at most {element['max_value']}."
    return None

"""What stands on somebody's screen, in short: texts, buttons and fields of messages and views."""

import html
from typing import Any

from sandbox.client import Json, PersonClient, wait_for


def heard(person: PersonClient, containing: str) -> Json:
    """The newest message of the app that says this, wherever it stands in the direct messages; waits for it."""

    def newest() -> Json | None:
        fitting = [message for message in person.dm() if "bot_id" in message and containing in message["text"]]
        return fitting[-1] if fitting else None

    return wait_for(newest, what=f"a message with {containing!r}") or {}


def texts(shown: Json) -> list[str]:
    """Every text block of a message or view, as a person reads it."""
    found = []
    for block in shown["blocks"]:
        if "text" in block:
            found.append(block["text"]["text"])
        elif block["type"] == "context":
            found += [element["text"] for element in block["elements"]]
    return [html.unescape(text) for text in found]


def _buttons(shown: Json) -> list[Json]:
    rows = [block["elements"] for block in shown["blocks"] if block["type"] == "actions"]
    rows += [[block["accessory"]] for block in shown["blocks"] if block.get("accessory")]
    return [element for row in rows for element in row if element["type"] == "button"]


def buttons(shown: Json) -> list[str]:
    """The labels of all buttons of a message or view."""
    return [button["text"]["text"] for button in _buttons(shown)]


def fields(view: Json) -> dict[str, Any]:
    """The fields of a form in their order, and what each holds: a text, a date, or the value(s) of what is chosen."""
    return {
        block["block_id"]: _held(view["state"]["values"].get(block["block_id"], {}))
        for block in view["blocks"]
        if block["type"] == "input"
    }


def _held(states: Json) -> Any:
    for state in states.values():
        held = [value for key, value in state.items() if key != "type"]
        value = held[0] if held else None
        if isinstance(value, dict):
            return value["value"]
        return [option["value"] for option in value] if isinstance(value, list) else value
    return None

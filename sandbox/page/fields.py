"""Form fields of the page: how they are named, and what they show of the state that the workspace keeps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from sandbox.form import KINDS

Json = dict[str, Any]

INPUT_TYPES = {
    "plain_text_input": "text",
    "number_input": "number",
    "email_text_input": "email",
    "url_text_input": "url",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
}
"""The browser's type of field for each element that is filled in by typing."""

TEXT_TYPES = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
ID_SELECTS = ("users_select", "channels_select", "conversations_select")


def key_of(block_id: str, action_id: str) -> str:
    """One name for a field in a form; the ids may hold any character, so they are quoted."""
    return f"{quote(block_id, safe='')}/{quote(action_id, safe='')}"


def ids_of(key: str) -> tuple[str, str]:
    """The block and action a form name stands for."""
    block_id, _, action_id = key.partition("/")
    return unquote(block_id), unquote(action_id)


def shown(kind: str, saved: Mapping[str, Any] | None, zone: ZoneInfo) -> list[str]:
    """What a field shows of its entry in `state.values`: option values, ids, or the one text or moment."""
    if saved is None or kind not in KINDS:
        return []
    value = saved.get(KINDS[kind].key)
    if kind == "datetimepicker" and value:
        return [f"{datetime.fromtimestamp(int(value), zone):%Y-%m-%dT%H:%M}"]
    several = value if isinstance(value, list) else [value]
    return [str(each["value"] if isinstance(each, dict) else each) for each in several if each not in (None, "")]


def raw_of(kind: str, strings: list[str], zone: ZoneInfo) -> Any:
    """What the workspace takes for a field: a list for kinds that hold several, a moment as seconds since 1970."""
    if kind in KINDS and KINDS[kind].many:
        return strings
    first = strings[0] if strings else ""
    if kind == "datetimepicker" and first:
        return int(datetime.fromisoformat(first).replace(tzinfo=zone).timestamp())
    return first or None

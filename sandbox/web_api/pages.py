"""Pages of a list, with the opaque cursor that Slack's lists carry."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from sandbox.errors import SlackError
from sandbox.web_api.arguments import Arguments

T = TypeVar("T")


def cursor_of(value: str) -> str:
    """A cursor that holds `value`; empty at the end of a list."""
    return base64.b64encode(value.encode()).decode() if value else ""


def value_of(cursor: str) -> str:
    """What a cursor of ours holds."""
    try:
        return base64.b64decode(cursor, validate=True).decode()
    except ValueError:
        raise SlackError("invalid_cursor") from None


def limit_of(arguments: Arguments, default: int = 100, most: int = 999) -> int:
    """The asked size of a page."""
    limit = arguments.integer("limit", default)
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    return limit


def page_of(arguments: Arguments, items: Sequence[T], default: int = 100) -> tuple[Sequence[T], dict[str, Any]]:
    """The asked page of a list that stands still, and the metadata that leads to the next."""
    value = value_of(arguments.text("cursor")) if arguments.text("cursor") else "0"
    if not value.isdecimal():
        raise SlackError("invalid_cursor")
    start = int(value)
    end = start + limit_of(arguments, default)
    return items[start:end], {"next_cursor": cursor_of(str(end) if end < len(items) else "")}

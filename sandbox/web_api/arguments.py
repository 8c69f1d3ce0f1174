"""Arguments of a call: JSON body, form or query string, read the same way."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from sandbox.errors import SlackError


class Arguments:
    """The arguments by name. A form carries everything as text, so each reader knows what it wants."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def has(self, name: str) -> bool:
        """Whether the argument was given, if only as null or empty."""
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """The argument as text."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def flag(self, name: str) -> bool:
        """The argument as yes or no: slack_sdk sends true as 1 in forms."""
        return self.text(name).lower() in ("1", "true")

    def integer(self, name: str, default: int) -> int:
        """The argument as a whole number."""
        try:
            return int(self.text(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """The argument as a structure: itself in a JSON body, JSON in text elsewhere. None if it is missing."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None

    def required(self, name: str) -> str:
        """The argument as text, refused if it is missing."""
        value = self.text(name)
        if not value:
            message = f"[ERROR] missing required field: {name}"
            raise SlackError("invalid_arguments", response_metadata={"messages": [message]})
        return value


def read_arguments(content_type: str, body: bytes, query: str) -> Arguments:
    """What slack_sdk sent: JSON for messages and views, a form for most others, a query from its async client."""
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    if not body:
        return Arguments(values)
    if not content_type.startswith("application/json"):
        return Arguments(values | dict(parse_qsl(body.decode(), keep_blank_values=True)))
    try:
        return Arguments(values | json.loads(body))
    except (ValueError, TypeError):
        raise SlackError("invalid_json") from None

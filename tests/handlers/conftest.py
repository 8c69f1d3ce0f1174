import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs


class LogLines:
    """The log as it stands in production: one line of JSON for each event."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[LogLines]:
    """Everything that is logged at the most talkative level."""
    root, lines = logging.getLogger(), LogLines()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", lines.stream)
        logs.configure("debug")
    yield lines
    root.handlers[:] = handlers
    root.setLevel(level)

"""What is sent to Slack."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]
View = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message: `text` tells everything for notifications and screen readers, `blocks` show it."""

    text: str
    blocks: Sequence[Block] = ()

"""A view: a modal on somebody's screen, or somebody's home tab."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.form import Block, Values
from sandbox.installation import Installation


@dataclass
class View:
    """What the app gave (`content`, Slack's view object with every block id filled in) and what the person typed."""

    id: str
    person_id: str
    content: dict[str, Any]
    hash: str
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    root_id: str = ""
    previous_id: str | None = None

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.content["type"])

    @property
    def blocks(self) -> list[Block]:
        """The blocks, with block ids and action ids filled in."""
        return list(self.content["blocks"])

    @property
    def state(self) -> dict[str, Any]:
        """Slack's `state`: everything filled in so far."""
        return {"values": self.values}

    @property
    def external_id(self) -> str:
        """The app's own name for the view, empty if it has none."""
        return str(self.content.get("external_id") or "")

    def as_slack(self, app: Installation, team_id: str, *, state: bool = True) -> dict[str, Any]:
        """The view object of payloads and answers; a closed view travels without what was typed."""
        given = self.content
        return {
            "id": self.id,
            "team_id": team_id,
            "type": self.type,
            "title": given.get("title"),
            "submit": given.get("submit"),
            "close": given.get("close"),
            "blocks": self.blocks,
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "external_id": self.external_id,
            "state": self.state if state else {"values": {}},
            "hash": self.hash,
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "submit_disabled": bool(given.get("submit_disabled")),
            "root_view_id": self.root_id or self.id,
            "previous_view_id": self.previous_id,
            "app_id": app.app_id,
            "app_installed_team_id": team_id,
            "bot_id": app.bot_id,
        }

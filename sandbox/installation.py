"""The app as it is installed in the workspace: its tokens, scopes, commands and subscriptions."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Command:
    """A slash command that the app registered."""

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass
class Installation:
    """One app in one workspace. The secrets are made up and open nothing but this sandbox."""

    name: str = "Sandbox app"
    description: str = ""
    app_id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user_id: str = "U0SANDBOX"
    bot_name: str = "sandbox-app"
    bot_token: str = "xoxb-sandbox"  # noqa: S105
    app_token: str = "xapp-sandbox"  # noqa: S105
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105
    scopes: list[str] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    home_tab: bool = True
    messages_tab: bool = True
    installed: bool = True

    def command(self, name: str) -> Command | None:
        """The registered command of that name."""
        return next((command for command in self.commands if command.name == name), None)

    @property
    def profile(self) -> dict[str, Any]:
        """What Slack calls `bot_profile` in messages."""
        return {"id": self.bot_id, "app_id": self.app_id, "name": self.name, "deleted": not self.installed, "icons": {}}


def read_manifest(manifest: dict[str, Any]) -> Installation:
    """The installation that Slack would make of an app manifest."""
    display = manifest["display_information"]
    features = manifest.get("features", {})
    home = features.get("app_home", {})
    settings = manifest.get("settings", {})
    return Installation(
        name=display["name"],
        description=display.get("description", ""),
        bot_name=features.get("bot_user", {}).get("display_name", display["name"]),
        scopes=list(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
        commands=[_command(row) for row in features.get("slash_commands", [])],
        events=list(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", True) and not home.get("messages_tab_read_only_enabled", False),
    )


def load_manifest(path: Path) -> Installation:
    """The installation described by a manifest file, YAML or JSON."""
    return read_manifest(yaml.safe_load(path.read_text(encoding="utf-8")))


def _command(row: dict[str, Any]) -> Command:
    return Command(
        name=row["command"],
        description=row.get("description", ""),
        usage_hint=row.get("usage_hint", ""),
        should_escape=row.get("should_escape", False),
    )

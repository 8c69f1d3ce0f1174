"""The Slack app manifest: what is to be pasted at api.slack.com/apps, for Socket Mode or for HTTP."""

from pathlib import Path
from typing import Any

import yaml

from bot.web import PATH as EVENTS_PATH

FILE = Path(__file__).parent.parent / "manifest.yaml"


def read() -> dict[str, Any]:
    """The manifest as it stands in the project: for Socket Mode."""
    manifest: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return manifest


def scopes() -> frozenset[str]:
    """What the bot asks permission for."""
    return frozenset(read()["oauth_config"]["scopes"]["bot"])


def text(public_url: str | None = None) -> str:
    """The manifest as YAML; with a public address, the one for HTTP in place of Socket Mode."""
    if public_url is None:
        return FILE.read_text(encoding="utf-8")
    manifest, address = read(), public_url.rstrip("/") + EVENTS_PATH
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = address
    settings["interactivity"]["request_url"] = address
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)

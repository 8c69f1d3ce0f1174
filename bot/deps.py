"""Everything a listener or a job may touch."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.database import Database
from bot.settings import Settings
from bot.slack import Slack


@dataclass(frozen=True)
class Deps:
    """Handed to every listener and job; tests build it with their own clock and a local Slack."""

    settings: Settings
    db: Database
    slack: Slack
    clock: Clock

"""The people of the workspace, and how Slack describes them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo


@dataclass
class Person:
    """A member of the workspace; with another `team_id` somebody who joins over Slack Connect."""

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    tz: str = "Europe/Amsterdam"
    locale: str = "nl-NL"
    deleted: bool = False
    is_restricted: bool = False
    team_id: str = ""
    is_bot: bool = False
    updated: int = 0

    def as_user(self, team_id: str, now: datetime, *, locale: bool = False, email: bool = True) -> dict[str, Any]:
        """Slack's user object. The offset is that of `now`: it changes with daylight saving time."""
        own_team = self.team_id or team_id
        user = {
            "id": self.id,
            "team_id": own_team,
            "name": self.name,
            "deleted": self.deleted,
            "real_name": self.real_name,
            "profile": self._profile(own_team, email=email),
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return user
        return user | self._settings(now) | ({"locale": self.locale} if locale and own_team == team_id else {})

    def _profile(self, team_id: str, *, email: bool) -> dict[str, Any]:
        profile = {
            "real_name": self.real_name,
            "display_name": self.name,
            "title": self.title,
            "phone": "",
            "status_text": "",
            "status_emoji": "",
            "team": team_id,
        }
        return profile | ({"email": self.email} if email and self.email else {})

    def _settings(self, now: datetime) -> dict[str, Any]:
        local = now.astimezone(ZoneInfo(self.tz))
        offset = local.utcoffset()
        return {
            "color": "9f69e7",
            "tz": self.tz,
            "tz_label": local.tzname() or self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_email_confirmed": True,
        }


def read_people(rows: Iterable[dict[str, Any]]) -> list[Person]:
    """People from plain rows; a row needs `id`, `name` and `real_name`, and unknown keys are refused."""
    people = []
    for number, row in enumerate(rows, start=1):
        try:
            people.append(Person(**row))
        except TypeError as error:
            raise ValueError(f"Person {number} cannot be read: {str(error).partition('() ')[2]}.") from error
    return people


def load_people(path: Path) -> list[Person]:
    """People from a JSON file holding a list of rows."""
    return read_people(json.loads(path.read_text(encoding="utf-8")))

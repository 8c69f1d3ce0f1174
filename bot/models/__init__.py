"""All tables. Importing this package fills `Base.metadata`."""

from bot.models import (
    announcements,
    checkins,
    deliveries,
    editions,
    networks,
    participations,
    people,
    schedules,
    sessions,
    teams,
)

__all__ = [
    "announcements",
    "checkins",
    "deliveries",
    "editions",
    "networks",
    "participations",
    "people",
    "schedules",
    "sessions",
    "teams",
]

"""Who looks at the page: the same message reads differently for another person, zone or language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.page.texts import Language, text


@dataclass(frozen=True)
class Reader:
    """The acting person, and what is needed to write names and times as they would see them."""

    id: str
    language: Language
    zone: ZoneInfo
    now: datetime
    people: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, person_id: str) -> str | None:
        """The name of a person or app."""
        return self.people.get(person_id)

    def channel_name_of(self, channel_id: str) -> str | None:
        """The name of a channel."""
        return self.channels.get(channel_id)

    def say(self, key: str, **values: object) -> str:
        """A text of the page itself, in the reader's language."""
        return text(self.language, key, **values)

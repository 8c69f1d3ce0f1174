"""What the address bar says: who acts, what they look at, and in which language.

Everything stands in the address and nothing in a cookie, so that two tabs can be two people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sandbox.page.texts import Language
from sandbox.people import Person
from sandbox.workspace import ChannelSummary, Workspace

PAGE_OF_MESSAGES = 100


@dataclass(frozen=True)
class Address:
    """A place in the workspace, as seen by one person."""

    person: Person
    channel: ChannelSummary
    tab: str = "messages"
    language: Language = "nl"
    limit: int = PAGE_OF_MESSAGES

    def url(self) -> str:
        """The address of this place; what is as usual is left out, which keeps addresses easy to read and share."""
        parts = {"as": self.person.id, "in": self.channel.id}
        if self.tab != "messages":
            parts["tab"] = self.tab
        if self.language != "nl":
            parts["lang"] = self.language
        if self.limit != PAGE_OF_MESSAGES:
            parts["limit"] = str(self.limit)
        return f"/?{urlencode(parts)}"

    def to(self, channel: ChannelSummary) -> str:
        """The address of another channel."""
        return replace(self, channel=channel, tab="messages", limit=PAGE_OF_MESSAGES).url()

    def as_person(self, person_id: str) -> str:
        """Somebody else, in the same channel if they are in it, or else with the app."""
        channel = {} if self.channel.is_im else {"in": self.channel.id}
        language = {} if self.language == "nl" else {"lang": self.language}
        return f"/?{urlencode({'as': person_id, **channel, **language})}"

    def on_tab(self, tab: str) -> str:
        """The address of the other tab."""
        return replace(self, tab=tab).url()

    def in_language(self, language: Language) -> str:
        """The same place in the other language."""
        return replace(self, language=language).url()

    def with_more(self) -> str:
        """The same place with a hundred earlier messages."""
        return replace(self, limit=self.limit + PAGE_OF_MESSAGES).url()


def read(workspace: Workspace, query: Mapping[str, str]) -> Address | None:
    """The place that a query names; whatever is missing or gone becomes the nearest thing that exists.

    None when the workspace has no people to act as.
    """
    person = _person(workspace, query.get("as", ""))
    if person is None:
        return None
    channels = workspace.channels_of(person.id)
    channel = next((each for each in channels if each.id == query.get("in")), channels[-1])
    return Address(
        person,
        channel,
        tab="home" if query.get("tab") == "home" and channel.is_im and workspace.app.home_tab else "messages",
        language="en" if query.get("lang") == "en" else "nl",
        limit=max(PAGE_OF_MESSAGES, int(query["limit"])) if query.get("limit", "").isdecimal() else PAGE_OF_MESSAGES,
    )


def _person(workspace: Workspace, person_id: str) -> Person | None:
    """The person asked for, or the first who can act at all."""
    asked = workspace.people.get(person_id)
    active = (person for person in workspace.people.values() if not person.deleted and not person.is_bot)
    return asked if asked else next(active, None)

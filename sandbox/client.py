"""The control API as Python, with nothing but the standard library: for tests, demonstrations and measurements.

sandbox = SandboxClient("http://127.0.0.1:8765")
anna = sandbox.person("U0ANNA")
anna.command("/checkin")
anna.view()                      # waits until the app opened its modal
anna.choose("energy", "4")
anna.submit()
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

Json = dict[str, Any]
T = TypeVar("T")
PATIENCE = 5.0
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ControlError(Exception):
    """The sandbox could not do what it was asked; the text says why."""


@dataclass(frozen=True)
class Outcome:
    """How an act ended; see `sandbox.acts.Outcome`."""

    acked: bool
    ms: float
    error: str | None
    response: Any
    seen: str | None
    errors: dict[str, str] = field(default_factory=dict)


def wait_for(condition: Callable[[], T], patience: float = PATIENCE, what: str = "what was waited for") -> T:
    """The first truthy result of `condition`, asked every few milliseconds. Raises TimeoutError."""
    deadline = time.monotonic() + patience
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"After {patience} s there is still not {what}.")
        time.sleep(0.01)
    return result


class SandboxClient:
    """Everything that the control API offers."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def person(self, person_id: str) -> "PersonClient":
        """Somebody to act as."""
        return PersonClient(self, person_id)

    def health(self) -> Json:
        """That the sandbox is up, and what is in it."""
        return dict(self.get("health"))

    def now(self) -> datetime:
        """The time in the workspace."""
        return datetime.fromisoformat(self.get("clock")["now"])

    def jump_to(self, moment: datetime | str) -> datetime:
        """Set the clock forward."""
        to = moment if isinstance(moment, str) else moment.isoformat()
        return datetime.fromisoformat(self.post("clock", to=to)["now"])

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        """Set the clock forward by a step."""
        step = seconds + 60 * minutes + 3600 * hours + 86_400 * days
        return datetime.fromisoformat(self.post("clock", advance_seconds=step)["now"])

    def people(self) -> list[Json]:
        """Everybody."""
        return list(self.get("people"))

    def add_people(self, *rows: Json, tell: bool = False) -> None:
        """Let people join; with `tell` the app gets team_join for each."""
        self.post("people", people=list(rows), tell=tell)

    def change_person(self, person_id: str, **changes: Any) -> Outcome:
        """Change somebody; the app gets user_change."""
        return Outcome(**self.post(f"people/{person_id}", **changes))

    def deactivate(self, person_id: str) -> Outcome:
        """Let somebody leave the workspace."""
        return self.change_person(person_id, deleted=True)

    def messages(self, channel: str, person: str | None = None) -> list[Json]:
        """What is said in a channel, as `person` sees it."""
        return list(self.get("messages", channel=channel, person=person))

    def fault(self, method: str, kind: str, *, times: int = 1, retry_after: int = 1, person: str | None = None) -> None:
        """Let the next calls of a method go wrong: lost_answer, timeout, reset, ratelimited, error:x or http:500."""
        self.post("faults", method=method, kind=kind, times=times, retry_after=retry_after, person=person)

    def calls(self, method: str | None = None) -> list[Json]:
        """The Web API calls that the app made."""
        return list(self.get("calls", method=method))

    def event(self, inner: Json) -> Json | None:
        """Send the app any event it subscribed to."""
        answer: Json | None = self.post("event", event=inner)
        return answer

    def reset(self) -> None:
        """Forget messages, screens, calls and faults."""
        self.post("reset")

    def uninstall(self) -> Outcome:
        """Remove the app."""
        return Outcome(**self.post("uninstall"))

    def install(self) -> None:
        """Install the app again."""
        self.post("install")

    def deliver_to(self, request_url: str | None) -> None:
        """Deliver over signed HTTP to this address, or over Socket Mode."""
        self.post("request-url", url=request_url)

    def connections(self) -> list[Json]:
        """The app's WebSocket connections."""
        return list(self.get("connections"))

    def wait_for_app(self, connections: int = 1) -> None:
        """Wait until the app is connected over Socket Mode."""
        wait_for(lambda: len(self.connections()) >= connections, what="a connection of the app")

    def disconnect_sockets(self, reason: str | None = "refresh_requested") -> int:
        """Send the app's connections away; with no reason cut them."""
        return int(self.post("disconnect-sockets", reason=reason)["disconnected"])

    def get(self, path: str, **query: str | None) -> Any:
        """Look at something."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", f"{path}?{urlencode(given)}" if given else path, None)

    def post(self, path: str, **body: Any) -> Any:
        """Do something."""
        return self._call("POST", path, json.dumps(body).encode())

    def _call(self, verb: str, path: str, body: bytes | None) -> Any:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/control/{path}", body, headers, method=verb)  # noqa: S310
        try:
            with _OPENER.open(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise ControlError(_reason(error.read())) from None


@dataclass(frozen=True)
class PersonClient:
    """Somebody in the workspace: what they do, and what they see."""

    sandbox: SandboxClient
    id: str

    def command(self, text: str, channel: str | None = None) -> Outcome:
        """Type a slash command, in the direct message with the app if no channel is named."""
        return self._act("command", text=text, channel=channel)

    def write(self, text: str, channel: str | None = None) -> Outcome:
        """Write a message, to the app if no channel is named."""
        return self._act("message", text=text, channel=channel)

    def click(self, action_id: str, *, block_id: str | None = None, **place: str) -> Outcome:
        """Press a button: in the open modal, else in the newest message that has it, else in the home tab.

        `place` says otherwise: `view=`, or `channel=` and `ts=`.
        """
        return self._act("click", action_id=action_id, block_id=block_id, **place)

    def choose(
        self, action_id: str, value: str | list[str] | None, *, block_id: str | None = None, **place: str
    ) -> Outcome:
        """Choose options by their values, a date, a time or a person; None empties the field."""
        return self._act("choose", action_id=action_id, value=value, block_id=block_id, **place)

    def type(self, action_id: str, text: str, *, block_id: str | None = None, enter: bool = False) -> Outcome:
        """Type into a text field; with `enter` end with that key."""
        return self._act("type", action_id=action_id, text=text, block_id=block_id, enter=enter)

    def submit(self, values: dict[str, dict[str, Any]] | None = None) -> Outcome:
        """Submit the open modal; `errors` of the outcome are the objections, per block."""
        return self._act("submit", values=values)

    def close(self, *, everything: bool = False) -> Outcome:
        """Cancel the open modal, or close the whole stack with the X."""
        return self._act("close", all=everything)

    def open_home(self, tab: str = "home") -> Outcome:
        """Open the app's home tab, or its messages."""
        return self._act("open-home", tab=tab)

    def screen(self) -> Json | None:
        """The modal that is open at this moment."""
        view: Json | None = self.sandbox.get("view", person=self.id)
        return view

    def view(self, *, after: Json | None = None, callback_id: str | None = None, patience: float = PATIENCE) -> Json:
        """The open modal, waiting until there is one; `after` is one that it must differ from."""

        def other() -> Json | None:
            view = self.screen()
            fits = view and callback_id in (None, view["callback_id"])
            return view if fits and view and (after is None or view["hash"] != after["hash"]) else None

        return wait_for(other, patience, "a modal" if after is None else "another modal") or {}

    def no_view(self, patience: float = PATIENCE) -> None:
        """Wait until no modal is open."""
        wait_for(lambda: self.screen() is None, patience, "an empty screen")

    def home(self, *, after: Json | None = None, patience: float = PATIENCE) -> Json:
        """The home tab, waiting until the app published one; `after` is one that it must differ from."""

        def other() -> Json | None:
            view: Json | None = self.sandbox.get("home", person=self.id)
            return view if view and (after is None or view["hash"] != after["hash"]) else None

        return wait_for(other, patience, "a home tab") or {}

    def dm(self, *, at_least: int = 0, patience: float = PATIENCE) -> list[Json]:
        """The direct message with the app, oldest first, waiting until it holds `at_least` so many messages."""

        def enough() -> tuple[list[Json]] | None:
            found = list(self.sandbox.get("dm", person=self.id)["messages"])
            return (found,) if len(found) >= at_least else None

        waited = wait_for(enough, patience, f"{at_least} messages")
        return waited[0] if waited else []

    def last_message(self, *, containing: str = "", patience: float = PATIENCE) -> Json:
        """The newest message of the app in the direct message, waiting until one says `containing`."""

        def newest() -> Json | None:
            mine = [message for message in self.dm() if "bot_id" in message]
            return mine[-1] if mine and containing in mine[-1]["text"] else None

        return wait_for(newest, patience, f"a message with {containing!r}") or {}

    def _act(self, name: str, **body: Any) -> Outcome:
        given = {key: value for key, value in body.items() if value is not None or key == "value"}
        return Outcome(**self.sandbox.post(f"act/{name}", person=self.id, **given))


def _reason(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError):
        return body.decode("utf-8", "replace") or "no reason given"

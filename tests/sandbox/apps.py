"""Small Bolt apps and workspaces for these tests: everything real, nothing mocked."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from sandbox.clock import Clock
from sandbox.installation import Command, Installation
from sandbox.people import Person
from sandbox.server import SandboxServer
from sandbox.workspace import Workspace

Json = dict[str, Any]
START = datetime.fromisoformat("2017-11-01T09:00+01:00")
SCOPES = ["commands", "chat:write", "im:write", "im:history", "users:read", "users:read.email"]
EVENTS = ["app_home_opened", "app_uninstalled", "message.im", "tokens_revoked", "user_change", "team_join"]


def people() -> dict[str, Person]:
    anna = Person("U0ANNA", "anna.smit", "Anna Smit", "anna@voorbeeld.nl", "verpleegkundige")
    bram = Person("U0BRAM", "bram.bos", "Bram Bos", "bram@voorbeeld.nl", tz="Europe/London", locale="en-GB")
    carla = Person("U0CARLA", "carla", "Carla", "carla@elders.nl", team_id="T0ELDERS")
    gone = Person("U0GONE", "gone", "Gone", "gone@voorbeeld.nl", deleted=True)
    return {person.id: person for person in (anna, bram, carla, gone)}


def workspace(*, frozen: bool = True) -> Workspace:
    app = Installation(
        name="Proef",
        scopes=list(SCOPES),
        commands=[Command("/proef", "Een proef", should_escape=True), Command("/kaal")],
        events=list(EVENTS),
    )
    clock = Clock(START, frozen=frozen)
    return Workspace(people=people(), app=app, clock=clock, retry_delays=(0.05, 0.05, 0.05))


def web_client(server: SandboxServer, token: str = "xoxb-sandbox", **options: Any) -> WebClient:
    return WebClient(token=token, base_url=server.api_url, **options)


def hears(heard: list[Any], name: str) -> Callable[..., None]:
    """A listener that acknowledges and keeps Bolt's argument of that name."""

    def listener(ack, args):
        heard.append(getattr(args, name))
        ack()

    return listener


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def text_input(block_id: str = "reden", **element: Any) -> Json:
    field = {"type": "plain_text_input", "action_id": "tekst", **element}
    return {"type": "input", "block_id": block_id, "label": plain("Waarom"), "element": field}


def modal(*blocks: Json, **view: Any) -> Json:
    base = {"type": "modal", "callback_id": "proef", "title": plain("Proef"), "submit": plain("Stuur")}
    return {**base, "blocks": list(blocks), **view}


def button(action_id: str, value: str = "7") -> Json:
    element = {"type": "button", "action_id": action_id, "text": plain("Open"), "value": value}
    return {"type": "actions", "block_id": "knoppen", "elements": [element]}


def bolt_app(server: SandboxServer) -> App:
    return App(client=web_client(server), signing_secret=server.workspace.app.signing_secret)


@contextmanager
def over_socket_mode(server: SandboxServer, app: App) -> Iterator[None]:
    handler = SocketModeHandler(app, "xapp-sandbox", web_client=web_client(server, "xapp-sandbox"), ping_interval=0.5)
    if server.workspace.ack_seconds < 1:
        for listener in app._listeners:
            listener.ack_timeout = 1  # closing waits for Bolt, whose own three seconds would be most of the test
    handler.connect()  # type: ignore[no-untyped-call]
    server.client.wait_for_app()
    try:
        yield
    finally:
        _hang_up(handler)


def _hang_up(handler: SocketModeHandler) -> None:
    """Close at once: slack_sdk notices only after a read of three seconds, and its queue only each second."""
    session = handler.client.current_session
    if session and session.sock:
        session.sock.settimeout(0.05)
        session.ping("wakes the read that began with the long timeout")
        time.sleep(0.05)
    handler.client.message_processor.event.set()
    handler.client.message_queue.put("{}")
    handler.close()  # type: ignore[no-untyped-call]


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


def over_http(server: SandboxServer, app: App) -> AbstractContextManager[None]:
    return over_wsgi(server, SlackRequestHandler(app))


@contextmanager
def over_wsgi(server: SandboxServer, application: Any) -> Iterator[None]:
    listener = make_server("127.0.0.1", 0, application, _ThreadingServer, _Silent)
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    server.client.deliver_to(f"http://127.0.0.1:{listener.server_port}/slack/events")
    try:
        yield
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


TRANSPORTS = {"socket_mode": over_socket_mode, "http": over_http}

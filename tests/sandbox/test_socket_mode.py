"""Socket Mode with slack_sdk's own client, and with bare WebSockets where that one would be too polite."""

import json
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.sync.connection import Connection

from sandbox.client import wait_for
from tests.sandbox.apps import bolt_app, hears, over_socket_mode, web_client


def dial(sandbox) -> ClientConnection:
    return connect(web_client(sandbox, "xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")["url"])


def read(line: Connection) -> Any:
    return json.loads(line.recv(timeout=5))


def test_connection_starts_with_hello(sandbox):
    with dial(sandbox) as line:
        hello = read(line)

    assert (hello["type"], hello["num_connections"], hello["connection_info"]) == (
        "hello",
        1,
        {"app_id": "A0SANDBOX"},
    )
    assert set(hello["debug_info"]) == {"host", "started", "build_number", "approximate_connection_time"}


def test_ticket_opens_one_connection(sandbox):
    url = web_client(sandbox, "xapp-sandbox").apps_connections_open(app_token="xapp-sandbox")["url"]

    with connect(url) as line:
        read(line)
        with pytest.raises(Exception, match="403"):
            connect(url)


def test_eleventh_connection_is_sent_away(sandbox):
    with ExitStack() as lines:
        greetings = [read(lines.enter_context(dial(sandbox)))["type"] for _ in range(10)]
        extra = lines.enter_context(dial(sandbox))
        farewell = read(extra)
        with pytest.raises(ConnectionClosed):
            extra.recv(timeout=5)

    assert greetings == ["hello"] * 10
    assert (farewell["type"], farewell["reason"]) == ("disconnect", "too_many_websockets")


@pytest.mark.usefixtures("impatient")
def test_payloads_go_to_the_connections_in_turn(sandbox):
    with dial(sandbox) as first, dial(sandbox) as second:
        for line in (first, second):
            read(line)
        for _ in range(2):
            sandbox.client.event({"type": "team_join", "user": {"id": "U0NEW"}})
        types = [read(line)["type"] for line in (first, second)]

    assert types == ["events_api", "events_api"]


@pytest.mark.usefixtures("impatient")
def test_envelope_of_an_event_counts_its_attempts(sandbox):
    with dial(sandbox) as line:
        read(line)
        answer = sandbox.client.event({"type": "team_join", "user": {"id": "U0NEW"}})
        envelopes = [read(line) for _ in range(4)]

    assert (answer or {})["error"] == "timeout"
    assert [(e["retry_attempt"], e["retry_reason"], e["accepts_response_payload"]) for e in envelopes] == [
        (0, "", False),
        (1, "timeout", False),
        (2, "timeout", False),
        (3, "timeout", False),
    ]
    assert len({envelope["envelope_id"] for envelope in envelopes}) == 4
    assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1


def test_nonsense_from_the_app_does_no_harm(sandbox):
    with dial(sandbox) as line:
        read(line)
        for frame in ("geen json", "[]", '{"envelope_id":"onbekend"}', '{"envelope_id":[]}'):
            line.send(frame)
        line.ping().wait(5)

        assert len(sandbox.client.connections()) == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
def test_app_told_to_go_comes_back_and_goes_on(sandbox, anna, reason):
    heard: list[Any] = []
    app = bolt_app(sandbox)
    app.command("/proef")(hears(heard, "command"))

    with over_socket_mode(sandbox, app):
        assert sandbox.client.disconnect_sockets(reason) == 1
        wait_for(lambda: [each["number"] for each in sandbox.client.connections()] == [2])

        # slack_sdk hears nothing on the new line until its read of the old one has ended, for up to three seconds.
        wait_for(lambda: anna.command("/proef").acked)
    assert heard[-1]["command"] == "/proef"


@pytest.mark.usefixtures("impatient")
def test_app_whose_line_is_cut_comes_back(sandbox, anna):
    app = bolt_app(sandbox)
    app.command("/proef")(hears([], "command"))

    with over_socket_mode(sandbox, app):
        sandbox.client.disconnect_sockets(None)
        wait_for(lambda: [each["number"] for each in sandbox.client.connections()] == [2])

        wait_for(lambda: anna.command("/proef").acked)


def test_command_fails_when_the_line_breaks_before_the_acknowledgement(sandbox, anna):
    with dial(sandbox) as line:
        read(line)
        line.socket.close()
        outcome = anna.command("/proef")

    assert (outcome.acked, outcome.error) == (False, "dispatch_failed")

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.clock import FollowedClock, system_clock

AHEAD = timedelta(days=-3300)
CLOSE = timedelta(seconds=2)
AGAIN = 0.55


class ClockServer:
    """A server whose time is set by the test; `body` is sent as it stands when there is one, `cut` hangs up."""

    def __init__(self) -> None:
        self.ahead, self.asked, self.body, self.cut = AHEAD, 0, b"", False
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.asked += 1
                if served.cut:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                now = (system_clock() + served.ahead).isoformat()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(served.body or json.dumps({"now": now}).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/clock"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[ClockServer]:
    server = ClockServer()
    yield server
    server.close()


def difference(clock: FollowedClock) -> timedelta:
    return clock() - system_clock()


def is_near(found: timedelta, wanted: timedelta) -> bool:
    return abs(found - wanted) < CLOSE


def test_machines_clock_is_aware_and_in_utc():
    now = system_clock()

    assert now.tzinfo is UTC
    assert abs(now.timestamp() - time.time()) < 1


def test_followed_clock_shows_the_other_servers_time(server: ClockServer):
    clock = FollowedClock(server.url)

    assert is_near(difference(clock), AHEAD)


def test_followed_clock_goes_on_between_two_answers_and_asks_twice_a_second_at_most(server: ClockServer):
    clock = FollowedClock(server.url)

    first, second = clock(), clock()

    assert first < second
    assert server.asked == 1


def test_jump_of_the_other_server_is_noticed_within_a_second(server: ClockServer):
    clock = FollowedClock(server.url)
    clock()
    server.ahead = AHEAD + timedelta(days=7)

    time.sleep(AGAIN)

    assert is_near(difference(clock), AHEAD + timedelta(days=7))


@pytest.mark.parametrize("trouble", ["gone", "hangs up", "no json", "a list", "no time", "naive"])
def test_last_known_difference_holds_while_the_other_server_does_not_answer(trouble: str):
    server = ClockServer()
    clock = FollowedClock(server.url)
    clock()
    bodies = {
        "no json": b"<html>",
        "a list": b"[1]",
        "no time": b'{"now": "soon"}',
        "naive": datetime(2020, 1, 1, tzinfo=UTC).strftime('{"now": "%Y-%m-%dT%H:%M:%S"}').encode(),
    }
    server.body, server.cut = bodies.get(trouble, b""), trouble == "hangs up"
    if trouble == "gone":
        server.close()

    time.sleep(AGAIN)
    found = difference(clock)

    if trouble != "gone":
        server.close()
    assert is_near(found, AHEAD)


def test_machines_time_holds_when_the_other_server_never_answered():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        clock = FollowedClock(f"http://127.0.0.1:{closed.getsockname()[1]}/clock")

        assert is_near(difference(clock), timedelta(0))

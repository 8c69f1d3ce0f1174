import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import waitress

from bot import app, startup
from bot.database import Database
from bot.web import PATH, WebApp
from sandbox.signing import sign
from tests.support.demo import LOTTE
from tests.support.rows import checkins
from tests.support.screens import heard, texts
from tests.support.world import World


@pytest.fixture
def url(world: World) -> Iterator[str]:
    """The bot behind an HTTP server, and Slack delivering there."""
    bolt = app.build_bolt(world.deps, startup.prepare(world.deps, migrate=False))
    channels: dict[int, Any] = {}
    server = waitress.create_server(WebApp(bolt, world.db), map=channels, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run)
    thread.start()
    address = f"http://127.0.0.1:{server.effective_port}"
    world.slack.deliver_to(address + PATH)
    yield address
    world.slack.deliver_to(None)
    bolt.listener_runner.listener_executor.shutdown(wait=True)
    server.task_dispatcher.shutdown()
    open_channels = list(channels.values())
    channels.clear()  # which ends its loop
    server.pull_trigger()
    thread.join(5)
    for channel in open_channels:
        channel.close()


def post(url: str, body: bytes, **headers: str) -> int:
    request = urllib.request.Request(url + PATH, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def signed(world: World, body: bytes, at: int | None = None) -> dict[str, str]:
    timestamp = str(at or int(time.time()))
    signature = sign(world.sandbox.workspace.app.signing_secret, timestamp, body)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature,
    }


def a_command(text: str = "help") -> bytes:
    values = {
        "command": "/imagine",
        "text": text,
        "user_id": LOTTE,
        "team_id": "T0SANDBOX",
        "channel_id": "D1",
        "trigger_id": "1.2.3",
    }
    return urlencode(values).encode()


def test_command_button_form_and_event_work_over_http(world: World, url: str):
    lotte = world.person(LOTTE)
    lotte.write("hoi")
    heard(lotte, "kies wat je wilt doen")
    clicked = lotte.click("checkins.open")
    lotte.view()
    lotte.choose("checkins.changed.confidence", "4")
    lotte.choose("checkins.changed.tried", "no")
    sent = lotte.submit()
    lotte.open_home()

    assert (clicked.acked, sent.acked, sent.errors) == (True, True, {})
    assert [row.confidence for row in checkins(world)] == [4]
    assert texts(lotte.home())[0] == "Hoi Lotte"
    assert [connection["delivered"] for connection in world.slack.connections()] == [0]


def test_objection_below_a_field_works_over_http(world: World, url: str):
    lotte = world.person(LOTTE)
    lotte.command("/imagine instellingen")
    lotte.view()
    lotte.choose("paused_until", "2017-10-01")

    assert lotte.submit().errors == {"paused_until": "Kies een dag na vandaag."}


@pytest.mark.parametrize("words", ["payload", "payload=1", "help payload", "payload&command=/checkin", "café 100% €"])
def test_word_payload_and_awkward_signs_in_a_command_arrive(world: World, url: str, words: str):
    lotte = world.person(LOTTE)

    outcome = lotte.command(f"/imagine {words}")

    assert outcome.acked
    if words.startswith("help"):
        heard(lotte, "Wat ik voor je kan doen")
    else:
        first = words.split(" ")[0]
        assert texts(heard(lotte, "Ik ken"))[0].startswith(f"Ik ken `{first}` niet.")


def test_wrong_signature_is_refused(world: World, url: str):
    body = a_command()

    assert post(url, body, **{**signed(world, body), "X-Slack-Signature": "v0=" + "0" * 64}) == 401
    assert post(url, body, **signed(world, b"something else")) == 401
    assert post(url, body) == 401
    world.finish()
    assert world.person(LOTTE).dm() == []


def test_request_of_more_than_five_minutes_ago_is_refused(world: World, url: str):
    body = a_command()

    assert post(url, body, **signed(world, body, at=int(time.time()) - 301)) == 401


def test_good_signature_is_accepted(world: World, url: str):
    body = a_command()

    assert post(url, body, **signed(world, body)) == 200


def test_nonsense_is_no_server_failure(world: World, url: str):
    for body in (b"", b"payload=", b"payload={", b"\xff\xfe", b"command=%2Fnothing", b"payload=null", b"payload=[1]"):
        unsigned, signed_ = post(url, body), post(url, body, **signed(world, body))

        assert (body, 400 <= unsigned < 500, signed_ < 500) == (body, True, True)


def test_health_tells_whether_the_database_answers(world: World, url: str, monkeypatch: pytest.MonkeyPatch):
    with urllib.request.urlopen(f"{url}/health", timeout=5) as response:
        well = (response.status, json.load(response))
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(world.db, "_sessions", away._sessions)

    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{url}/health", timeout=5)

    with refusal.value as error:
        ill = (error.code, json.load(error))
    assert (well, ill) == ((200, {"database": "ok"}), (503, {"database": "does not answer"}))


def test_other_addresses_are_not_found(world: World, url: str):
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{url}/", timeout=5)

    with refusal.value as error:
        assert error.code == 404

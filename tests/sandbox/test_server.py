"""Starting, stopping and the control API as a whole."""

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.client import ControlError, SandboxClient
from sandbox.people import read_people
from sandbox.server import PortTaken, SandboxServer, listen
from sandbox.workspace import Workspace

ROOT = Path(__file__).parents[2]


def test_server_starts_and_stops_fast_enough_for_each_test_to_have_its_own():
    times = []
    for _ in range(3):
        started = time.perf_counter()
        with SandboxServer() as server:
            times.append(time.perf_counter() - started)
            assert server.client.health()["ok"]

    assert min(times) < 0.15


def test_health_says_what_is_in_the_sandbox(sandbox):
    assert sandbox.client.health() == {
        "ok": True,
        "team_id": "T0SANDBOX",
        "app": {"id": "A0SANDBOX", "name": "Proef", "installed": True},
        "people": 4,
    }


def test_port_that_is_taken_is_named_with_a_free_one(sandbox):
    port = int(sandbox.url.rpartition(":")[2])

    with pytest.raises(PortTaken) as caught:
        listen(port)

    assert str(caught.value) == f"Port {port} is taken; {caught.value.free} is free."


def test_program_serves_people_and_manifest_and_names_a_taken_port(sandbox, tmp_path):
    people = tmp_path / "people.json"
    people.write_text(json.dumps([{"id": "U0ANNA", "name": "anna", "real_name": "Anna"}]))
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"display_information": {"name": "Proef"}}))
    program = [sys.executable, "-m", "sandbox", "--people", str(people), "--manifest", str(manifest)]

    port = sandbox.url.rpartition(":")[2]
    taken = subprocess.run([*program, "--port", port], cwd=ROOT, capture_output=True, text=True, check=False)
    start = ["--port", "0", "--start", "2017-11-01T09:00+01:00", "--jump", "Donderdag=3 12:15"]
    with subprocess.Popen([*program, *start], cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        client = SandboxClient(running.stdout.readline().strip().rpartition(" ")[2])
        try:
            health, now = client.health(), client.post("clock", jump="Donderdag")["now"]
        finally:
            running.terminate()

    assert (taken.returncode, taken.stderr.startswith(f"Port {port} is taken; ")) == (1, True)
    assert (health["app"]["name"], health["people"], now[:16]) == ("Proef", 1, "2017-11-02T11:15")


def test_people_can_join_later(sandbox):
    sandbox.client.add_people({"id": "U0DIRK", "name": "dirk", "real_name": "Dirk"})

    assert sandbox.client.people()[-1]["id"] == "U0DIRK"
    assert "U0DIRK" in sandbox.workspace.channels["C0ALGEMEEN"].members


def test_person_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match="Person 2 cannot be read: got an unexpected keyword argument 'leeftijd'"):
        read_people([{"id": "U1", "name": "a", "real_name": "A"}, {"id": "U2", "leeftijd": 3}])


def test_control_says_what_is_missing(sandbox):
    with pytest.raises(ControlError, match="Missing: person"):
        sandbox.client.post("act/command", text="/proef")
    with pytest.raises(ControlError, match="A person has no 'schoenmaat' to change"):
        sandbox.client.change_person("U0ANNA", schoenmaat=43)


def test_reset_forgets_messages_and_screens_but_not_people(sandbox, slack, anna):
    slack.chat_postMessage(channel="U0ANNA", text="x")
    slack.views_publish(user_id="U0ANNA", view={"type": "home", "blocks": []})
    sandbox.client.fault("*", "reset")

    sandbox.client.reset()

    assert (anna.dm(), anna.screen(), sandbox.client.get("home", person="U0ANNA"), sandbox.client.calls()) == (
        [],
        None,
        None,
        [],
    )
    assert slack.chat_postMessage(channel="U0ANNA", text="y")["channel"] == "D0ANNA"
    assert len(sandbox.client.people()) == 4


def test_sidebar_counts_what_a_person_has_not_read():
    [anna] = read_people([{"id": "U0ANNA", "name": "anna", "real_name": "Anna"}])
    workspace = Workspace(people={anna.id: anna})
    dm = workspace.dm(anna.id)
    changes = workspace.subscribe()
    first = workspace.post(dm, workspace.bot.id, "een")
    workspace.mark_read(anna.id, dm.id)
    last = workspace.post(dm, workspace.bot.id, "twee")

    sidebar = workspace.channels_of(anna.id)

    assert [(line.id, line.name, line.last_ts, line.unread) for line in sidebar] == [
        ("C0ALGEMEEN", "algemeen", None, 0),
        ("D0ANNA", "Sandbox app", last.ts, 1),
    ]
    assert first.ts < last.ts
    assert [changes.get_nowait() for _ in range(changes.qsize())] == [
        ("message", "D0ANNA"),
        ("channels", "U0ANNA"),
        ("message", "D0ANNA"),
    ]


def test_calls_on_a_kept_line_do_not_wait_for_each_other(sandbox):
    line = http.client.HTTPConnection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}

    started = time.perf_counter()
    for _ in range(50):
        line.request("POST", "/api/chat.postMessage", json.dumps({"channel": "U0ANNA", "text": "x"}), headers)
        assert json.load(line.getresponse())["ok"]
    elapsed = time.perf_counter() - started
    line.close()

    assert elapsed < 1


def test_posting_stays_fast_in_a_long_conversation():
    [anna] = read_people([{"id": "U0ANNA", "name": "anna", "real_name": "Anna"}])
    workspace = Workspace(people={anna.id: anna})
    dm = workspace.dm(anna.id)

    started = time.perf_counter()
    for _ in range(10_000):
        workspace.post(dm, workspace.bot.id, "x")
        dm.timeline.newest_between("", "", inclusive=False, limit=15)
    elapsed = time.perf_counter() - started

    assert elapsed < 3

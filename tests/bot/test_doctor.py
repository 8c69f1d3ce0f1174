import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import manifest
from bot.clock import system_clock
from bot.database import Database
from bot.doctor import Finding, examine
from bot.settings import Settings
from sandbox.server import SandboxServer
from tests.support.world import settings_for

WELL = [
    Finding("SLACK_BOT_TOKEN is set"),
    Finding("SLACK_APP_TOKEN is set"),
    Finding("The database answers and has every migration"),
    Finding("Editions: 1. People: 51, of whom 51 are linked to a Slack account"),
    Finding("The bot is installed in IMAGINE"),
    Finding("The app has every scope of the manifest"),
    Finding("This machine's clock agrees with Slack's"),
    Finding("Socket Mode can be opened"),
]
NOWHERE = "postgresql+psycopg://bot:hush@127.0.0.1:9/vliegwiel"


def ill(settings: Settings) -> list[Finding]:
    return [finding for finding in examine(settings) if not finding.is_well]


def test_everything_is_well(sandbox: SandboxServer, database: Database):
    assert list(examine(settings_for(sandbox, database.url))) == WELL


@pytest.mark.parametrize(
    ("setting", "token", "what"),
    [
        ("slack_bot_token", "xoxb-wrong", "Slack refuses SLACK_BOT_TOKEN (invalid_auth)"),
        ("slack_app_token", "xapp-wrong", "Slack refuses SLACK_APP_TOKEN (invalid_auth)"),
    ],
)
def test_token_that_slack_refuses_is_named_with_where_to_copy_it(
    sandbox: SandboxServer, database: Database, setting: str, token: str, what: str
):
    found = ill(settings_for(sandbox, database.url, **{setting: SecretStr(token)}))

    assert found == [Finding(what, f"Copy it again: {Settings.where(setting)}")]


def test_tokens_in_each_others_place_are_noticed_before_slack_is_asked(sandbox: SandboxServer, database: Database):
    app = sandbox.workspace.app
    swapped = {"slack_bot_token": SecretStr(app.app_token), "slack_app_token": SecretStr(app.bot_token)}

    found = ill(settings_for(sandbox, database.url, **swapped))

    assert found == [
        Finding("SLACK_BOT_TOKEN does not begin with xoxb-", Settings.where("slack_bot_token")),
        Finding("SLACK_APP_TOKEN does not begin with xapp-", Settings.where("slack_app_token")),
        Finding(
            "Slack refuses SLACK_BOT_TOKEN (not_allowed_token_type)",
            f"Copy it again: {Settings.where('slack_bot_token')}",
        ),
        Finding(
            "Slack refuses SLACK_APP_TOKEN (not_allowed_token_type)",
            f"Copy it again: {Settings.where('slack_app_token')}",
        ),
    ]


def test_tokens_that_are_not_set_are_named_and_slack_is_not_asked(sandbox: SandboxServer, database: Database):
    without = {"slack_bot_token": None, "slack_app_token": None, "slack_signing_secret": None}

    found = ill(settings_for(sandbox, database.url, **without))

    assert found == [
        Finding("SLACK_BOT_TOKEN is not set", Settings.where("slack_bot_token")),
        Finding("SLACK_APP_TOKEN is not set", Settings.where("slack_app_token")),
    ]
    assert sandbox.client.calls() == []


def test_bot_that_answers_over_http_needs_no_app_token(sandbox: SandboxServer, database: Database):
    findings = list(examine(settings_for(sandbox, database.url, slack_app_token=None)))

    assert findings == [Finding("SLACK_SIGNING_SECRET is set, for HTTP"), WELL[0], *WELL[2:7]]


def test_scopes_that_are_missing_are_all_named(sandbox: SandboxServer, database: Database):
    sandbox.workspace.app.scopes[:] = sorted(manifest.scopes() - {"im:history", "chat:write"})

    found = ill(settings_for(sandbox, database.url))

    assert found == [
        Finding(
            "The app lacks scopes: chat:write, im:history",
            "Paste the manifest again (vliegwiel manifest) under App Manifest, then reinstall the app.",
        )
    ]


def test_database_that_is_down_does_not_keep_the_rest_from_being_looked_at(sandbox: SandboxServer):
    findings = list(examine(settings_for(sandbox, NOWHERE)))

    assert findings == [
        *WELL[:2],
        Finding(
            "The database does not answer (OperationalError)",
            "Check DATABASE_URL, and that the server runs and lets this machine in.",
        ),
        *WELL[4:],
    ]
    assert "hush" not in repr(findings)


def test_database_without_tables_is_told_how_to_get_them(sandbox: SandboxServer, tmp_path: Path):
    found = ill(settings_for(sandbox, f"sqlite:///{tmp_path}/new.db"))

    assert found == [Finding("The database lacks migrations", "Run: vliegwiel db upgrade")]


def test_database_in_a_place_that_cannot_be_is_a_finding_and_no_crash(sandbox: SandboxServer, tmp_path: Path):
    (tmp_path / "file").write_text("")

    found = ill(settings_for(sandbox, f"sqlite:///{tmp_path}/file/x.db"))

    assert found == [
        Finding(
            f"DATABASE_URL: the folder {tmp_path}/file cannot be made (File exists).",
            "Choose a folder that this user may write to.",
        )
    ]


def test_database_without_an_edition_says_how_to_load_one(sandbox: SandboxServer, empty_database: Database):
    found = ill(settings_for(sandbox, empty_database.url))

    assert found == [
        Finding("There is no edition yet", "Write a roster (see README) and run: vliegwiel roster load FILE")
    ]


def test_slack_that_does_not_answer_is_a_matter_of_the_network(database: Database, sandbox: SandboxServer):
    found = ill(settings_for(sandbox, database.url, slack_api_url="http://127.0.0.1:9/api/"))

    unreachable = Finding("Slack does not answer", "Check that this machine may reach slack.com over HTTPS.")
    assert found == [unreachable, unreachable]


@pytest.fixture
def slow_slack() -> Iterator[str]:
    """A Slack whose clock is five minutes behind this machine's."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = {"ok": True, "team_id": "T1", "team": "Late", "bot_id": "B1", "user_id": "U1"}
            self.send_response(200)
            self.send_header("x-oauth-scopes", ",".join(manifest.scopes()))
            self.end_headers()
            self.wfile.write(json.dumps({**body, "url": "ws://x"}).encode())

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(system_clock() - timedelta(minutes=5), usegmt=True)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_clock_that_is_minutes_off_is_noticed(slow_slack: str, sandbox: SandboxServer, database: Database):
    (found,) = ill(settings_for(sandbox, database.url, slack_api_url=slow_slack))

    assert found.what in {f"This machine's clock is {seconds} seconds off" for seconds in range(299, 304)}
    assert found.mend == "Switch time synchronisation on (NTP), or Slack's signatures are refused."

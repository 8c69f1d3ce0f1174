import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.demo import EDITION
from bot.settings import Settings
from sandbox.server import SandboxServer
from tests.bot.support import small_roster

ROOT = Path(__file__).parents[2]
NOWHERE = "postgresql://bot:hush@127.0.0.1:9/vliegwiel"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A machine of its own: an empty folder, no settings but a database in it."""
    kept = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    return {**kept, "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{tmp_path}/vliegwiel.db"}


def vliegwiel(
    folder: Path, environment: dict[str, str], *words: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as people do, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**environment, **settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_doctor_says_what_is_well_and_what_to_mend(tmp_path: Path, environment: dict[str, str], sandbox: SandboxServer):
    app = sandbox.workspace.app
    app.scopes.remove("im:history")
    settings = {"SLACK_APP_TOKEN": app.app_token, "SLACK_API_URL": sandbox.api_url}

    wrong = vliegwiel(tmp_path, environment, "doctor", SLACK_BOT_TOKEN="xoxb-wrong", DATABASE_URL=NOWHERE, **settings)
    better = vliegwiel(tmp_path, environment, "doctor", SLACK_BOT_TOKEN=app.bot_token, **settings)

    assert (wrong.returncode, wrong.stdout.splitlines()) == (
        1,
        [
            "ok  SLACK_BOT_TOKEN is set",
            "ok  SLACK_APP_TOKEN is set",
            "->  The database does not answer (OperationalError)",
            "    Check DATABASE_URL, and that the server runs and lets this machine in.",
            "->  Slack refuses SLACK_BOT_TOKEN (invalid_auth)",
            f"    Copy it again: {Settings.where('slack_bot_token')}",
            "ok  Socket Mode can be opened",
        ],
    )
    assert (better.returncode, better.stdout.splitlines()) == (
        1,
        [
            "ok  SLACK_BOT_TOKEN is set",
            "ok  SLACK_APP_TOKEN is set",
            "->  The database lacks migrations",
            "    Run: vliegwiel db upgrade",
            "ok  The bot is installed in IMAGINE",
            "->  The app lacks scopes: im:history",
            "    Paste the manifest again (vliegwiel manifest) under App Manifest, then reinstall the app.",
            "ok  This machine's clock agrees with Slack's",
            "ok  Socket Mode can be opened",
        ],
    )
    assert "hush" not in wrong.stdout + wrong.stderr


def test_database_is_made_loaded_and_found_well(tmp_path: Path, environment: dict[str, str], sandbox: SandboxServer):
    app = sandbox.workspace.app
    settings = {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_APP_TOKEN": app.app_token,
        "SLACK_API_URL": sandbox.api_url,
    }

    upgraded = vliegwiel(tmp_path, environment, "db", "upgrade")
    loaded = vliegwiel(tmp_path, environment, "roster", "load", str(EDITION))
    examined = vliegwiel(tmp_path, environment, "doctor", **settings)

    assert (upgraded.returncode, upgraded.stdout) == (0, "The database is up to date.\n")
    assert (loaded.returncode, loaded.stdout) == (0, "Imagine2 2017-2018: 51 new people, 13 new sessions.\n")
    assert (examined.returncode, "->" in examined.stdout) == (0, False)


@pytest.mark.parametrize("words", [("db", "upgrade"), ("roster", "load", str(EDITION))])
def test_database_that_is_down_is_said_in_a_sentence(
    tmp_path: Path, environment: dict[str, str], words: tuple[str, ...]
):
    ended = vliegwiel(tmp_path, environment, *words, DATABASE_URL=NOWHERE)

    assert (ended.returncode, ended.stderr) == (
        1,
        "The database does not answer. Check DATABASE_URL; `vliegwiel doctor` tells more.\n",
    )


@pytest.mark.parametrize("role", ["run", "socket", "worker"])
def test_bot_without_its_token_says_where_to_find_it(tmp_path: Path, environment: dict[str, str], role: str):
    ended = vliegwiel(tmp_path, environment, role)

    lines = ended.stderr.splitlines()
    assert ended.returncode == 1
    assert lines[0] == "Missing settings; put them in .env (.env.example explains each):"
    assert f"  - SLACK_BOT_TOKEN: {Settings.where('slack_bot_token')}" in lines
    assert "Traceback" not in ended.stderr


def test_wrong_settings_are_named_at_once_in_a_sentence(tmp_path: Path, environment: dict[str, str]):
    ended = vliegwiel(tmp_path, environment, "doctor", PORT="eighty", LOG_LEVEL="loud")

    assert ended.returncode == 1
    assert [line.split(":")[0] for line in ended.stderr.splitlines()] == ["Wrong settings", "  - PORT", "  - LOG_LEVEL"]


def test_roster_is_checked_without_storing_anything(tmp_path: Path):
    path = tmp_path / "roster.json"
    path.write_text(json.dumps(small_roster()), encoding="utf-8")

    ended = CliRunner().invoke(cli, ["roster", "check", str(path)])

    assert (ended.exit_code, ended.output) == (0, "Editie 1: 2 people, 1 sessions. No mistakes.\n")
    assert [found.name for found in tmp_path.iterdir()] == ["roster.json"]


def test_roster_with_mistakes_is_refused_in_sentences(tmp_path: Path, environment: dict[str, str]):
    (tmp_path / "roster.json").write_text(json.dumps(small_roster(hospitals=[])), encoding="utf-8")

    ended = vliegwiel(tmp_path, environment, "roster", "check", "roster.json")

    assert (ended.returncode, ended.stderr.splitlines()) == (
        1,
        [
            "roster.json has mistakes:",
            "  - roster: Value error, unknown codes: person A: hospital H1; team T1: hospital H1",
        ],
    )


def test_manifest_is_printed_for_a_public_address():
    ended = CliRunner().invoke(cli, ["manifest", "--url", "https://bot.example"])

    assert ended.exit_code == 0
    assert "request_url: https://bot.example/slack/events" in ended.output


def test_commands_explain_themselves():
    ended = CliRunner().invoke(cli, ["--help"])

    words = ["demo", "run", "socket", "worker", "web", "manifest", "doctor", "db", "roster"]
    assert [word for word in words if word not in ended.output] == []

"""The demonstration: a local Slack with the demo edition in it, and the real bot connected to it."""

import os
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

from bot import logs, manifest, startup
from bot.errors import ConfigurationError
from bot.services import roster_files, rosters
from bot.services.roster_files import PersonEntry, Roster
from bot.settings import Settings
from jobs.accounts import link_accounts
from sandbox.clock import Clock
from sandbox.installation import load_manifest
from sandbox.jumps import Jump
from sandbox.people import Person
from sandbox.server import PortTaken, SandboxServer
from sandbox.workspace import Workspace

EDITION = Path(__file__).parent / "data" / "demo_edition.json"
FOLDER = Path("var/demo")
STARTS_AT = "2017-11-01T09:00+01:00"
FIRST_PERSON = "D07"
_START_AGAIN_AFTER = 1.0  # seconds
_JUMPS = [
    Jump("Naar donderdag 12.15", weekday=3, time="12:15"),
    Jump("Naar vrijdag 12.15", weekday=4, time="12:15"),
    Jump("+1 uur", advance_seconds=3600),
    Jump("+1 dag", advance_seconds=86_400),
]


def run(port: int) -> None:
    """Show the demonstration until Ctrl-C. Raises ConfigurationError when the port is taken."""
    logs.configure("warning")
    roster = roster_files.read(EDITION)
    try:
        server = SandboxServer(_workspace(roster), port=port)
    except PortTaken as taken:
        raise ConfigurationError(f"{taken} Try: make demo PORT={taken.free}") from None
    with server:
        environment = _environment(server)
        _load(Settings.load(env_file=None), roster)
        _keep_running(environment, server.url)


def _workspace(roster: Roster) -> Workspace:
    return Workspace(
        people={person.id: person for person in people_of(roster)},
        app=load_manifest(manifest.FILE),
        clock=Clock(datetime.fromisoformat(STARTS_AT)),
        team_name=roster.network.name,
        notice=roster.notice or "",
        jumps=_JUMPS,
    )


def people_of(roster: Roster) -> list[Person]:
    """The people of a roster as members of a local Slack; who opens the page first is a participant."""
    hospitals = {hospital.code: hospital.name for hospital in roster.hospitals}
    entries = sorted(roster.people, key=lambda entry: entry.code != FIRST_PERSON)
    return [_person(entry, hospitals) for entry in entries]


def _person(entry: PersonEntry, hospitals: dict[str, str]) -> Person:
    return Person(
        id="U0" + entry.code.replace("-", ""),
        name=(entry.email or entry.code).split("@")[0],
        real_name=entry.name,
        email=entry.email or "",
        title=" · ".join(filter(None, [entry.specialty, hospitals.get(entry.hospital or "")])),
        tz="Europe/Amsterdam",
        locale="nl-NL",
    )


def _environment(server: SandboxServer) -> dict[str, str]:
    """Settings for the bot's process, and for this one; a fresh database, since the local Slack starts empty too."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for leftover in FOLDER.glob("vliegwiel.db*"):
        leftover.unlink()
    os.environ.update(
        DATABASE_URL=f"sqlite:///{FOLDER.absolute()}/vliegwiel.db",
        SLACK_BOT_TOKEN=server.workspace.app.bot_token,
        SLACK_APP_TOKEN=server.workspace.app.app_token,
        SLACK_API_URL=server.api_url,
        CLOCK_URL=f"{server.url}/control/clock",
        LOG_LEVEL="warning",
    )
    return dict(os.environ)


def _load(settings: Settings, roster: Roster) -> None:
    """The demo edition in the database, its people linked to their accounts as in a real workspace."""
    deps = startup.build_deps(settings)
    startup.prepare(deps, migrate=True)
    with deps.db.begin() as db:
        rosters.load(db, roster, deps.clock())
    link_accounts(deps, most=len(roster.people))
    deps.db.dispose()


def _keep_running(environment: dict[str, str], url: str) -> None:
    """Start the bot in a process of its own, and again when it is killed, until Ctrl-C."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment)
        _say(f"\n  Vliegwiel: {url}\n  Ctrl-C stops everything. The bot is process {bot.pid}.\n")
        while bot.poll() is None and not stopping.is_set():
            stopping.wait(0.2)
        if not stopping.is_set():
            _say(f"The bot stopped (exit code {bot.returncode}); starting it again.")
            stopping.wait(_START_AGAIN_AFTER)
    bot.terminate()
    bot.wait(timeout=15)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

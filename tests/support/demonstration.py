"""The demonstration as `make demo` runs it, and what a newcomer does in the first minute."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

_ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def demonstration(folder: Path) -> Iterator[str]:
    """The demonstration in a process of its own, working in `folder`; gives the address of its page."""
    command = [sys.executable, "-m", "bot", "demo", "--port", str(free_port())]
    environment = {"PYTHONPATH": str(_ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield next(found.group(0) for line in process.stdout if (found := re.search(r"http://\S+", line)))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def jump_to_thursday(page: Page) -> None:
    """Press the button that sets the clock to Thursday 12.15, and wait for the week's question."""
    page.get_by_role("button", name="Naar donderdag 12.15").first.click()
    expect(page.get_by_role("log")).to_contain_text("hoe gaat het deze week met jullie verbetertraject", timeout=15_000)


def fill_in(page: Page) -> Locator:
    """Open the question's form and fill it in, but for sending it."""
    page.get_by_role("log").get_by_role("button", name="Check-in invullen").click()
    form = page.get_by_role("dialog")
    form.get_by_label("4 - zeker").check()
    form.get_by_label("Ja", exact=True).check()
    learned = form.get_by_label(re.compile("Wat probeerde je"))
    learned.fill("Keuzehulp meegegeven vóór het gesprek: drie van de vier lazen hem thuis.")
    return form


def say_yes_to_the_reminder(page: Page) -> None:
    """Two hours later the bot reminds of next week's session; answer that you come."""
    log = page.get_by_role("log")
    for _hour in range(2):
        page.get_by_role("button", name="+1 uur").click()
    expect(log).to_contain_text("Over 7 dagen heb je een bijeenkomst", timeout=15_000)
    log.get_by_role("button", name="Ik ben erbij").click()
    expect(log).to_contain_text("je bent erbij")

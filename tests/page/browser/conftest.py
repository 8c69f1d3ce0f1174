from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from sandbox.server import SandboxServer
from tests.page.demo import CheckIns, demo_app, workspace
from tests.sandbox.apps import over_socket_mode
from tests.support.browsers import require_browser, running_browser

PATIENCE = 5000

OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all tests of this folder; starting it costs more than any test.

    Not for the session: Playwright keeps an event loop running in this thread, and other tests call `asyncio.run`.
    """
    with running_browser(require_browser()) as browser:
        yield browser


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """The workspace without its app."""
    with SandboxServer(workspace()) as server:
        yield server


@pytest.fixture
def check_ins() -> CheckIns:
    """The app's own memory."""
    return CheckIns()


@pytest.fixture
def running(sandbox: SandboxServer, check_ins: CheckIns) -> Iterator[SandboxServer]:
    """The workspace with its app connected over Socket Mode."""
    with over_socket_mode(sandbox, demo_app(sandbox, check_ins)):
        yield sandbox


@pytest.fixture
def open_page(browser: Browser, sandbox: SandboxServer) -> Iterator[OpenPage]:
    """Opens the page as somebody, each time in a fresh context, and fails on anything the console complains about."""
    contexts = []
    complaints: list[str] = []

    def listen(kind: str, words: str) -> None:
        if kind in ("error", "warning"):
            complaints.append(words)

    def open_as(person: str = "U0D07", place: str = "", **options) -> Page:
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="nl-NL", timezone_id="Europe/Amsterdam"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if "viewport" in options:
            page.set_viewport_size(options["viewport"])
        page.on("console", lambda message: listen(message.type, message.text))
        page.on("pageerror", lambda error: listen("error", str(error)))
        page.goto(f"{sandbox.url}/?as={person}{place}")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []

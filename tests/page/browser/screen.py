"""Where things are on the page, by the names that a screen reader would say."""

import re

from playwright.sync_api import Locator, Page, expect

from sandbox.server import SandboxServer
from tests.sandbox.apps import web_client


def composer(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("Bericht aan|Message"))


def modal(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Check-in")


def messages(page: Page) -> Locator:
    return page.get_by_role("log")


def open_checkin(page: Page) -> Locator:
    composer(page).fill("/checkin")
    composer(page).press("Enter")
    expect(modal(page)).to_be_visible()
    return modal(page)


def post(server: SandboxServer, channel: str, text: str, **more) -> None:
    web_client(server).chat_postMessage(channel=channel, text=text, **more)

"""`make screenshot`: the pictures in the README, of the demonstration as it is today."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support.browsers import find_browser, running_browser
from tests.support.demonstration import demonstration, fill_in, jump_to_thursday, say_yes_to_the_reminder

_FOLDER = Path(__file__).parents[2] / "docs"


def main() -> None:
    """Write docs/demo.png and docs/phone.png."""
    program = find_browser()
    if program is None:
        sys.exit("There is no browser on this machine.")
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as url,
        running_browser(program) as browser,
    ):
        phone = _page(browser, url, width=390, height=800)
        jump_to_thursday(phone)
        fill_in(phone).get_by_label("4 - zeker").scroll_into_view_if_needed()
        _take(phone, "phone.png")
        phone.get_by_role("dialog").get_by_role("button", name="Versturen").click()
        desk = _page(browser, url, width=1180, height=800)
        say_yes_to_the_reminder(desk)
        _take(desk, "demo.png")


def _page(browser: Browser, url: str, width: int, height: int) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=1.5,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
    )
    page.goto(url)
    return page


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(700)  # fonts and transitions
    page.screenshot(path=_FOLDER / name)


if __name__ == "__main__":
    main()

"""`make screenshot`: the picture in the README, of the demonstration as it is today."""

import sys
import tempfile
from pathlib import Path

from tests.support.browsers import find_browser, running_browser
from tests.support.demonstration import demonstration, fill_in, jump_to_thursday

_PICTURE = Path(__file__).parents[2] / "docs" / "demo.png"


def main() -> None:
    """Write docs/demo.png."""
    program = find_browser()
    if program is None:
        sys.exit("There is no browser on this machine.")
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as url,
        running_browser(program) as browser,
    ):
        page = browser.new_page(viewport={"width": 1280, "height": 860}, device_scale_factor=1.5)
        page.goto(url)
        jump_to_thursday(page)
        fill_in(page)
        page.wait_for_timeout(500)
        page.screenshot(path=_PICTURE)


if __name__ == "__main__":
    main()

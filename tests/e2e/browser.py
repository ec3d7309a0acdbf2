"""A real browser for the tests: Chromium without a window, which asks nobody for anything.

It is the `chromium` of the system, the one PROCFLOW_CHROMIUM names, or the one `playwright install chromium` brought.
Without any the tests are skipped, or fail if PROCFLOW_REQUIRE_BROWSER=1 says that there must be one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright, Route

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Return the program of a browser on this machine; None if only playwright may know one."""
    named = os.environ.get("PROCFLOW_CHROMIUM")
    if named:
        return named
    return next((found for name in NAMES if (found := which(name))), None)


def browser_of(playwright: Playwright) -> Browser:
    """Return a running browser with an empty profile."""
    own = playwright.chromium.executable_path
    program = chromium() or (own if Path(own).is_file() else None)
    if program is None:
        missing("no Chromium here: `make browser` installs one, PROCFLOW_CHROMIUM names another")
    return playwright.chromium.launch(executable_path=program, args=ARGUMENTS)


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it if there must be a browser."""
    if os.environ.get("PROCFLOW_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that the tests of a module share."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed: `make setup` installs it")
    with sync_playwright() as playwright:
        running = browser_of(playwright)
        yield running
        running.close()


def found() -> str | None:
    """Return the browser that the tests would use; None if there is none."""
    named = chromium()
    if named is not None:
        return which(named)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


class Visit:
    """A page that is open, with what it said and what it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []

    def go(self, path: Path) -> None:
        """Open a file; whatever else is asked for is refused, and noted."""
        wanted = path.resolve().as_uri()

        def answer(route: Route) -> None:
            if route.request.url == wanted:
                route.continue_()
            else:
                self.asked.append(route.request.url)
                route.abort()

        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.route("**/*", answer)
        self.page.goto(wanted)

    @property
    def direction(self) -> str:
        """Which way the page runs."""
        return str(self.page.evaluate("getComputedStyle(document.documentElement).direction"))

    @property
    def room(self) -> tuple[int, int]:
        """How wide the page is, and how much of that is seen."""
        wide, seen = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        return int(wide), int(seen)


if __name__ == "__main__":
    # `make browser` asks which one it is.
    here = found()
    print(here or "")
    raise SystemExit(here is None)

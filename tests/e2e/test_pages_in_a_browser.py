"""The page of a case in a real browser: it is read on a telephone, by everybody, in five languages, and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from click.testing import CliRunner

from procflow.cli import main
from procflow.cli.exits import Exit
from procflow.reports.document.promises import plain
from procflow.reports.page import findings_of, html_of, svg_of
from procflow.reports.page.teller import Teller
from procflow.reports.page.told import told_findings
from procflow.texts import LANGUAGES, language
from tests.conftest import REPOSITORY
from tests.e2e.browser import Visit, browser, missing
from tests.unit.reports.page.sample import story

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

pytestmark = pytest.mark.e2e

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of the story in each language, as files."""
    folder = tmp_path_factory.mktemp("pages")
    told = story()
    written = {}
    for code in LANGUAGES:
        written[code] = folder / f"story.{code}.html"
        written[code].write_text(html_of(told, code), "utf-8")
    return written


@pytest.fixture(scope="module", params=LANGUAGES)
def code(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def visit(browser: Browser, pages: dict[str, Path], code: str) -> Iterator[Visit]:
    """The page in one language on a telephone; its tests share it."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    one = Visit(context.new_page())
    one.go(pages[code])
    yield one
    context.close()


def test_a_page_is_read_on_a_telephone_and_asks_nobody(visit: Visit, code: str) -> None:
    visit.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert visit.said == []
    assert visit.asked == []
    wide, seen = visit.room
    assert wide <= seen == PHONE["width"]
    assert visit.direction == language(code).direction
    # The timeline scrolls in a box of its own.
    box = visit.page.locator(".drawing.wide")
    assert box.evaluate("one => one.scrollWidth > one.clientWidth && one.tabIndex === 0")


def test_everybody_can_read_it(visit: Visit, code: str) -> None:
    """As far as a program can tell: contrast, headings, landmarks, tables, names of pictures (axe-core, by day and by night)."""
    # The colours of the night are the same in every language.
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark") if code == "en" else ("light",)
    for scheme in schemes:
        _everybody_can_read(visit, DESK if scheme == "dark" else PHONE, scheme)


def _everybody_can_read(visit: Visit, size: dict[str, int], scheme: Literal["light", "dark"]) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-playwright-python is not installed: `make setup` installs it")
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.set_viewport_size(size)  # type: ignore[arg-type]
    found = Axe().run(visit.page)
    assert [one["id"] for one in found.response["violations"]] == [], found.generate_report()


def test_every_finding_stands_in_the_text(visit: Visit, code: str) -> None:
    told = story()
    tell = Teller(told, language(code))
    # What is not given in the language of the page bears a mark.
    visit.page.evaluate("document.querySelectorAll('.missing').forEach(one => one.remove())")
    text = _even(visit.page.locator("main").inner_text())
    findings = findings_of(told)
    for one in told_findings(tell, findings):
        assert _even(plain(one.what)) in text
        for label, about in one.facts:
            assert _even(label) in text
            assert _even(plain(about)) in text
    assert len(visit.page.locator(".finding").all()) == len(findings)


def test_names_in_the_picture_do_not_run_out_of_it(visit: Visit) -> None:
    visit.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    out = visit.page.evaluate(
        """() => [...document.querySelectorAll('.story-time')].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(one => {
                const box = one.getBoundingClientRect();
                return box.left < frame.left - 2 || box.right > frame.right + 2;
            }).map(one => one.textContent);
        })"""
    )
    assert out == []


@pytest.mark.parametrize("code", ["en", "fa"])
def test_george_waits_on_a_telephone(browser: Browser, tmp_path: Path, code: str) -> None:
    """The story of the examples, as the command writes it."""
    file, folder = tmp_path / "george.html", REPOSITORY / "examples" / "george"
    words = ["waiting", folder / "procedure.yaml", folder / "told-badly.csv", "--mapping", folder / "george.map.yaml"]
    words += ["--people", folder / "people.yaml", "--language", code, "-o", file]
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == Exit.FINDINGS, done.output
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    one = Visit(context.new_page())
    one.go(file)
    assert (one.said, one.asked) == ([], [])
    wide, seen = one.room
    assert wide <= seen == PHONE["width"]
    assert one.direction == language(code).direction
    assert one.page.locator(".finding").count() == 10
    spoken = language(code)
    assert spoken.say("the client waited for all of us") in one.page.locator("#glance").inner_text()
    assert spoken.say("all of them") in one.page.locator("#waits").inner_text()
    _everybody_can_read(one, PHONE, "light")
    _everybody_can_read(one, DESK, "dark")
    context.close()


def test_a_page_is_printed_on_paper(browser: Browser, pages: dict[str, Path]) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(pages["en"].as_uri())
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    context.close()


def test_the_picture_stands_by_itself(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "story.svg"
    file.write_text(svg_of(story(), "en"), "utf-8")
    context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
    one = Visit(context.new_page())
    one.go(file)
    assert (one.said, one.asked) == ([], [])
    assert one.page.evaluate("document.documentElement.tagName") == "svg"
    context.close()


def _even(text: str) -> str:
    return "".join(text.split())

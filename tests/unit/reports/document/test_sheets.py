"""A picture on paper: whole, readable, cut where nothing stands."""

from __future__ import annotations

import re
from itertools import pairwise

from procflow.reports.diagram import svg_of
from procflow.reports.document import html_of
from procflow.reports.document.sheets import lies, sheets_of
from tests.unit.reports.document.pages import SHIPPED, shipped


def picture(width: int, height: int, *cards: tuple[int, int]) -> str:
    told = "".join(f'<rect class="pf-step" x="1" y="{y}" width="9" height="{high}" rx="8"/>' for y, high in cards)
    return f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">{told}</svg>'


def test_what_fits_on_a_page_is_not_cut() -> None:
    assert sheets_of(picture(800, 900)) == ()
    assert sheets_of("") == ()


def test_a_cut_runs_between_cards_and_nothing_is_lost() -> None:
    cards = [(y, 80) for y in range(20, 3000, 110)]
    sheets = sheets_of(picture(800, 3100, *cards))
    assert sheets[0].top == 0
    assert sheets[-1].top + sheets[-1].height == 3100
    for before, after in pairwise(sheets):
        cut = before.top + before.height
        assert after.top < cut, "a sheet begins with what the one before ended with"
        assert not [one for one in cards if one[0] < cut < sum(one)]


def test_a_wide_picture_lies_on_its_side() -> None:
    assert lies(picture(1200, 400))
    assert not lies(picture(900, 400))


def test_the_pages_of_shipped_procedures_hold_their_sheets() -> None:
    for path in SHIPPED:
        procedure = shipped(path)
        if procedure is None:
            continue
        svg = svg_of(procedure, language="en")
        page = html_of(procedure, "en", svg=svg)
        assert page.count('href="#drawing"') == len(sheets_of(svg)) > 0
        assert len(re.findall('id="drawing"', page)) == 1

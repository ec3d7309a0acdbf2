"""The document as Markdown: whole, its tables well formed, everything escaped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from procflow.reports.diagram import mermaid_of
from procflow.reports.document import markdown_of
from procflow.texts import LANGUAGES
from tests.unit.reports.document.pages import SHIPPED, SMALL, shipped, small

READER = MarkdownIt("commonmark").enable("table")


def cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row)) - 1


@pytest.mark.parametrize("path", [one for one in SHIPPED if shipped(one) is not None], ids=lambda path: path.stem)
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_shipped_procedure_is_told_whole(path: Path, code: str) -> None:
    procedure = shipped(path)
    assert procedure is not None
    text = markdown_of(procedure, code, mermaid=mermaid_of(procedure, language=code))
    for name in (*procedure.steps, *procedure.actions, *procedure.roles, *procedure.data):
        assert f"`{name}`" in text
    assert "```mermaid\n" in text
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert tables
    for table in tables:
        assert len({cells(row) for row in table.splitlines()}) == 1
    assert text.count('<div lang="fa" dir="rtl">') == text.count("</div>") == (code == "fa")
    rendered = READER.render(text)
    assert rendered.count("<table>") == len(tables)
    for target in set(re.findall(r'href="#([^"]+)"', rendered)):
        assert f'<a id="{target}"></a>' in rendered


HOSTILE = "# *a* _b_ [c](javascript:d) <img src=x> `e` | f & ~g~ $h$ ![i](j) 1. \\"


def test_hostile_texts_are_text() -> None:
    quoted = HOSTILE.replace("\\", "\\\\")
    text = SMALL.replace("Approves", f'"{quoted}"').replace(
        "{ en: Money goes back, ro: Banii se întorc }", f'"{quoted}"'
    )
    text = text.replace("annoying", f'"{quoted}"').replace("minor", f'"| `` {quoted}"')
    told = READER.render(markdown_of(small(text), "en"))
    assert "<img" not in told
    assert "<em>a" not in told
    assert "javascript:d" not in re.findall(r'href="([^"]*)"', told)
    assert told.count("<table>") == 7


def test_texts_in_another_language_are_marked() -> None:
    assert "Approves *(en, netradus)*" in markdown_of(small(), "ro")
    assert '<bdi lang="en" dir="ltr">Approves</bdi> *(en, ترجمه‌نشده)*' in markdown_of(small(), "fa")

"""Comments that set findings aside: which are comments, which lines they are about, and what is wrong with them."""

from __future__ import annotations

import pytest

from procflow.loading.ignores import read_ignores
from procflow.loading.notebook import Notebook
from procflow.loading.source import read_source
from procflow.model.ignores import Ignore


def read(text: str) -> tuple[tuple[Ignore, ...], list[str]]:
    notebook = Notebook()
    ignores = read_ignores(read_source(text, "a.yaml"), notebook)
    return ignores, [one.code for one in notebook.findings]


def lines(text: str) -> list[tuple[str, int, int]]:
    ignores, findings = read(text)
    assert findings == []
    return [(one.code, one.first, one.last) for one in ignores]


@pytest.mark.parametrize("sign", [" – ", " - ", " — ", ": ", " because ", " -- "])
def test_a_reason_follows_a_sign(sign: str) -> None:
    (one,), findings = read(f"a: b # procflow: ignore PF208{sign}ServiceNow sets no limit\n")
    assert (one.code, one.reason, findings) == ("PF208", "ServiceNow sets no limit", [])
    assert (one.where.line, one.where.column) == (1, 6)


def test_several_codes_share_a_reason() -> None:
    assert lines("a: b # procflow: ignore PF208, pf013 - both are known\n") == [("PF208", 1, 1), ("PF013", 1, 1)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_alone_is_about_the_next_line_that_says_something(end: str) -> None:
    text = "a: b\n# procflow: ignore PF208 - one\n\n  # a remark\n# procflow: ignore PF013 - two\nc: d\n"
    assert lines(text.replace("\n", end)) == [("PF208", 6, 6), ("PF013", 6, 6)]


def test_a_text_over_several_lines_is_covered_as_a_whole() -> None:
    assert lines("# procflow: ignore PF208 - one\na: >-\n  text\n  more\nb: c\n") == [("PF208", 2, 4)]
    assert lines("a: >- # procflow: ignore PF208 - one\n  text\n\n  more\nb: c\n") == [("PF208", 1, 4)]


@pytest.mark.parametrize(
    "text",
    [
        'a: "b # procflow: ignore PF208"\n',
        "a: 'b # procflow: ignore PF208'\n",
        "a: |\n  # procflow: ignore PF208\n",
        "a: >\n  b\n\n  # procflow: ignore PF208\n",
        "a: b# procflow: ignore PF208\n",
        '"a # procflow: ignore PF208": b\n',
        "a: 'b\n  # procflow: ignore PF208'\n",
        "# a: b # procflow: ignore PF208\n",
        "a: b # write # procflow: ignore PF208\n",
        "# procflow: 1\na: b\n",
        "# procflow: one file, three uses\na: b\n",
    ],
)
def test_these_are_no_comments_for_procflow(text: str) -> None:
    assert read(text) == ((), [])


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("ignore PF208", "PF015"),
        ("ignore PF208 - ", "PF015"),
        ("ignore PF208 - !?", "PF015"),
        ("ignore PF208 ServiceNow sets no limit", "PF015"),
        ("ignore", "PF015"),
        ("ignore - for a reason", "PF015"),
        ("ignores PF208 - for a reason", "PF015"),
        ("ignore PF102 - for a reason", "PF016"),
        ("ignore DV101 - for a reason", "PF016"),
        ("ignore PF999 - for a reason", "PF906"),
        ("ignore X1 - for a reason", "PF906"),
    ],
)
def test_what_is_wrong_with_a_comment_is_told(comment: str, code: str) -> None:
    assert read(f"a: b # procflow: {comment}\n") == ((), [code])


def test_a_hostile_file_is_read_in_time() -> None:
    dashes = "# procflow: ignore PF208 " + "-" * 200_000
    stacked = "# procflow: ignore PF208 - one\n" * 10_000
    ignores, findings = read(f"{dashes}\n{stacked}a: b\n")
    assert findings == ["PF015"]
    assert {one.first for one in ignores} == {10_002}

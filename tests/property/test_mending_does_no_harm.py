"""Law: a mended file has no more errors than before, keeps its comments and line ends, and has nothing left to mend."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procflow.cli.checked import check_again
from procflow.errors import Severity
from procflow.loading.mending import Mended, mend

REPOSITORY = Path(__file__).resolve().parents[2]
FAILS = sorted((REPOSITORY / "tests" / "examples").glob("PF*/fail*.yaml"))
WHOLE = (REPOSITORY / "procedures" / "complaint.yaml").read_text("utf-8")
_COMMENT = re.compile(r"(?<![^\s])#.*")
UNREADABLE = {"PF001", "PF002", "PF003", "PF004", "PF005", "PF006", "PF010", "PF014"}


def findings(text: str, name: str) -> tuple[int, bool]:
    """Return how many errors a text has, and whether it can be read at all."""
    found = check_again(name, text.encode("utf-8"), ()).findings
    return sum(one.severity is Severity.ERROR for one in found), not {one.code for one in found} & UNREADABLE


def comments(text: str) -> list[str]:
    return [one.rstrip() for one in _COMMENT.findall(text)]


def mended(text: str, name: str) -> Mended:
    return mend(text, lambda changed: check_again(name, changed.encode("utf-8"), ()).findings)


def holds(text: str, name: str) -> None:
    after = mended(text, name)
    errors, readable = findings(text, name)
    errors_after, readable_after = findings(after.text, name)
    assert readable_after or not readable
    assert errors_after <= errors or not readable
    assert comments(after.text) == comments(text)
    assert (text.count("\r\n"), after.text.count("\r\n")).count(0) in (0, 2)
    assert mended(after.text, name).text == after.text
    assert bool(after.done) == (after.text != text)


@pytest.mark.parametrize("path", FAILS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_examples_of_every_mistake(path: Path) -> None:
    try:
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return
    holds(text, path.name)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_misspelt_words_in_a_whole_procedure(data: st.DataObject) -> None:
    words = sorted(set(re.findall(r"\b[a-z][a-z-]{4,}\b", WHOLE)))
    text = WHOLE
    for word in data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=4, unique=True)):
        at = data.draw(st.integers(1, len(word) - 1))
        other = data.draw(
            st.sampled_from([word[:at] + word[at + 1 :], word[:at] + word[at - 1] + word[at:], word.upper()])
        )
        text = text.replace(word, other, 1)
    holds(text.replace("\n", data.draw(st.sampled_from(["\n", "\r\n"]))), "complaint.yaml")

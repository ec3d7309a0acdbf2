"""Mending a text: edits applied one beside the other, read again, and never for the worse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from procflow.errors import Edit, Finding, Severity, SourceSpan
from procflow.loading.mending import MAX_ROUNDS, MAX_TRIES, apply, mend


def span(line: int, column: int, end_column: int) -> SourceSpan:
    return SourceSpan(file="a.yaml", line=line, column=column, end_line=line, end_column=end_column)


def wrong(message: str, *edits: Edit, code: str = "PF105", severity: Severity = Severity.ERROR) -> Finding:
    where = edits[0].where if edits else span(1, 1, 2)
    return Finding(code=code, severity=severity, message=message, where=where, edits=edits)


def words(text: str, instead: dict[str, str]) -> list[Finding]:
    """Return a finding for each word of the text that has another instead."""
    found: list[Finding] = []
    for number, line in enumerate(text.split("\n"), 1):
        for old, new in instead.items():
            at = line.find(old)
            if at >= 0:
                found.append(
                    wrong(f"{old} in line {number}", Edit(where=span(number, at + 1, at + 1 + len(old)), text=new))
                )
    return found


def finding(instead: dict[str, str]) -> Callable[[str], Sequence[Finding]]:
    return lambda text: words(text, instead)


def test_everything_around_an_edit_stays() -> None:
    text = "a: yes  # why\r\n\tb : 'yes' \r\n\r\nیک: yes"
    mended = mend(text, finding({"yes": "true"}))
    assert mended.text == "a: true  # why\r\n\tb : 'true' \r\n\r\nیک: true"
    assert [(one.finding.message, one.was) for one in mended.done] == [
        ("yes in line 1", "yes"),
        ("yes in line 2", "yes"),
        ("yes in line 4", "yes"),
    ]


def test_edits_that_overlap_wait_for_the_next_round() -> None:
    texts: list[str] = []

    def find(text: str) -> list[Finding]:
        texts.append(text)
        return words(text, {"abc": "xc", "xc": "y", "bcd": "z"})

    assert mend("abcd", find).text == "yd"
    assert texts == ["abcd", "xcd", "yd"]


def test_the_same_edit_of_two_findings_is_applied_once() -> None:
    edit = Edit(where=span(1, 1, 2), text="bb")
    mended = mend("a", lambda text: [wrong("one", edit), wrong("two", edit)] if text == "a" else [])
    assert mended.text == "bb"
    assert len(mended.done) == 2


def test_a_finding_is_mended_as_a_whole_or_not_at_all() -> None:
    first = wrong("first", Edit(where=span(1, 1, 3), text="A"))
    second = wrong("second", Edit(where=span(1, 2, 4), text="B"), Edit(where=span(1, 6, 7), text="C"))
    mended = mend("abcdefg", lambda text: [first, second] if text == "abcdefg" else [])
    assert mended.text == "Acdefg"


def test_what_makes_it_worse_is_left_and_the_rest_is_done() -> None:
    def find(text: str) -> list[Finding]:
        more = [wrong("one more"), wrong("and another")] if "bad" in text else []
        return words(text, {"one": "1", "two": "bad", "three": "3"}) + more

    mended = mend("one\ntwo\nthree", find)
    assert mended.text == "1\ntwo\n3"
    assert [one.message for one in mended.undone] == ["two in line 2"]


def test_a_file_that_can_be_read_at_last_may_show_more() -> None:
    tab = wrong("tab", Edit(where=span(1, 1, 2), text="  "), code="PF014")
    mended = mend("\ta", lambda text: [tab] if "\t" in text else [wrong("one"), wrong("two")])
    assert mended.text == "  a"
    back = wrong("one", Edit(where=span(1, 1, 2), text="\t"))
    assert mend("xa", lambda text: [wrong("tab", code="PF014")] if "\t" in text else [back]).text == "xa"


def test_it_ends_even_if_mending_one_thing_breaks_another() -> None:
    calls: list[str] = []

    def find(text: str) -> list[Finding]:
        calls.append(text)
        return words(text, {"a": "b"} if "a" in text else {"b": "a"})

    mend("a", find)
    assert len(calls) <= MAX_ROUNDS + 1
    calls.clear()
    worse = [wrong(f"{one}", Edit(where=span(1, one, one + 1), text="!")) for one in range(1, 400)]

    def never(text: str) -> list[Finding]:
        calls.append(text)
        return [*worse, wrong("more")] if "!" in text else worse

    assert mend("x" * 400, never).text == "x" * 400
    assert len(calls) <= MAX_TRIES + 1


def test_texts_are_put_in_where_nothing_stands() -> None:
    edits = [
        Edit(where=span(1, 2, 2), text="-"),
        Edit(where=span(1, 1, 2), text="A"),
        Edit(where=span(2, 1, 1), text="> "),
    ]
    assert apply(edits, "ab\ncd") == "A-b\n> cd"

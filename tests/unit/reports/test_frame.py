"""The code frame shows the very place, whatever stands before it."""

from __future__ import annotations

from procflow.errors import Finding, Severity, SourceSpan
from procflow.reports.frame import frame
from procflow.reports.paper import plain, width


def framed(text: str | None, line: int, column: int, end: int, *, hint: str | None = None, end_line: int = 0) -> str:
    where = SourceSpan(file="c.yaml", line=line, column=column, end_line=end_line or line, end_column=end)
    found = Finding(code="PF102", severity=Severity.ERROR, message='"colect" is not known here', where=where, hint=hint)
    return plain(frame(found, text))


def test_a_finding_is_shown_with_its_line_and_those_around_it() -> None:
    text = "steps:\n  intake:\n    colect: [ours]\n    actions:\n"
    assert framed(text, 3, 5, 11, hint='did you mean "collect"?') == (
        'c.yaml:3:5: error PF102: "colect" is not known here\n'
        " 2 |   intake:\n"
        " 3 |     colect: [ours]\n"
        "   |     ^^^^^^\n"
        " 4 |     actions:\n"
        '   = help: did you mean "collect"?\n'
    )


def test_tabs_and_wide_letters_before_the_place_are_allowed_for() -> None:
    shown = framed("\t客户: x", 1, 6, 7).splitlines()
    assert shown[1].index("x") == 13
    assert width(shown[1][:13]) == shown[2].index("^")


def test_the_place_itself_may_be_wide() -> None:
    assert framed("投诉: 1", 1, 1, 3).splitlines()[2].count("^") == 4


def test_the_first_and_the_last_line_have_one_neighbour() -> None:
    assert framed("a: 1\nb: 2", 1, 1, 2).splitlines()[1:] == [" 1 | a: 1", "   | ^", " 2 | b: 2"]
    assert framed("a: 1\nb: 2", 2, 1, 2).splitlines()[1:] == [" 1 | a: 1", " 2 | b: 2", "   | ^"]


def test_a_place_past_the_end_still_gets_a_caret() -> None:
    assert framed("a: 1", 1, 9, 9).splitlines()[2] == "   |     ^"
    assert framed("", 1, 1, 1).splitlines()[1:] == [" 1 |", "   | ^"]


def test_a_place_over_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    assert framed("a: [1,\n 2]", 1, 4, 4, end_line=2).splitlines()[2] == "   |    ^^^"


def test_a_very_long_line_is_cut_around_the_place() -> None:
    shown = framed("x" * 500 + "HERE" + "y" * 500, 1, 501, 505).splitlines()
    start = shown[2].index("^")
    assert shown[1][start : start + 4] == "HERE"
    assert len(shown[1]) < 130


def test_without_the_text_or_with_another_one_the_finding_is_still_told() -> None:
    assert framed(None, 3, 5, 11) == 'c.yaml:3:5: error PF102: "colect" is not known here\n'
    assert framed("a: 1", 3, 5, 11).count("\n") == 1


def test_what_a_file_smuggles_in_is_shown_not_obeyed() -> None:
    assert "\x1b" not in framed("a: \x1b[2J", 1, 1, 2)


def test_a_hint_of_several_lines_keeps_them() -> None:
    shown = framed(None, 1, 1, 2, hint="Begin with:\ncase: number\ntime: { column: at }")
    assert shown.splitlines()[1:] == [
        "   = help: Begin with:",
        " " * 11 + "case: number",
        " " * 11 + "time: { column: at }",
    ]

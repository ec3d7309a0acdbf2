"""Workflow commands of GitHub Actions: one line each, with nothing in it that would end it early."""

from __future__ import annotations

from procflow.errors import Finding, Severity, SourceSpan
from procflow.reports.github import github_lines


def told(message: str, *, hint: str | None = None, file: str = "a.yaml", end_line: int = 2) -> str:
    where = SourceSpan(file=file, line=2, column=3, end_line=end_line, end_column=9)
    (one,) = github_lines([Finding(code="PF102", severity=Severity.ERROR, message=message, where=where, hint=hint)])
    return one


def test_a_finding_is_a_command_with_its_place() -> None:
    assert told("not known", hint="did you mean it?") == (
        "::error file=a.yaml,line=2,endLine=2,col=3,endColumn=9,title=PF102 unknown-key::not known%0Adid you mean it?"
    )


def test_signs_of_the_protocol_are_escaped() -> None:
    one = told("100% of\r\n::error::it: a, b", file="x,y:z 50%.yaml")
    assert "file=x%2Cy%3Az 50%25.yaml," in one
    assert one.endswith("::100%25 of%0D%0A::error::it: a, b")
    assert "\n" not in one


def test_nothing_turns_the_direction_of_what_is_read() -> None:
    assert told('applies at x = "\u202egnp.exe"').endswith('::applies at x = "\ufffdgnp.exe"')


def test_columns_are_for_places_in_one_line() -> None:
    assert told("m", end_line=4).startswith("::error file=a.yaml,line=2,title=")


def test_severities_have_their_commands() -> None:
    kinds = [
        next(iter(github_lines([Finding(code="PF208", severity=severity, message="m")])))
        for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
    ]
    assert kinds == [
        "::error title=PF208 never-used::m",
        "::warning title=PF208 never-used::m",
        "::notice title=PF208 never-used::m",
    ]


def test_stdin_has_no_file() -> None:
    assert told("m", file="<stdin>") == "::error title=PF102 unknown-key::m"

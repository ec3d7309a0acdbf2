"""What an author set aside is taken out of the findings, and never out of sight."""

from __future__ import annotations

from dataclasses import replace

from procflow.errors import Finding, Severity, SourceSpan
from procflow.model.ignores import Ignore, sift


def at(line: int, file: str = "a.yaml") -> SourceSpan:
    return SourceSpan(file=file, line=line, column=1, end_line=line, end_column=5)


UNUSED = Finding(code="PF208", severity=Severity.WARNING, message="never used", where=at(3))
IGNORE = Ignore(code="PF208", reason="it is for later", where=at(3), first=3, last=3)


def test_a_finding_that_is_set_aside_does_not_count() -> None:
    told = sift([UNUSED], [IGNORE], complete=True)
    assert told.findings == ()
    assert [(one.finding, one.ignore.reason) for one in told.ignored] == [(UNUSED, "it is for later")]


def test_another_code_line_or_file_counts() -> None:
    for other in (replace(UNUSED, code="PF207"), replace(UNUSED, where=at(4)), replace(UNUSED, where=at(3, "b.yaml"))):
        assert other in sift([other], [IGNORE], complete=False).findings


def test_a_comment_in_vain_is_told_if_everything_was_looked_for() -> None:
    assert [one.code for one in sift([], [IGNORE], complete=True).findings] == ["PF906"]
    assert sift([], [IGNORE], complete=False).findings == ()


def test_what_another_file_decides_is_not_in_vain() -> None:
    assert sift([], [replace(IGNORE, code="PF702")], complete=True).findings == ()

"""What an author set aside, with the reason: `# procflow: ignore PF308 - the desk works that way`.

Only warnings and remarks can be set aside. Whoever reads the findings of a file, and whoever audits by it, is told what
was and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procflow.errors import Finding, Severity, SourceSpan
from procflow.model.rules import PF_CODES, finding, in_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One code that a comment sets aside in one place."""

    code: str
    reason: str
    where: SourceSpan
    """The comment."""
    first: int
    last: int
    """The lines it is about: several if a text goes over several lines."""

    def covers(self, one: Finding) -> bool:
        """Return True if the finding is one the author set aside."""
        return (
            one.where is not None
            and one.code == self.code
            and one.where.file == self.where.file
            and self.first <= one.where.line <= self.last
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A finding that was set aside, and what the author said about it."""

    finding: Finding
    ignore: Ignore


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """The findings of a file: those that count, and those that were set aside; both in the order of the file."""

    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...] = ()


_OF_ONE_FILE = re.compile("PF(?!603|[78])")
"""Codes of checks that one file is enough for; nobody knows of the others whether a comment about them is in vain."""


def may_be_ignored(code: str) -> bool:
    """Return True for the code of a warning or a remark about a file."""
    return code in PF_CODES and PF_CODES[code].severity is not Severity.ERROR


def sift(findings: Iterable[Finding], ignores: Sequence[Ignore], *, complete: bool) -> Sifted:
    """Return the findings, those set aside apart.

    `complete`: everything that can be found was looked for, so that a comment that sets nothing aside is a finding.
    """
    kept: list[Finding] = []
    ignored: list[Ignored] = []
    used: set[Ignore] = set()
    for one in in_order(findings):
        covering = [ignore for ignore in ignores if ignore.covers(one)]
        used.update(covering)
        if covering:
            ignored.append(Ignored(finding=one, ignore=covering[0]))
        else:
            kept.append(one)
    if complete:
        kept.extend(_idle(ignore) for ignore in ignores if ignore not in used and _OF_ONE_FILE.match(ignore.code))
    return Sifted(
        findings=in_order(kept),
        ignored=tuple(ignored),
    )


def _idle(ignore: Ignore) -> Finding:
    there = f"line {ignore.first}" if ignore.first == ignore.last else f"lines {ignore.first} to {ignore.last}"
    return finding(
        "PF906",
        f"there is no {ignore.code} in {there} to ignore",
        where=ignore.where,
        hint="remove the comment, or move it to the end of the line it is about",
    )

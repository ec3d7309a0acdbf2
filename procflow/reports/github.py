"""Findings as workflow commands of GitHub Actions: each becomes a note at its line of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.errors import Finding
from procflow.reports.paper import visible
from procflow.reports.places import web_path
from procflow.reports.slugs import slug_of

_KINDS = {"error": "error", "warning": "warning", "info": "notice"}


def github_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield one command for each finding, without line breaks."""
    for one in findings:
        properties = [*_place(one), ("title", f"{one.code} {slug_of(one.code)}".rstrip())]
        told = ",".join(f"{name}={_property(value)}" for name, value in properties)
        text = one.message if one.hint is None else f"{one.message}\n{one.hint}"
        yield f"::{_KINDS.get(one.severity.value, 'warning')} {told}::{_data(text)}"


def _place(one: Finding) -> Iterator[tuple[str, str]]:
    where = one.where
    if where is None or where.file.startswith("<"):
        return
    yield "file", web_path(where.file)
    yield "line", str(where.line)
    if where.end_line == where.line:
        yield "endLine", str(where.end_line)
        yield "col", str(where.column)
        yield "endColumn", str(where.end_column)


def _data(text: str) -> str:
    # A condition may hold signs that turn the direction of what follows: nobody would read it as it stands.
    lines = (one.split("\r") for one in text.split("\n"))
    return "%0A".join("%0D".join(visible(part).replace("%", "%25") for part in line) for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

"""What `procflow check --fix` did and what it left, in words and for programs; and what it would do, as a diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff

from procflow.errors import Finding
from procflow.expressions.types import Raw
from procflow.loading.mending import Mending
from procflow.reports.documents import Json, finding_document, span_document
from procflow.reports.paper import Ink, Line, Mark, clip, counted, faint, line, visible

_LONGEST = 48
"""How many cells of a text are shown."""


def fixes_lines(file: str, fixes: Sequence[Mending], undone: Sequence[Finding]) -> Iterator[Line]:
    """Yield what was changed in a file, and what was not because it would have made the file worse."""
    if fixes:
        yield line(Ink(f"{visible(file)}: {counted(len(fixes), 'finding')} mended", Mark.GOOD))
    for one in fixes:
        yield line(faint(f"  {_place(one.finding):>8} "), f"{one.finding.code} {_change(one)}")
    for left in undone:
        yield line(
            faint(f"  {_place(left):>8} "),
            Ink(f"{left.code} was left: mending it would show more errors than it takes away", Mark.DOUBTFUL),
        )


def _place(one: Finding) -> str:
    return "" if one.where is None else f"{one.where.line}:{one.where.column}"


def _change(one: Mending) -> str:
    """Return the change in one line: what stood there and what stands there now."""
    edits = one.finding.edits
    if len(edits) > 1:
        return f"{visible(one.finding.message)}: {len(edits)} places changed"
    was, now = _shown(one.was), _shown(edits[0].text)
    if not was or (edits[0].text and not now):
        # Spaces for a tab: there is nothing to see on either side.
        return visible(one.finding.message)
    return f"{was} -> {now}" if now else f"{was} removed"


def _shown(text: str) -> str:
    return clip(visible(text.strip()), _LONGEST)


def fixes_document(file: str, fixes: Sequence[Mending], undone: Sequence[Finding]) -> Json:
    """Return what was changed in a file, for the document of findings."""
    mended: list[Raw] = [{**finding_document(one.finding), "edits": _edits(one.finding)} for one in fixes]
    return {
        "file": file,
        "mended": mended,
        "undone": [{**finding_document(one), "edits": _edits(one)} for one in undone],
    }


def _edits(one: Finding) -> list[Raw]:
    return [{"where": span_document(edit.where), "text": edit.text} for edit in one.edits]


def diff(file: str, before: str, after: str) -> Iterator[str]:
    """Yield a unified diff, with the line ends of the texts, so that `patch` can apply it; nothing if they are equal."""
    for one in unified_diff(_lines(before), _lines(after), f"a/{file}", f"b/{file}"):
        yield one if one.endswith("\n") else f"{one}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one, as it does for `patch`."""
    parts = text.split("\n")
    return [f"{one}\n" for one in parts[:-1]] + ([parts[-1]] if parts[-1] else [])

"""PF901: how a procedure is laid out as a text. It changes nothing; only `procflow check` tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procflow.errors import Edit, Finding
from procflow.loading.source import Source
from procflow.model.rules import finding

USUAL_ORDER = (
    "procflow",
    "procedure",
    "version",
    "title",
    "purpose",
    "owner",
    "author",
    "approved-by",
    "agreed-by",
    "effective",
    "review-by",
    "controls",
    "calendar",
    "overrides",
    "accountable",
    "roles",
    "data",
    "hand-offs",
    "clocks",
    "start",
    "steps",
    "anytime",
    "rules",
    "fairness",
    "titles",
    "scenarios",
)
"""The top-level keys in the order in which docs/language.md explains them."""

_TRAILING = re.compile(r"[ \t]+(?=\r\n|\n|\r|\Z)")
_LINE_END = re.compile(r"\r\n|\n|\r")


def layout_findings(source: Source) -> tuple[Finding, ...]:
    """Return what is unusual in the layout of a procedure: its order, spaces at the ends of lines, an unfinished line."""
    return (*_order(source), *_trailing(source), *_unfinished(source))


def _order(source: Source) -> Iterator[Finding]:
    if not isinstance(source.data, dict):
        return
    ranks = [(key, USUAL_ORDER.index(key)) for key in source.data if key in USUAL_ORDER]
    last, highest = "", -1
    for key, rank in ranks:
        if rank < highest:
            usual = ", ".join(f"`{one}`" for one in USUAL_ORDER if one in source.data)
            message = f"`{key}` usually stands above `{last}`"
            yield finding("PF901", message, where=source.key((key,)), hint=f"the usual order is {usual}")
            return  # one is enough: whoever moves it sees the rest
        last, highest = key, rank


def _trailing(source: Source) -> Iterator[Finding]:
    """Tell spaces at the ends of lines, all at once; not inside texts of several lines, where they may be meant."""
    texts = [
        (mark.start, mark.end)
        for mark in source.marks.values()
        if mark.style not in ("block", "flow") and _LINE_END.search(source.text, mark.start, mark.end)
    ]
    edits = [
        Edit(where=source.between(found.start(), found.end()), text="")
        for found in _TRAILING.finditer(source.text)
        if not any(start <= found.start() < end for start, end in texts)
    ]
    if edits:
        what = "this line ends" if len(edits) == 1 else f"{len(edits)} lines end, this one first,"
        yield finding("PF901", f"{what} in spaces", where=edits[0].where, hint="remove them", edits=tuple(edits))


def _unfinished(source: Source) -> Iterator[Finding]:
    if source.text and source.text[-1] not in "\r\n":
        newline = found.group() if (found := _LINE_END.search(source.text)) is not None else "\n"
        end = source.between(len(source.text), len(source.text))
        edit = Edit(where=end, text=newline)
        yield finding("PF901", "the last line is not ended", where=end, hint="end it with a newline", edits=(edit,))

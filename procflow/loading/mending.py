"""Findings mended in the text: their edits applied, the result read again, until there is nothing left to mend.

The text keeps its comments, quotes, layout and line ends: only what an edit names is replaced. Nothing is applied that
makes the file worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from procflow.errors import Edit, Finding, SourceSpan, errors_of
from procflow.loading.source import line_starts

MAX_ROUNDS = 10
MAX_TRIES = 100
"""How often a text is read again in all: a bound, in case mending one thing breaks another for ever."""
_MOST_READ = 1_000_000
"""Characters that are read again in all; but a text is tried often enough to come from all its edits to a single one."""
_STOPS_READING = frozenset({"PF001", "PF002", "PF003", "PF004", "PF005", "PF006", "PF010", "PF014"})
"""Errors after which nothing is known of the rest of the file."""

Find = Callable[[str], Sequence[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What was done about one finding."""

    finding: Finding
    was: str
    """What stood where the first edit replaced it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A text after mending."""

    text: str
    done: tuple[Mending, ...]
    """In the order they were done."""
    undone: tuple[Finding, ...]
    """Findings whose edits would have made the file worse, so that they were not applied."""


def mend(text: str, find: Find) -> Mended:
    """Return the text with everything mended that can be. `find` returns the findings of a text.

    What is mended together is applied together if no new error comes of it; else part by part, to find out whose it is.
    """
    done: list[Mending] = []
    undone: dict[tuple[str, str], Finding] = {}
    found = find(text)
    tries = rounds = 0
    least = sum(1 for one in found if one.edits).bit_length() + 1
    most = min(MAX_TRIES, max(least, _MOST_READ // max(1, len(text))))
    while rounds < MAX_ROUNDS and tries < most:
        whole = _apart([one for one in found if one.edits and _key(one) not in undone], text)
        chosen = whole
        while chosen and tries < most:
            tries += 1
            changed = apply([edit for one in chosen for edit in one.edits], text)
            after = find(changed)
            if _is_as_expected(after, found, chosen) or (len(chosen) == 1 and not _is_worse(after, found)):
                lines = line_starts(text)
                done.extend(Mending(finding=one, was=_was(one.edits[0], text, lines)) for one in chosen)
                text, found = changed, after
                rounds += chosen is whole
                break
            if len(chosen) == 1:
                undone[_key(chosen[0])] = chosen[0]
                break
            chosen = chosen[: len(chosen) // 2]
        if not whole:
            break
    return Mended(text=text, done=tuple(done), undone=tuple(undone.values()))


def apply(edits: Sequence[Edit], text: str) -> str:
    """Return the text with the edits applied; they must not overlap, the same edit may come twice."""
    lines = line_starts(text)
    parts: list[str] = []
    at = 0
    for start, end, new in sorted({(*_offsets(edit.where, lines), edit.text) for edit in edits}):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _apart(findings: Sequence[Finding], text: str) -> list[Finding]:
    """Return as many findings as can be mended at once: those whose edits do not overlap with an earlier one's."""
    lines = line_starts(text)
    taken: set[tuple[int, int, str]] = set()
    chosen: list[Finding] = []
    reached = -1
    spans = [(sorted({(*_offsets(edit.where, lines), edit.text) for edit in one.edits}), one) for one in findings]
    for edits, one in sorted(spans, key=lambda each: each[0]):
        new = [edit for edit in edits if edit not in taken]
        beside = all(first[1] <= second[0] and first[0] < second[0] for first, second in pairwise(new))
        if beside and (not new or new[0][0] >= reached):
            chosen.append(one)
            taken.update(new)
            # Two texts put in at one place would have no certain order, so the next one begins further on.
            reached = max([reached, *(max(end, start + 1) for start, end, _ in new)])
    return chosen


def _is_as_expected(after: Sequence[Finding], before: Sequence[Finding], mended: Sequence[Finding]) -> bool:
    """Return True if what was mended is gone, and nothing came instead."""
    return not _is_worse(after, before) and (
        any(one.code in _STOPS_READING for one in mended) or _errors(after) <= _errors(before) - _errors(mended)
    )


def _is_worse(after: Sequence[Finding], before: Sequence[Finding]) -> bool:
    stopped = any(one.code in _STOPS_READING for one in before)
    stops = any(one.code in _STOPS_READING for one in after)
    if stopped != stops:
        # Once a file can be read, more is found in it than before: that is no harm done.
        return stops
    return _errors(after) > _errors(before)


def _errors(findings: Sequence[Finding]) -> int:
    return len(errors_of(findings))


def _key(one: Finding) -> tuple[str, str]:
    return one.code, one.message


def _was(edit: Edit, text: str, lines: Sequence[int]) -> str:
    start, end = _offsets(edit.where, lines)
    return text[start:end]


def _offsets(where: SourceSpan, lines: Sequence[int]) -> tuple[int, int]:
    return lines[where.line - 1] + where.column - 1, lines[where.end_line - 1] + where.end_column - 1

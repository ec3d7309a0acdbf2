"""Alternatives: which way is open where a condition is read, and what is attached to taking it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from procflow.errors import SourceSpan
from procflow.expressions.expression import Expression
from procflow.model.procedure import Arrow, Branch


class Reading(Enum):
    """What a condition says on the record."""

    TRUE = "true"
    FALSE = "false"
    UNDECIDED = "undecided"
    UNSEEN = "unseen"
    """Undecided only because the log cannot witness a value it needs: opens like undecided, and is not examined."""

    # Readings are part of what is remembered, and hashed all the time; Enum hashes the name, in Python.
    __hash__ = object.__hash__


Read = Callable[[Expression], Reading]
"""Reads a condition on one fixed state of the record."""


class NoteKind(Enum):
    """Why a move is taken although something about it is not in order."""

    NOT_MET = "condition-not-met"
    UNDECIDED = "condition-undecided"
    UNSEEN = "unseen"
    TOO_MANY = "too-many-times"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something attached to a move; costs 1 unless it is `UNSEEN`."""

    kind: NoteKind
    condition: Expression | None
    where: SourceSpan

    @property
    def attached(self) -> int:
        """What it adds to the second component of the cost."""
        return int(self.kind is not NoteKind.UNSEEN)


def all_open(alternatives: Sequence[object]) -> Sequence[tuple[int, tuple[Note, ...]]]:
    """Return every alternative as open, nothing attached: whoever skips does not read conditions."""
    return [(index, ()) for index in range(len(alternatives))]


def open_ones(arrows: Sequence[Arrow], read: Read) -> Sequence[tuple[int, tuple[Note, ...]]]:
    """Return which alternatives are open, with what is attached to taking each.

    The first true one alone, if nothing before it is undecided; else the undecided ones before it and it, or the
    undecided ones and `otherwise`; and only if all are false, each of them with condition-not-met.
    """
    doubtful: list[tuple[int, Reading]] = []
    for index, arrow in enumerate(arrows):
        reading = Reading.TRUE if arrow.when is None else read(arrow.when)
        if reading is Reading.TRUE:
            if not doubtful:
                return [(index, ())]
            doubtful.append((index, Reading.UNDECIDED))
            break
        if reading is not Reading.FALSE:
            doubtful.append((index, reading))
    if not doubtful:
        return [(index, (_note(NoteKind.NOT_MET, arrow),)) for index, arrow in enumerate(arrows)]
    return _in_doubt(arrows, doubtful)


def _in_doubt(
    arrows: Sequence[Arrow], doubtful: Sequence[tuple[int, Reading]]
) -> Sequence[tuple[int, tuple[Note, ...]]]:
    """Attach to each open alternative the first condition in doubt: it is what made the choice doubtful."""
    first = next(index for index, _ in doubtful if arrows[index].when is not None)
    undecided = any(reading is Reading.UNDECIDED and arrows[index].when is not None for index, reading in doubtful)
    note = _note(NoteKind.UNDECIDED if undecided else NoteKind.UNSEEN, arrows[first])
    return [(index, (note,)) for index, _ in doubtful]


def _note(kind: NoteKind, arrow: Arrow) -> Note:
    return Note(kind=kind, condition=arrow.when, where=arrow.where)


def entry_notes(branch: Branch, reading: Reading) -> tuple[Note, ...]:
    """Return what is attached to deciding whether a branch is needed."""
    if reading in (Reading.TRUE, Reading.FALSE):
        return ()
    kind = NoteKind.UNDECIDED if reading is Reading.UNDECIDED else NoteKind.UNSEEN
    return (Note(kind=kind, condition=branch.only_if, where=branch.where),)

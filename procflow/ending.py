"""Where a case ends that goes on no further, and what is missing if that is no end."""

from __future__ import annotations

from typing import NamedTuple

from procflow.automaton.alignment import Aligner
from procflow.automaton.alternatives import Reading
from procflow.automaton.automaton import Automaton
from procflow.automaton.moves import Move
from procflow.automaton.vectors import Circumstances, Vector
from procflow.model.configuration import Configuration


class Ending(NamedTuple):
    """How a case ends whose end is not on record."""

    vector: Vector
    entry: int
    """Where in it the case stands."""
    source: int
    """The entry of the vector before that it came from."""
    timers: tuple[Move, ...]
    """What brought it to an end although nobody acted."""


def ending_of(aligner: Aligner, vector: Vector, gates: tuple[Reading, ...]) -> Ending:
    """Return how a case ends that the log says is complete, although no event closes it."""
    automaton = aligner.automaton
    if not automaton.timed:
        index = closing(automaton, vector)
        return Ending(vector, index, index, ())
    advance = aligner.stand(vector, Circumstances(gates, gates, (), frozenset(), False), closes=True)
    index = closing(automaton, advance.vector)
    back = advance.back[index]
    return Ending(advance.vector, index, back.source, back.skips)


def closing(automaton: Automaton, vector: Vector) -> int:
    """Return the entry a closed case stands in: never to have finished would be one more deviation of the flow."""
    least = vector.entries[vector.best][1]
    ends = (
        index for index, (at, cost, _) in enumerate(vector.entries) if cost.flow == least.flow and automaton.is_end(at)
    )
    return min(ends, key=lambda index: vector.entries[index][1], default=vector.best)


def unfinished(automaton: Automaton, vector: Vector, index: int) -> Configuration | None:
    """Return where a closed case stands, if that is no end."""
    at = vector.entries[index][0]
    return None if automaton.is_end(at) else at

"""The oracle: what a procedure says of a trace, told from the norm alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.oracle.authority import Authority
from tests.oracle.checks import Checks
from tests.oracle.explanations import Explanations, Optimum
from tests.oracle.flow import Flow
from tests.oracle.plain import Disposed, Plain, PlainEvent

Brief = tuple[str, int | None]
"""The code of a finding, and the event blamed."""


class Oracle:
    """One procedure, as plain data."""

    def __init__(self, procedure: Plain, *, people: bool = True) -> None:
        """`people`: False for a record that does not tell who acted, nor with which proofs and reasons."""
        self.flow = Flow(procedure)
        self.checks = Checks(procedure, self.flow, people=people)
        self.authority = Authority(procedure, self.flow, self.checks)

    def explain(self, trace: Sequence[PlainEvent]) -> Explanations:
        """Return all explanations of a trace."""
        return Explanations(self.flow, self.checks, self.authority, trace)

    def optimum(self, trace: Sequence[PlainEvent]) -> Optimum:
        """Return what the cheapest of them cost."""
        return self.explain(trace).optimum()

    def verdicts(self, trace: Sequence[PlainEvent]) -> set[tuple[Disposed, ...]]:
        """Return what each of the best explanations finds, and what becomes of it; refused attempts apart."""
        return {by_text(self.authority.disposed(one, trace)) for one in self.explain(trace).findings()}

    def prevented(self, trace: Sequence[PlainEvent], at: int) -> set[tuple[Brief, ...]]:
        """Return what may be said of the refused attempt at this place: what would have been new and not excused.

        If nothing would have been, it was wrongly refused. Only what blames the attempt itself is told: how it would
        have changed the explanation of what came before it has no say here.
        """
        attempt: PlainEvent = {**trace[at], "lifecycle": trace[at].get("attempted", "complete")}
        before, after = self.verdicts(trace[:at]), self.verdicts([*trace[:at], attempt])
        wrongly: Brief = ("DV704", at + 1)
        # Where it is not known who acted, now or before a gap, four-eyes and not-by cannot be examined: that nothing
        # stood against the attempt cannot be said either.
        unseen = any(one.get("gap") or "actor" not in one for one in (*trace[:at], attempt))
        found: set[tuple[Brief, ...]] = {()} if unseen else set()
        for old in before:
            for new in after:
                more = sorted((_unexcused(new) - _unexcused(old)).elements(), key=str)
                found.add(tuple(one for one in more if one[1] == at + 1) if more else (wrongly,))
        return found


def _unexcused(told: Sequence[Disposed]) -> Counter[Brief]:
    return Counter(one[:2] for one in told if one[4] == "unexcused")


def by_text(told: Sequence[Disposed]) -> tuple[Disposed, ...]:
    """Return findings so that equal ones are equal in whatever order they were found."""
    return tuple(sorted(told, key=lambda one: tuple(map(str, one))))

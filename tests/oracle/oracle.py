"""The oracle: what a procedure says of a trace, told from the norm alone."""

from __future__ import annotations

from collections.abc import Sequence

from tests.oracle.checks import Checks
from tests.oracle.explanations import Explanations, Optimum
from tests.oracle.flow import Flow
from tests.oracle.plain import Plain, PlainEvent


class Oracle:
    """One procedure, as plain data."""

    def __init__(self, procedure: Plain, *, people: bool = True) -> None:
        """`people`: False for a record that does not tell who acted, nor with which proofs and reasons."""
        self.flow = Flow(procedure)
        self.checks = Checks(procedure, self.flow, people=people)

    def explain(self, trace: Sequence[PlainEvent]) -> Explanations:
        """Return all explanations of a trace."""
        return Explanations(self.flow, self.checks, trace)

    def optimum(self, trace: Sequence[PlainEvent]) -> Optimum:
        """Return what the cheapest of them cost."""
        return self.explain(trace).optimum()

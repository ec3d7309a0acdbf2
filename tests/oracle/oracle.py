"""The oracle: what a procedure says of a trace, told from the norm alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.oracle.authority import Authority
from tests.oracle.checks import Checks
from tests.oracle.explanations import Explanations
from tests.oracle.flow import Flow
from tests.oracle.layers import Optimum
from tests.oracle.plain import Disposed, Finding, Plain, PlainEvent
from tests.oracle.rule_path import findings_of, said_of
from tests.oracle.rule_words import Spot
from tests.oracle.rules import STATES

Brief = tuple[str, int | None]
"""The code of a finding, and the event blamed."""
_ASKING = {"by", "when", "same", "different"}
Standing = tuple[str | int, ...]
"""A rule, its status, and how many of its activations came to each of `STATES`."""


class Oracle:
    """One procedure, as plain data."""

    def __init__(self, procedure: Plain, *, people: bool = True) -> None:
        """`people`: False for a record that does not tell who acted, nor with which proofs and reasons."""
        self.flow = Flow(procedure)
        self.checks = Checks(procedure, self.flow, people=people)
        self.authority = Authority(procedure, self.flow, self.checks)
        self.procedure = procedure
        self.rules: Mapping[str, Plain] = procedure.get("rules", {})

    def explain(self, trace: Sequence[PlainEvent]) -> Explanations:
        """Return all explanations of a trace."""
        rules = self._said_by_rules if self.rules else None
        return Explanations(self.flow, self.checks, self.authority, trace, rules)

    def _said_by_rules(self, spots: Sequence[Spot]) -> Iterator[Finding]:
        return findings_of(said_of(self.rules, self.procedure, spots), spots)

    def standings(self, trace: Sequence[PlainEvent], *, fewest: bool = True) -> set[tuple[Standing, ...]]:
        """Return how the rules stand on each of the best explanations."""
        return {
            tuple(
                (name, said.status, *(said.count(state) for state in STATES))
                for name, said in said_of(self.rules, self.procedure, spots).items()
            )
            for _, spots in self.explain(trace).told(fewest=fewest)
        }

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
        # Nor where a rule asks for what may not be known.
        unseen = unseen or any(not _ASKING.isdisjoint(rule) for rule in self.rules.values())
        # Nor where time leads on: an attempt may have been made before it did, and clocks are not this oracle's.
        unseen = unseen or "go-to" in str(self.procedure)
        found: set[tuple[Brief, ...]] = {()} if unseen else set()
        for old in before:
            for new in after:
                more = sorted((self._unexcused(new) - self._unexcused(old)).elements(), key=str)
                grounded = any(refuses for *_, refuses in more)
                found.add(tuple((code, seq) for code, seq, _ in more if seq == at + 1) if grounded else (wrongly,))
        return found

    def _unexcused(self, told: Sequence[Disposed]) -> Counter[tuple[str, int | None, bool]]:
        """Return what nothing excuses, and whether an attempt is refused for it; what time alone did is left out."""
        found: Counter[tuple[str, int | None, bool]] = Counter()
        for code, seq, step, _, disposition in told:
            rule, _, how = (step or "").partition(": ")
            if disposition == "unexcused" and not how.startswith("late"):
                found[code, seq, not how or self.rules[rule].get("refuse", True)] += 1
        return found


def by_text(told: Sequence[Disposed]) -> tuple[Disposed, ...]:
    """Return findings so that equal ones are equal in whatever order they were found."""
    return tuple(sorted(told, key=lambda one: tuple(map(str, one))))

"""Everything that is said of the rules of one procedure, in order, and where looking came to an end (PF329)."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import Finding
from procflow.expressions.effort import Effort
from procflow.lint.rules import bypassed, idle, people, twice
from procflow.lint.rules.against import Against, held_against
from procflow.lint.rules.conflicts import Conflicts
from procflow.lint.rules.search import Spent
from procflow.lint.rules.telling import listed
from procflow.lint.rules.through import MOST_PLACES
from procflow.lint.rules.worlds import units_of
from procflow.model.procedure import Procedure
from procflow.model.rules import finding

MOST_LOOKED_AT = 100_000
"""Events of sequences that are looked at for each question about all rules of one procedure: less than a second."""


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield what can be said of the rules of a procedure, each mistake once."""
    units = units_of(procedure.rules)
    against = held_against(procedure, units, Effort(MOST_LOOKED_AT))
    conflicts = Conflicts(units=units, effort=Effort(MOST_LOOKED_AT), known=against.runs if against is not None else {})
    conflicts.look()
    yield from people.findings(procedure)
    yield from conflicts.findings()
    if conflicts.left_out:
        what = listed(conflicts.left_out)
        yield _not_compared(procedure, f"whether rules contradict each other once {what} happens")
    yield from idle.findings(procedure, against.ways if against is not None else None, conflicts)
    if against is None:
        beyond = f": a case may stand in more than {MOST_PLACES:,} ways"
        yield _not_compared(procedure, f"whether some way through the procedure keeps all rules{beyond}")
    else:
        yield from _ways(procedure, against, conflicts)
    try:
        yield from twice.findings(procedure.rules, Effort(MOST_LOOKED_AT))
    except Spent:
        yield _not_compared(procedure, "which rules say the same")


def _ways(procedure: Procedure, against: Against, conflicts: Conflicts) -> Iterator[Finding]:
    known = conflicts.told
    yield from against.findings(known)
    blamed = known.union(rule.id for core in against.never for rule in core.rules)
    rest = [rule for rule in procedure.rules if rule.id not in blamed]
    yield from bypassed.findings(procedure, rest, Effort(MOST_LOOKED_AT))
    if against.left_out:
        yield _not_compared(procedure, "whether every action can be done with all rules kept")


def _not_compared(procedure: Procedure, what: str) -> Finding:
    message = f"not looked into: {what}"
    hint = "nothing is wrong; what was found until then is told. Fewer rules that name the same can be compared further"
    return finding("PF329", message, where=procedure.rules[0].where, hint=hint)

"""Checks of rules: whether they can be kept together, on the ways through the procedure, and whether each adds something.

letters -> automata -> search      what events are to rules, rules as automata, sequences that keep them
anyhow, conflicts, twice           any sequence of events: rules held against each other (PF320, PF321, PF326)
through, against, bypassed         the ways through the procedure: rules held against it (PF313, PF321, PF322, PF325)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procflow.errors import Finding
    from procflow.model.procedure import Procedure


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield what can be said of the rules of a procedure; nothing is loaded for one that has none."""
    if procedure.rules:
        from procflow.lint.rules.checking import findings as checked

        yield from checked(procedure)

"""Closing: what is said of a case that was closed although it had not reached an end."""

from __future__ import annotations

from procflow.automaton.automaton import Automaton
from procflow.automaton.projection import ENTERS
from procflow.model.configuration import Configuration
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.words import joined


def never_finished(automaton: Automaton, case: str, at: Configuration) -> Deviation:
    """Return that a case was closed while it stood at `at`. No event is blamed."""
    steps = list(at.active_steps())
    due = list(dict.fromkeys(name for _, name in automaton.due(at)))
    return Deviation(
        code="DV107",
        severity=REGISTRY["DV107"].severity,
        message=f"the case was closed while it stood in {joined([f'“{step}”' for step in steps])}",
        where=automaton.procedure.steps[steps[-1]].where,
        case=case,
        seq=None,
        step=steps[-1],
        values={"due": ", ".join(name.removeprefix(ENTERS) for name in due)},
        remedy="bring the case to an end of the procedure before closing it",
    )

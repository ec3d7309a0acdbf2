"""PF320 to PF322 and PF329 of policies: held against each other, and together with the rules and the flow of procedures.

What procedures say among themselves, they are told alone. Of rules over several cases nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from procflow.errors import Finding
from procflow.expressions.effort import Effort
from procflow.lint.rules.against import held_against
from procflow.lint.rules.conflicts import Conflicts
from procflow.lint.rules.worlds import Core, units_of
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, Per, Rule
from procflow.model.rules import finding

MOST_LOOKED_AT = 50_000
"""Events of sequences that are looked at for each question about policies and one procedure."""
MOST_PROCEDURES = 50
"""Procedures that policies are held against: the check must end."""


def findings(policies: Policies, procedures: Sequence[Procedure]) -> Iterator[Finding]:
    """Yield what policies make impossible in the procedures, or among themselves if none is given; each thing once."""
    found: dict[Finding, list[str]] = {}
    if procedures:
        for procedure in procedures[:MOST_PROCEDURES]:
            ours = policies.rules_for(procedure)
            for one in _in(procedure, ours) if ours else ():
                found.setdefault(one, []).append(procedure.id)
    else:
        for rules in _together(policies.rules):
            for one in _alone(rules):
                found.setdefault(one, [])
    for one, names in found.items():
        where = f" (in {', '.join(dict.fromkeys(names))})" if names else ""
        yield replace(one, message=f"{one.message}{where}")


def _together(rules: Sequence[Rule]) -> Iterator[tuple[Rule, ...]]:
    """Yield rules of single cases that may hold in one procedure: those of bare names, with those of each that is named."""
    single = [rule for rule in rules if rule.per is Per.CASE]
    named = dict.fromkeys(one.procedure for rule in single for one in _happenings(rule) if one.procedure is not None)
    procedures: list[str | None] = [*named] or [None]
    for procedure in procedures:
        yield tuple(
            _bare(rule) for rule in single if all(one.procedure in (None, procedure) for one in _happenings(rule))
        )


def _happenings(rule: Rule) -> tuple[Happening, ...]:
    return (*rule.triggers, *rule.targets)


def _bare(rule: Rule) -> Rule:
    def bare(happenings: tuple[Happening, ...]) -> tuple[Happening, ...]:
        return tuple(replace(one, procedure=None) for one in happenings)

    return replace(rule, triggers=bare(rule.triggers), targets=bare(rule.targets))


def _alone(rules: Sequence[Rule]) -> Iterator[Finding]:
    conflicts = Conflicts(units=units_of(rules), effort=Effort(MOST_LOOKED_AT))
    conflicts.look()
    yield from conflicts.findings()


def _in(procedure: Procedure, ours: Sequence[Rule]) -> Iterator[Finding]:
    """Yield what the rules of policies make impossible in a procedure, its own rules besides."""
    units = units_of((*procedure.rules, *ours))
    against = held_against(procedure, units, Effort(MOST_LOOKED_AT))
    conflicts = Conflicts(units=units, effort=Effort(MOST_LOOKED_AT), known=against.runs if against is not None else {})
    conflicts.look()
    ids = {rule.id for rule in ours}
    conflicts.nothing = [core for core in conflicts.nothing if _is_ours(core, ids)]
    conflicts.barred = {one: core for one, core in conflicts.barred.items() if _is_ours(core, ids)}
    conflicts.units = [unit for unit in units if len(unit.rules) == 1 or any(rule.id in ids for rule in unit.rules)]
    for one in conflicts.findings():
        yield _shown(one, ours)
    if against is not None:
        against.never = [core for core in against.never if _is_ours(core, ids)]
        against.barred = {one: core for one, core in against.barred.items() if _is_ours(core, ids)}
        for one in against.findings(conflicts.told):
            yield _shown(one, ours)
    if against is None or against.left_out or conflicts.left_out:
        message = "not looked into: whether some of what policies and the procedure ask can be kept together"
        hint = "nothing is wrong; what was found until then is told. Fewer rules that name the same can be compared further"
        yield finding("PF329", message, where=ours[0].where, hint=hint)


def _is_ours(core: Core, ids: Collection[str]) -> bool:
    return any(rule.id in ids for rule in core.rules)


def _shown(one: Finding, ours: Sequence[Rule]) -> Finding:
    """Return a finding at the last of our rules that it names: the file of the policies is the one that is checked."""
    named = [rule.where for rule in ours if f"`{rule.id}`" in f"{one.message} {one.hint}"]
    return replace(one, where=named[-1]) if named else one

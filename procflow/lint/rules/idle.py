"""PF325: rules that nothing sets off."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import Finding
from procflow.lint.rules.conflicts import Conflicts
from procflow.lint.rules.telling import either
from procflow.lint.rules.through import Through
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, HappeningKind, Per, Rule
from procflow.model.rules import finding


def findings(procedure: Procedure, ways: Through | None, conflicts: Conflicts) -> Iterator[Finding]:
    """Yield the rules whose triggers never happen, because the procedure has no way to them or another rule bars them."""
    for rule in procedure.rules:
        if not rule.triggers:
            continue
        why = _why_never(rule, procedure, ways) or _barred(rule, conflicts)
        if why:
            message = f"nothing ever sets off `{rule.id}`: {why}"
            yield finding("PF325", message, where=rule.where, hint="mend what sets it off, or remove the rule")


def _why_never(rule: Rule, procedure: Procedure, ways: Through | None) -> str:
    if all(_leaves_end(one, procedure) for one in rule.triggers):
        return f"a case that is in {either(_steps(rule))} has ended, and does not leave it"
    if ways is None or rule.per is not Per.CASE or not ways.everything.isdisjoint(rule.triggers):
        return ""
    reached = {step for at in ways.places if at is not None for step in at.active_steps()}
    if any(one.step not in reached and one.step is not None for one in rule.triggers):
        return ""
    named = (one.name for one in rule.triggers if one.kind in (HappeningKind.ENTERS, HappeningKind.LEAVES))
    if any(name not in reached for name in named):
        return ""  # that nobody comes to these steps is told where they are
    if any(one.kind in (HappeningKind.ACTION, HappeningKind.STARTS) and one.step is None for one in rule.triggers):
        return ""
    return f"{either(rule.triggers)} never happens on any way"


def _leaves_end(one: Happening, procedure: Procedure) -> bool:
    return one.kind is HappeningKind.LEAVES and procedure.steps[one.name].end is not None


def _steps(rule: Rule) -> list[Happening]:
    return [Happening(kind=HappeningKind.ACTION, name=one.name) for one in rule.triggers]


def _barred(rule: Rule, conflicts: Conflicts) -> str:
    """Return which other rule forbids all that sets a rule off; "" if none does on its own."""
    cores = [conflicts.barred.get(one) for one in rule.triggers]
    blamed = [core.rules[0] for core in cores if core is not None and len(core.rules) == 1]
    others = list(dict.fromkeys(f"`{one.id}`" for one in blamed if one is not rule))
    if len(blamed) < len(cores) or len(others) != 1:
        return ""
    return f"{others[0]} in line {blamed[0].where.line} forbids {either(rule.triggers)}"

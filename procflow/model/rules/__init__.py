"""The register of checks of files (PF codes): one family a module, every check with its manual page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from procflow.errors import Edit, Finding, SourceSpan
from procflow.model.rules import (
    calendars,
    conditions,
    control,
    file,
    flow,
    hand_offs,
    names,
    of_rules,
    organisation,
    policies,
    scenarios,
    services,
    shape,
    style,
    time,
    versions,
)
from procflow.model.rules.rule import Rule


def _build(*families: tuple[Rule, ...]) -> Mapping[str, Rule]:
    rules = [rule for family in families for rule in family]
    table = {rule.code: rule for rule in rules}
    assert len(table) == len(rules), "a code stands for one check"
    return MappingProxyType(table)


PF_CODES: Mapping[str, Rule] = _build(
    file.RULES,
    shape.RULES,
    names.RULES,
    flow.RULES,
    of_rules.RULES,
    time.RULES,
    conditions.RULES,
    control.RULES,
    policies.RULES,
    calendars.RULES,
    organisation.RULES,
    services.RULES,
    hand_offs.RULES,
    scenarios.RULES,
    versions.RULES,
    style.RULES,
)
"""Every check by code, in order."""


def finding(
    code: str,
    message: str,
    *,
    where: SourceSpan | None = None,
    hint: str | None = None,
    edits: tuple[Edit, ...] = (),
) -> Finding:
    """Return a finding with the severity the register gives to its code."""
    return Finding(code=code, severity=PF_CODES[code].severity, message=message, where=where, hint=hint, edits=edits)


def page(code: str) -> str:
    """Return the manual page of a check. Raises KeyError for a code the register does not know."""
    return PF_CODES[code].page


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order of the file, each once; those without a place come first."""
    return tuple(sorted(dict.fromkeys(findings), key=_place))


def _place(one: Finding) -> tuple[int, int, str, str]:
    if one.where is None:
        return (0, 0, one.code, one.message)
    return (one.where.line, one.where.column, one.code, one.message)

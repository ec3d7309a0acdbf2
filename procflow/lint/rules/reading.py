"""Where the condition of a rule is read."""

from __future__ import annotations

from collections.abc import Sequence

from procflow.model.rule import Form, Happening, HappeningKind, Rule

CANCELLED = "cancelled"
"""The outcome of an end that releases what is still demanded."""

_AT_THE_END = frozenset(
    {Form.MUST_HAPPEN, Form.AT_LEAST, Form.EXACTLY, Form.ANY_OF, Form.ONE_OF, Form.LAST},
)


def read_at(rule: Rule) -> Sequence[Happening]:
    """Return at what happenings a rule reads its condition; () of `first`, which does at whatever is done first."""
    if rule.form is Form.FIRST:
        return ()
    if rule.form is Form.IN_TURN:
        return (*rule.triggers, *rule.targets)
    if rule.form in _AT_THE_END:
        return (Happening(kind=HappeningKind.ENDS),)
    return rule.triggers or rule.targets

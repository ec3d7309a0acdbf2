"""A rule as it stands in the file: `before: send, there-must-be: approve, by: lead`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.model.rule import Form, Happening, Manner, Per, Rule
from procflow.model.words import length_written

_TRIGGER = {
    Form.IF_ALSO: "if",
    Form.IF_NEVER: "if",
    Form.AFTER: "after",
    Form.AFTER_NEVER: "after",
    Form.IN_TURN: "after",
    Form.BEFORE: "before",
    Form.BEFORE_NEVER: "before",
}
_TARGET = {
    Form.IF_ALSO: "also",
    Form.AFTER: "there-must-be",
    Form.BEFORE: "there-must-be",
    Form.IN_TURN: "before",
    Form.IF_NEVER: "never",
    Form.AFTER_NEVER: "never",
    Form.BEFORE_NEVER: "never",
    Form.EXACTLY: "of",
    Form.AT_MOST: "of",
    Form.AT_LEAST: "of",
}


def terms_of(rule: Rule) -> str:
    """Return what a rule demands or forbids as its author would write it on one line, in the ids of the file."""
    return ", ".join(f"{key}: {value}" for key, value in _terms(rule))


def _terms(rule: Rule) -> Iterator[tuple[str, str]]:
    trigger = _TRIGGER.get(rule.form)
    if trigger is not None:
        yield trigger, _several(rule.triggers)
    if rule.number is not None:
        yield rule.form.value, str(rule.number)
    yield _TARGET.get(rule.form, rule.form.value), _several(rule.targets)
    if rule.manner is not Manner.ANY_TIME:
        yield rule.manner.value, "true"
    if rule.when is not None:
        yield "when", " ".join(rule.when.text.split())
    if rule.by is not None:
        yield "by", rule.by.role if rule.by.role is not None else f"{{ field: {rule.by.field} }}"
    for key, length in (("within", rule.within), ("in", rule.window)):
        if length is not None:
            yield key, length_written(length)
    for key, names in (("same", rule.same), ("different", rule.different)):
        if names:
            yield key, _names(names)
    if rule.per is not Per.CASE:
        yield "per", rule.per.value


def _several(happenings: Sequence[Happening]) -> str:
    return _names([str(one) for one in happenings])


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"

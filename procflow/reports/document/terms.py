"""A rule as it stands in the file: `before: send, there-must-be: approve, by: lead`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.model.rule import Happening, Manner, Per, Rule


def terms_of(rule: Rule) -> str:
    """Return what a rule demands or forbids as its author would write it on one line, in the ids of the file."""
    return ", ".join(f"{key}: {value}" for key, value in _terms(rule))


def _terms(rule: Rule) -> Iterator[tuple[str, str]]:
    form = rule.form
    if form.trigger is not None:
        yield form.trigger, _several(rule.triggers)
    if form.number is not None:
        yield form.number, str(rule.number)
    yield form.target, _several(rule.targets)
    if rule.manner is not Manner.ANY_TIME:
        yield rule.manner.value, "true"
    if rule.when is not None:
        yield "when", " ".join(rule.when.text.split())
    if rule.by is not None:
        yield "by", rule.by.role if rule.by.role is not None else f"{{ field: {rule.by.field} }}"
    for key, length in (("within", rule.within), ("in", rule.window)):
        if length is not None:
            yield key, str(length)
    for key, names in (("same", rule.same), ("different", rule.different)):
        if names:
            yield key, _names(names)
    if rule.per is not Per.CASE:
        yield "per", rule.per.value


def _several(happenings: Sequence[Happening]) -> str:
    return _names([str(one) for one in happenings])


def _names(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"

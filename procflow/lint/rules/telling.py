"""Rules and sequences of events in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from procflow.lint.rules.letters import Kind, Letter
from procflow.lint.rules.search import Run, Unit, broken_at
from procflow.model.rule import Form, Happening, HappeningKind, Manner, Rule
from procflow.model.words import joined

_MOST_SHOWN = 8
"""Longer sequences are shown by their beginning and their end."""
_MOST_LISTED = 4
_MANNER = {Manner.ANY_TIME: "", Manner.EACH_TIME: " each time", Manner.NEXT: " directly"}


def said(rule: Rule) -> str:
    """Return what a rule says: "after `accept` there must be `send`"."""
    set_off, named = either(rule.triggers), either(rule.targets)
    manner = _MANNER[rule.manner]
    match rule.form:
        case Form.MUST_HAPPEN:
            text = f"{named} must happen"
        case Form.NEVER:
            text = f"never {named}"
        case Form.EXACTLY | Form.AT_MOST | Form.AT_LEAST:
            text = f"{rule.form.value.replace('-', ' ')} {rule.number} of {named}"
        case Form.FIRST | Form.LAST:
            text = f"{rule.form.value} {named}"
        case Form.IF_ALSO:
            text = f"if {set_off}, also {named}"
        case Form.AFTER | Form.BEFORE:
            text = f"{rule.form.value.partition('..')[0]} {set_off} there must be {named}{manner}"
        case Form.IN_TURN:
            text = f"after {set_off}{manner} {named}, and before {named}{manner} {set_off}"
        case Form.TOGETHER | Form.NOT_BOTH:
            word = "together" if rule.form is Form.TOGETHER else "not both"
            text = f"{word} {listed(rule.targets)}"
        case Form.ANY_OF | Form.ONE_OF:
            text = f"{rule.form.value.replace('-', ' ')} {listed(rule.targets)}"
        case Form.IF_NEVER | Form.AFTER_NEVER | Form.BEFORE_NEVER:
            text = f"{rule.form.value.partition('..')[0]} {set_off} never {named}{manner}"
        case Form.SAME_PERSON | Form.DIFFERENT_PERSON:
            text = f"{rule.form.value.replace('-', ' ')} for {listed(rule.targets)}"
    return text + "".join(_besides(rule))


def _besides(rule: Rule) -> Iterator[str]:
    """Yield what else a rule asks: people, values, time, and when it applies."""
    if rule.by is not None:
        yield f" by `{rule.by}`"
    for word, fields in (("the same", rule.same), ("another", rule.different)):
        if fields:
            yield f" with {word} {joined([f'`{name}`' for name in fields], 'and', most=_MOST_LISTED)}"
    for word, length in (("within", rule.within), ("in", rule.window)):
        if length is not None:
            yield f" {word} {length}"
    if rule.when is not None:
        yield f", when `{rule.when.text}`"


def named(rules: Sequence[Rule], word: str = "and") -> str:
    """Return rules by their ids: "`a`, `b` and `c`"."""
    return joined([f"`{rule.id}`" for rule in rules], word, most=_MOST_LISTED)


def listed(happenings: Iterable[Happening]) -> str:
    """Return happenings joined by "and"."""
    return joined([f"`{one}`" for one in happenings], "and", most=_MOST_LISTED)


def either(happenings: Iterable[Happening]) -> str:
    """Return happenings joined by "or"."""
    return joined([f"`{one}`" for one in happenings], "or", most=_MOST_LISTED)


def of_events(run: Run) -> str:
    """Return a run as the events it is made of: "`accept`, `send`"."""
    parts = [part for letter in run if (part := of_event(letter))]
    if len(parts) > _MOST_SHOWN + 1:
        parts = [*parts[: _MOST_SHOWN // 2], "...", *parts[-_MOST_SHOWN // 2 :]]
    return ", ".join(parts) or "nothing at all"


def of_event(letter: Letter) -> str:
    """Return an event by what is done with it, and if nothing that is named is, by what it leads to; "" for an opening."""
    names = [_name(group) for group in letter.groups]
    if letter.kind is Kind.OPENING:
        return f"`{names[-1]}`" if len(names) > 1 else ""
    shown = [name for name, group in zip(names, letter.groups, strict=True) if _is_done(group)] or names
    return f"`{shown[0]}`" if shown else "something else"


def _name(group: frozenset[Happening]) -> str:
    return max((str(one) for one in group), key=len)


def _is_done(group: frozenset[Happening]) -> bool:
    return any(one.kind in (HappeningKind.ACTION, HappeningKind.STARTS) for one in group)


def how_broken(unit: Unit, run: Run) -> str:
    """Say where a run breaks a rule: "breaks `x` at `send`"."""
    at = broken_at(unit, run)
    place = "at the end" if at is None or at >= len(run) else f"at {of_event(run[at]) or 'the opening'}"
    return f"breaks {named(unit.rules)} {place}"

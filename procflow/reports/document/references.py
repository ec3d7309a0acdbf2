"""Which rules speak of a step or an action, and how a page refers to them: by a number and a title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.model.procedure import Procedure, Step
from procflow.model.rule import Happening, HappeningKind, Rule
from procflow.reports.document.parts import Link, Name, Run
from procflow.reports.document.wording import Wording

SIGN = "§"
"""Stands before the number of a rule, on pages and in pictures."""


def numbered(procedure: Procedure) -> Iterator[tuple[int, Rule]]:
    """Yield the rules with their numbers, which pages and pictures know them by: 1, 2, ... in the order of the file."""
    yield from enumerate(procedure.rules, 1)


def spoken_of(rule: Rule) -> tuple[Happening, ...]:
    """Return all that a rule speaks of."""
    return (*rule.triggers, *rule.targets)


def about_action(procedure: Procedure, action: str, step: str | None) -> tuple[int, ...]:
    """Return the numbers of the rules that speak of an action; `step` is None for one that is possible at any time."""
    return tuple(
        number for number, rule in numbered(procedure) if any(_is_action(one, action, step) for one in spoken_of(rule))
    )


def about_step(procedure: Procedure, step: Step) -> tuple[int, ...]:
    """Return the numbers of the rules that speak of entering or leaving a step, or of an item of its checklist."""
    items = step.checklist.items if step.checklist is not None else ()
    return tuple(
        number
        for number, rule in numbered(procedure)
        if any(
            _is_step(one, step.id) or any(_is_action(one, item, step.id) for item in items) for one in spoken_of(rule)
        )
    )


def _is_action(one: Happening, action: str, step: str | None) -> bool:
    acts = one.kind in (HappeningKind.ACTION, HappeningKind.STARTS)
    return acts and one.name == action and one.step in (None, step)


def _is_step(one: Happening, step: str) -> bool:
    return one.kind in (HappeningKind.ENTERS, HappeningKind.LEAVES) and one.name == step


def reference(numbers: Sequence[int], wording: Wording) -> Run:
    """Return the rules of these numbers in short: number and title, each a link."""
    return wording.listed([_short(number, wording) for number in numbers])


def _short(number: int, wording: Wording) -> Run:
    rule = wording.procedure.rules[number - 1]
    title = wording.written(rule.title) or Name(rule.id)
    return (Link(f"rule-{rule.id}", (f"{number_of(number, wording)}\u00a0", title)),)


def number_of(number: int, wording: Wording) -> str:
    """Return what a rule is known by on a page: `§2`."""
    return SIGN + wording.language.number(number)

"""Rules in a picture: marks at what they speak of, and the list of them under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procflow.model.procedure import Action, Step
from procflow.reports.diagram.lettering import clean
from procflow.reports.diagram.tongue import MARK, Tongue
from procflow.reports.document.parts import Id, Inline, Link, Name, Run, Strong, Written
from procflow.reports.document.references import SIGN, about_action, about_step, numbered
from procflow.reports.document.sentences import told
from procflow.reports.document.wording import Wording

if TYPE_CHECKING:
    from procflow.model.rule import Rule

_MOST_TOLD = 30
"""Of more rules nobody wants to hear every one; all of them are in the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A rule as it stands under a picture."""

    id: str
    mark: str
    """`§2`."""
    text: str
    """Its title, if it has one, and what it says."""


def mark(number: int, tongue: Tongue) -> str:
    """Return what a rule is known by in a picture."""
    return f"{SIGN}{tongue.language.number(number)}"


def marks(numbers: Sequence[int], tongue: Tongue) -> str:
    """Return the marks of several rules; "" for none."""
    return " ".join(mark(number, tongue) for number in numbers)


def said_of_step(step: Step, tongue: Tongue) -> tuple[str, ...]:
    """Return what the rules say that speak of a step, for whoever points at it."""
    return _said(about_step(tongue.procedure, step), tongue)


def said_of_action(action: Action, step: str | None, tongue: Tongue) -> tuple[str, ...]:
    """Return what the rules say that speak of an action; `step` is None if it is possible at any time."""
    return _said(about_action(tongue.procedure, action.id, step), tongue)


def _said(numbers: Sequence[int], tongue: Tongue) -> tuple[str, ...]:
    wording = Wording(tongue.procedure, tongue.language)
    return tuple(
        f"{mark(number, tongue)} {_text(rule, wording, tongue)}"
        for number, rule in numbered(tongue.procedure)
        if number in numbers
    )


def marks_of_step(step: Step, tongue: Tongue) -> str:
    """Return the marks of the rules that speak of entering or leaving a step, or of its checklist."""
    return marks(about_step(tongue.procedure, step), tongue)


def marks_of_action(action: Action, step: str | None, tongue: Tongue) -> str:
    """Return the marks of the rules that speak of an action; `step` is None if it is possible at any time."""
    return marks(about_action(tongue.procedure, action.id, step), tongue)


def told_rules(tongue: Tongue) -> tuple[Told, ...]:
    """Return the rules of a procedure in words."""
    wording = Wording(tongue.procedure, tongue.language)
    return tuple(
        Told(id=rule.id, mark=mark(number, tongue), text=_text(rule, wording, tongue))
        for number, rule in numbered(tongue.procedure)
    )


def heard_rules(tongue: Tongue) -> Iterator[str]:
    """Yield the rules for whoever hears the picture."""
    rules = told_rules(tongue)
    yield from (f"{one.mark} {one.text}" for one in rules[:_MOST_TOLD])
    if len(rules) > _MOST_TOLD:
        yield "…"


def _text(rule: Rule, wording: Wording, tongue: Tongue) -> str:
    sentence = in_words(told(rule, wording), tongue)
    title = wording.written(rule.title)
    if title is None:
        return sentence
    named = in_words((title,), tongue)
    return f"{named} – {sentence}"


def in_words(run: Run, tongue: Tongue) -> str:
    """Return what a page would say as a text, what it names isolated."""
    return "".join(_inline(one, tongue) for one in run)


def _inline(one: Inline, tongue: Tongue) -> str:
    match one:
        case str():
            return one
        case Written():
            return tongue.isolated(clean(one.text) + (MARK if one.missing and tongue.marking else ""))
        case Id() | Name():
            return tongue.name(clean(one.text))
        case Link() | Strong():
            return in_words(one.content, tongue)
        case _:
            return clean(one.text)

"""PF326: rules that say the same, or that follow from another.

One rule follows from another if no sequence of events keeps that one and breaks it. It is asked only of rules whose
automata are exact; what a rule asks of time, persons and values is compared for one event at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procflow.errors import Finding
from procflow.expressions.effort import Effort
from procflow.lint.rules.anyhow import Anyhow
from procflow.lint.rules.automata import BARS, BROKEN, DEMANDS, Monitor, Sign, State, is_also, monitors_of, near_of
from procflow.lint.rules.letters import ANYWHERE, Letter, TooMany
from procflow.lint.rules.search import Goal, find
from procflow.lint.rules.telling import said
from procflow.model.rule import Form, Happening, HappeningKind, Manner, Per, Rule
from procflow.model.rules import finding

_GONE = -2


@dataclass(frozen=True, slots=True, eq=False)
class _Broken:
    """The automaton that is kept where another is broken."""

    other: Monitor

    @property
    def start(self) -> State:
        return self.other.start

    def sign(self, letter: Letter) -> Sign:
        return self.other.sign(letter)

    def step(self, state: State, sign: Sign) -> State:
        after = _GONE if state == _GONE else self.other.step(state, sign)
        return _GONE if after == BROKEN else after

    def is_kept(self, state: State) -> bool:
        return state == _GONE or not self.other.is_kept(state)


def findings(rules: Sequence[Rule], effort: Effort) -> Iterator[Finding]:
    """Yield each rule that adds nothing, once. Raises `Spent`."""
    exact = [rule for rule in rules if _is_exact(rule)]
    told: set[str] = set()
    # Of two that say the same the later one is told.
    for number, rule in reversed(list(enumerate(exact))):
        if _is_always_kept(rule, effort):
            message = f"every case keeps `{rule.id}`: it adds nothing"
            yield finding("PF326", message, where=rule.where, hint=f"`{rule.id}`: {said(rule)}")
            told.add(rule.id)
            continue
        for other in (*exact[:number], *exact[number + 1 :]):
            if other.id not in told and _adds_nothing(rule, other, effort):
                told.add(rule.id)
                yield _told(rule, other, same=_adds_nothing(other, rule, effort))
                break


def _told(rule: Rule, other: Rule, *, same: bool) -> Finding:
    if same:
        message = f"`{rule.id}` says the same as `{other.id}`"
    else:
        message = f"`{rule.id}` adds nothing: whatever keeps `{other.id}` keeps it too"
    hint = f"`{other.id}` in line {other.where.line}: {said(other)}\n`{rule.id}`: {said(rule)}"
    return finding("PF326", message, where=rule.where, hint=hint)


def _is_exact(rule: Rule) -> bool:
    """Return True if what the automata of a rule say of it is all there is to say."""
    if rule.per is not Per.CASE or rule.window is not None or not monitors_of(rule, _any(rule)):
        return False
    if rule.manner is not Manner.ANY_TIME and near_of(rule) != ANYWHERE:
        return False
    kinds = {one.kind for one in rule.triggers}
    overlapping = any(is_also(one, other) or is_also(other, one) for one in rule.triggers for other in rule.targets)
    several = len(rule.triggers) > 1 and not kinds <= {HappeningKind.ACTION}
    return not overlapping and not several


def _any(rule: Rule) -> Happening:
    return (rule.triggers or rule.targets)[0]


def _is_always_kept(rule: Rule, effort: Effort) -> bool:
    return all(not _may_break(one, (), focus, effort) for focus in _foci(rule) for one in _about(rule, focus))


def _adds_nothing(rule: Rule, other: Rule, effort: Effort) -> bool:
    """Return True if whatever keeps `other` keeps `rule`, and sets it off now and then."""
    if not _is_comparable(rule, other):
        return False
    for focus in _foci(rule):
        given = monitors_of(other, focus)
        if any(_may_break(one, given, focus, effort) for one in _about(rule, focus)):
            return False
    given = monitors_of(other)
    return not rule.triggers or any(_happens(one, given, effort) for one in rule.triggers)


def _is_comparable(rule: Rule, other: Rule) -> bool:
    """Return True if one may stand for the other: whoever gives a rule its own clause or weight wants it told apart."""
    if rule.because not in (None, other.because) or (rule.severity, rule.refuse) != (other.severity, other.refuse):
        return False
    if {one.name for one in (*rule.triggers, *rule.targets)}.isdisjoint(
        one.name for one in (*other.triggers, *other.targets)
    ):
        return False
    same_words = (rule.form, rule.triggers, rule.targets) == (other.form, other.triggers, other.targets)
    if other.when is not None and (rule.when is None or rule.when.text != other.when.text or not same_words):
        return False
    if rule.form not in DEMANDS | BARS and rule.within is not None:
        # From the opening on: shorter is stricter.
        return same_words and other.within is not None and near_of(other).implies(near_of(rule))
    return True


def _foci(rule: Rule) -> Sequence[Happening | None]:
    """Return which events have to be looked at closely; None if none has to."""
    if near_of(rule) == ANYWHERE or rule.form not in DEMANDS | BARS | {Form.NOT_BOTH}:
        return (None,)
    if rule.form in (Form.IN_TURN, Form.NOT_BOTH):
        return (*rule.triggers, *rule.targets)
    return rule.triggers


def _about(rule: Rule, focus: Happening | None) -> list[Monitor]:
    """Return what is exact of a rule: where an event has to be looked at closely, what is asked about that event."""
    return [one for one in monitors_of(rule, focus) if focus is None or one.near is not None]


def _may_break(one: Monitor, given: Sequence[Monitor], focus: Happening | None, effort: Effort) -> bool:
    """Return True if something keeps `given` and breaks `one`; also if there is too much to tell apart."""
    try:
        system = Anyhow([*given, one], focus)
    except TooMany:
        return True
    goal: Goal | None = None if focus is None else (lambda letter: letter.focus)
    return find(system, [*given, _Broken(one)], goal, effort) is not None


def _happens(one: Happening, given: Sequence[Monitor], effort: Effort) -> bool:
    try:
        system = Anyhow(given, one)
    except TooMany:
        return True
    return find(system, given, lambda letter: letter.focus, effort) is not None

"""PF313: what must happen in every case, and what a case can do without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.errors import Finding
from procflow.expressions.boundaries import satisfy
from procflow.expressions.effort import Effort
from procflow.lint.facts import NOTHING, Effect, Effects, Facts
from procflow.lint.missing import Missing, Trail, told
from procflow.lint.rules.reading import CANCELLED
from procflow.lint.rules.telling import either
from procflow.lint.ways import Map, Way
from procflow.model.procedure import Procedure, Step
from procflow.model.rule import Form, HappeningKind, Per, Rule
from procflow.model.rules import finding

OF_EVERY_CASE = frozenset({Form.MUST_HAPPEN, Form.AT_LEAST, Form.ANY_OF})
"""The forms that demand something of every case, or of every one with a `when`."""
_TOLD = frozenset({HappeningKind.ACTION, HappeningKind.ENTERS, HappeningKind.LEAVES})


def findings(procedure: Procedure, rules: Sequence[Rule], effort: Effort) -> Iterator[Finding]:
    """Yield each rule that demands something of every case, with an end to which a case comes without it."""
    demanding = [rule for rule in rules if is_demanded(rule)]
    if not demanding:
        return
    ways = _Ways(procedure, demanding)
    facts = Facts(Map(procedure), ways.effects)
    missing = Missing(facts, ways.entering, effort)
    ends = [step for step in procedure.top.steps.values() if step.end is not None and step.end != CANCELLED]
    for rule in demanding if facts.settled else ():
        bit = ways.bits[rule.id]
        for end in ends:
            known = facts.at(end.id)
            if known is None or known.certain & bit or not _is_possible(facts, ends, bit):
                continue
            trail = _trail(missing, end.id, bit, effort)
            if trail is not None:
                yield _bypassed(rule, end, trail)
                break


def is_demanded(rule: Rule) -> bool:
    """Return True if a rule demands something of every case that can be seen on the ways of a procedure."""
    kinds = {one.kind for one in rule.targets}
    return rule.form in OF_EVERY_CASE and rule.when is None and rule.per is Per.CASE and kinds <= _TOLD


def _is_possible(facts: Facts, ends: Sequence[Step], bit: int) -> bool:
    """Return False of what never happens at all: that is told otherwise."""
    found = (facts.at(end.id) for end in ends)
    return any(known is not None and known.possible & bit for known in found)


class _Ways:
    """What ways and steps do to what is demanded."""

    def __init__(self, procedure: Procedure, rules: Sequence[Rule]) -> None:
        self.bits = {rule.id: 1 << number for number, rule in enumerate(rules)}
        self._by: dict[tuple[HappeningKind, str, str | None], int] = {}
        for rule in rules:
            for one in rule.targets:
                key = (one.kind, one.name, one.step)
                self._by[key] = self._by.get(key, 0) | self.bits[rule.id]
        self._any_time = 0
        for action in procedure.anytime.values():
            self._any_time |= 0 if action.moves else self._of(HappeningKind.ACTION, action.id)
        self.effects = Effects(
            entering=lambda step: self.entering(step.id),
            leaving=self._leaving,
            anytime=lambda action: _gained(self._of(HappeningKind.ACTION, action.id)),
            needed=lambda _branch, _truth: 0,
        )

    def entering(self, step: str) -> Effect:
        """Return what entering a step does, by its id."""
        entered = self._of(HappeningKind.ENTERS, step)
        return _gained(entered, entered | self._any_time)

    def _leaving(self, way: Way, step: Step) -> Effect:
        done = self._of(HappeningKind.LEAVES, step.id)
        if way.action is not None:
            done |= self._acted(way.action.id, step)
            if step.checklist is not None and not way.action.incomplete:
                for item in step.checklist.items:
                    done |= self._acted(item, step)
        return _gained(done, done | self._meanwhile(step))

    def _meanwhile(self, step: Step) -> int:
        """Return what may be done in a step without leaving it."""
        possible = 0
        for name, action in step.actions.items():
            possible |= self._acted(name, step) if not action.moves else 0
        for item in step.checklist.items if step.checklist is not None else ():
            possible |= self._acted(item, step)
        return possible

    def _acted(self, action: str, step: Step) -> int:
        return self._of(HappeningKind.ACTION, action) | self._of(HappeningKind.ACTION, action, step.id)

    def _of(self, kind: HappeningKind, name: str, step: str | None = None) -> int:
        return self._by.get((kind, name, step), 0)


def _gained(certain: int, possible: int | None = None) -> Effect:
    return Effect(certain, certain if possible is None else possible) if certain or possible else NOTHING


def _trail(missing: Missing, end: str, bit: int, effort: Effort) -> Trail | None:
    """Return a way that conditions do not forbid; None if there is none, or too many were looked at."""
    for trail in missing.trails(end, bit):
        way = missing.demands(trail, bit)
        if way is not None and satisfy(way, effort=effort).values is not None:
            return trail
    return None


def _bypassed(rule: Rule, end: Step, trail: Trail) -> Finding:
    what = either(rule.targets)
    message = f"`{rule.id}` demands {what}, and a case can come to `{end.id}` without it"
    hint = (
        "if that is meant, say with `when` which cases it is demanded of, or ignore this with a reason; "
        f"else let every way go through it\nthe way: {told(trail)}"
    )
    return finding("PF313", message, where=rule.where, hint=hint)

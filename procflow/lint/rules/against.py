"""PF321, PF322 and PF325: rules held against the ways through the procedure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from procflow.automaton.moves import MoveKind
from procflow.errors import Finding
from procflow.expressions.boundaries import render_witness, satisfy
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Truth
from procflow.lint.entering import Demand, taken
from procflow.lint.rules import bypassed
from procflow.lint.rules.conflicts import named_by
from procflow.lint.rules.letters import Letter, TooMany
from procflow.lint.rules.search import Run, Spent, Unit, find, monitors_in
from procflow.lint.rules.telling import either, how_broken, named, of_events, said
from procflow.lint.rules.through import Acted, Edge, Through
from procflow.lint.rules.worlds import Core, at_odds
from procflow.model.procedure import DONE, Arrow, Procedure
from procflow.model.rule import Form, Happening
from procflow.model.rules import finding

_MOST_ROUNDS = 8
"""Rules against the flow that are told one after the other."""


@dataclass(slots=True, kw_only=True)
class Against:
    """What rules and the flow together make impossible."""

    ways: Through
    units: Sequence[Unit]
    effort: Effort
    never: list[Core] = field(default_factory=list)
    """Rules that no way keeps."""
    runs: dict[Happening, Run] = field(default_factory=dict)
    """By what happens on it: a way that keeps all rules, but those that no way keeps."""
    barred: dict[Happening, Core] = field(default_factory=dict)
    """Actions that stand on ways to an end, and on none that keeps these rules."""
    left_out: bool = False

    def look(self) -> None:
        """Find out what cannot happen."""
        units = list(self.units)
        if not any(self.ways.is_over(place) for place in range(len(self.ways.places))):
            return
        for _ in range(_MOST_ROUNDS):
            core, run = self._asked(units, None)
            if core is None:
                self._mark(run)
                break
            self.never.append(core)
            units.remove(core.units[-1])
        for action in self.ways.by_action:
            if action not in self.runs:
                core, run = self._asked(units, action)
                self._mark(run)
                if core is not None:
                    self.barred[action] = core

    def _asked(self, units: Sequence[Unit], action: Happening | None) -> tuple[Core | None, Run | None]:
        def goal(letter: Letter) -> bool:
            return action in letter.happens

        wanted = None if action is None else goal
        known = self.ways.shortest(self.ways.by_action[action] if action is not None else ())
        try:
            return at_odds(units, self._acted, wanted, self.effort, lambda one: self._is_possible(one, known), known)
        except (Spent, TooMany):
            self.left_out = True
            return None, None

    def _mark(self, run: Run | None) -> None:
        for letter in run or ():
            for one in letter.happens:
                self.runs.setdefault(one, run or Run())

    def _acted(self, units: Sequence[Unit]) -> Acted:
        return Acted(self.ways, monitors_in(units))

    # --- conditions --------------------------------------------------------------------------------------------

    def _is_possible(self, demands: Sequence[Demand], run: Run | None) -> bool:
        """Return True if the conditions of rules and those of a way may all be true."""
        if run is None:
            return False
        return satisfy([*demands, *self.demands(run)], effort=self.effort).values is not None

    def demands(self, run: Run) -> list[Demand]:
        """Return what must hold for a way to be taken, as far as that can be told from where it leads."""
        came: list[dict[int, Edge]] = []
        places = {self.ways.start}
        for letter in run:
            edges = [(place, edge) for place in places for edge in self.ways.edges[place] if edge.letter is letter]
            came.append({edge.target: replace(edge, source=place) for place, edge in reversed(edges)})
            places = set(came[-1])
        found: list[Demand] = []
        place = next(one for one in sorted(places) if self.ways.is_over(one))
        for step in reversed(came):
            edge = step[place]
            found += _asked_of(edge, self.ways)
            place = edge.source
        return found

    # --- what is told ------------------------------------------------------------------------------------------

    def findings(self, known: Collection[str]) -> Iterator[Finding]:
        """Yield what rules and the flow make impossible.

        `known` are rules that contradict each other, whatever the flow: more about them helps nobody.
        """
        for core in self.never:
            if _is_news(core, known):
                yield self._never(core)
        told: dict[tuple[str, ...], list[Happening]] = {}
        for action, core in self.barred.items():
            told.setdefault(tuple(rule.id for rule in core.rules), []).append(action)
        for actions in told.values():
            core = self.barred[actions[0]]
            if _is_news(core, known) and not _is_meant(core, actions):
                yield self._bars(core, self._first(actions))

    def _first(self, actions: Sequence[Happening]) -> list[Happening]:
        """Return those actions that a case comes to without any of them; what comes after follows from these."""
        found: dict[Happening, None] = {}
        places, waiting = {self.ways.start}, [self.ways.start]
        while waiting:
            for letter, target in self.ways.onward(waiting.pop()):
                barred = letter.happens.intersection(actions)
                found.update(dict.fromkeys(barred))
                if not barred and target not in places:
                    places.add(target)
                    waiting.append(target)
        return [one for one in actions if one in found]

    def _never(self, core: Core) -> Finding:
        rules = core.rules
        message = f"no way through the procedure keeps {named(rules)}{_values(core)}"
        return finding("PF322", message, where=rules[-1].where, hint=self._hint(core, None))

    def _bars(self, core: Core, actions: Sequence[Happening]) -> Finding:
        rules = core.rules
        message = (
            f"a case in which {either(actions)} is done never comes to an end without breaking "
            f"{named(rules, 'or')}{_values(core)}"
        )
        return finding("PF321", message, where=rules[-1].where, hint=self._hint(core, actions[0]))

    def _hint(self, core: Core, action: Happening | None) -> str:
        what = [f"`{rule.id}` in line {rule.where.line}: {said(rule)}" for rule in core.rules]
        for unit in core.in_order[:2]:
            rest = [one for one in core.in_order if one is not unit]
            try:
                run = find(
                    self._acted(core.units),
                    monitors_in(rest),
                    None if action is None else (lambda letter: action in letter.happens),
                    self.effort,
                )
            except (Spent, TooMany):
                run = None
            if run is not None:
                kept = named([rule for one in rest for rule in one.rules])
                what.append(f"{of_events(run)}: {f'keeps {kept}, ' if kept else ''}{how_broken(unit, run)}")
        return "\n".join(what)


def _values(core: Core) -> str:
    return f" at {render_witness(core.witness)}" if core.witness else ""


def _is_news(core: Core, known: Collection[str]) -> bool:
    return not any(rule.id in known for rule in core.rules)


def _is_meant(core: Core, actions: Sequence[Happening]) -> bool:
    """Return True if one rule forbids just these actions, as `never: refund` does, or demands something of every case.

    Of the latter it is told on which way a case does without (PF313).
    """
    (rule, *others) = core.rules
    if others or rule.form not in (Form.NEVER, Form.AT_MOST):
        return not others and rule.form in bypassed.OF_EVERY_CASE
    return all(one.name == other.name for one in actions for other in rule.targets if other.kind is one.kind)


def _asked_of(edge: Edge, ways: Through) -> Iterator[Demand]:
    """Yield what must hold for a move, where it can be told which alternatives were taken."""
    move = edge.move
    if move is None:
        return
    steps = ways.procedure.steps
    if move.action is not None:
        yield from _alternative(move.action.arrows, move.entered)
    for name in move.left if move.kind is not MoveKind.TIMER else ():
        block = steps[name].parallel
        if block is not None and name not in move.target.active_steps():
            yield from _alternative(block.then, move.entered)
    for name in move.entered:
        for branch in steps[name].branches:
            if branch.only_if is not None:
                needed = branch.region.start in move.entered
                yield branch.only_if, Truth.TRUE if needed else Truth.FALSE


def _alternative(arrows: Sequence[Arrow], entered: Sequence[str]) -> Sequence[Demand]:
    """Return what held when one of some alternatives was taken; nothing if several lead there."""
    fitting = [arrow for arrow in arrows if arrow.to in entered[:1]] or [arrow for arrow in arrows if arrow.to == DONE]
    return taken(arrows, fitting[0]) if len(fitting) == 1 else ()


def held_against(procedure: Procedure, units: Sequence[Unit], effort: Effort) -> Against | None:
    """Return rules held against the ways through a procedure; None if there are too many of those."""
    # What sets off a rule with a condition is looked for on the ways too, though its rule is not held against them.
    named = [*named_by(units), *(one for rule in procedure.rules for one in rule.triggers)]
    try:
        against = Against(ways=Through(procedure, named, effort), units=units, effort=effort)
    except TooMany:
        return None
    against.look()
    return against

"""PF320 and PF321: rules that contradict each other, whatever the procedure allows.

For everything that rules name it is asked whether it can happen in a case that keeps them all. What a rule asks about
the event in question itself is looked at closely, with its time, its person and its values; what it asks about others
roughly, and never too strictly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from procflow.errors import Finding
from procflow.expressions.boundaries import render_witness, satisfy
from procflow.expressions.effort import Effort
from procflow.lint.rules.anyhow import Anyhow, about
from procflow.lint.rules.automata import is_also, near_of
from procflow.lint.rules.letters import ANYWHERE, Kind, Letter, Near, TooMany
from procflow.lint.rules.search import Run, Spent, Unit, find, monitors_in
from procflow.lint.rules.telling import either, how_broken, named, of_events, said
from procflow.lint.rules.worlds import Core, at_odds
from procflow.model.rule import Form, Happening, HappeningKind, Rule
from procflow.model.rules import finding

_MOST_ROUNDS = 8
"""Conflicts that are told of rules which leave nothing to be done at all."""
_MOST_SHOWN = 3
"""Of more rules that contradict each other no sequences are shown."""
_NOWHERE: frozenset[Near] = frozenset()
_NEVER_OPEN = frozenset({HappeningKind.OPENS, HappeningKind.ENDS})


@dataclass(slots=True, kw_only=True)
class Conflicts:
    """What rules make impossible among themselves."""

    units: Sequence[Unit]
    effort: Effort
    known: Mapping[Happening, Run] = field(default_factory=dict)
    """By what happens on it: a way of the procedure that keeps the rules. Most rules fit the ways, so that settles most."""
    barred: dict[Happening, Core] = field(default_factory=dict)
    """What cannot happen in a case that keeps all rules, with the rules to blame."""
    nothing: list[Core] = field(default_factory=list)
    """Rules that leave nothing to be done at all."""
    by_nobody: list[Core] = field(default_factory=list)
    """Rules of which one demands the person that the other forbids."""
    left_out: list[Happening] = field(default_factory=list)
    """What was not looked at, because the effort was spent or there was too much to tell apart."""
    _closely: frozenset[tuple[HappeningKind, str]] = frozenset()

    def look(self) -> None:
        """Find out what cannot happen."""
        units = list(self.units)
        for _ in range(_MOST_ROUNDS):
            core = self._anything(units)
            if core is None:
                break
            self.nothing.append(core)
            units.remove(core.units[-1])
        live: set[Happening] = set()
        self._closely = _asked_closely(units)
        for one in named_by(units):
            if one not in live and one.kind not in _NEVER_OPEN:
                self._look_at(one, units, live)

    def _anything(self, units: Sequence[Unit]) -> Core | None:
        try:
            known = next((run for run in self.known.values() if any(_is_event(letter) for letter in run)), None)
            core, _ = at_odds(units, lambda taken: _free(taken, None, units), _is_event, self.effort, known=known)
        except (Spent, TooMany):
            return None
        return core

    def _look_at(self, focus: Happening, units: Sequence[Unit], live: set[Happening]) -> None:
        near = [about(unit, focus) for unit in related(units, focus)]
        try:
            known = self._known(focus, near)
            core, run = at_odds(near, lambda taken: _free(taken, focus, near), _is_focus, self.effort, known=known)
        except (Spent, TooMany):
            self.left_out.append(focus)
            return
        if core is not None:
            self.barred[focus] = core
        for letter in run or ():
            live.update(one for one in letter.happens if (one.kind, one.name) not in self._closely)

    def _known(self, focus: Happening, units: Sequence[Unit]) -> Run | None:
        """Return a way through the procedure with the focus on it, and everything else as near to it as can be."""
        run = self.known.get(focus)
        if run is None:
            return None
        near = frozenset(one.near for one in monitors_in(units) if one.near is not None)
        at = next(number for number, letter in enumerate(run) if focus in letter.happens)
        return Run(replace(one, focus=n == at, near=near if n != at else _NOWHERE) for n, one in enumerate(run))

    @property
    def told(self) -> set[str]:
        """The rules that contradict each other, by their ids."""
        barred = [core for one, core in self.barred.items() if not _says_so(core, [one])]
        return {rule.id for core in (*self.nothing, *self.by_nobody, *barred) for rule in core.rules}

    def findings(self) -> Iterator[Finding]:
        """Yield each conflict once, with everything that it makes impossible."""
        for core in self.nothing:
            yield _nothing(core, self.effort)
        yield from self._same_and_different()
        told: dict[tuple[str, ...], list[Happening]] = {}
        for one, core in self.barred.items():
            told.setdefault(tuple(rule.id for rule in core.rules), []).append(one)
        for happenings in told.values():
            core = self.barred[happenings[0]]
            if not _says_so(core, happenings):
                yield _conflict(core, happenings, self.effort)

    def _same_and_different(self) -> Iterator[Finding]:
        """Yield the rules of which one demands the person that the other forbids, two rules once."""
        found: dict[tuple[str, ...], list[tuple[Core, str]]] = {}
        for unit in self.units:
            if len(unit.rules) == 1:
                continue
            core = Core(units=(unit,), witness={})
            answer = satisfy(core.demands, effort=self.effort) if core.demands else None
            if answer is not None and not answer:
                continue
            core = replace(core, witness=answer.witness if answer is not None else {})
            self.by_nobody.append(core)
            both = " and ".join(f"`{one}`" for one in unit.monitors[0].targets)
            found.setdefault(tuple(rule.id for rule in core.rules), []).append((core, both))
        for (core, both), *others in found.values():
            more = " (and so it is with others of what they name)" if others else ""
            message = (
                f"{named(core.rules)} contradict each other: once {both} have both happened, nothing keeps both"
                f"{more}{_values(core)}"
            )
            yield finding("PF320", message, where=core.rules[-1].where, hint=_hint(core, None, self.effort))


def named_by(units: Sequence[Unit]) -> list[Happening]:
    """Return what rules name, in the order of the file."""
    every = (one for unit in units for rule in unit.rules for one in (*rule.triggers, *rule.targets))
    return list(dict.fromkeys(every))


def related(units: Sequence[Unit], focus: Happening) -> list[Unit]:
    """Return the units, those first that speak of the same, then those that speak of what those speak of."""
    names = {focus.name}
    rest, found = [(unit, _names(unit)) for unit in units], list[Unit]()
    while near := [one for one in rest if not names.isdisjoint(one[1])]:
        found += (unit for unit, _ in near)
        rest = [one for one in rest if names.isdisjoint(one[1])]
        names = names.union(*(named for _, named in near))
    return found + [unit for unit, _ in rest]


def _names(unit: Unit) -> set[str]:
    return {one.name for rule in unit.rules for one in (*rule.triggers, *rule.targets)}


def _free(units: Sequence[Unit], focus: Happening | None, others: Sequence[Unit]) -> Anyhow:
    return Anyhow(monitors_in(units), focus, monitors_in(others))


def _is_event(letter: Letter) -> bool:
    return letter.kind is Kind.EVENT


def _is_focus(letter: Letter) -> bool:
    return letter.focus


def _asked_closely(units: Sequence[Unit]) -> frozenset[tuple[HappeningKind, str]]:
    """Return what rules ask for time, persons or values about, in whatever step."""
    return frozenset(
        (one.kind, one.name)
        for unit in units
        for rule in unit.rules
        if near_of(rule) != ANYWHERE
        for one in (*rule.triggers, *rule.targets)
    )


# --- what is told --------------------------------------------------------------------------------------------------


def _says_so(core: Core, happenings: Sequence[Happening]) -> bool:
    """Return True of a rule that forbids these things and nothing else: nothing has to be told of that."""
    (rule, *others) = core.rules
    return not others and not sets_off(rule) and all(one in rule.targets for one in happenings)


def sets_off(rule: Rule) -> tuple[Happening, ...]:
    """Return what sets a rule off; () if the case itself does."""
    return rule.targets if rule.form is Form.TOGETHER else rule.triggers


def _conflict(core: Core, happenings: Sequence[Happening], effort: Effort) -> Finding:
    rules = core.rules
    triggers = [one for rule in rules for one in (*sets_off(rule), *(rule.targets if _is_in_turn(rule) else ()))]
    set_off = [one for one in happenings if any(is_also(one, other) for other in triggers)]
    what = either(set_off or happenings)
    where = _values(core)
    if len(rules) == 1:
        message = f"once {what} happens, nothing keeps `{rules[0].id}`{where}"
    elif set_off:
        message = f"{named(rules)} contradict each other: once {what} happens, nothing keeps {_all(rules)}{where}"
    else:
        message = f"with {named(rules)} together, {what} can never happen{where}"
    code = "PF320" if set_off else "PF321"
    return finding(code, message, where=rules[-1].where, hint=_hint(core, (set_off or list(happenings))[0], effort))


def _values(core: Core) -> str:
    if not core.witness:
        return ""
    apply = {1: "it applies", 2: "both apply"}.get(len(core.rules), "all of them apply")
    return f"; {apply} at {render_witness(core.witness)}"


def _is_in_turn(rule: Rule) -> bool:
    return rule.form is Form.IN_TURN


def _nothing(core: Core, effort: Effort) -> Finding:
    rules = core.rules
    where = _values(core)
    if len(rules) == 1:
        message = f"no case in which anything is done keeps `{rules[0].id}`{where}"
    else:
        message = f"{named(rules)} contradict each other: no case in which anything is done keeps {_all(rules)}{where}"
    return finding("PF320", message, where=rules[-1].where, hint=_hint(core, None, effort))


def _all(rules: Sequence[Rule]) -> str:
    return "both" if len(rules) == 2 else "all of them"


def _hint(core: Core, focus: Happening | None, effort: Effort) -> str:
    """Say what each rule says, and which sequence keeps all but one of them."""
    what = "\n".join(f"`{rule.id}` in line {rule.where.line}: {said(rule)}" for rule in core.rules)
    shown = []
    for unit in core.in_order if 1 < len(core.units) <= _MOST_SHOWN else ():
        rest = [one for one in core.in_order if one is not unit]
        if (run := _run(rest, unit, focus, effort)) is not None:
            kept = named([rule for one in rest for rule in one.rules])
            shown.append(f"{of_events(run)}: keeps {kept}, {how_broken(unit, run)}")
    return "\n".join((what, *shown))


def _run(rest: Sequence[Unit], unit: Unit, focus: Happening | None, effort: Effort) -> Run | None:
    try:
        system = _free([*rest, unit], focus, [*rest, unit])
        return find(system, monitors_in(rest), _is_event if focus is None else _is_focus, effort)
    except (Spent, TooMany):
        return None

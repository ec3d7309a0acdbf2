"""A rule as a finite automaton over letters: exact where nothing is asked of time, persons and values.

Where something is, an automaton breaks on less than the rule does, and never on more. Each rule gives one `Monitor` or
several, which all must be kept; what nothing can be said of gives none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from procflow.lint.rules.letters import ANYWHERE, Kind, Letter, Near
from procflow.model.by import By
from procflow.model.procedure import ANY
from procflow.model.rule import Form, Happening, HappeningKind, Manner, Per, Rule

State = int | frozenset[int] | tuple[bool, bool]
BROKEN = -1
"""The state of a monitor that cannot be kept any more. Whoever asks for what is kept stops there."""
MOST_COUNTED = 30
"""Of a rule that counts further nothing is said."""

DEMANDS = frozenset({Form.AFTER, Form.BEFORE, Form.IF_ALSO, Form.IN_TURN})
"""The forms with a trigger that demand something."""
BARS = frozenset({Form.IF_NEVER, Form.AFTER_NEVER, Form.BEFORE_NEVER})
"""The forms with a trigger that forbid something."""


class Sign(NamedTuple):
    """What a letter is to one monitor."""

    marks: tuple[tuple[bool, frozenset[int]], ...]
    """In their order: whether it is a trigger, and which targets it is."""
    counts: bool
    """Whether it counts as the next, the first or the last event."""


NOTHING = Sign((), False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Monitor:
    """One automaton."""

    form: Form
    triggers: frozenset[Happening] = frozenset()
    targets: tuple[Happening, ...]
    number: int = 0
    manner: Manner = Manner.ANY_TIME
    by: By | None = None
    near: Near | None = None
    """If it is about the event in focus alone: how near something must be to it. None: about every event."""
    kinds: frozenset[HappeningKind]
    """What the rule names: starts of work, the opening and the end count as events only for whoever names them."""
    names: frozenset[Happening] = field(init=False)
    """What it speaks of."""
    counts_events: bool = field(init=False)
    """True if every event matters to it, whatever happens with it."""
    _steps: dict[tuple[State, Sign], State] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", self.triggers.union(self.targets))
        counts = self.manner is Manner.NEXT or self.form in (Form.FIRST, Form.LAST)
        object.__setattr__(self, "counts_events", counts)

    @property
    def start(self) -> State:
        """The state before anything happened."""
        return _START[self.form](self)

    def sign(self, letter: Letter) -> Sign:
        """Return what a letter is to this monitor."""
        if not self.counts_events and self.names.isdisjoint(letter.happens):
            return NOTHING
        marks = []
        for group in letter.groups:
            triggers = not self.triggers.isdisjoint(group) and (self.near is None or letter.focus)
            hits = frozenset(n for n, one in enumerate(self.targets) if one in group) if self._may(letter) else _NONE
            if triggers or hits:
                marks.append((triggers, hits))
        return Sign(_one_trigger(marks, self.form), self._is_counted(letter))

    def _may(self, letter: Letter) -> bool:
        if self.by is not None and self.by not in letter.by:
            return False
        return self.near is None or self.near in letter.near or (letter.focus and self.form is Form.NOT_BOTH)

    def _is_counted(self, letter: Letter) -> bool:
        if not self.counts_events:
            return False
        match letter.kind:
            case Kind.EVENT:
                return True
            case Kind.START:
                return HappeningKind.STARTS in self.kinds
            case Kind.TIME:
                return HappeningKind.LEAVES in self.kinds or HappeningKind.ENTERS in self.kinds
            case Kind.OPENING:
                return HappeningKind.OPENS in self.kinds
            case Kind.CLOSING:
                return HappeningKind.ENDS in self.kinds

    def step(self, state: State, sign: Sign) -> State:
        """Return the state after a letter; `BROKEN` if it breaks the rule."""
        if not sign.marks and not sign.counts:
            return state
        known = self._steps.get((state, sign))
        if known is None:
            known = self._steps[state, sign] = _STEP[self.form](self, state, sign)
        return known

    def is_kept(self, state: State) -> bool:
        """Return True if a case that ends in this state keeps the rule."""
        return state != BROKEN and _KEPT[self.form](self, state)


_NONE: frozenset[int] = frozenset()


def _one_trigger(marks: list[tuple[bool, frozenset[int]]], form: Form) -> tuple[tuple[bool, frozenset[int]], ...]:
    """Of several triggers in one event keep the one that breaks on less."""
    if sum(triggers for triggers, _ in marks) < 2:
        return tuple(marks)
    places = [place for place, (triggers, _) in enumerate(marks) if triggers]
    kept = places[0] if form in (Form.AFTER, Form.IF_ALSO, Form.BEFORE_NEVER) else places[-1]
    found = ((triggers and place == kept, hits) for place, (triggers, hits) in enumerate(marks))
    return tuple((triggers, hits) for triggers, hits in found if triggers or hits)


# --- what monitors a rule has --------------------------------------------------------------------------------------


def monitors_of(rule: Rule, focus: Happening | None = None) -> list[Monitor]:
    """Return the automata of a rule; with a focus also those of what it asks about that event alone."""
    if rule.per is not Per.CASE or (rule.number or 0) > MOST_COUNTED or (rule.window is not None and rule.number):
        return []
    return list(_monitors(rule, focus))


def _monitors(rule: Rule, focus: Happening | None) -> Iterator[Monitor]:
    match rule.form:
        case Form.SAME_PERSON | Form.DIFFERENT_PERSON:
            return
        case Form.MUST_HAPPEN | Form.ANY_OF:
            yield _monitor(rule, form=Form.AT_LEAST, number=1)
        case Form.NEVER:
            yield _monitor(rule, form=Form.AT_MOST, number=0)
        case Form.IN_TURN:
            yield from _about(rule, Form.AFTER, rule.triggers, rule.targets, focus)
            yield from _about(rule, Form.BEFORE, rule.targets, rule.triggers, focus)
        case _:
            yield from _about(rule, rule.form, rule.triggers, rule.targets, focus)


def near_of(rule: Rule) -> Near:
    """Return how near what a rule demands or forbids must be to its trigger."""
    elapsed = rule.within is None or rule.within.elapsed is not None
    return Near(frozenset(rule.same), frozenset(rule.different), rule.within, None if elapsed else rule.calendar)


def _about(
    rule: Rule,
    form: Form,
    triggers: tuple[Happening, ...],
    targets: tuple[Happening, ...],
    focus: Happening | None,
) -> Iterator[Monitor]:
    near = near_of(rule) if form in _NEAR else ANYWHERE
    if near == ANYWHERE or form in (Form.AFTER, Form.BEFORE, Form.IF_ALSO):
        # What is demanded counts wherever it is, so that more is kept; what is forbidden may be far enough away.
        keyed = near.same or near.different
        manner = Manner.ANY_TIME if keyed and rule.manner is Manner.EACH_TIME else rule.manner
        yield _monitor(rule, form=form, triggers=triggers, targets=targets, manner=manner)
    if near == ANYWHERE or focus is None:
        return
    set_off_by = triggers or targets
    if any(is_also(focus, one) for one in set_off_by):
        manner = Manner.NEXT if rule.manner is Manner.NEXT else Manner.ANY_TIME
        yield _monitor(rule, form=form, triggers=triggers, targets=targets, manner=manner, near=near)


_NEAR = DEMANDS | BARS | {Form.NOT_BOTH}


def is_also(one: Happening, other: Happening) -> bool:
    """Return True if the first is always the second: `draft.propose` is also `propose`."""
    return one == other or (other.step is None and one.kind is other.kind and one.name == other.name)


def _monitor(
    rule: Rule,
    *,
    form: Form,
    triggers: tuple[Happening, ...] = (),
    targets: tuple[Happening, ...] | None = None,
    number: int | None = None,
    manner: Manner = Manner.ANY_TIME,
    near: Near | None = None,
) -> Monitor:
    asked = form not in (Form.TOGETHER, Form.NOT_BOTH) and rule.form is not Form.IN_TURN
    return Monitor(
        form=form,
        triggers=frozenset(triggers),
        targets=rule.targets if targets is None else targets,
        number=(rule.number or 0) if number is None else number,
        manner=manner,
        by=named_by(rule) if asked else None,
        near=near,
        kinds=frozenset(one.kind for one in (*rule.triggers, *rule.targets)),
    )


def named_by(rule: Rule) -> By | None:
    """Return who must have done it; None if anybody may."""
    return None if rule.by is None or rule.by.role == ANY else rule.by


def both_halves(one: Happening, other: Happening) -> Monitor:
    """Return the automaton of two rules that cannot both be kept once `one` and `other` have happened."""
    return Monitor(form=Form.NOT_BOTH, targets=(one, other), kinds=frozenset({one.kind, other.kind}))


# --- forms ---------------------------------------------------------------------------------------------------------
# Within one group what looks back comes first, then what a target fulfils or breaks, then what a trigger sets off.


def _count(m: Monitor, state: State, sign: Sign) -> State:
    assert isinstance(state, int)
    more = sum(bool(hits) for _, hits in sign.marks)
    if more and m.form is not Form.AT_LEAST and state + more > m.number:
        return BROKEN
    return min(state + more, m.number)


def _first(_m: Monitor, state: State, sign: Sign) -> State:
    if state == 0 and sign.counts:
        return 1 if any(hits for _, hits in sign.marks) else BROKEN
    return state


def _last(_m: Monitor, state: State, sign: Sign) -> State:
    return (1 if any(hits for _, hits in sign.marks) else 2) if sign.counts else state


def _together(_m: Monitor, state: State, sign: Sign) -> State:
    assert isinstance(state, frozenset)
    return state.union(*(hits for _, hits in sign.marks))


def _one_of(_m: Monitor, state: State, sign: Sign) -> State:
    assert isinstance(state, frozenset)
    for _, hits in sign.marks:
        if hits:
            state = state & hits if state else hits
            if not state:
                return BROKEN
    return state


def _not_both(_m: Monitor, state: State, sign: Sign) -> State:
    assert isinstance(state, frozenset)
    for _, hits in sign.marks:
        if any(one != other for one in state for other in hits):
            return BROKEN
        # What is one and the other at once stands for neither: nothing comes before itself.
        state = state | hits if len(hits) == 1 else state
    return state


def _if_also(_m: Monitor, state: State, sign: Sign) -> State:
    """0: nothing; 1: pending; 2: what is demanded happened, before or after."""
    for triggers, hits in sign.marks:
        if hits:
            return 2
        state = 1 if triggers and state == 0 else state
    return state


def _if_never(_m: Monitor, state: State, sign: Sign) -> State:
    """(was set off, what is forbidden happened)."""
    assert isinstance(state, tuple)
    set_off, happened = state
    for triggers, hits in sign.marks:
        if (triggers and happened) or (hits and set_off):
            return BROKEN
        set_off, happened = set_off or triggers, happened or bool(hits)
    return set_off, happened


def _after(m: Monitor, state: State, sign: Sign) -> State:
    """0: nothing is pending; 1: something is."""
    if m.manner is Manner.NEXT:
        return _after_next(state, sign)
    for triggers, hits in sign.marks:
        if hits:
            state = 0
        if triggers:
            if state == 1 and m.manner is Manner.EACH_TIME:
                return BROKEN
            state = 1
    return state


def _after_next(state: State, sign: Sign) -> State:
    waiting, fresh = state == 1, False
    for triggers, hits in sign.marks:
        if hits:
            waiting, fresh = waiting and not sign.counts, False
        fresh = fresh or triggers
    if sign.counts:
        return BROKEN if waiting else int(fresh)
    return int(waiting or fresh)


def _before(m: Monitor, state: State, sign: Sign) -> State:
    """1: what is demanded has happened (since the trigger before, or in the event before)."""
    if m.manner is Manner.NEXT:
        return _before_next(state, sign)
    for triggers, hits in sign.marks:
        if triggers:
            if state == 0:
                return BROKEN
            state = 0 if m.manner is Manner.EACH_TIME else 1
        if hits:
            state = 1
    return state


def _before_next(state: State, sign: Sign) -> State:
    here = False
    for triggers, hits in sign.marks:
        if triggers and state == 0 and not here:
            return BROKEN
        here = here or bool(hits)
    return int(here) if sign.counts else state


def _after_never(m: Monitor, state: State, sign: Sign) -> State:
    """1: it was set off (in the event before)."""
    chained = m.manner is Manner.NEXT
    armed, fresh = state == 1 and (sign.counts or not chained), False
    for triggers, hits in sign.marks:
        if hits and (armed or fresh):
            return BROKEN
        fresh = fresh or triggers
    if chained and sign.counts:
        return int(fresh)
    return int(state == 1 or fresh)


def _before_never(m: Monitor, state: State, sign: Sign) -> State:
    """1: what is forbidden has happened (in the event before)."""
    here = False
    for triggers, hits in sign.marks:
        if triggers and (state == 1 or here):
            return BROKEN
        here = here or bool(hits)
    if m.manner is Manner.NEXT:
        return int(here) if sign.counts else state
    return int(state == 1 or here)


_START: Mapping[Form, Callable[[Monitor], State]] = {
    **dict.fromkeys(Form, lambda _: 0),
    **dict.fromkeys((Form.TOGETHER, Form.ONE_OF, Form.NOT_BOTH), lambda _: _NONE),
    Form.IF_NEVER: lambda _: (False, False),
}
_STEP: Mapping[Form, Callable[[Monitor, State, Sign], State]] = {
    Form.AT_LEAST: _count,
    Form.AT_MOST: _count,
    Form.EXACTLY: _count,
    Form.FIRST: _first,
    Form.LAST: _last,
    Form.TOGETHER: _together,
    Form.ONE_OF: _one_of,
    Form.NOT_BOTH: _not_both,
    Form.IF_ALSO: _if_also,
    Form.IF_NEVER: _if_never,
    Form.AFTER: _after,
    Form.BEFORE: _before,
    Form.AFTER_NEVER: _after_never,
    Form.BEFORE_NEVER: _before_never,
}
_KEPT: Mapping[Form, Callable[[Monitor, State], bool]] = {
    **dict.fromkeys(Form, lambda _m, _state: True),
    Form.AT_LEAST: lambda m, state: state == m.number,
    Form.EXACTLY: lambda m, state: state == m.number,
    Form.LAST: lambda _m, state: state != 2,
    Form.ONE_OF: lambda _m, state: bool(state),
    Form.TOGETHER: lambda m, state: isinstance(state, frozenset) and len(state) in (0, len(m.targets)),
    Form.IF_ALSO: lambda _m, state: state != 1,
    Form.AFTER: lambda _m, state: state != 1,
}

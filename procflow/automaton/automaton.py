"""The automaton of a procedure: configurations, and the moves between them, explored from the machines on demand.

Block structure is ours: entering a block freezes its `only-if`s, a branch that ends rests, and when all branches rest
the block is left through its `then`. Inner regions come before outer ones, otherwise the order is the document's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from procflow.automaton.alternatives import Note, Read, Reading, all_open, entry_notes, open_ones
from procflow.automaton.conditions import gates_of, guards_of, limited_of
from procflow.automaton.lines import TOP, Lines
from procflow.automaton.machine import ANYTIME, COMPLETE, JOIN, START, TIMER, RegionMachine, offered_place
from procflow.automaton.moves import Entered, Inner, Move, MoveKind, at_most, demands, kind_of, put_into, too_many
from procflow.automaton.reach import Distances, Goal, Reach
from procflow.expressions.expression import Expression
from procflow.model.configuration import BRANCH_DONE, NOT_NEEDED, Configuration, Standing, step_of
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import SAME, Action, Branch, Parallel, Procedure, Step

_MOST_KNOWN = 100_000
MOST_WAYS = 256
"""How many ways into a block are followed where conditions are undecided; beyond them nothing is proven."""


class Automaton:
    """Explores the machines of one procedure. Shared by threads; what it remembers only saves time."""

    def __init__(self, procedure: Procedure, *, never_skipped: frozenset[tuple[str, str]] = frozenset()) -> None:
        """Explore `procedure`; the actions of steps in `never_skipped`, as (step, action), only ever by an event."""
        self.procedure = procedure
        refusals = ((step.id, REFUSE) for step in procedure.steps.values() if REFUSE in step.actions)
        self._never_skipped = never_skipped = never_skipped.union(refusals)
        self._top = RegionMachine(procedure.top, anytime=procedure.anytime, nested=False)
        inner = {
            branch.id: RegionMachine(branch.region, anytime={}, nested=True)
            for step in procedure.steps.values()
            if step.parallel is not None
            for branch in step.parallel.branches
        }
        self._machines: Mapping[str, RegionMachine] = {TOP: self._top, **inner}
        self.lines = Lines(procedure, self._machines)
        self.timed = frozenset(step.id for step in procedure.steps.values() if step.goes_to is not None)
        """Steps and blocks that lead on when their time runs out."""
        self._reach = Reach(procedure, self._machines, never_skipped)
        self._known: dict[Configuration, Configuration] = {}
        self.alphabet = procedure.actions
        """Every action an event may stand for, of the projected procedure in a status history."""
        self.gates: tuple[Expression, ...] = tuple(dict.fromkeys(gates_of(procedure)))
        """Conditions read without an action of their own: each `only-if`, and each condition of a `then`."""
        self.guards: Mapping[str, tuple[Expression, ...]] = guards_of(procedure)
        """Action id -> the conditions of its arrows, in any step."""
        self.limited: Mapping[str, tuple[Action, ...]] = limited_of(procedure)
        """Action id -> its occurrences that have `at-most`."""

    def initial(self, read: Read) -> Sequence[tuple[Configuration, tuple[Note, ...], bool]]:
        """Return where a case may stand when it opens, with what is attached, and whether more ways are `cut`."""
        return [
            (one.standing, one.notes, one.cut) for one in self._enter(self._top, self._top.region.start, read, None)
        ]

    def moves(
        self, at: Configuration, name: str, *, start: bool, read: Read, used_up: frozenset[int]
    ) -> Iterator[Move]:
        """Yield the moves that an event of action `name` may stand for at `at`, steps before `anytime`.

        `used_up` holds the positions in `limited[name]` of the occurrences whose `at-most` is reached.
        """
        if at.early:
            for move in self.moves(_plain(at), name, start=start, read=read, used_up=used_up):
                yield from self._consuming(move, at.early, read)
            return
        trigger = name if name.startswith(TIMER) else (START if start else COMPLETE) + name
        for inner in self._region_moves(TOP, at, trigger, read):
            yield self._finished(inner, used_up)
        if name in self.procedure.anytime:
            yield from self._anytime(at, name, start=start, read=read, used_up=used_up)

    def skips(self, at: Configuration, read: Read) -> Iterator[Move]:
        """Yield the moves that go on without an event: any due action, whatever its condition; never `anytime`.

        And where a step's time may have run out: that it leads on then need not be on record.
        """
        if at.early:
            for move in self.skips(_plain(at), read):
                yield from self._consuming(move, at.early, read)
            return
        for inner in self._region_moves(TOP, at, None, read):
            spec = inner.spec
            assert spec.step is not None, "no anytime action is due"
            if (spec.action is None or spec.action.moves) and (spec.step.id, spec.name) not in self._never_skipped:
                yield self._finished(inner, frozenset())
        if self.timed:
            yield from self.timers(at, read)

    def timers(self, at: Configuration, read: Read) -> Iterator[Move]:
        """Yield where the case goes if the time of a step, or of a block, runs out; no conditions are read but `only-if`s."""
        for early in self._timers(_plain(at), read):
            yield from self._consuming(early, at.early, read) if at.early else (early,)

    def _timers(self, at: Configuration, read: Read) -> Iterator[Move]:
        for step in at.active_steps():
            if step in self.timed:
                for inner in self._region_moves(TOP, at, TIMER + step, read, free=True):
                    yield self._finished(inner, frozenset())

    def done_early(self, at: Configuration, name: str) -> Configuration:
        """Return where a case stands once an action that is not due at `at` was done early. Raises ValueError."""
        if name in at.early:
            raise ValueError(f"“{name}” was done early already")
        if self.is_end(at):
            raise ValueError("the case has ended: nothing comes after it")
        if any(name == due for _, due in self.due(at)):
            raise ValueError(f"“{name}” is due: do it")
        if name not in self.procedure.may_be_early:
            raise ValueError(
                f"“{name}” cannot be done early: it may lead to different places, and which one is seen only in its turn"
            )
        return Standing(at.place, at.branches, tuple(sorted((*at.early, name))))

    def _consuming(self, move: Move, early: tuple[str, ...], read: Read) -> Iterator[Move]:
        """Yield the move, and with it the actions done early whose turn has come."""
        at = move.target
        if self.is_end(at):
            yield move
            return
        name = next((name for _, name in self.due(at) if name in early), None)
        if name is None:
            yield replace(move, target=self._same(Standing(at.place, at.branches, early)))
            return
        left = tuple(one for one in early if one != name)
        for onward in self.moves(at, name, start=False, read=read, used_up=frozenset()):
            further = replace(
                move,
                target=onward.target,
                notes=move.notes + onward.notes,
                entered=move.entered + onward.entered,
                consumed=(*move.consumed, (name, onward.left)),
                cut=move.cut or onward.cut,
            )
            yield from self._consuming(further, left, read)

    def due(self, at: Configuration) -> Iterator[tuple[Step, str]]:
        """Yield the (step, action) pairs due at `at`, inner steps first, in document order, conditions not read."""
        yield from self._due(self._top, at)

    def anytime_at(self, at: Configuration) -> Iterator[Action]:
        """Yield the `anytime` actions that are possible at `at`."""
        for action in self.procedure.anytime.values():
            if self._top.ways(at.place, ANYTIME + action.id) and _allowed_during(action, at):
                yield action

    def goals(self, goals: Iterable[Goal]) -> int:
        """Return actions and `only-if`s as bits, to be held against `Move.ahead`."""
        return self._reach.bits(goals)

    def distances(self, read: Read) -> Distances:
        """Return how many actions are left to an end from where; `read` reads the `only-if`s."""
        return self._reach.distances(read)

    def entering(self, at: Configuration, step: str, read: Read) -> Iterator[Configuration]:
        """Yield where a case stands that enters `step` anew, of the top level or of a block it is in; else nothing.

        What was done early stays so, but what is due there: whoever goes back to it does it again.
        """
        for one in self._entering(self._top, _plain(at), step, read):
            asked = {name for _, name in self.due(one)}
            early = () if self.is_end(one) else tuple(name for name in at.early if name not in asked)
            yield Standing(one.place, one.branches, early)

    def _entering(self, machine: RegionMachine, at: Standing, step: str, read: Read) -> Iterator[Standing]:
        if step in machine.region.steps:
            yield from (one.standing for one in self._enter(machine, step, read, None))
        for position, (name, inner) in enumerate(at.branches):
            for standing in self._entering(self._machines[name], inner, step, read):
                yield Standing(at.place, (*at.branches[:position], (name, standing), *at.branches[position + 1 :]))

    def is_end(self, at: Configuration) -> bool:
        """True if the case has ended there."""
        return self.procedure.top.steps[at.step].end is not None

    def order(self, at: Configuration) -> tuple[int, ...]:
        """Return a key that sorts configurations in document order."""
        early = (sorted(self.alphabet).index(name) for name in at.early)
        return (*self._order(self._top, at), *early)

    def _order(self, machine: RegionMachine, at: Standing) -> tuple[int, ...]:
        position = len(machine.order) if at.place == NOT_NEEDED else machine.order[at.place]
        if not at.branches:
            return (position,)
        return (position, *(place for name, inner in at.branches for place in self._order(self._machines[name], inner)))

    def _due(self, machine: RegionMachine, at: Standing) -> Iterator[tuple[Step, str]]:
        for name, inner in at.branches:
            yield from self._due(self._machines[name], inner)
        for trigger in machine.due(at.place):
            spec = machine.ways(at.place, trigger)[0]
            assert spec.step is not None
            yield spec.step, spec.name

    def _finished(self, inner: Inner, used_up: frozenset[int]) -> Move:
        notes = inner.notes + inner.entry.notes
        action = inner.spec.action
        if action is not None and inner.kind is not MoveKind.START and used_up:
            notes += too_many(action, self.limited[action.id], used_up)
        step = inner.spec.step
        collect, evidence = demands(step, action) if inner.kind is not MoveKind.START else ((), ())
        return Move(
            target=self._same(inner.entry.standing),
            kind=inner.kind,
            step=step,
            action=action,
            name=inner.spec.name,
            notes=notes,
            left=inner.left,
            entered=inner.entry.entered,
            cut=inner.entry.cut,
            ahead=inner.ahead,
            collect=collect,
            evidence=evidence,
        )

    def _same(self, at: Configuration) -> Configuration:
        """Return one object for equal configurations: searches compare them all the time."""
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        return self._known.setdefault(at, at)

    def _region_moves(
        self, region: str, at: Standing, trigger: str | None, read: Read, *, free: bool = False
    ) -> Iterator[Inner]:
        """Yield the moves within a region, inner before outer; every due action if `trigger` is None (a skip).

        `free`: conditions are not read.
        """
        machine = self._machines[region]
        free = free or trigger is None
        if at.branches:
            step = machine.region.steps[at.step]
            for position, (name, inner_at) in enumerate(at.branches):
                for inner in self._region_moves(name, inner_at, trigger, read, free=free):
                    yield from self._in_block(machine, step, at, position, inner, read, free=free)
        if trigger is None:
            for each in machine.due(at.place):
                yield from self._taken(region, at, each, read, free=True)
        elif machine.ways(at.place, trigger):
            yield from self._taken(region, at, trigger, read, free=free)

    def _taken(self, region: str, at: Standing, trigger: str, read: Read, *, free: bool) -> Iterator[Inner]:
        """Yield what `trigger` does at a place. Of a block that is only that its time runs out: its branches go with it."""
        machine = self._machines[region]
        specs = machine.ways(at.place, trigger)
        arrows = [spec.arrow for spec in specs if spec.arrow is not None]
        is_open = all_open(specs) if free or not arrows else open_ones(arrows, read)
        for index, notes in is_open:
            spec = specs[index]
            target = machine.fire(at.place, trigger, index)
            ahead = self._reach.after(region, target) if free else 0
            kind = kind_of(spec, trigger)
            if kind is MoveKind.START or (spec.arrow is not None and spec.arrow.to == SAME):
                stays = Entered(standing=at if target == at.place else Standing(target))
                yield Inner(entry=stays, kind=kind, spec=spec, notes=notes, left=(), ahead=ahead)
                continue
            if kind is MoveKind.ITEM:
                entry = Entered(standing=Standing(target))
                yield Inner(entry=entry, kind=kind, spec=spec, notes=notes, left=(), ahead=ahead)
                continue
            left = tuple(reversed(list(at.active_steps()))) if at.branches else (spec.step.id,) if spec.step else ()
            giver = at.step
            for entry in self._enter(machine, target, read, giver, free=free):
                yield Inner(entry=entry, kind=kind, spec=spec, notes=notes, left=left, ahead=ahead)

    def _in_block(
        self, machine: RegionMachine, step: Step, at: Standing, position: int, inner: Inner, read: Read, *, free: bool
    ) -> Iterator[Inner]:
        """Put the move of a branch into its block; leave the block if all its branches rest now."""
        name = at.branches[position][0]
        branches = (*at.branches[:position], (name, inner.entry.standing), *at.branches[position + 1 :])
        if not inner.entry.standing.at_rest:
            yield put_into(inner, Entered(standing=Standing(at.place, branches)), left=inner.left)
            return
        left = (*inner.left, step.id)
        if not all(state.at_rest for _, state in branches):
            yield put_into(inner, Entered(standing=Standing(at.place, branches)), left=left)
            return
        for entry in self._join(machine, step, read, free=free):
            yield put_into(inner, entry, left=left)

    def _join(self, machine: RegionMachine, step: Step, read: Read, *, free: bool) -> Iterator[Entered]:
        assert step.parallel is not None
        is_open = all_open(step.parallel.then) if free else open_ones(step.parallel.then, read)
        for index, notes in is_open:
            for entry in self._enter(machine, machine.fire(step.id, JOIN, index), read, step.id, free=free):
                yield replace(entry, notes=notes + entry.notes)

    def _enter(
        self, machine: RegionMachine, place: str, read: Read, giver: str | None, *, free: bool = False
    ) -> Iterator[Entered]:
        """Yield what entering a place leads to: more than one way if an `only-if` is undecided.

        `giver` is the step that was left, or the `anytime` action; None: the case opens, or is put there. A block in which
        nothing is needed is left at once. The loader has made sure (PF306) that this ends.
        """
        if place == BRANCH_DONE:
            yield Entered(standing=Standing(BRANCH_DONE))
            return
        step = machine.region.steps[step_of(place)]
        if step.parallel is None:
            yield Entered(standing=Standing(place), entered=(step.id,))
            return
        yield from at_most(MOST_WAYS, self._enter_block(machine, step, step.parallel, read, giver, free=free))

    def _enter_block(
        self, machine: RegionMachine, step: Step, block: Parallel, read: Read, giver: str | None, *, free: bool
    ) -> Iterator[Entered]:
        ways = (list(self._enter_branch(branch, read, giver, free=free)) for branch in block.branches)
        for chosen in product(*ways):
            notes = tuple(note for entry in chosen for note in entry.notes)
            entered = (step.id, *(name for entry in chosen for name in entry.entered))
            cut = any(entry.cut for entry in chosen)
            if not all(entry.standing.at_rest for entry in chosen):
                branches = tuple((b.id, entry.standing) for b, entry in zip(block.branches, chosen, strict=True))
                yield Entered(standing=Standing(step.id, branches), notes=notes, entered=entered, cut=cut)
                continue
            for onward in self._join(machine, step, read, free=free):
                entered_too = entered + onward.entered
                yield replace(onward, notes=notes + onward.notes, entered=entered_too, cut=cut or onward.cut)

    def _enter_branch(self, branch: Branch, read: Read, giver: str | None, *, free: bool) -> Iterator[Entered]:
        reading = Reading.TRUE if branch.only_if is None else read(branch.only_if)
        notes = entry_notes(branch, reading)
        if reading is not Reading.FALSE:
            region = branch.region
            place = offered_place(region.steps[region.start], giver, refusable=False)
            for entry in self._enter(self._machines[branch.id], place, read, giver, free=free):
                yield replace(entry, notes=notes + entry.notes)
        if reading is not Reading.TRUE:
            yield Entered(standing=Standing(NOT_NEEDED), notes=notes)

    def _anytime(
        self, at: Configuration, name: str, *, start: bool, read: Read, used_up: frozenset[int]
    ) -> Iterator[Move]:
        specs = self._top.ways(at.place, ANYTIME + name)
        if not specs or not _allowed_during(self.procedure.anytime[name], at):
            return
        if start:
            inner = Inner(entry=Entered(standing=at), kind=MoveKind.START, spec=specs[0], notes=(), left=())
            yield self._finished(inner, frozenset())
            return
        for index, notes in open_ones([spec.arrow for spec in specs if spec.arrow is not None], read):
            arrow = specs[index].arrow
            assert arrow is not None
            stays = arrow.to == SAME
            target = self._top.fire(at.place, ANYTIME + name, index)
            entries = [Entered(standing=at)] if stays else self._enter(self._top, target, read, name)
            for entry in entries:
                inner = Inner(entry=entry, kind=MoveKind.ANYTIME, spec=specs[index], notes=notes, left=())
                yield self._finished(inner, used_up)


def _plain(at: Configuration) -> Configuration:
    """Return where the case stands, whatever was done early."""
    return Standing(at.place, at.branches)


def _allowed_during(action: Action, at: Configuration) -> bool:
    return not action.during or not set(action.during).isdisjoint(at.active_steps())

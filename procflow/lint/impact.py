"""What hangs together: who hands work to whom, and which clocks, services and agreements are later if somebody is late."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from procflow.errors import ProcflowError
from procflow.lint.impact_beside import agreements_of, services_of
from procflow.lint.time.scene import Scene
from procflow.lint.time.spans import Span
from procflow.lint.ways import TOP, Map
from procflow.model.by import By
from procflow.model.clock import Clock, ClockKind
from procflow.model.hand_off import ACCEPT, REFUSE, TAKE_CASE
from procflow.model.impact import ClockTouched, Effect, Impact, Passing, Subject, SubjectKind, Work
from procflow.model.library import Library
from procflow.model.procedure import DONE, Procedure, Step
from procflow.model.services import clocks_of, providing_roles

_IMPLIED = frozenset({ACCEPT, REFUSE, TAKE_CASE})
"""What the language adds: that work is accepted or given back says nothing of what anybody does."""


def impact_of(subject: Subject, library: Library) -> Impact:
    """Return what a role, department, service or clock has an impact on. Raises ProcflowError if nobody knows it."""
    _known(subject, library)
    meant = {one.id: roles for one in library.procedures.values() if (roles := _roles(subject, one, library))}
    procedures = [one for one in library.procedures.values() if one.id in meant]
    passed = [one for each in procedures for one in passings(each)]
    steps = tuple(one for each in procedures for one in _works(each, meant[each.id], subject))
    clocks = tuple(
        one for each in procedures for one in _clocks(each, meant[each.id], steps, _asked(subject, each, library))
    )
    who = {role for roles in meant.values() for role in roles}
    works = {(one.procedure, one.step) for one in steps}
    return Impact(
        subject=subject,
        roles=tuple(dict.fromkeys(role for roles in meant.values() for role in roles)),
        procedures=tuple(one.id for one in procedures),
        steps=steps,
        anytime=() if subject.kind is SubjectKind.CLOCK else tuple(_anytime(procedures, who)),
        upstream=tuple(one for one in passed if (one.procedure, one.taking) in works and one.giver not in who),
        downstream=tuple(
            one
            for one in passed
            if one.giver in meant[one.procedure]
            and one.taker not in who
            and (not one.giving or (one.procedure, one.giving) in works)
        ),
        clocks=clocks,
        services=services_of(subject, who, [one.id for one in procedures], library),
        agreements=agreements_of(subject, who, clocks, library),
    )


# --- who is meant ----------------------------------------------------------------------------------------------------


def _known(subject: Subject, library: Library) -> None:
    procedures = library.procedures.values()
    there: Collection[str]
    match subject.kind:
        case SubjectKind.ROLE:
            there = {role for one in procedures for role in one.roles}
        case SubjectKind.DEPARTMENT:
            there = library.departments
        case SubjectKind.SERVICE:
            there = library.services.services
        case SubjectKind.CLOCK:
            there = {clock for one in procedures for clock in one.all_clocks}
    if subject.id not in there:
        close = get_close_matches(subject.id, sorted(there), n=1)
        named = f"there are: {', '.join(sorted(there))}" if there else f"there is no {subject.kind.value} at all"
        hint = f"did you mean `{subject.kind.value}:{close[0]}`?" if close else named
        raise ProcflowError(f"there is no {subject.kind.value} `{subject.id}` in these files", hint=hint)


def _roles(subject: Subject, procedure: Procedure, library: Library) -> tuple[str, ...]:
    """Return the roles of a procedure that are meant; () if it has nothing to do with the subject."""
    match subject.kind:
        case SubjectKind.ROLE:
            return (subject.id,) if subject.id in procedure.roles else ()
        case SubjectKind.DEPARTMENT:
            return tuple(role.id for role in procedure.roles.values() if role.department == subject.id)
        case SubjectKind.SERVICE:
            service = library.services.services[subject.id]
            return providing_roles(service, procedure) if service.procedure == procedure.id else ()
        case SubjectKind.CLOCK:
            clock = procedure.all_clocks.get(subject.id)
            if clock is None:
                return ()
            runs = _runs(Scene(procedure, None), clock)
            return tuple(role for role in procedure.roles if any(_turn(procedure.steps[one]) == role for one in runs))


def _asked(subject: Subject, procedure: Procedure, library: Library) -> Collection[str] | None:
    """Return the clocks that are asked for; None for all."""
    if subject.kind is SubjectKind.CLOCK:
        return {subject.id}
    if subject.kind is SubjectKind.SERVICE:
        return {one.id for one in clocks_of(library.services.services[subject.id], procedure)}
    return None


# --- what they do ----------------------------------------------------------------------------------------------------


def _turn(step: Step) -> str:
    turn = step.whose_turn
    return (turn.role or "") if turn is not None else ""


def _works(procedure: Procedure, roles: Collection[str], subject: Subject) -> Iterator[Work]:
    """Yield the steps that some roles work in, or are waited for in."""
    runs: Collection[str] | None = None
    if subject.kind is SubjectKind.CLOCK:
        runs = _runs(Scene(procedure, None), procedure.all_clocks[subject.id])
    for step in procedure.steps.values():
        if runs is not None and step.id not in runs:
            continue
        for role in procedure.roles:
            if role in roles and (done := tuple(_does(step, role))):
                yield Work(procedure=procedure.id, step=step.id, role=role, actions=done)


def _does(step: Step, role: str) -> Iterator[str]:
    """Yield what a role does in a step."""
    if step.checklist is not None and _turn(step) == role:
        yield from step.checklist.items
    for action in step.actions.values():
        by = action.by or step.whose_turn
        if action.id not in _IMPLIED and by is not None and by.role == role:
            yield action.id


def _anytime(procedures: Sequence[Procedure], roles: Collection[str]) -> Iterator[Work]:
    for one in procedures:
        for role in one.roles:
            done = tuple(id for id, each in one.anytime.items() if each.by == By(role=role) and id not in _IMPLIED)
            if role in roles and done:
                yield Work(procedure=one.id, step="", role=role, actions=done)


# --- what passes from one to another ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Arrow:
    """A way from a step in which somebody has a turn to the next such step, past the borders of blocks."""

    source: str
    target: str
    by: str


def _arrows(procedure: Procedure) -> Iterator[_Arrow]:
    map_ = Map(procedure)
    for name, region in map_.regions.items():
        for way in region.ways():
            action = way.action.id if way.action is not None else ""
            if procedure.steps[way.source].parallel is not None or action == REFUSE:
                continue
            for target in _targets(procedure, map_, name, way.target, set()):
                yield _Arrow(way.source, target, action)


def _targets(procedure: Procedure, map_: Map, name: str, target: str, seen: set[tuple[str, str]]) -> Iterator[str]:
    """Yield the steps that an arrow comes to in which somebody has a turn."""
    if (name, target) in seen:
        return
    seen.add((name, target))
    if target == DONE:
        block = map_.regions[name].block
        if block is not None:
            around = map_.home[block.id]
            for way in map_.regions[around].out[block.id]:
                if not way.late:
                    yield from _targets(procedure, map_, around, way.target, seen)
        return
    step = procedure.steps[target]
    for branch in step.branches:
        yield from _targets(procedure, map_, branch.id, branch.region.start, seen)
    if step.whose_turn is not None:
        yield target


def passings(procedure: Procedure) -> Iterator[Passing]:
    """Yield how work passes between roles, in the order of the file.

    Into a waiting step and out of it, it passes between the two beside it as well, unless they are one. What is given
    back, or recorded without moving, is no passing; nor is an action at any time that ends the case.
    """
    found: dict[tuple[str, str, str, tuple[str, ...]], list[str]] = {}
    arrows = list(_arrows(procedure))
    onward: dict[str, list[_Arrow]] = {}
    for one in arrows:
        onward.setdefault(one.source, []).append(one)
    for one in arrows:
        giver, target = _turn(procedure.steps[one.source]), procedure.steps[one.target]
        acting = procedure.steps[one.source].actions.get(one.by)
        if acting is not None and acting.by is not None:
            giver = acting.by.role or ""
        if giver != _turn(target) or not giver:
            found.setdefault((giver, one.source, one.target, ()), []).append(one.by)
        if target.waiting is not None:
            for next_ in onward.get(one.target, ()):
                taker = _turn(procedure.steps[next_.target])
                if taker != giver and taker != _turn(target):
                    found.setdefault((giver, one.source, next_.target, (one.target,)), []).append(one.by)
    for action in procedure.anytime.values():
        for arrow in (
            action.arrows if action.moves and action.by is not None and action.by.role in procedure.roles else ()
        ):
            for target_id in _targets(procedure, Map(procedure), TOP, arrow.to, set()):
                giver = action.by.role or "" if action.by is not None else ""
                if giver != _turn(procedure.steps[target_id]):
                    found.setdefault((giver, "", target_id, ()), []).append(action.id)
    map_ = Map(procedure)
    for (giver, source, taking, through), by in found.items():
        to = procedure.steps[taking]
        given = to.hand_offs
        # It comes from where it was last; if that is a branch, by the end of its block; if it may be anywhere, by an action.
        last = through[-1] if through else source
        places = {step for _, step in map_.around(last)} if last else set(by)
        at_once = given is not None and not given.at_once.isdisjoint(places)
        yield Passing(
            procedure=procedure.id,
            giver=giver,
            taker=_turn(to),
            giving=source,
            taking=taking,
            through=through,
            by=tuple(name for name in dict.fromkeys(by) if name),
            needs=() if given is None or at_once else tuple(dict.fromkeys((*given.needs, *given.form, *given.proofs))),
            at_once=at_once,
        )


# --- what is later ---------------------------------------------------------------------------------------------------


class _Wide(Span):
    """A span that begins, where nobody can tell in which step, in all in which it may."""

    def beginnings(self) -> list[tuple[str, str]]:
        """Return also where a clock may begin that begins when something is known."""
        found = super().beginnings()
        if found or not (self.clock.known or self.clock.since is not None):
            return found
        fields = {*self.clock.known, self.clock.since}
        for name, region in self.scene.map.regions.items():
            for way in region.ways():
                step, action = region.region.steps[way.source], way.action
                told = {*step.collect, *step.optional}
                told.update((*action.collect, *action.optional) if action is not None else ())
                target = region.region.steps.get(way.target)
                if told & fields and target is not None and target.end is None:
                    found.append((name, way.target))
        return found


def _runs(scene: Scene, clock: Clock) -> tuple[str, ...]:
    """Return the steps in which a clock may run, or stand still, in document order."""
    own = clock.step or clock.accepts
    if own is not None:
        return (own, *(one for one in scene.procedure.steps if _inside(scene, one, own)))
    if clock.question is not None or clock.kind is ClockKind.COUNT:
        return ()
    if clock.each_hand_off:
        return tuple(one.id for one in scene.procedure.steps.values() if one.by is not None)
    inside = _Wide(scene, clock).steps()
    return tuple(one for one in scene.procedure.steps if one in inside)


def _inside(scene: Scene, step: str, block: str) -> bool:
    return step != block and any(one == block for _, one in scene.map.around(step))


def _clocks(
    procedure: Procedure, roles: Collection[str], works: Sequence[Work], asked: Collection[str] | None
) -> Iterator[ClockTouched]:
    """Yield the clocks that run, stand still or run out while some roles work, or are waited for."""
    scene = Scene(procedure, None)
    theirs = [one.step for one in works if one.procedure == procedure.id]
    for clock in procedure.all_clocks.values():
        if asked is not None and clock.id not in asked:
            continue
        steps = [one for one in _runs(scene, clock) if one in theirs]
        still = [one for one in steps if one in clock.paused_in and _turn(procedure.steps[one]) in roles]
        own = (clock.step or clock.accepts) in theirs
        for effect, where in (
            (Effect.STANDS_STILL, still),
            (Effect.RUNS_OUT if own else Effect.RUNS_ON, [one for one in steps if one not in still]),
        ):
            if where:
                yield ClockTouched(
                    procedure=procedure.id, clock=clock.id, to=clock.to, effect=effect, steps=tuple(where)
                )

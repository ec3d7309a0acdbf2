"""PF3: steps nobody reaches, cases that never end, work that can go round without a limit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from procflow.errors import Finding
from procflow.lint.limits import is_counted, onward_of, unlimited_of
from procflow.lint.soundness import Soundness
from procflow.lint.ways import ANYTIME, TOP, RegionWays, Way, reached
from procflow.lint.witness import Witness, circles, told
from procflow.model.hand_off import ACTS
from procflow.model.procedure import DONE, Procedure, Step
from procflow.model.rules import finding
from procflow.model.words import joined


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield what is wrong with the flow; each mistake once, where it is."""
    sound = Soundness(procedure)
    witness = Witness(sound.map, sound.top_ways)
    counted: set[str] = set()
    for ways in sound.map.regions.values():
        yield from _unreached(ways, sound)
        yield from _trapped(ways, sound, witness)
        yield from _rounds(ways, sound, counted)
        yield from _alone(ways)
        yield from _only_late(ways, sound)
    yield from _back_at_any_time(sound, witness)


# --- PF301 ---------------------------------------------------------------------------------------------------------


def _unreached(ways: RegionWays, sound: Soundness) -> Iterator[Finding]:
    """Yield the steps that nothing leads to; what only they lead to is named with them."""
    missed = [step for step in ways.region.steps if step not in sound.facts[ways.name].reached]
    if not missed:
        return
    onward = onward_of(sound.top_ways if ways.name == TOP else ways.ways())
    left = dict.fromkeys(missed)
    for first in _firsts(missed, onward):
        if first not in left:
            continue
        with_it = [step for step in missed if step in left and step in reached([first], onward)]
        for step in with_it:
            del left[step]
        yield _never_reached(ways, first, [step for step in with_it if step != first])


def _firsts(missed: Sequence[str], onward: dict[str, list[str]]) -> list[str]:
    """Return the steps that are missed, those first that no other of them leads to."""
    led_to = {target for step in missed for target in onward.get(step, ()) if target != step}
    return sorted(missed, key=lambda step: step in led_to)


def _never_reached(ways: RegionWays, first: str, others: Sequence[str]) -> Finding:
    begins = f"the branch `{ways.name}` begins with" if ways.block is not None else "work begins with"
    message = (
        f"no case ever comes to `{first}`: {begins} `{ways.region.start}`, and no way leads from there to `{first}`"
    )
    if others:
        message += f", nor to {_listed(others)}, where only `{first}` leads"
    hint = f"let an action lead there (`to: {first}`), or remove it"
    return finding("PF301", message, where=ways.region.steps[first].where, hint=hint)


# --- PF302, PF303, PF304, PF309, PF316 -----------------------------------------------------------------------------


def _trapped(ways: RegionWays, sound: Soundness, witness: Witness) -> Iterator[Finding]:
    """Yield where cases are trapped; of a region that nobody can finish, only that."""
    if ways.name == TOP and not ways.goals:
        yield _no_end(sound.map.procedure)
        return
    trapped = sound.trapped(ways)
    if not trapped:
        return
    traps = _traps(ways, trapped, sound)
    if _is_never_done(ways, sound):
        yield _never_done(ways, traps[0])
        return
    for trap in traps:
        if not sound.is_stuck(ways, trap):
            continue
        yield _left_at_any_time(ways, trap, sound) if sound.always else _no_way_out(ways, trap, sound, witness)


def _is_never_done(ways: RegionWays, sound: Soundness) -> bool:
    return ways.block is not None and not sound.facts[ways.name].is_finished


def _told_as_trap(ways: RegionWays, sound: Soundness) -> set[str]:
    """Return the steps of which `_trapped` says that nobody gets out of them."""
    trapped = sound.trapped(ways)
    if not trapped or (ways.name == TOP and not ways.goals) or _is_never_done(ways, sound):
        return trapped
    return {step for trap in _traps(ways, trapped, sound) if sound.is_stuck(ways, trap) for step in trap}


def _traps(ways: RegionWays, trapped: Collection[str], sound: Soundness) -> list[list[str]]:
    """Return the sets of steps that a case never leaves once it is in them, each in the order of the file."""
    import networkx

    from procflow.lint.witness import graph_of

    every = sound.top_ways if ways.name == TOP else ways.ways()
    graph = graph_of(way for way in every if way.source in trapped and way.target in trapped)
    graph.add_nodes_from(trapped)
    parts = list(networkx.attracting_components(graph))
    order = {step: number for number, step in enumerate(ways.region.steps)}
    return sorted((sorted(part, key=order.__getitem__) for part in parts), key=lambda part: order[part[0]])


def _no_end(procedure: Procedure) -> Finding:
    message = "the procedure has no end, so no case is ever over"
    hint = "add a step such as `closed: { end: answered }`, and let the last action lead to it"
    return finding("PF302", message, where=procedure.where, hint=hint)


def _no_way_out(ways: RegionWays, trap: Sequence[str], sound: Soundness, witness: Witness) -> Finding:
    step = ways.region.steps[trap[0]]
    over = "the branch is never done" if ways.block is not None else "the case never ends"
    there = f"the way there: {witness.to(trap[0])}"
    circle = _circle(ways, trap, sound)
    if circle:
        message = f"nobody ever gets out of {told(circle)}: {over}"
        hint = f"let one of the actions of {_listed(trap, 'or')} lead on to another step\n{there}"
        return finding("PF304", message, where=step.where, hint=hint)
    goal = "`done`" if ways.block is not None else "another step"
    message = f"`{step.id}` is a dead end: {_why(step)}, so {over}"
    return finding("PF303", message, where=step.where, hint=f"let one of its actions lead to {goal}\n{there}")


def _left_at_any_time(ways: RegionWays, trap: Sequence[str], sound: Soundness) -> Finding:
    step = ways.region.steps[trap[0]]
    exits = list(dict.fromkeys(way.action.id for way in sound.top_ways if way.source == ANYTIME and way.action))
    circle = _circle(ways, trap, sound)
    stays = f"{told(circle)} goes round" if circle else f"none of the actions of `{step.id}` leads on"
    message = f"{stays}: only {_listed(exits, 'or')}, possible at any time, gets a case out of here"
    hint = f"let an action lead on; or, if this is meant, say so with `while: [{step.id}]` at an anytime action"
    return finding("PF316", message, where=step.where, hint=hint)


def _circle(ways: RegionWays, trap: Sequence[str], sound: Soundness) -> list[Way]:
    """Return the circle in a trap; () if it is a step that leads nowhere."""
    every = sound.top_ways if ways.name == TOP else ways.ways()
    inside = [way for way in every if way.source in trap and way.target in trap]
    return circles(inside)[0] if inside else []


def _never_done(ways: RegionWays, trap: Sequence[str]) -> Finding:
    assert ways.block is not None
    assert ways.branch is not None
    message = (
        f"the branch `{ways.name}` is never done: no action on the way from `{ways.region.start}` leads to `done`, "
        f"so `{ways.block.id}` is never left by its `then`"
    )
    hint = f"let an action of {_listed(trap, 'or')} lead to `done`"
    return finding("PF309", message, where=ways.branch.where, hint=hint)


def _why(step: Step) -> str:
    written = [name for name in step.actions if name not in ACTS]
    if not written:
        return "nothing can be done there"
    return f"{_listed(written)} {'stays' if len(written) == 1 else 'stay'} there"


# --- PF308 ---------------------------------------------------------------------------------------------------------


def _rounds(ways: RegionWays, sound: Soundness, counted: set[str]) -> Iterator[Finding]:
    """Yield circles in which nothing counts; of circles that share steps, the shortest.

    `counted` gathers the branches that can be done only so often, those inside a block before those around it. Of a circle
    that nobody gets out of that is told, and no limit would mend it.
    """
    unlimited = unlimited_of(ways, counted)
    if ways.block is not None and DONE not in reached([ways.region.start], onward_of(unlimited)):
        counted.add(ways.name)
    if _goes_on(unlimited):
        return
    told_of = _told_as_trap(ways, sound)
    unlimited = [way for way in unlimited if way.source not in told_of or way.target not in told_of]
    order = {step: number for number, step in enumerate(ways.region.steps)}
    for circle in circles(unlimited):
        if all(way.late for way in circle):
            continue  # PF409 tells it
        back = max(circle, key=lambda way: order[way.source] - order.get(way.target, len(order)))
        message = f"nothing limits how often a case goes round: {told(circle)}"
        assert back.arrow is not None
        limit = next((way.action for way in (back, *circle) if way.action is not None and _has_others(way, ways)), None)
        if limit is None:
            hint = "let an action of the circle have `at-most: 3`, or a condition that counts with `times(...)`"
        else:
            hint = f"give `{limit.id}` a limit, such as `at-most: 3`, or another action of the circle"
        yield finding("PF308", message, where=back.arrow.where, hint=hint)


def _has_others(way: Way, ways: RegionWays) -> bool:
    """Return True if a case can leave the step by another action: whoever uses up the only one is stuck there."""
    return any(one.action is not way.action and one.target != way.source for one in ways.out[way.source])


def _goes_on(ways: Sequence[Way]) -> bool:
    """Return True if the ways make no circle: then nothing has to be looked for."""
    incoming: dict[str, int] = {}
    onward: dict[str, list[str]] = {}
    for way in ways:
        incoming[way.target] = incoming.get(way.target, 0) + 1
        incoming.setdefault(way.source, 0)
        onward.setdefault(way.source, []).append(way.target)
    waiting = [step for step, count in incoming.items() if not count]
    gone = 0
    while waiting:
        gone += 1
        for target in onward.get(waiting.pop(), ()):
            incoming[target] -= 1
            if not incoming[target]:
                waiting.append(target)
    return gone == len(incoming)


def _back_at_any_time(sound: Soundness, witness: Witness) -> Iterator[Finding]:
    """Yield what may take a case back to an earlier step at any time, as often as anybody likes."""
    onward = onward_of(sound.map.top.ways())
    for action in sound.map.procedure.anytime.values():
        target = action.arrows[0].to
        if not action.moves or target in sound.map.top.goals or is_counted(action) or not sound.is_reached(target):
            continue
        after = reached([target], onward)
        again = [step for step in sound.sources[action.id] if step in after] if action.during else [target]
        if again:
            message = f"nothing limits how often `{action.id}` takes a case back to `{target}`"
            hint = f"give it a limit, such as `at-most: 3`; the way to it: {witness.to(again[0])}"
            yield finding("PF308", message, where=action.where, hint=hint)


# --- PF314 ---------------------------------------------------------------------------------------------------------


def _alone(ways: RegionWays) -> Iterator[Finding]:
    for step in ways.region.steps.values():
        if step.parallel is not None and len(step.parallel.branches) == 1:
            (branch,) = step.parallel.branches
            if branch.only_if is None:
                message = f"`{step.id}` is a block with one branch: nothing runs beside `{branch.id}`"
                hint = "make it a step, or give the branch `only-if` if it is not always needed"
                yield finding("PF314", message, where=step.where, hint=hint)


# --- PF315 ---------------------------------------------------------------------------------------------------------


def _only_late(ways: RegionWays, sound: Soundness) -> Iterator[Finding]:
    """Yield the steps that no case comes to unless time has run out; not what only they lead to."""
    every = sound.top_ways if ways.name == TOP else tuple(ways.ways())
    late = [way for way in every if way.late]
    if not late:
        return
    in_time = reached([ways.region.start], onward_of(way for way in every if not way.late))
    told_of: set[str] = set()
    for way in late:
        target = ways.region.steps[way.target]
        if (
            target.end is None
            and target.id not in in_time
            and target.id not in told_of
            and target.id in sound.facts[ways.name].reached
        ):
            told_of.add(target.id)
            message = f"no case comes to `{target.id}` unless time has run out in `{way.source}`"
            hint = "nothing is wrong if that is meant; else let an action lead there, too"
            yield finding("PF315", message, where=target.where, hint=hint)


def _listed(names: Sequence[str], word: str = "and") -> str:
    return joined([f"`{name}`" for name in names], word, most=4)

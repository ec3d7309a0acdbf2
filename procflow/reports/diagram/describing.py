"""A picture in words, for whoever hears it: who acts where, and what leads where when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procflow.model.procedure import DONE, SAME
from procflow.reports.diagram.graph import Graph, Leg, Scene, Spot, Way
from procflow.reports.diagram.handing import answering, department, offered, told_of
from procflow.reports.diagram.lettering import clean
from procflow.reports.diagram.ruling import heard_rules
from procflow.reports.diagram.timing import heard_clocks, heard_time, leads_when_late
from procflow.reports.diagram.tongue import Tongue

MOST_STEPS = 60
"""Of a larger picture nobody wants to hear every arrow; the first steps are told, and how many there are."""


def description(graph: Graph, tongue: Tongue) -> str:
    """Return the flow in sentences, in document order."""
    words = tongue.language
    lines = [words.say("The procedure starts with {step}.", step=_step(graph, tongue, graph.procedure.top.start))]
    lines += _scene(graph, tongue, graph.scene)
    who = answering(tongue)
    lines += [f"{who}."] if who is not None else []
    for action in graph.anytime:
        told = _named(tongue, tongue.title(action.title, action.id), action.id)
        targets = [arrow.to for arrow in action.arrows if arrow.to != SAME]
        if targets:
            lines.append(
                words.say("At any time: {action} leads to {step}.", action=told, step=_step(graph, tongue, targets[0]))
            )
        else:
            lines.append(words.say("At any time: {action}; the case stays where it is.", action=told))
        lines += _sentence(told_of(action, tongue))
    if len(lines) > MOST_STEPS:
        count = len(graph.procedure.steps)
        lines[MOST_STEPS:] = [
            tongue.language.count("The picture has {number} step.", "The picture has {number} steps.", count)
        ]
    return " ".join([*lines, *heard_rules(tongue), *heard_clocks(tongue)])


def _scene(graph: Graph, tongue: Tongue, scene: Scene) -> Iterator[str]:
    for spot in scene.spots:
        yield from _spot(graph, tongue, spot)
        for way in scene.ways:
            if way.source == spot.step.id:
                yield _way(graph, tongue, way)


def _spot(graph: Graph, tongue: Tongue, spot: Spot) -> Iterator[str]:
    words = tongue.language
    step = _step(graph, tongue, spot.step.id)
    if spot.lanes:
        lanes = tongue.language.listed([tongue.called(lane.id) for lane in spot.lanes])
        yield words.say("In {step}, these run side by side: {lanes}.", step=step, lanes=lanes)
        for lane in spot.lanes:
            if lane.only_if is not None:
                condition = tongue.condition(lane.only_if)
                yield words.say("{lane} only if {condition}.", lane=tongue.called(lane.id), condition=condition)
            yield from _scene(graph, tongue, lane.scene)
    elif spot.step.waiting is not None:
        yield words.say("{step} waits for {party}.", step=step, party=tongue.role(spot.step.waiting.party))
    elif spot.step.end is not None:
        yield words.say("{step} is an end.", step=step)
    elif spot.step.by is not None:
        yield words.say("In {step}, {who} acts.", step=step, who=tongue.by(spot.step.by))
        yield from _sentence(department(spot.step, tongue))
    yield from _sentence(told for _, told in offered(spot.step, tongue))
    yield from heard_time(spot.step, tongue)


def _way(graph: Graph, tongue: Tongue, way: Way) -> str:
    words = tongue.language
    legs = tongue.language.listed([_leg(graph, tongue, leg) for leg in way.legs])
    if way.late is not None:
        return leads_when_late(way.late, legs, tongue)
    if way.action is None:
        return words.say("Then to {steps}.", steps=legs)
    action = _named(tongue, tongue.title(way.action.title, way.action.id), way.action.id)
    return words.say("{action} leads to {steps}.", action=action, steps=legs)


def _leg(graph: Graph, tongue: Tongue, leg: Leg) -> str:
    words = tongue.language
    step = words.say("the end of the branch") if leg.to == DONE else _step(graph, tongue, leg.to)
    if leg.when is not None:
        return words.say("{step} if {condition}", step=step, condition=tongue.condition(leg.when))
    return words.say("{step} otherwise", step=step) if leg.otherwise else step


def _sentence(told: Iterable[str]) -> Iterator[str]:
    """Yield what stands on a card in several rows as one sentence."""
    whole = "; ".join(told)
    if whole:
        yield f"{whole[:1].upper()}{whole[1:]}."


def _step(graph: Graph, tongue: Tongue, id: str) -> str:
    return _named(tongue, tongue.title(graph.procedure.steps[id].title, id), id)


def _named(tongue: Tongue, title: str, id: str) -> str:
    return tongue.name(id) if title == id else f"{tongue.isolated(clean(title))} ({tongue.name(id)})"

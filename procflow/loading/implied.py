"""Data fields that are there without being declared: `asked` and `due` of waiting steps, `tier` of what is promised, and
what questions, refusals, warnings of risks and thanks carry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from procflow.errors import SourceSpan
from procflow.expressions.types import Choice, FieldType, Instant, Text
from procflow.loading.clock_parts import maps_of_waits, maps_that_grade
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.outline import Outline
from procflow.loading.types import named
from procflow.model.hand_off import ASKED_WHOM, ASKS, KNOWN_SINCE, QUESTION, REASONS, REFUSED_FOR, RISK, THANKED
from procflow.model.procedure import DataField

TIER = "tier"
"""What a client is promised: given with the opening of a case by whoever knows the client."""
_DEMANDED: tuple[tuple[str, FieldType], ...] = (("asked", Text()), ("due", Instant()))
"""Fields that a waiting step demands."""
_CARRIED: Mapping[str, tuple[tuple[str, FieldType, bool], ...]] = {
    "ask": ((ASKED_WHOM, Text(), False), (QUESTION, Text(), False)),
    "risk": ((RISK, Text(), True), (KNOWN_SINCE, Instant(), True)),
    "thanks": ((THANKED, Text(), False),),
}
"""Key of an `anytime` action -> the fields that go with it, each with whether it is demanded."""
_NO_TIERS = frozenset({"depends-on", "otherwise", "note"})


def needed_by_waiting(outline: Outline) -> frozenset[str]:
    """Return those of `asked` and `due` that some waiting step demands."""
    return frozenset(name for name, _ in _DEMANDED if any(_demanding(name, outline)))


def carried(action: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields that an `anytime` action demands, and those that may be given with it, by what it is for."""
    fields = [one for key, some in _CARRIED.items() if _has(action, key) for one in some]
    return tuple(name for name, _, demanded in fields if demanded), tuple(name for name, _, one in fields if not one)


def carried_fields(root: Node, outline: Outline) -> frozenset[str]:
    """Return the fields that some action carries by what it is for."""
    return frozenset(name for name, _, _ in _of_actions(root, outline))


def implied_fields(
    root: Node, outline: Outline, data: Mapping[str, DataField], notebook: Notebook
) -> dict[str, DataField]:
    """Return the fields that are needed and not declared, or declared without a question; tell those whose type is another."""
    declared = root.get("data")
    paused = {one.text for _, clock in root.get("clocks").items() for one in clock.get("paused-in").entries()}
    implied: dict[str, DataField] = {}
    wanted: list[tuple[str, FieldType, SourceSpan, str]] = []
    for name, kind in _DEMANDED:
        needed = [*_demanding(name, outline), *_read(outline, paused)]
        if needed:
            step, where = needed[0]
            wanted.append((name, kind, where, f"the waiting step `{step.name}`"))
    for name, kind, node in _of_actions(root, outline):
        wanted.append((name, kind, node.whole, f"`{node.name}` of `{node.path[-2]}`" if node.path[1:] else "a refusal"))
    for name, kind, where, whose in wanted:
        if name not in data and not declared.has(name):
            implied.setdefault(name, DataField(id=name, type=kind, ask=ASKS[name], where=where))
        elif name in data and data[name].type != kind:
            message = f"`{name}` is {named(data[name].type)}, and {whose} needs {_described(kind)}"
            hint = f"declare it as {_described(kind)}, leave it out, or give your field another name"
            notebook.note("PF203", message, declared.get(name).key_where, hint)
        elif name in data and not data[name].ask:
            implied[name] = replace(data[name], ask=ASKS[name])
    if not declared.has(TIER):
        implied |= _tier(root, outline)
    return implied


def _of_actions(root: Node, outline: Outline) -> Iterator[tuple[str, FieldType, Node]]:
    """Yield the fields that actions carry, and what makes them carry them."""
    for action in outline.anytime.values():
        for key, fields in _CARRIED.items():
            if _has(action, key):
                yield from ((name, kind, action.get(key)) for name, kind, _ in fields)
    for one in (root, *outline.steps.values()):
        if one.get("hand-offs").get("refuse").is_map:
            yield REFUSED_FOR, Choice(REASONS), one.get("hand-offs").get("refuse")


def _has(action: Node, key: str) -> bool:
    return action.get(key).is_map or action.get(key).is_true


def _described(kind: FieldType) -> str:
    return f"a choice of {', '.join(kind.of)}" if isinstance(kind, Choice) else named(kind)


def _demanding(name: str, outline: Outline) -> Iterator[tuple[Node, SourceSpan]]:
    """Yield the waiting steps that demand a field, and where."""
    for step in outline.steps.values():
        if step.get("waiting-for").get(name).text == "required":
            yield step, step.get("waiting-for").get(name).whole


def _read(outline: Outline, paused: Collection[str]) -> Iterator[tuple[Node, SourceSpan]]:
    """Yield the waiting steps in which what was asked, and until when, is read if it is given: for a pause, or a limit."""
    for name, step in outline.steps.items():
        if step.has("waiting-for") and (name in paused or step.has("within")):
            yield step, step.get("waiting-for").whole


def _tier(root: Node, outline: Outline) -> dict[str, DataField]:
    """Return the field `tier` if what is promised depends on it: one of the tiers named.

    Where something is promised `otherwise`, clients of other tiers are expected, too: then it may be any text.
    """
    clocks = (one for _, one in root.get("clocks").items())
    waits = [one.get("hand-offs") for one in (root, *outline.steps.values())]
    asked = [one.get("ask") for one in outline.anytime.values()]
    graded = (*maps_that_grade(clocks, iter(outline.steps.values())), *maps_of_waits([*waits, *asked]))
    found = [one for one in graded if one.get("depends-on").text == TIER]
    if not found:
        return {}
    tiers = tuple(dict.fromkeys(name for one in found for name, _ in one.items() if name not in _NO_TIERS))
    kind: FieldType = Text() if not tiers or any(one.has("otherwise") for one in found) else Choice(tiers)
    return {TIER: DataField(id=TIER, type=kind, where=found[0].get("depends-on").whole)}

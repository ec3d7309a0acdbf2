"""Data fields that are there without being declared: `asked` and `due` of waiting steps, `tier` of what is promised."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from procflow.errors import SourceSpan
from procflow.expressions.types import Choice, FieldType, Instant, Text
from procflow.loading.clock_parts import maps_that_grade
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.outline import Outline
from procflow.loading.types import named
from procflow.model.procedure import DataField

TIER = "tier"
"""What a client is promised: given with the opening of a case by whoever knows the client."""
_DEMANDED: tuple[tuple[str, FieldType], ...] = (("asked", Text()), ("due", Instant()))
"""Fields that a waiting step demands."""
_NO_TIERS = frozenset({"depends-on", "otherwise", "note"})


def needed_by_waiting(outline: Outline) -> frozenset[str]:
    """Return those of `asked` and `due` that some waiting step demands."""
    return frozenset(name for name, _ in _DEMANDED if any(_demanding(name, outline)))


def implied_fields(
    root: Node, outline: Outline, data: Mapping[str, DataField], notebook: Notebook
) -> dict[str, DataField]:
    """Return the fields that are needed and not declared; tell those declared with a type that does not fit."""
    declared = root.get("data")
    paused = {one.text for _, clock in root.get("clocks").items() for one in clock.get("paused-in").entries()}
    implied: dict[str, DataField] = {}
    for name, kind in _DEMANDED:
        needed = [*_demanding(name, outline), *_read(outline, paused)]
        if not needed:
            continue
        step, where = needed[0]
        if name not in data and not declared.has(name):
            implied[name] = DataField(id=name, type=kind, where=where)
        elif name in data and data[name].type != kind:
            message = f"`{name}` is {named(data[name].type)}, and the waiting step `{step.name}` needs {named(kind)}"
            hint = f"declare it as {named(kind)}, leave it out, or give your field another name"
            notebook.note("PF203", message, declared.get(name).key_where, hint)
    if not declared.has(TIER):
        implied |= _tier(root, outline)
    return implied


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
    found = [one for one in maps_that_grade(clocks, iter(outline.steps.values())) if one.get("depends-on").text == TIER]
    if not found:
        return {}
    tiers = tuple(dict.fromkeys(name for one in found for name, _ in one.items() if name not in _NO_TIERS))
    kind: FieldType = Text() if not tiers or any(one.has("otherwise") for one in found) else Choice(tiers)
    return {TIER: DataField(id=TIER, type=kind, where=found[0].get("depends-on").whole)}

"""Names in rules that no event of the log has: rules alone have nobody else to say what exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from procflow.errors import Finding
from procflow.eventlogs.reading import LogReading, finding
from procflow.model.event import Kind
from procflow.model.mapping import LogMapping
from procflow.model.rule import Happening, HappeningKind, Rule
from procflow.monitors.names import meant

_OF_STEPS = (HappeningKind.ENTERS, HappeningKind.LEAVES)


def names_unseen(reading: LogReading, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Return a finding for each name of an action or a step that neither the log nor its mapping knows.

    `rules` are those that these events can tell: whether a log of actions has a step is not asked.
    """
    if not reading.traces:
        return ()
    return tuple(_told(rules, _known(reading)))


def cancelling_unseen(reading: LogReading) -> tuple[Finding, ...]:
    """Return a finding for each name that ends a case as cancelled, and that neither the log nor its mapping knows."""
    mapping = reading.mapping
    if mapping is None or not mapping.cancelled or not reading.traces:
        return ()
    known = _known(reading)
    what = "enters" if mapping.status is not None else "is called"
    return tuple(
        finding(
            "DV812",
            f"no event of the log {what} “{name}”, which is to end a case as cancelled",
            where=where,
            hint=f"Did you mean “{close}”?" if (close := meant(name, known)) else "Look at `to` in the mapping.",
        )
        for name, where in mapping.cancelled.items()
        if name not in known
    )


def _known(reading: LogReading) -> set[str]:
    known = set(_mapped(reading.mapping))
    known.update(event.action for trace in reading.traces for event in trace.events if event.kind is not Kind.CLOSED)
    return known


def _mapped(mapping: LogMapping | None) -> Iterator[str]:
    """Yield what the mapping translates words into: somebody thought of these."""
    for column in (mapping.action, mapping.status) if mapping is not None else ():
        if column is not None:
            yield from column.to.values()


def _told(rules: Iterable[Rule], known: set[str]) -> Iterator[Finding]:
    named: dict[str, list[tuple[Rule, Happening]]] = {}
    for rule in rules:
        for one in (*rule.triggers, *rule.targets):
            if one.name and one.name not in known:
                named.setdefault(one.name, []).append((rule, one))
    for name, uses in named.items():
        rule, happening = uses[0]
        close = meant(name, known)
        what = "enters or leaves" if happening.kind in _OF_STEPS else "is called"
        ids = ", ".join(dict.fromkeys(f"`{each.id}`" for each, _ in uses))
        yield finding(
            "DV812",
            f"no event of the log {what} “{name}”, of which {ids} speak{'s' if len(uses) == 1 else ''}",
            where=rule.where,
            hint=f"Did you mean “{close}”?" if close else "Look at the name in the rule, and at `to` in the mapping.",
        )

"""The `fairness:` section: what is looked for over many cases, and from where on it is told."""

from __future__ import annotations

from procflow.expressions.types import YesNo
from procflow.loading.clock_parts import length_on
from procflow.loading.lengths import read_length
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.outline import kind_of
from procflow.loading.types import named
from procflow.model.fairness import Fairness, FirstCome, OnePerson, Urgent, WaitSpread, Workload


def read_fairness(node: Node, lookup: Lookup) -> Fairness | None:
    """Return what a procedure says of fairness; None if it says nothing. What does not fit is written down."""
    if not node.is_map:
        return None
    return Fairness(
        first_come=_first_come(node.get("first-come"), lookup),
        urgent=_urgent(node.get("urgent"), lookup),
        one_person=_one_person(node.get("one-person"), lookup),
        workload=_workload(node.get("workload"), lookup),
        wait_spread=_wait_spread(node.get("wait-spread"), lookup),
        where=node.whole,
    )


def _first_come(node: Node, lookup: Lookup) -> FirstCome | None:
    if not node.is_map:
        return None
    action, field = _expedited(node.get("expedited"), lookup)
    return FirstCome(
        steps=_steps(node.get("in"), lookup),
        alike=lookup.fields(node.get("alike")),
        by_more_than=length_on(node.get("by-more-than"), lookup, calendar=bool(lookup.calendar)),
        expedited=action,
        expedited_if=field,
        where=node.whole,
    )


def _expedited(node: Node, lookup: Lookup) -> tuple[str | None, str | None]:
    """Return the action that makes a case an exception, or the data field that does."""
    name = node.text
    if not name:
        return None, None
    if name in lookup.outline.alphabet:
        return name, None
    kind = lookup.types.get(name)
    if kind is None and name not in lookup.broken:
        fields = [one for one, its in lookup.types.items() if isinstance(its, YesNo)]
        guess = lookup.notebook.guess(name, [*lookup.outline.alphabet, *fields])
        hint = guess.hint or "name an action that lets a case go first, or a data field of type yes-no"
        lookup.used_fields.add(guess.sure or name)
        lookup.notebook.note("PF203", f"there is no action and no data field `{name}`", node.where, hint)
        return None, None
    lookup.used_fields.add(name)
    if kind is not None and not isinstance(kind, YesNo):
        message = f"`{name}` is {named(kind)}, and what lets a case go first is an action or a field of type yes-no"
        lookup.notebook.note("PF203", message, node.where)
    return None, name


def _urgent(node: Node, lookup: Lookup) -> Urgent | None:
    if not node.is_map:
        return None
    when = lookup.condition(node.get("when"), working=False)
    if when is None:
        return None
    return Urgent(
        when=when,
        at_most=_percent(node.get("at-most")),
        at_least=node.get("at-least").number or 1,
        where=node.whole,
    )


def _one_person(node: Node, lookup: Lookup) -> OnePerson | None:
    if not node.is_map:
        return None
    window = node.get("in")
    length = read_length(window.text, window, lookup.notebook) if window.text else None
    if length is not None and length.elapsed is None:
        message = f"`{window.text.strip()}` depends on a calendar, and this looks back over elapsed time"
        lookup.notebook.note("PF106", message, window.where, "write it in days or weeks, as in `90 days`")
    return OnePerson(
        share=_percent(node.get("share")),
        at_least=node.get("at-least").number or 1,
        window=length,
        where=node.whole,
    )


def _workload(node: Node, lookup: Lookup) -> Workload | None:
    if not node.is_map:
        return None
    whose = node.get("whose")
    return Workload(
        times=node.get("times").number or 1,
        at_least=node.get("at-least").number or 1,
        whose=lookup.data_field(whose, ("person",)) if whose.text else None,
        where=node.whole,
    )


def _wait_spread(node: Node, lookup: Lookup) -> WaitSpread | None:
    if not node.is_map:
        return None
    return WaitSpread(
        times=node.get("times").number or 1,
        at_least=node.get("at-least").number or 1,
        steps=_steps(node.get("in"), lookup),
        alike=lookup.fields(node.get("alike")),
        where=node.whole,
    )


def _steps(node: Node, lookup: Lookup) -> tuple[str, ...]:
    """Return the steps in which cases queue for people of ours."""
    names = lookup.steps(node, acting=True)
    for entry in node.entries():
        step = lookup.outline.steps.get(entry.text)
        if step is not None and kind_of(step) == "waiting":
            message = f"nobody queues in `{entry.text}`: it waits for somebody outside"
            lookup.notebook.note("PF201", message, entry.where, "name a step in which people work")
    return names


def _percent(node: Node) -> int:
    """Return a percentage; the schema has told one that is none."""
    digits = node.text.removesuffix("%")
    return int(digits) if digits.isascii() and digits.isdecimal() else 0

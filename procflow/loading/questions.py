"""`ask:` of an action that is possible at any time: it puts a question to somebody."""

from __future__ import annotations

from functools import partial

from procflow.loading.clock_parts import length_on, read_graded, read_late, read_warn
from procflow.loading.edits import replace_value
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.model.clock import Clock, ClockKind, Promised
from procflow.model.hand_off import Asking
from procflow.model.procedure import ANY


def read_asking(node: Node, lookup: Lookup) -> Asking | None:
    """Return what an action asks; None if it asks nothing, or nobody could tell what."""
    if not node.is_map:
        return None
    to = lookup.role(node.get("question-to"))
    if to == ANY:
        lookup.used_roles.update(lookup.roles)
    answered_by = _answered_by(node.get("answered-by"), lookup)
    calendar = bool(lookup.calendar)
    within = read_graded(node.get("answer-within"), partial(length_on, lookup=lookup, calendar=calendar), lookup)
    warn, warns = read_warn(node.get("warn"), lookup)
    supplier = to in lookup.suppliers
    clock = Clock(
        id=f"{node.path[-2]}.answer",
        kind=ClockKind.TIMER,
        to=Promised.SUPPLIER if supplier else Promised.TEAM,
        question=str(node.path[-2]),
        promise=supplier or to not in lookup.external,
        within=within,
        warn=warn,
        warns=warns,
        late=read_late(node.get("late"), lookup, calendar=calendar),
        where=node.whole,
    )
    return Asking(to=to, answered_by=answered_by, answer=clock, where=node.whole)


def external_role(node: Node, lookup: Lookup, *, why: str) -> str | None:
    """Return the external role that a text names; None if there is none. `why`: what only external roles can be."""
    if not node.text:
        return None
    name = lookup.role(node, or_any=False)
    if name in lookup.roles and name not in lookup.external:
        hint = "name an external role" if lookup.external else "mark the role of your clients with `external: true`"
        lookup.notebook.note("PF202", f"the role `{name}` is of the house: {why}", node.where, hint)
    return name


def _answered_by(node: Node, lookup: Lookup) -> str:
    name = node.text
    if not name:
        return name  # the schema has told it
    if name == node.path[1]:
        hint = "add an action that answers under `anytime:`, as in `answer: { to: same, by: any }`"
        lookup.notebook.note("PF128", f"`{name}` cannot answer itself", node.where, hint)
    elif name not in lookup.outline.anytime:
        otherwise = f"add it under `anytime:`, as in `{name}: {{ to: same, by: any }}`"
        if name in lookup.outline.alphabet:
            otherwise = f"`{name}` belongs to a step: an answer must be possible wherever the case stands"
        guess = lookup.notebook.guess(name, lookup.outline.anytime, otherwise=otherwise)
        edits = () if guess.sure is None else replace_value(node.source, node.path, guess.sure)
        message = f"there is no action `{name}` that is possible at any time"
        lookup.notebook.note("PF213", message, node.where, guess.hint, edits)
    return name

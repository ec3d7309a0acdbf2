"""The parts of clocks: what depends on a data field, at how much somebody is told, what is done when time has run out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import TypeVar

from procflow.calendars.length import Length
from procflow.errors import Edit
from procflow.expressions.types import Choice, FieldType, Number, Text, YesNo
from procflow.loading.edits import replace_key
from procflow.loading.lengths import read_length
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.notebook import listed
from procflow.loading.outline import RegionNode
from procflow.loading.types import named
from procflow.model.clock import Graded, LateAct, LateDoing, word_of
from procflow.model.procedure import ANY, DONE, SAME

T = TypeVar("T")

ROLE = "role"
"""What `depends-on` may name beside data fields where each hand-off begins a cycle: who gets the ball."""
_NO_VALUES = frozenset({"depends-on", "otherwise", "note"})
_BETWEEN = re.compile(r"\s*(?:[,;/|]|\bor\b|\band\b)\s*")
_PERCENT = re.compile(r"(\d{1,4}) *(?:%|percent|per cent)")
_WHOLE = 100
_YES_NO = {"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}


# --- what depends on a data field ----------------------------------------------------------------------------------


def read_graded(
    node: Node, value: Callable[[Node], T | None], lookup: Lookup, *, receiver: bool = False
) -> Graded[T] | None:
    """Return what is promised: one value, or one for each value of a data field. None if there is none.

    `receiver`: it may depend on `role`, too, which is whoever gets the ball.
    """
    if not node.is_map:
        only = value(node) if node.data is not None else None
        return None if only is None else Graded(otherwise=only)
    if not node.has("depends-on"):
        return None  # the schema has told it
    by = _depends_on(node.get("depends-on"), lookup, receiver=receiver)
    values: dict[str, T] = {}
    for name, one in node.items():
        if name in _NO_VALUES:
            continue
        known = _value_of(name, one, by, lookup, receiver=receiver)
        found = value(one)
        if found is not None and known is not None:
            values[known] = found
    otherwise = value(node.get("otherwise")) if node.has("otherwise") else None
    if all(name in _NO_VALUES for name, _ in node.items()):
        hint = "write what is promised for each of its values; what is promised whatever it is stands alone"
        lookup.notebook.note("PF125", f"no value of `{by}` is named", node.where, hint)
    return Graded(by=by, values=MappingProxyType(values), otherwise=otherwise)


def _depends_on(node: Node, lookup: Lookup, *, receiver: bool) -> str:
    name = node.text
    if name == ROLE and receiver:
        if name in lookup.types:
            message = "`role` is whoever gets the ball here, and a data field is called so, too"
            lookup.notebook.note("PF203", message, node.where, "give the data field another name")
        return name
    if name == ROLE and name not in lookup.types:
        message = "only what is promised for `each: hand-off` can depend on `role`: who gets the ball"
        lookup.notebook.note("PF125", message, node.where, "add `each: hand-off`, or name a data field")
        return name
    lookup.data_field(node)
    kind = lookup.types.get(name)
    if kind is not None and not isinstance(kind, Choice | YesNo | Number | Text):
        message = f"`{name}` is of type {named(kind)}, and what is promised cannot depend on that"
        lookup.notebook.note("PF125", message, node.where, "name a field of type choice, yes-no, number or text")
    elif kind is not None:
        _check_words(node, kind, lookup)
    return name


def _check_words(node: Node, kind: FieldType, lookup: Lookup) -> None:
    for word in kind.of if isinstance(kind, Choice) else ():
        if word in _NO_VALUES:
            message = f"`{node.text}` can be `{word}`, which means something else here"
            lookup.notebook.note("PF125", message, node.where, "give the word of the choice another name")


def _value_of(name: str, node: Node, by: str, lookup: Lookup, *, receiver: bool) -> str | None:
    """Return the value of the field that a key is; None if the field cannot have it, which is written down."""
    if by == ROLE and receiver:
        return _receiver(name, node, lookup)
    kind = lookup.types.get(by)
    match kind:
        case Choice() if name not in kind.of:
            guess = lookup.notebook.guess(name, kind.of, otherwise=f"it can be {listed(kind.of)}")
            edits = () if guess.sure is None else replace_key(node.source, node.path, guess.sure)
            lookup.notebook.note("PF125", f"`{by}` cannot be `{name}`", node.key_where, guess.hint, edits)
            return None
        case YesNo() if name not in ("true", "false"):
            meant = _YES_NO.get(name.lower())
            hint = f'write "{meant}" in quotes' if meant else 'it can be "true" or "false"'
            edits = () if meant is None else _quoted_key(node, meant)
            lookup.notebook.note("PF125", f"`{by}` cannot be `{name}`", node.key_where, hint, edits)
            return None
        case Number():
            try:
                return word_of(Decimal(name))
            except InvalidOperation:
                message = f"`{by}` is a number, and `{name}` is none"
                lookup.notebook.note("PF125", message, node.key_where, 'write a number in quotes, as in "1"')
                return None
    return name


def _quoted_key(node: Node, word: str) -> tuple[Edit, ...]:
    mark = node.source.marks.get(node.path)
    if mark is None or mark.key_end <= mark.key_start:
        return ()
    return (Edit(where=node.source.between(mark.key_start, mark.key_end), text=f'"{word}"'),)


def _receiver(name: str, node: Node, lookup: Lookup) -> str | None:
    """Return a role or a team that gets the ball; teams are known only if some step is done by one."""
    if name in lookup.roles or _has_teams(lookup):
        if name in lookup.roles:
            lookup.used_roles.add(name)
        return name
    guess = lookup.notebook.guess(name, lookup.roles, otherwise=f"the roles are {listed(lookup.roles)}")
    edits = () if guess.sure is None else replace_key(node.source, node.path, guess.sure)
    lookup.notebook.note("PF202", f"there is no role `{name}`", node.key_where, guess.hint, edits)
    return None


def _has_teams(lookup: Lookup) -> bool:
    return any(step.get("by").is_map for step in lookup.outline.steps.values())


# --- lengths and numbers -------------------------------------------------------------------------------------------


def length_on(node: Node, lookup: Lookup, *, calendar: bool) -> Length | None:
    """Return a length; None if there is none. `calendar`: whether there is one to count working time on."""
    if not node.text:
        return None  # the schema has told it
    length = read_length(node.text, node, lookup.notebook)
    if length is not None and length.working and not calendar:
        message = f"`{node.text.strip()}` is working time, and the procedure has no calendar to count it on"
        hint = "add `calendar: office` at the top, with a file calendars/office.yaml; or write elapsed time: `14 days`"
        lookup.notebook.note("PF407", message, node.where, hint)
    return length


# --- warn ----------------------------------------------------------------------------------------------------------


def read_warn(node: Node, lookup: Lookup) -> tuple[tuple[int, ...], str | None]:
    """Return at how many percent somebody is told, rising, and which role; None: whoever has the ball."""
    percents = node.get("at") if node.is_map else node
    told = _role(node.get("notify"), lookup) if node.is_map and node.has("notify") else None
    found = [one for entry in percents.entries() if percents.is_list and (one := _percent(entry, lookup)) is not None]
    for (first, _), (second, entry) in pairwise(found):
        if second <= first:
            what = "twice" if second == first else f"after {first}%"
            hint = f"write them rising: [{', '.join(f'{one}%' for one in sorted({one for one, _ in found}))}]"
            lookup.notebook.note("PF126", f"`{second}%` stands here {what}", entry.where, hint)
            break
    return tuple(one for one, _ in found), told


def _percent(node: Node, lookup: Lookup) -> tuple[int, Node] | None:
    note = lookup.notebook.note
    written = _PERCENT.fullmatch(node.text.strip().lower()) if node.is_text else None
    if written is None:
        meant = _meant_percent(node)
        shown = node.text if node.is_text else node.source.raw(node.path)
        edits = () if meant is None else (Edit(where=node.where, text=meant),)
        note("PF126", f"`{shown}` is no percentage", node.where, f"write `{meant or '80%'}`", edits)
        return None
    if node.text != f"{written[1]}%":
        meant = f"{int(written[1])}%"
        note(
            "PF126",
            f"`{node.text}` is no percentage",
            node.where,
            f"write `{meant}`",
            (Edit(where=node.where, text=meant),),
        )
        return None
    number = int(written[1])
    if 0 < number < _WHOLE:
        return number, node
    if number >= _WHOLE:
        hint = "what is done when the time has run out is `late`; a warning comes before, at most at 99%"
        note("PF126", f"at {number}% there is nothing left to warn of", node.where, hint)
    else:
        note("PF126", "at 0% nothing has passed yet", node.where, "write at least 1%")
    return None


def _meant_percent(node: Node) -> str | None:
    """Return the percentage that a bare number means; None if that cannot be told."""
    raw = node.source.raw(node.path).strip("\"'")
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?", raw):
        return None
    number = Fraction(raw) * (_WHOLE if Fraction(raw) < 1 else 1)
    return f"{number}%" if number.denominator == 1 and 0 < number < _WHOLE else None


# --- late ----------------------------------------------------------------------------------------------------------


def read_late(
    node: Node, lookup: Lookup, *, calendar: bool, step: str | None = None, region: RegionNode | None = None
) -> tuple[LateAct, ...]:
    """Return what is done when time has run out, in the order of the file.

    `step` and `region`: of a step's own time, which alone may move the case.
    """
    entries = [node] if node.is_map else list(node.entries())
    acts = [act for one in entries if (act := _late(one, lookup, calendar=calendar, step=step, region=region))]
    moving = next((at for at, act in enumerate(acts) if act.does is LateDoing.GO_TO), None)
    if moving is not None and moving < len(acts) - 1:
        message = f"`go-to: {acts[moving].to}` is not the last: once the case has left the step, nothing more comes of its time"
        lookup.notebook.note("PF127", message, acts[moving].where, "move it to the end, or remove what stands after it")
    return tuple(acts)


def _late(node: Node, lookup: Lookup, *, calendar: bool, step: str | None, region: RegionNode | None) -> LateAct | None:
    if not node.is_map:
        return None
    elsewhere = LateDoing.GO_TO if "hand-offs" in node.path else LateDoing.OFFER  # the schema has told it
    doings = [one for one in LateDoing if node.has(one.value) and one is not elsewhere]
    after = length_on(node.get("after"), lookup, calendar=calendar)
    if len(doings) != 1:
        _tell_doings(node, doings, lookup)
    # Every name is looked up: what it names is used, and what it names wrongly is told at once.
    named_by = {one: _doing(one, node.get(one.value), lookup, step, region) for one in doings}
    if len(doings) != 1 or not named_by[doings[0]]:
        return None
    return LateAct(does=doings[0], to=named_by[doings[0]], after=after, where=node.where)


def _tell_doings(node: Node, doings: list[LateDoing], lookup: Lookup) -> None:
    where = node.where
    if not doings:
        if node.data and all(key in ("after", "note") for key, _ in node.items()):  # else the schema has told it
            message = "`late` does nothing: it names nobody to be told, and no step"
            lookup.notebook.note("PF127", message, where, "add `notify: lead`, `escalate: lead` or `go-to: draft`")
        return
    entries = ", ".join(f"{{ {one.value}: {node.get(one.value).text} }}" for one in doings)
    alone = len(doings) == len(list(node.items())) and not isinstance(node.path[-1], int)
    edits = (Edit(where=where, text=f"[{entries}]"),) if alone and node.source.is_flow(node.path) else ()
    message = f"{listed([one.value for one in doings]).replace(' or ', ' and ')} are {len(doings)} things to do"
    lookup.notebook.note("PF127", message, where, f"write a list: [{entries}]", edits)


def _doing(does: LateDoing, node: Node, lookup: Lookup, step: str | None, region: RegionNode | None) -> str:
    if does is LateDoing.GO_TO:
        return _go_to(node, lookup, step, region)
    name = _role(node, lookup)
    if (does is LateDoing.ESCALATE and name in lookup.external) or (
        does is LateDoing.OFFER and _is_client(name, lookup)
    ):
        message = f"the role `{name}` is external: only people of the house can be made to act for us"
        lookup.notebook.note(
            "PF202", message, node.where, "name a role that is not external; to tell them, write `notify`"
        )
    return name


def _is_client(role: str, lookup: Lookup) -> bool:
    return role in lookup.external and role not in lookup.suppliers


def _role(node: Node, lookup: Lookup) -> str:
    if node.text == ANY:
        message = "`any` is nobody who could be told"
        lookup.notebook.note("PF202", message, node.where, f"name a role: {listed(lookup.roles)}")
        return ""
    several = [one for one in _BETWEEN.split(node.text) if one]
    if len(several) > 1 and all(one in lookup.roles for one in several):
        lookup.used_roles.update(several)
        entries = ", ".join(f"{{ {node.name}: {one} }}" for one in several)
        hint = f"write an entry for each: [{entries}]" if "late" in node.path else "make one role of them"
        lookup.notebook.note("PF202", f"`{node.text}` is several roles", node.where, hint)
        return ""
    return lookup.role(node, or_any=False)


def _go_to(node: Node, lookup: Lookup, step: str | None, region: RegionNode | None) -> str:
    """Return the step that time leads to; "" if it cannot, which is written down."""
    name, note = node.text, lookup.notebook.note
    if not name:
        return ""
    if region is None:
        hint = "give the step its own `within` and write `late: { go-to: ... }` there, or write `escalate` here"
        note("PF127", "a clock of `clocks` does not move the case", node.where, hint)
    elif name in (step, SAME):
        message = f"`go-to: {name}` leads nowhere: the case stands there" if name == step else "`same` leads nowhere"
        note("PF127", message, node.where, "name another step, or write `notify` or `escalate`")
    elif name == DONE:
        hint = "name a step, or write `notify` or `escalate`; somebody has to be done with a branch"
        note("PF127", "time alone cannot end a branch: nobody did what it is for", node.where, hint)
    elif name in region.steps:
        return name
    elif name in lookup.outline.steps:
        place = "inside a block" if region.is_top else f"outside the branch `{region.path[-1]}`"
        hint = (
            "name the block itself"
            if region.is_top
            else "name a step of the branch, or give the block its own `within`"
        )
        note("PF311", f"`{name}` is {place}: time cannot lead there", node.where, hint)
    else:
        return lookup.target(node, region, same=False)
    return ""


def maps_that_grade(clocks: Iterator[Node], steps: Iterator[Node]) -> Iterator[Node]:
    """Yield the maps with `depends-on`, of clocks and of steps."""
    for node in clocks:
        yield from (node.get(key) for key in ("within", "every", "at-most", "calendar") if node.get(key).is_map)
    for node in steps:
        if node.get("within").is_map:
            yield node.get("within")


def maps_of_waits(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the maps with `depends-on` of hand-offs and of questions."""
    for node in nodes:
        yield from (node.get(key) for key in ("accept-within", "answer-within") if node.get(key).is_map)

"""Clocks: those of `clocks:`, and the time that a step, a wait or a block may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from procflow.errors import Edit, Severity
from procflow.expressions.types import Date, FieldType, Instant
from procflow.loading.clock_forms import ClockForm, check_keys, form_of
from procflow.loading.clock_parts import length_on, read_graded, read_late, read_warn
from procflow.loading.edits import replace_value
from procflow.loading.happenings import Naming, read_happenings
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.outline import RESERVED, RegionNode, kind_of
from procflow.loading.texts import read_names, read_text
from procflow.loading.types import named
from procflow.model.clock import Clock, ClockKind, OnChange, Promised, Reopening
from procflow.model.procedure import Action, Role
from procflow.model.rule import Happening, HappeningKind

HAND_OFF = "hand-off"
"""Each passing of the ball to a role or team of ours."""
_ENDS = Happening(kind=HappeningKind.ENDS)
_OPENS = Happening(kind=HappeningKind.OPENS)


def read_clocks(node: Node, happening: Naming, lookup: Lookup) -> tuple[Clock, ...]:
    """Return the clocks of `clocks:` in the order of the file; what does not fit is written down, and left out."""
    clocks = []
    for name, one in node.items():
        _check_name(name, one, lookup)
        clock = _clock(one, happening, lookup) if one.is_map else None
        if clock is not None:
            clocks.append(clock)
    return tuple(clocks)


def informed_by(
    clocks: tuple[Clock, ...], anytime: Mapping[str, Action], roles: Mapping[str, Role]
) -> tuple[Clock, ...]:
    """Return the clocks; a duty towards clients that does not say what fulfils it is fulfilled by all that tells them."""
    clients = {name for name, role in roles.items() if role.external and not role.supplier}
    telling = tuple(name for name, action in anytime.items() if action.tells in clients)
    return tuple(replace(one, by_action=telling) if _tells_by_default(one) else one for one in clocks)


def _tells_by_default(clock: Clock) -> bool:
    return clock.kind is ClockKind.PERIODIC and clock.to is Promised.CLIENT and not clock.by_action


def _check_name(name: str, node: Node, lookup: Lookup) -> None:
    if name in RESERVED:
        message = f"`{name}` is a word of the language and cannot be a clock"
        lookup.notebook.note("PF211", message, node.key_where, "choose another name")
    elif name in lookup.outline.steps:
        line = lookup.outline.steps[name].key_where.line
        message = f"`{name}` is already a step, in line {line}"
        hint = "give the clock another name; the time that the step itself may take is its `within`"
        lookup.notebook.note("PF210", message, node.key_where, hint)


def _clock(node: Node, happening: Naming, lookup: Lookup) -> Clock | None:
    form = form_of(node, lookup.notebook)
    if form is not None:
        check_keys(node, form, lookup.notebook, told=_is_told(node, lookup))
    notebook = lookup.notebook
    calendar = read_graded(node.get("calendar"), lambda one: one.text or None, lookup)
    length = partial(length_on, lookup=lookup, calendar=bool(lookup.calendar) or calendar is not None)
    each = node.get("each").text == HAND_OFF
    starts = node.get("from")
    since = _field(starts.get("field"), (Instant(),), lookup)
    known = lookup.fields(starts.get("known"))
    if starts.is_map and starts.has("field") and starts.has("known"):
        message = "`field` and `known` say two things about when it begins"
        notebook.note("PF124", message, starts.where, "remove one of them; an instant that is `known` begins it anyway")
    elif starts.is_map and all(key == "note" for key, _ in starts.items()) and starts.data:
        notebook.note("PF101", "`from` names no data field", starts.where, "write `{ field: reported_at }`")
    of = node.get("of")
    hand_offs = of.text == HAND_OFF and not _is_action(of, lookup)
    warn, warns = read_warn(node.get("warn"), lookup)
    severity, change, reopening = node.get("severity").text, node.get("on-change").text, node.get("reopen").text
    # All is read whatever the kind is: what it names is used, and what it names wrongly is told at once.
    clock = Clock(
        id=node.name,
        kind=ClockKind.TIMER if form is None else form.kind,
        to=Promised(node.get("to").text) if node.get("to").text in {one.value for one in Promised} else Promised.CLIENT,
        title=read_text(node.get("title")),
        starts=_starts(starts, form, happening, lookup, each=each),
        since=since or None,
        known=known,
        each_hand_off=each or hand_offs,
        when=lookup.condition(node.get("when")),
        when_where=node.get("when").where if node.has("when") else None,
        stops=read_happenings(node.get("until"), happening, notebook) or (_ENDS,),
        cancels=read_happenings(node.get("cancelled-by"), happening, notebook),
        within=read_graded(node.get("within"), length, lookup, receiver=each),
        deadline=_field(node.get("by").get("field"), (Instant(), Date()), lookup) or None,
        every=read_graded(node.get("every"), length, lookup),
        while_ours=node.get("while").text == "ours-to-act",
        by_action=_actions(node.get("by-action"), happening, lookup),
        at_most=read_graded(node.get("at-most"), lambda one: one.number, lookup),
        counts=() if hand_offs else read_happenings(of, happening, notebook),
        paused_in=_waits(node.get("paused-in"), lookup),
        max_pause=length(node.get("max-pause")),
        resumed_by=_actions(node.get("resumed-by"), happening, lookup),
        calendar=calendar,
        warn=warn,
        warns=warns,
        late=read_late(node.get("late"), lookup, calendar=bool(lookup.calendar) or calendar is not None),
        on_change=OnChange(change) if change in {one.value for one in OnChange} else OnChange.KEEP_ELAPSED,
        reopening=Reopening(reopening) if reopening in {one.value for one in Reopening} else Reopening.NEW_CYCLE,
        reopen_within=length(node.get("reopen-within")),
        severity=Severity(severity) if severity in {one.value for one in Severity} else None,
        where=node.whole,
    )
    return None if form is None else clock


def _is_told(node: Node, lookup: Lookup) -> bool:
    """Return True if a duty of this kind is fulfilled by what tells clients, and something does."""
    to = node.get("to").text or Promised.CLIENT.value
    telling = (one.get("tells").text for one in lookup.outline.anytime.values())
    return to == Promised.CLIENT.value and any(one and one not in lookup.suppliers for one in telling)


def _starts(
    node: Node, form: ClockForm | None, happening: Naming, lookup: Lookup, *, each: bool
) -> tuple[Happening, ...]:
    """Return what begins a clock; () if an instant on record or known data do, or each hand-off."""
    if node.text in lookup.types and node.text not in lookup.outline.alphabet:
        right = f"{{ field: {node.text} }}"
        lookup.used_fields.add(node.text)
        edits = (Edit(where=node.where, text=right),) if lookup.types[node.text] == Instant() else ()
        message = f"`{node.text}` is a data field, and nothing that happens"
        lookup.notebook.note("PF106", message, node.where, f"write `{right}`", edits)
        return ()
    found = read_happenings(node, happening, lookup.notebook)
    elsewhere = node.is_map or each or (form is not None and form.kind is ClockKind.COUNT)
    return found or (() if elsewhere else (_OPENS,))


def _is_action(node: Node, lookup: Lookup) -> bool:
    """Return True if `hand-off` is an action, too; that nobody could tell which is meant is written down."""
    if HAND_OFF not in lookup.outline.alphabet:
        return False
    message = "`hand-off` is each passing of the ball here, and an action is called so, too"
    hint = "give the action another name, or name it by its step: `draft.hand-off`"
    lookup.notebook.note("PF211", message, node.where, hint)
    return True


def _field(node: Node, kinds: tuple[FieldType, ...], lookup: Lookup) -> str:
    """Return the data field a text names; that it is none, or of another type, is written down."""
    if not node.text:
        return ""
    name = lookup.data_field(node)
    kind = lookup.types.get(name)
    if kind is not None and kind not in kinds:
        wanted = " or ".join(named(one) for one in kinds)
        message = f"`{name}` is of type {named(kind)}, and a field of type {wanted} is needed here"
        hint = None
        if isinstance(kind, Date) and kinds == (Instant(),):
            hint = "a day has no hour to count from: declare it as `instant`"
        lookup.notebook.note("PF203", message, node.where, hint)
    return name


def _actions(node: Node, happening: Naming, lookup: Lookup) -> tuple[str, ...]:
    """Return the actions a text or a list names, wherever they are done."""
    found: list[str] = []
    for entry in read_names(node, lookup.notebook).values():
        one = happening(entry)
        if one is None:
            continue
        if one.kind is not HappeningKind.ACTION or one.step is not None:
            edits = replace_value(entry.source, entry.path, one.name) if one.name in lookup.outline.alphabet else ()
            hint = f"write `{one.name}`" if edits else "name an action alone"
            message = f"`{entry.text}` is not the name of an action"
            lookup.notebook.note("PF106", message, entry.where, hint, edits)
            continue
        found.append(one.name)
    return tuple(found)


def _waits(node: Node, lookup: Lookup) -> tuple[str, ...]:
    """Return the waiting steps a text or a list names."""
    names = lookup.steps(node)
    for entry in node.entries():
        step = lookup.outline.steps.get(entry.text)
        if step is None or kind_of(step) == "waiting":
            continue
        kind = {"block": "a block", "end": "an end"}.get(kind_of(step), "a step in which we work")
        message = f"`{entry.text}` is {kind}: time stands still only while we wait for somebody"
        lookup.notebook.note(
            "PF201", message, entry.where, "name a step with `waiting-for`, or write `while`, `from`, `until`"
        )
    return names


# --- the time of a step --------------------------------------------------------------------------------------------


def read_step_clock(node: Node, region: RegionNode, lookup: Lookup) -> Clock | None:
    """Return the time that a step of whatever kind may take; None if it says nothing of time."""
    if not any(node.has(key) for key in ("within", "warn", "late")):
        return None
    calendar = bool(lookup.calendar)
    within = read_graded(node.get("within"), partial(length_on, lookup=lookup, calendar=calendar), lookup)
    warn, warns = read_warn(node.get("warn"), lookup)
    late = read_late(node.get("late"), lookup, calendar=calendar, step=node.name, region=region)
    due = node.get("waiting-for").get("due").text == "required"
    for key in ("warn", "late"):
        if node.has(key) and not node.has("within") and not due:
            hint = "add `within`, or `due: required` under `waiting-for`" if node.has("waiting-for") else "add `within`"
            message = f"`{key}` says nothing without `within`: this step may take any time"
            lookup.notebook.note("PF124", message, node.get(key).key_where, hint)
    whole = node.get(next(key for key in ("within", "late", "warn") if node.has(key))).whole
    whose = _whose(node)
    supplier = whose in lookup.suppliers
    return Clock(
        id=node.name,
        kind=ClockKind.TIMER,
        to=Promised.SUPPLIER if supplier else Promised.TEAM,
        step=node.name,
        promise=_can_be_left(node) and (supplier or whose not in lookup.external),
        title=read_text(node.get("title")),
        starts=(Happening(kind=HappeningKind.ENTERS, name=node.name),),
        stops=(Happening(kind=HappeningKind.LEAVES, name=node.name),),
        within=within,
        warn=warn,
        warns=warns,
        late=late,
        where=whole,
    )


def _can_be_left(node: Node) -> bool:
    """Return False for a step that only time leads on from: nobody could have been earlier."""
    return node.has("actions") or kind_of(node) == "block"


def _whose(node: Node) -> str:
    return node.get("waiting-for").get("party").text or node.get("by").text

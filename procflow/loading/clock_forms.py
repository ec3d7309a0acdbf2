"""Which keys make which kind of clock, what else a clock of it may say, and what was meant where none fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from procflow.loading.node import Node
from procflow.loading.notebook import Notebook, listed
from procflow.model.clock import ClockKind

_ANY_CLOCK = frozenset({"to", "title", "when", "cancelled-by", "severity", "note"})
_RUNS = frozenset({"until", "calendar", "warn", "late", "on-change"})
_BEGINS = frozenset({"from", "reopen", "reopen-within"})
_STANDS_STILL = frozenset({"paused-in", "max-pause", "resumed-by"})


class ClockForm(NamedTuple):
    """The key that makes a kind of clock, and what goes with it."""

    kind: ClockKind
    may: frozenset[str]
    """What it may say besides what any clock may."""
    needs: str | None = None
    """A key without which it says nothing."""
    means: str = ""
    """What is missing without that key, in words."""


FORMS: Mapping[str, ClockForm] = {
    "within": ClockForm(ClockKind.TIMER, _RUNS | _BEGINS | _STANDS_STILL | {"each"}),
    "by": ClockForm(ClockKind.DEADLINE, _RUNS | _BEGINS),
    "every": ClockForm(
        ClockKind.PERIODIC, _RUNS | {"from", "while", "by-action"}, "by-action", "which action fulfils it"
    ),
    "at-most": ClockForm(ClockKind.COUNT, frozenset({"of", "on-change"}), "of", "what is counted"),
}
"""The key that makes a clock -> its kind."""
_NAMED: Mapping[ClockKind, str] = {
    ClockKind.TIMER: "a clock with `within`",
    ClockKind.DEADLINE: "a clock with `by`, whose deadline is fixed",
    ClockKind.PERIODIC: "a duty that comes back (`every`)",
    ClockKind.COUNT: "a clock that counts (`at-most`)",
}
_TWO: Mapping[frozenset[str], str] = {
    frozenset({"within", "by"}): "write two clocks: whichever runs out first is told first",
    frozenset({"within", "every"}): "write two clocks: one for the whole, one for what comes back",
    frozenset(
        {"within", "at-most"}
    ): "write a clock for each; how often in a stretch of time is a rule: `at-most`, `in`",
}


def form_of(node: Node, notebook: Notebook) -> ClockForm | None:
    """Return the kind of a clock by its keys; None if they make none, or two at once, which is written down."""
    made = [key for key, _ in node.items() if key in FORMS]
    if len(made) == 1:
        return FORMS[made[0]]
    if not made:
        message = f"`{node.name}` promises nothing: no length, no deadline, no number"
        hint = "say what, as in `within: 2 working days`, `by: { field: delivery_date }`, `every`, or `at-most`"
    else:
        message = f"{listed(made).replace(' or ', ' and ')} make two clocks in one"
        hint = _TWO.get(frozenset(made), "write a clock for each, under a name of its own")
    notebook.note("PF123", message, node.key_where, hint)
    return None


def check_keys(node: Node, form: ClockForm, notebook: Notebook, *, told: bool = False) -> None:
    """Write down what a clock lacks, and what it says that means nothing in one of its kind.

    `told`: it need not name the action that fulfils it, because some action `tells` whom it is promised to.
    """
    if form.needs is not None and not node.has(form.needs) and not (told and form.needs == "by-action"):
        hint = "add `by-action: update`" if form.needs == "by-action" else f"add `{form.needs}`, as in `of: hand-off`"
        notebook.note("PF123", f"`{node.name}` does not say {form.means}", node.key_where, hint)
    for key, one in node.items():
        if key in FORMS or key in _ANY_CLOCK | form.may or key not in _KNOWN:
            continue
        message = f"`{key}` means nothing in {_NAMED[form.kind]}"
        notebook.note("PF124", message, one.key_where, _without(key, form.kind))
    _check_pairs(node, form, notebook)


_KNOWN = _RUNS | _BEGINS | _STANDS_STILL | {"each", "while", "by-action", "of"}


def _check_pairs(node: Node, form: ClockForm, notebook: Notebook) -> None:
    """Write down keys that say more of a key that is not there, or that another key leaves no room for."""
    for key, of in (("max-pause", "paused-in"), ("resumed-by", "paused-in")):
        if key in form.may and node.has(key) and not node.has(of):
            hint = f"add `{of}: [waiting]`, or remove it"
            notebook.note("PF124", f"`{key}` says nothing without `{of}`", node.get(key).key_where, hint)
    if node.has("reopen-within") and node.get("reopen").text != "continue" and "reopen" in form.may:
        hint = "add `reopen: continue`, or remove it"
        where = node.get("reopen-within").key_where
        notebook.note("PF124", "`reopen-within` says nothing without `reopen: continue`", where, hint)
    if "each" in form.may and node.has("each"):
        for key in ("from", "reopen", "reopen-within"):
            if node.has(key):
                message = f"`{key}` means nothing beside `each: hand-off`: each hand-off begins the time anew"
                notebook.note("PF124", message, node.get(key).key_where, "remove one of them")
    change = node.get("on-change")
    if form.kind in (ClockKind.DEADLINE, ClockKind.COUNT) and change.text in ("restart", "retroactive"):
        what = "deadline" if form.kind is ClockKind.DEADLINE else "number"
        message = f"`on-change: {change.text}` means nothing here: a {what} is not used up by time"
        notebook.note("PF124", message, change.where, "write `keep-elapsed` or `keep-target`, or leave it out")


def _without(key: str, kind: ClockKind) -> str:
    """Return what to do about a key that a kind of clock does not have."""
    if key in _STANDS_STILL:
        match kind:
            case ClockKind.DEADLINE:
                return "remove it: nothing moves a deadline; a length that pauses is `within`"
            case ClockKind.PERIODIC:
                return "write `while: ours-to-act`: then it runs only while the ball is ours"
    if kind is ClockKind.COUNT and key in ("from", "until"):
        return "remove it: a whole case is counted; between two happenings it is a rule: `at-most` with `of`"
    if kind is ClockKind.COUNT and key in ("warn", "late", "calendar"):
        return "remove it: nothing runs out by time here"
    if key in ("while", "by-action"):
        return "write `every` for a duty that comes back, or remove it"
    if key == "each":
        return "write `within`: the time that each hand-off begins anew"
    if key == "of":
        return "write `at-most` for how often it may happen, or remove it"
    if kind is ClockKind.PERIODIC and key in ("reopen", "reopen-within"):
        return "remove it: each time begins a cycle of its own"
    return "remove it"

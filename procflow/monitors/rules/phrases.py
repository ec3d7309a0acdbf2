"""How rules speak of happenings: words that stand in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from procflow.model.by import By
from procflow.model.procedure import ANY
from procflow.model.rule import PERSON, Happening, HappeningKind, Rule
from procflow.model.words import joined
from procflow.monitors.rules.names import Names
from procflow.monitors.rules.turn import Turn


def noun(one: Happening) -> str:
    """Return a happening as a noun: `“send”`, `the start of “repair”`, `entering “draft”`."""
    name = f"“{one.step}.{one.name}”" if one.step is not None else f"“{one.name}”"
    match one.kind:
        case HappeningKind.ACTION:
            return name
        case HappeningKind.STARTS:
            return f"the start of {name}"
        case HappeningKind.ENTERS:
            return f"entering {name}"
        case HappeningKind.LEAVES:
            return f"leaving {name}"
        case HappeningKind.OPENS:
            return "the opening of the case"
        case HappeningKind.ENDS:
            return "the end of the case"


def nouns(these: Sequence[Happening], last: str = "or") -> str:
    """Return several as people list them."""
    return joined([noun(one) for one in these], last)


def doing(one: Happening) -> str:
    """Return a happening as something to do: `do “send”`, `start “repair”`, `go into “draft”`."""
    match one.kind:
        case HappeningKind.ACTION:
            return f"do {noun(one)}"
        case HappeningKind.STARTS:
            return f"start “{one.name}”"
        case HappeningKind.ENTERS:
            return f"go into “{one.name}”"
        case HappeningKind.LEAVES:
            return f"leave “{one.name}”"
        case HappeningKind.OPENS:
            return "open the case"
        case HappeningKind.ENDS:
            return "bring the case to its end"


def doings(these: Sequence[Happening]) -> str:
    """Return several as things to do, any of them: `do “send” or “close”, leave “draft” or start “repair”`; "" if none."""
    actions = [noun(one) for one in these if one.kind is HappeningKind.ACTION]
    others = [doing(one) for one in these if one.kind is not HappeningKind.ACTION]
    return joined([*([f"do {joined(actions)}"] if actions else []), *others])


def owing(one: Happening) -> str:
    """Return a happening as something that is owed: `send`, `leaving “draft”`."""
    return str(one) if one.kind is HappeningKind.ACTION else noun(one)


def events(names: Names, case: str, total: int | None = None) -> str:
    """Return where something was: `event 3`, `events 3, 5 and 7`, `events 3, 5 and 4 more`; of another case with its id."""
    known = [str(one.seq) if one.case == case else f"{one.seq} of {one.case}" for one in names if one.seq is not None]
    if not known:
        return "not on record"
    more = (total if total is not None else len(names)) - len(names)
    if more > 0:
        known.append(f"{more} more")
    return f"event{'s' if len(known) > 1 else ''} {joined(known, 'and')}"


def at_event(turn: Turn) -> str:
    """Return where the position is."""
    return events((turn.name(),), turn.position.case)


def times(count: int) -> str:
    """Return how often: `once`, `3 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def within(rule: Rule) -> str:
    """Return a rule's limit, with a space before; "" if it has none."""
    return "" if rule.within is None else f" within {rule.within}"


def came(what: str, count: int) -> str:
    """Return that something came so often: `“send” never came`, `“send” came twice`."""
    return f"{what} {'never came' if count == 0 else f'came {times(count)}'}"


def none_came(these: Sequence[Happening], asked_for: str) -> str:
    """Return that nothing of several came; `asked_for`, as `asked` gives it, stands behind what is named."""
    if len(these) == 1:
        return f"{noun(these[0])}{asked_for} never came"
    if len(these) == 2:
        return f"neither {nouns(these, 'nor')}{asked_for} came"
    return f"none of {nouns(these, 'and')}{asked_for} came"


def are(number: int) -> str:
    """Return the verb that goes with a number."""
    return "is" if number == 1 else "are"


def who(by: By | None) -> str:
    """Return who is asked for, with a space before; "" if anybody is."""
    return f" by {by}" if by is not None and by.role != ANY else ""


def likeness(rule: Rule) -> str:
    """Return what must be equal or differ, with a space before; "" if nothing must."""
    parts = [f"the same {_value(name)}" for name in rule.same]
    parts += [f"another {_value(name)}" for name in rule.different]
    text = joined(parts, "and")
    only = {*rule.same, *rule.different} == {PERSON}
    return "" if not parts else f" by {text}" if only and not rule.by else f" with {text}"


def _value(name: str) -> str:
    return "person" if name == PERSON else f"“{name}”"


def asked(rule: Rule) -> str:
    """Return what is asked of a target besides its name."""
    return who(rule.by) + likeness(rule)

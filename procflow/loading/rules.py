"""The `rules:` section: what must happen, must not, and must not any more; one form a rule, every name in it exists."""

from __future__ import annotations

from collections.abc import Callable

from procflow.calendars.length import Length, Unit
from procflow.errors import Severity
from procflow.loading.edits import remove_entry
from procflow.loading.lengths import read_length
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.outline import RESERVED
from procflow.loading.rule_forms import check_keys, form_of
from procflow.loading.texts import read_names, read_text
from procflow.model.by import By
from procflow.model.procedure import ANY
from procflow.model.rule import PERSON, Form, Happening, Manner, Per, Rule

Naming = Callable[[Node], Happening | None]
"""What happening a text names; None if there is none, which is then written down."""
_PERSONS = ("actor", "actors", "user", "people", "persons", "same-person", "whoever")
"""What people write for `person`."""


def read_rules(node: Node, happening: Naming, lookup: Lookup) -> tuple[Rule, ...]:
    """Return the rules in the order of the file; what does not fit is written down, and its rule may be left out."""
    rules = []
    for name, one in node.items():
        if name in RESERVED:
            message = f"`{name}` is a word of the language and cannot be a rule"
            lookup.notebook.note("PF211", message, one.key_where, "choose another name")
        rule = _rule(one, happening, lookup) if one.is_map else None
        if rule is not None:
            rules.append(rule)
    return tuple(rules)


def _rule(node: Node, happening: Naming, lookup: Lookup) -> Rule | None:
    keys = form_of(node, lookup.notebook)
    if keys is not None:
        check_keys(node, keys, lookup.notebook)
    # Read whatever the form is: what it names is used, and what it names wrongly is told at once.
    named = {key: _happenings(node.get(key), happening, lookup.notebook) for key in _NAMING if node.has(key)}
    same, different = _compared(node.get("same"), lookup), _compared(node.get("different"), lookup)
    for name in set(same) & set(different):
        message = f"`{name}` cannot be the same and different"
        lookup.notebook.note("PF121", message, node.get("different").where, "remove one of them")
    per, severity = node.get("per").text, node.get("severity").text
    when = lookup.condition(node.get("when"))
    by = _by(node.get("by"), lookup)
    within, window = _length(node.get("within"), lookup), _length(node.get("in"), lookup)
    if keys is None:
        return None
    form = keys.form
    return Rule(
        id=node.name,
        form=form,
        triggers=() if form.trigger is None else named[form.trigger],
        targets=named[form.target],
        number=None if form.number is None else node.get(form.number).number,
        manner=_manner(node),
        when=when,
        when_where=node.get("when").where if node.has("when") else None,
        by=by,
        within=within,
        same=same,
        different=different,
        per=Per(per) if per in {one.value for one in Per} else Per.CASE,
        window=window,
        severity=Severity(severity) if severity in {one.value for one in Severity} else None,
        refuse=node.get("refuse").data is not False,
        because=node.get("because").text or None,
        title=read_text(node.get("title")),
        where=node.whole,
    )


_NAMING = tuple(dict.fromkeys(key for form in Form for key in (form.trigger, form.target) if key is not None))
"""Keys that name what happens."""


def _manner(node: Node) -> Manner:
    if node.get("each-time").is_true:
        return Manner.EACH_TIME
    return Manner.NEXT if node.get("next").is_true else Manner.ANY_TIME


# --- what happens --------------------------------------------------------------------------------------------------


def _happenings(node: Node, happening: Naming, notebook: Notebook) -> tuple[Happening, ...]:
    """Return what a text or a list names. One event must not stand for two entries: which was meant could not be told."""
    found: dict[Happening, Node] = {}
    for entry in node.entries():
        one = happening(entry) if entry.is_text else None
        if one is None:
            continue
        other = next((known for known in found if _overlap(known, one)), None)
        if other is None:
            found[one] = entry
        else:
            _tell_twice(entry, found[other], node, notebook)
    return tuple(found)


def _overlap(one: Happening, other: Happening) -> bool:
    """Return True if one event can be both."""
    alike = (one.kind, one.name) == (other.kind, other.name)
    steps = one.step is None or other.step is None or one.step == other.step
    procedures = one.procedure is None or other.procedure is None or one.procedure == other.procedure
    return alike and steps and procedures


def _tell_twice(entry: Node, first: Node, of: Node, notebook: Notebook) -> None:
    if entry.text == first.text:
        message = f"`{entry.text}` is listed twice"
    else:
        message = f"`{entry.text}` is also `{first.text}`, which is listed before"
    fits = len(list(of.entries())) > _PAIR or of.name in ("never", "of", "first", "last", "if", "after", "before")
    if fits:
        hint = f"the first one is in line {first.where.line}, column {first.where.column}"
        notebook.note("PF212", message, entry.where, hint, remove_entry(entry.source, entry.path))
    elif of.name == "not-both":
        notebook.note("PF212", message, entry.where, f"write `at-most: 1, of: {first.text}` if it may happen only once")
    else:
        notebook.note("PF212", message, entry.where, "name two things")


_PAIR = 2


# --- who, when, what belongs together ------------------------------------------------------------------------------


def _by(node: Node, lookup: Lookup) -> By | None:
    if node.text == ANY:
        message = "`by: any` says nothing in a rule: whoever does it counts anyway"
        lookup.notebook.note("PF202", message, node.where, "remove it, or name a role")
        return None
    return lookup.by(node, in_rule=True)


def _length(node: Node, lookup: Lookup) -> Length | None:
    if not node.text:
        return None
    length = read_length(node.text, node, lookup.notebook)
    if length is not None and not length:
        hint = "write `next: true` for what must come at once" if node.name == "within" else None
        lookup.notebook.note("PF106", f"`{node.text}` is no time at all", node.where, hint)
    if length is None:
        return None
    count, unit = node.text.split()
    return Length(count=int(count), unit=Unit(unit.lower().removesuffix("s")))


def _compared(node: Node, lookup: Lookup) -> tuple[str, ...]:
    """Return what `same` or `different` names: data fields, or whoever acted."""
    names = read_names(node, lookup.notebook)
    for name, one in names.items():
        if name == PERSON and name in lookup.types:
            message = "`person` is whoever acted here, and a data field is called so, too"
            lookup.notebook.note("PF203", message, one.where, "give the data field another name")
        elif name in _PERSONS and name not in lookup.types:
            message = f"there is no data field `{name}`"
            lookup.notebook.note("PF203", message, one.where, "write `person` for whoever acted")
        elif name != PERSON:
            lookup.data_field(one)
    return tuple(names)

"""The `rules:` section: what must happen, must not, and must not any more; one form a rule, every name in it exists."""

from __future__ import annotations

from procflow.calendars.length import Length
from procflow.errors import Severity
from procflow.loading.happenings import Naming, read_happenings
from procflow.loading.lengths import length_of, read_length
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.outline import RESERVED
from procflow.loading.rule_forms import check_keys, form_of
from procflow.loading.texts import read_names, read_text
from procflow.model.by import By
from procflow.model.procedure import ANY
from procflow.model.rule import PERSON, Form, Manner, Per, Rule

_PERSONS = ("actor", "actors", "user", "people", "persons", "same-person", "whoever")
"""What people write for `person`."""


def read_rules(node: Node, happening: Naming, lookup: Lookup, *, policies: bool = False) -> tuple[Rule, ...]:
    """Return the rules in the order of the file; what does not fit is written down, and its rule may be left out.

    Those of policies hold in procedures that have calendars of their own.
    """
    rules = []
    for name, one in node.items():
        if name in RESERVED:
            message = f"`{name}` is a word of the language and cannot be a rule"
            lookup.notebook.note("PF211", message, one.key_where, "choose another name")
        rule = _rule(one, happening, lookup, policies=policies) if one.is_map else None
        if rule is not None:
            rules.append(rule)
    return tuple(rules)


def _rule(node: Node, happening: Naming, lookup: Lookup, *, policies: bool) -> Rule | None:
    keys = form_of(node, lookup.notebook)
    if keys is not None:
        check_keys(node, keys, lookup.notebook)
    # Read whatever the form is: what it names is used, and what it names wrongly is told at once.
    named = {key: read_happenings(node.get(key), happening, lookup.notebook) for key in _NAMING if node.has(key)}
    same, different = _compared(node.get("same"), lookup), _compared(node.get("different"), lookup)
    for name in set(same) & set(different):
        message = f"`{name}` cannot be the same and different"
        lookup.notebook.note("PF121", message, node.get("different").where, "remove one of them")
    per, severity = node.get("per").text, node.get("severity").text
    alone = not policies or (per != Per.CASE.value and bool(per))
    when = lookup.condition(node.get("when"), working=not policies and per in ("", Per.CASE.value))
    by = _by(node.get("by"), lookup)
    within, window = (_length(node.get(key), lookup, alone=alone, policies=policies) for key in ("within", "in"))
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
        calendar=(lookup.calendar or None) if policies else None,
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


# --- who, when, what belongs together ------------------------------------------------------------------------------


def _by(node: Node, lookup: Lookup) -> By | None:
    if node.text == ANY:
        message = "`by: any` says nothing in a rule: whoever does it counts anyway"
        lookup.notebook.note("PF202", message, node.where, "remove it, or name a role")
        return None
    return lookup.by(node, in_rule=True)


def _length(node: Node, lookup: Lookup, *, alone: bool, policies: bool) -> Length | None:
    """Return a length; `alone` if there is no calendar but the one this file names."""
    if not node.text:
        return None
    length = length_of(node.text)
    if length is not None and not length.count:
        hint = "write `next: true` for what must come at once" if node.name == "within" else None
        lookup.notebook.note("PF106", f"`{node.text}` is no time at all", node.where, hint)
        return None
    length = read_length(node.text, node, lookup.notebook)
    if length is not None and length.working and alone and not lookup.calendar:
        whose = (
            "these policies name no calendar, which a rule across cases needs"
            if policies
            else "the procedure has no calendar"
        )
        hint = "add `calendar: office` at the top, with a file calendars/office.yaml; or write elapsed time: `14 days`"
        lookup.notebook.note("PF407", f"`{node.text.strip()}` is working time, and {whose}", node.where, hint)
    return length


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

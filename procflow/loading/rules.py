"""The `rules:` section: what must happen, must not, and must not any more; one form a rule, every name in it exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from procflow.errors import Severity
from procflow.loading.happenings import Alphabet, read_happening
from procflow.loading.lengths import read_length
from procflow.loading.lookup import Lookup
from procflow.loading.node import Node
from procflow.loading.texts import read_names, read_text
from procflow.model.rule import PERSON, Form, Happening, Manner, Per, Rule


class _Keys(NamedTuple):
    """Which key of a form says what."""

    form: Form
    targets: str
    triggers: str | None = None
    number: str | None = None


_FORMS: Mapping[frozenset[str], _Keys] = {
    frozenset({"must-happen"}): _Keys(Form.MUST_HAPPEN, "must-happen"),
    frozenset({"never"}): _Keys(Form.NEVER, "never"),
    frozenset({"exactly", "of"}): _Keys(Form.EXACTLY, "of", number="exactly"),
    frozenset({"at-most", "of"}): _Keys(Form.AT_MOST, "of", number="at-most"),
    frozenset({"at-least", "of"}): _Keys(Form.AT_LEAST, "of", number="at-least"),
    frozenset({"first"}): _Keys(Form.FIRST, "first"),
    frozenset({"last"}): _Keys(Form.LAST, "last"),
    frozenset({"if", "also"}): _Keys(Form.IF_ALSO, "also", "if"),
    frozenset({"after", "there-must-be"}): _Keys(Form.AFTER, "there-must-be", "after"),
    frozenset({"before", "there-must-be"}): _Keys(Form.BEFORE, "there-must-be", "before"),
    frozenset({"after", "before"}): _Keys(Form.IN_TURN, "before", "after"),
    frozenset({"together"}): _Keys(Form.TOGETHER, "together"),
    frozenset({"any-of"}): _Keys(Form.ANY_OF, "any-of"),
    frozenset({"one-of"}): _Keys(Form.ONE_OF, "one-of"),
    frozenset({"not-both"}): _Keys(Form.NOT_BOTH, "not-both"),
    frozenset({"if", "never"}): _Keys(Form.IF_NEVER, "never", "if"),
    frozenset({"after", "never"}): _Keys(Form.AFTER_NEVER, "never", "after"),
    frozenset({"before", "never"}): _Keys(Form.BEFORE_NEVER, "never", "before"),
    frozenset({"same-person"}): _Keys(Form.SAME_PERSON, "same-person"),
    frozenset({"different-person"}): _Keys(Form.DIFFERENT_PERSON, "different-person"),
}
"""The keys that make a form. Each key of a rule is one of these, or says more about the form."""
_MAKING = frozenset().union(*_FORMS)


def read_rules(node: Node, alphabet: Alphabet, lookup: Lookup) -> tuple[Rule, ...]:
    """Return the rules in the order of the file; what does not fit is written down, and its rule left out."""
    rules = (_rule(one, alphabet, lookup) for _, one in node.items() if one.is_map)
    return tuple(rule for rule in rules if rule is not None)


def _rule(node: Node, alphabet: Alphabet, lookup: Lookup) -> Rule | None:
    made = frozenset(key for key, _ in node.items()) & _MAKING
    keys = _FORMS.get(made)
    if keys is None:
        lookup.notebook.note("PF120", "these keys make no rule", node.key_where)
        return None
    targets = _happenings(node.get(keys.targets), alphabet, lookup)
    triggers = () if keys.triggers is None else _happenings(node.get(keys.triggers), alphabet, lookup)
    per = node.get("per").text
    severity = node.get("severity").text
    return Rule(
        id=node.name,
        form=keys.form,
        triggers=triggers,
        targets=targets,
        number=None if keys.number is None else node.get(keys.number).number,
        manner=_manner(node),
        when=lookup.condition(node.get("when")),
        when_where=node.get("when").where if node.has("when") else None,
        by=lookup.by(node.get("by")),
        within=_length(node.get("within"), lookup),
        same=_compared(node.get("same"), lookup),
        different=_compared(node.get("different"), lookup),
        per=Per(per) if per in {one.value for one in Per} else Per.CASE,
        window=_length(node.get("in"), lookup),
        severity=Severity(severity) if severity in {one.value for one in Severity} else None,
        refuse=node.get("refuse").data is not False,
        because=node.get("because").text or None,
        title=read_text(node.get("title")),
        where=node.whole,
    )


def _manner(node: Node) -> Manner:
    if node.get("each-time").is_true:
        return Manner.EACH_TIME
    return Manner.NEXT if node.get("next").is_true else Manner.ANY_TIME


def _happenings(node: Node, alphabet: Alphabet, lookup: Lookup) -> tuple[Happening, ...]:
    found = (read_happening(one, alphabet, lookup.notebook) for one in read_names(node, lookup.notebook).values())
    return tuple(one for one in found if one is not None)


def _length(node: Node, lookup: Lookup) -> timedelta | None:
    return read_length(node.text, node, lookup.notebook) if node.text else None


def _compared(node: Node, lookup: Lookup) -> tuple[str, ...]:
    return tuple(
        name if name == PERSON else lookup.data_field(one, ())
        for name, one in read_names(node, lookup.notebook).items()
    )

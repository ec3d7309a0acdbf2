"""Looks names up while a procedure is built: roles, data fields, steps, conditions. Tells what leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from procflow.errors import Edit, ExpressionError
from procflow.expressions.expression import Expression, parse
from procflow.expressions.source import numbers_in
from procflow.expressions.types import FieldType, Reference
from procflow.loading import not_yet
from procflow.loading.edits import replace_value, replace_within
from procflow.loading.node import Node
from procflow.loading.notebook import Guess, Notebook, listed
from procflow.loading.numbers import tell_thousands
from procflow.loading.outline import Outline, RegionNode, kind_of
from procflow.loading.texts import read_names
from procflow.loading.types import named
from procflow.model.by import By
from procflow.model.procedure import ANY, DONE, SAME

_COMMENT = re.compile(r"[ \t]+#")
_CUT_OFF = "a `#` after a space begins a comment: put the whole condition in single quotes"
_LIKENESS: Mapping[str, str] = {
    **dict.fromkeys(
        ("same", "same-person", "same-one", "the-same", "the-same-person"),
        "for one who did the other thing too, write `same: person` beside two happenings, or `same-person: [A, B]`",
    ),
    **dict.fromkeys(
        ("different", "different-person", "another", "another-person", "other-person", "someone-else", "somebody-else"),
        "for somebody else, write `different: person` beside two happenings, or `different-person: [A, B]`",
    ),
}
"""What people write for a role where persons are compared -> what to write."""
_WORD = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(slots=True)
class Lookup:
    """What builders share while one procedure is read."""

    notebook: Notebook
    outline: Outline
    roles: Collection[str]
    types: Mapping[str, FieldType]
    """The fields with a type that could be read."""
    broken: frozenset[str]
    """Fields that are declared, but whose type could not be read: what depends on them is not told again."""
    external: Collection[str] = frozenset()
    """Roles played by people outside the house."""
    suppliers: Collection[str] = frozenset()
    """Of these, the ones played by people we buy from."""
    calendar: str = ""
    """That of the procedure; "" if it has none."""
    used_roles: set[str] = field(default_factory=set)
    used_fields: set[str] = field(default_factory=set)

    # -- people --

    def role(self, node: Node, *, or_any: bool = True, in_rule: bool = False) -> str:
        """Return the role a text names; it may be unknown, which is written down. A rule does not name `any`."""
        name = node.text
        if not name or (or_any and name == ANY):
            return name
        self.used_roles.add(name)
        if name == ANY:
            message = "nobody can wait for `any`: it is the turn of somebody in particular"
            self.notebook.note("PF202", message, node.where, "name a role")
        elif name not in self.roles:
            several = [one for one in re.split(r"\s*(?:[,;/|]|\bor\b|\band\b)\s*", name) if one]
            if len(several) > 1 and all(one in self.roles for one in several):
                self.used_roles.update(several)
                message = f"`{name}` is several roles, and {'a rule' if in_rule else 'a step'} has one"
                others = "write a rule for each of the others" if in_rule else "give an action of others its own `by`"
                hint = f"keep `{several[0]}`, and {others}, or make one role of them"
                self.notebook.note("PF202", message, node.where, hint)
                return name
            choices = [*self.roles, *([ANY] if or_any and not in_rule else [])]
            otherwise = f"add it under `roles:`, or use {listed(choices)}"
            if re.search(r"\s|[A-Z]", name):
                otherwise = f"name a role, not a person: {listed(choices)}"
            guess = self.notebook.guess(name, choices, otherwise=otherwise)
            if in_rule and (likeness := _LIKENESS.get(name)) is not None:
                guess = Guess(likeness, None)
            self.used_roles.add(guess.sure or name)
            self.notebook.note("PF202", f"there is no role `{name}`", node.where, guess.hint, _renamed(node, guess))
        return name

    def by(self, node: Node, *, in_rule: bool = False) -> By | None:
        """Return who may act; None if the file does not say."""
        if node.is_text:
            return By(role=self.role(node, in_rule=in_rule))
        if node.is_map:
            return By(field=self.data_field(node.get("field"), ("person", "team")))
        return None

    # -- data --

    def fields(self, node: Node, kinds: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the data fields a list names. `kinds` are the types of reference that fit; () means any type."""
        return tuple(self.data_field(entry, kinds) for entry in read_names(node, self.notebook).values())

    def data_field(self, node: Node, kinds: tuple[str, ...] = ()) -> str:
        """Return the data field a text names; it may be unknown, or none of `kinds`, which is written down."""
        name = node.text
        self.used_fields.add(name)
        if name in self.broken or not name:
            return name
        kind = self.types.get(name)
        if kind is None:
            written = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
            otherwise = f"add `{name}` under `data:`"
            if written and written != name:
                otherwise = f"data fields are written like `{written}`, here and under `data:`"
            guess = self.notebook.guess(name, self.types, otherwise=otherwise)
            message = f"there is no data field `{name}`"
            self.used_fields.add(guess.sure or name)
            self.notebook.note("PF203", message, node.where, guess.hint, _renamed(node, guess))
        elif kinds and not (isinstance(kind, Reference) and kind.kind in kinds):
            owner = next((str(part) for part in reversed(node.path) if isinstance(part, str)), "this")
            message = f"`{name}` is of type {named(kind)}, and `{owner}` needs a field of type {' or '.join(kinds)}"
            self.notebook.note("PF203", message, node.where)
        return name

    def condition(self, node: Node, *, working: bool = True) -> Expression | None:
        """Return the condition; None if there is none, or none that can be read. `working`: it may count working time."""
        if not node.text:
            return None
        try:
            calendar = working and bool(self.calendar)
            expression = parse(node.text, fields=self.types, actions=self.outline.alphabet, calendar=calendar)
        except ExpressionError as error:
            words = set(_WORD.findall(node.text))
            self.used_fields |= words
            if not words & self.broken:
                where = node.source.within(node.path, error.column, error.width)
                hint = _CUT_OFF if _is_cut_off(node, error) else error.hint
                edits = _mended(node, error)
                if node.path[:1] == ("rules",) and _compares_roles(node.text, self.roles, self.types):
                    hint, edits = "roles are not compared here: for two persons write `different-person: [A, B]`", ()
                self.notebook.note(error.code, error.message, where, hint, edits)
            return None
        self.used_fields |= expression.reads
        for column, number in numbers_in(node.text):
            tell_thousands(number, node.source.within(node.path, column, len(number)), self.notebook)
        return expression

    # -- steps --

    def steps(self, node: Node, *, acting: bool = False) -> tuple[str, ...]:
        """Return the steps a list names, of whatever region. `acting`: steps in which somebody acts."""
        names = read_names(node, self.notebook)
        for name, entry in names.items():
            step = self.outline.steps.get(name)
            if not name:
                continue  # the schema has told it
            if step is None:
                self._no_step(entry, self.outline.steps)
            elif acting and kind_of(step) in ("block", "end"):
                block = kind_of(step) == "block"
                message = f"nobody acts in `{name}` itself: it is {'a block' if block else 'an end'}"
                hint = "name a step inside it" if block else None
                self.notebook.note("PF201", message, entry.where, hint)
        return tuple(names)

    def start(self, region: RegionNode) -> str:
        """Return the step in which a region begins."""
        if region.start is None:
            return next(iter(region.steps))
        name = region.start.text
        if name and name not in region.steps:
            self._astray(region.start, region)
        return name

    def target(self, node: Node, region: RegionNode, *, same: bool) -> str:
        """Return where an arrow leads; `same` tells whether it may stay where the case stands."""
        name = node.text
        if not name or (name == SAME and same):
            return name
        if name == SAME:
            self.notebook.note("PF201", "a block cannot lead to `same`: it is over", node.where, "name a step")
        elif name in not_yet.ARROWS_NOT_YET:
            self.notebook.note("PF109", not_yet.sentence(f"to: {name}"), node.where, "name the step")
        elif name == DONE and region.is_top:
            hint = "name a step; an end is a step with `end:`"
            self.notebook.note("PF311", "`done` ends a branch, and this is not in one", node.where, hint)
        elif name != DONE and name not in region.steps:
            self._astray(node, region)
        return name

    def _astray(self, node: Node, region: RegionNode) -> None:
        """Tell that a name is not a step of its region."""
        name = node.text
        if name not in self.outline.steps:
            self._no_step(node, region.steps)
            return
        there = self.outline.regions[name]
        if region.is_top:
            message, hint = f"`{name}` is inside a block: it cannot be jumped into", "name the block itself"
        elif there.is_top:
            message = f"`{name}` is outside the branch `{region.path[-1]}`: an arrow cannot lead out of it"
            hint = "write `done`, and say under `then` of the block where the case goes"
        else:
            message = f"`{name}` is not in the branch `{region.path[-1]}`"
            hint = "write `done` to end the branch"
        self.notebook.note("PF311", message, node.where, hint)

    def _no_step(self, node: Node, steps: Collection[str]) -> None:
        otherwise = None
        if node.text in self.outline.alphabet:
            otherwise = f"`{node.text}` is an action; name the step it belongs to."
        elif node.text in self.roles:
            theirs = [f"`{name}`" for name, step in self.outline.steps.items() if step.get("by").text == node.text]
            whose = f", as {theirs[0]}, which is done by it" if len(theirs) == 1 else ""
            otherwise = f"`{node.text}` is a role; name the step{whose}"
        guess = self.notebook.guess(node.text, steps, otherwise=otherwise or "add it under `steps:`")
        message = f"there is no step `{node.text}`"
        self.notebook.note("PF201", message, node.where, guess.hint, _renamed(node, guess))


def _is_cut_off(node: Node, error: ExpressionError) -> bool:
    """Return True if a condition breaks off where a `#` begins a comment, inside a text of it."""
    mark = node.source.marks.get(node.path)
    if mark is None or mark.style != "plain" or error.code != "PF501":
        return False
    opened = node.text[error.column : error.column + 1] in ("'", '"')
    return opened and _COMMENT.match(node.source.text, mark.end) is not None


def _compares_roles(text: str, roles: Collection[str], fields: Collection[str]) -> bool:
    """Return True if all a condition says is that two roles differ."""
    found = re.fullmatch(r"\s*([a-z][a-z0-9-]*)\s*!=\s*([a-z][a-z0-9-]*)\s*", text)
    return found is not None and all(name in roles and name not in fields for name in found.groups())


def _renamed(node: Node, guess: Guess) -> tuple[Edit, ...]:
    return () if guess.sure is None else replace_value(node.source, node.path, guess.sure)


def _mended(node: Node, error: ExpressionError) -> tuple[Edit, ...]:
    if error.instead is None:
        return ()
    return replace_within(node.source, node.path, error.column, error.width, error.instead)

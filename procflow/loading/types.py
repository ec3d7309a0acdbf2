"""The `data:` section: fields with their types and questions."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from types import MappingProxyType

from procflow.expressions.expression import RESERVED
from procflow.expressions.types import (
    Choice,
    Date,
    FieldType,
    File,
    Instant,
    ListOf,
    Money,
    Number,
    Record,
    Reference,
    Text,
    YesNo,
)
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.loading.texts import read_names, read_text
from procflow.model.procedure import DataField

_SIMPLE: Mapping[str, FieldType] = {
    "text": Text(),
    "yes-no": YesNo(),
    "number": Number(),
    "instant": Instant(),
    "date": Date(),
    "person": Reference("person"),
    "team": Reference("team"),
    "client": Reference("client"),
    "case": Reference("case"),
    "file": File(),
}


def read_fields(node: Node, notebook: Notebook) -> dict[str, DataField | None]:
    """Return the data fields by id; None for one whose type cannot be read, which has been told."""
    fields: dict[str, DataField | None] = {}
    for name, one in node.items():
        if name in RESERVED or keyword.iskeyword(name):
            hint = f"choose another name, as in `{name}_of_case`"
            notebook.note("PF211", f"`{name}` is a word of the condition language", one.key_where, hint)
        kind = read_type(one, notebook)
        ask = read_text(one.get("ask"))
        fields[name] = None if kind is None else DataField(id=name, type=kind, ask=ask, where=one.whole)
    return fields


def read_type(node: Node, notebook: Notebook) -> FieldType | None:
    """Return the type a short or long form stands for; None if it cannot be read."""
    word = node.text if node.is_text else node.get("type").text
    if word in _SIMPLE:
        return _SIMPLE[word]
    match word:
        case "choice" if words := tuple(read_names(node.get("of"), notebook)):
            return Choice(words)
        case "money" if node.get("currency").text:
            return Money(node.get("currency").text)
        case "list":
            item = read_type(node.get("of"), notebook)
            return None if item is None else ListOf(item)
        case "record":
            parts = {name: read_type(part, notebook) for name, part in node.get("fields").items()}
            known = {name: part for name, part in parts.items() if part is not None}
            return Record(MappingProxyType(known)) if known and len(known) == len(parts) else None
    return None


def named(kind: FieldType) -> str:
    """Return how the language calls a type."""
    match kind:
        case Reference():
            return kind.kind
        case Choice():
            return "choice"
        case Money():
            return "money"
        case ListOf():
            return "list"
        case Record():
            return "record"
    return next((word for word, one in _SIMPLE.items() if one == kind), "value")

"""A JSON Schema for the data that may come with an action, so that a host can draw a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from procflow.expressions.types import (
    Choice,
    Date,
    Duration,
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
from procflow.model.procedure import DataField, Procedure
from procflow.model.text import text_of

_AMOUNT = r"^-?[0-9]+(\.[0-9]+)?( [A-Z]{3})?$"


def form(procedure: Procedure, required: Iterable[str], optional: Iterable[str]) -> Mapping[str, Any]:
    """Return the schema of an object with these data fields; `required` ones are demanded."""
    needed = list(dict.fromkeys(required))
    names = list(dict.fromkeys((*needed, *optional)))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {name: _property(procedure.data[name], procedure) for name in names},
        "required": needed,
    }


def _property(field: DataField, procedure: Procedure) -> dict[str, Any]:
    return {"title": text_of(field.ask, default=field.id), **_schema(field.type, procedure)}


def _schema(type: FieldType, procedure: Procedure) -> dict[str, Any]:
    match type:
        case Text():
            return {"type": "string", "minLength": 1}
        case Reference(kind):
            return {"type": "string", "minLength": 1, "description": f"id of a {kind}"}
        case YesNo():
            return {"type": "boolean"}
        case Number():
            return {"type": "number"}
        case Money(currency):
            return {"type": "string", "pattern": _AMOUNT, "description": f"an amount in {currency}"}
        case Instant():
            return {"type": "string", "format": "date-time"}
        case Date():
            return {"type": "string", "format": "date"}
        case Choice(of):
            return _choice(of, procedure)
        case ListOf(item):
            return {"type": "array", "items": _schema(item, procedure)}
        case Record(fields):
            return {"type": "object", "properties": {name: _schema(one, procedure) for name, one in fields.items()}}
        case File():
            properties = {"link": {"type": "string"}, "sha256": {"type": "string"}, "name": {"type": "string"}}
            return {"type": "object", "properties": properties}
        case Duration():
            raise AssertionError("no data field holds a duration")
        case _:
            assert_never(type)


def _choice(words: tuple[str, ...], procedure: Procedure) -> dict[str, Any]:
    """Return the words of a choice; each with its title if one of them has any, as forms are drawn from `oneOf`."""
    if not procedure.titles.keys() & set(words):
        return {"enum": list(words)}
    return {"oneOf": [{"const": word, "title": procedure.title_of(word)} for word in words]}

"""Texts in several languages, dates and lists of names: the small values every file has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from procflow.loading.edits import remove_entry
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook
from procflow.model.text import Text

_ISO = 10


def read_text(node: Node) -> Text:
    """Return a text by language; "" is the language of a text given without one. Empty if there is none."""
    if node.is_text:
        return MappingProxyType({"": node.text})
    return MappingProxyType({language: one.text for language, one in node.items() if one.is_text})


def read_date(node: Node, notebook: Notebook) -> date | None:
    """Return the day; None if there is none, or none of the calendar."""
    if len(node.text) != _ISO or not node.text[:4].isdigit():
        return None
    try:
        return date.fromisoformat(node.text)
    except ValueError:
        if node.text.replace("-", "").isdigit():
            notebook.note("PF106", f"`{node.text}` is not a day of the calendar", node.where, "write it as 2026-11-01")
        return None


def read_names(node: Node, notebook: Notebook) -> dict[str, Node]:
    """Return the names of a list (or a single one), each once, with their places."""
    found: dict[str, Node] = {}
    for entry in node.entries():
        if not entry.is_text:
            continue
        if entry.text in found:
            first = found[entry.text].where
            hint = f"the first one is in line {first.line}, column {first.column}"
            edits = remove_entry(entry.source, entry.path)
            notebook.note("PF212", f"`{entry.text}` is listed twice", entry.where, hint, edits)
        else:
            found[entry.text] = entry
    return found


def read_words(node: Node) -> Mapping[str, str]:
    """Return a map of text to text."""
    return MappingProxyType({word: one.text for word, one in node.items() if one.is_text})

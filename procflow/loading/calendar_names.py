"""PF204: the calendars that a procedure names, held against those there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from procflow.calendars.calendar import NO_CALENDARS
from procflow.errors import Finding
from procflow.loading.calendars_found import FOLDER, calendar_files, calendar_folders
from procflow.loading.edits import replace_value
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook, listed
from procflow.loading.source import read_source

_NO_NAMES = frozenset({"depends-on", "note"})


def unknown_calendars(text: bytes | str, file: str) -> tuple[Finding, ...]:
    """Return the calendars that the text of a procedure names, and nobody has: beside it, above it, or shipped.

    Where calendars are looked for, the path `file` says, and the files there are at that moment.
    """
    source = read_source(text, file)
    notebook = Notebook()
    named = list(_named(Node(source, (), source.data)))
    if any(node.text not in NO_CALENDARS for node in named):
        there = {*NO_CALENDARS, *calendar_files([*calendar_folders(Path(file), None)])}
        for node in named:
            if node.text not in there:
                _tell(node, there, notebook)
    return notebook.sorted()


def _named(root: Node) -> Iterator[Node]:
    """Yield every place that names a calendar."""
    places = [root.get("calendar"), *(clock.get("calendar") for _, clock in root.get("clocks").items())]
    for place in places:
        if place.is_map:
            yield from (one for key, one in place.items() if key not in _NO_NAMES and one.text)
        elif place.text:
            yield place


def _tell(node: Node, there: Collection[str], notebook: Notebook) -> None:
    otherwise = f"write {FOLDER}/{node.text}.yaml beside the procedure; there are: {listed(sorted(there))}"
    guess = notebook.guess(node.text, there, otherwise=otherwise)
    edits = () if guess.sure is None else replace_value(node.source, node.path, guess.sure)
    notebook.note("PF204", f"there is no calendar `{node.text}`", node.where, guess.hint, edits)

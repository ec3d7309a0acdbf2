"""PF204: the calendars that a procedure names, held against those there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from procflow.calendars.calendar import NO_CALENDARS, Calendar
from procflow.errors import CalendarError, Finding
from procflow.loading.calendars_found import FOLDER, calendar_files, calendar_folders, load_by_name
from procflow.loading.edits import replace_value
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook, listed
from procflow.loading.source import read_source
from procflow.model.rules import finding

_NO_NAMES = frozenset({"depends-on", "note"})


def unknown_calendars(text: bytes | str, file: str) -> tuple[Finding, ...]:
    """Return the calendars that the text of a procedure names, and nobody has: beside it, above it, or shipped.

    Where calendars are looked for, the path `file` says, and the files there are at that moment.
    """
    source = read_source(text, file)
    notebook = Notebook()
    named = list(_named(Node(source, (), source.data)))
    if any(node.text not in NO_CALENDARS for node in named):
        files = calendar_files([*calendar_folders(Path(file), None)])
        there = {*NO_CALENDARS, *files}
        otherwise = dict(_misnamed({node.text for node in named}, files))
        for node in named:
            if node.text not in there:
                _tell(node, there, notebook)
            elif (error := otherwise.get(node.text)) is not None:
                notebook.note("PF204", f"there is no calendar `{node.text}`: {error.message}", node.where, error.hint)
    return notebook.sorted()


def called_otherwise(calendar: Calendar, path: Path) -> tuple[Finding, ...]:
    """Return that a calendar among those of a workspace is not called as its file is: nobody finds it."""
    if path.resolve().parent.name != FOLDER or path.stem == calendar.id:
        return ()
    hint = f"call the file {calendar.id}.yaml, or the calendar `{path.stem}`"
    message = f"the file is called `{path.stem}`, and holds the calendar `{calendar.id}`"
    return (finding("PF204", message, where=calendar.where, hint=hint),)


def _misnamed(named: Collection[str], files: Mapping[str, Path]) -> Iterator[tuple[str, CalendarError]]:
    """Yield the calendars named whose files hold others; of files with errors nothing: their own check tells."""
    for id in named:
        if id in files:
            try:
                load_by_name(id, files[id])
            except CalendarError as error:
                if error.code == "PF204":
                    yield id, error


def calendars_in(text: bytes | str, file: str) -> frozenset[str]:
    """Return the calendars that the text of a procedure names, whether there are such or not."""
    source = read_source(text, file)
    return frozenset(node.text for node in _named(Node(source, (), source.data)))


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

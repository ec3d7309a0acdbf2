"""Changes to a text that keep everything else as it is: values written so that they mean what is meant.

An edit is only made if it is certain what it does; () says that only a person can tell.
"""

from __future__ import annotations

import re

from procflow.errors import Edit
from procflow.loading import scalars
from procflow.loading.source import Path, Source

_SAFE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.@/ -]*[A-Za-z0-9_.@/-])?")
"""Words that need no quotes anywhere, unless they mean something else."""
_UNSAFE_IN_PLAIN = re.compile(r": |:$| #|[\[\]{},\r\n]|[^\x20-\x7e\xa0-\ufffd]")
_REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)")
_TO_ESCAPE = re.compile(r'["\\]')


def quoted(text: str) -> str:
    """Return a one-line text in double quotes, as YAML reads it back."""
    return '"' + _TO_ESCAPE.sub(r"\\\g<0>", text) + '"'


def written(text: str) -> str:
    """Return a one-line text as a person would write it: plain if that means the same everywhere, else in quotes."""
    plain = _SAFE.fullmatch(text) and scalars.resolve(text) == text and scalars.read_by_yaml_1_1(text) is None
    return text if plain else quoted(text)


def replace_value(source: Source, path: Path, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts a text in the place of a value, in the quotes the value has."""
    mark = source.marks.get(path)
    if mark is None or mark.end <= mark.start:
        return ()
    new = _in_style(text, mark.style)
    return () if new is None else (Edit(where=source.between(mark.start, mark.end), text=new),)


def replace_key(source: Source, path: Path, text: str) -> tuple[Edit, ...]:
    """Return the edit that gives a key another name, in the quotes the key has."""
    mark = source.marks.get(path)
    if mark is None or mark.key_end <= mark.key_start:
        return ()
    old = source.text[mark.key_start : mark.key_end]
    style = old[0] if old[0] in "'\"" else "plain"
    new = _in_style(text, style)
    return () if new is None else (Edit(where=source.between(mark.key_start, mark.key_end), text=new),)


def quote_as_written(source: Source, path: Path) -> tuple[Edit, ...]:
    """Return the edit that puts quotes around a plain value, so that it stays what its author wrote."""
    mark = source.marks.get(path)
    if mark is None or mark.style != "plain" or mark.end <= mark.start or "\n" in source.raw(path):
        return ()
    return (Edit(where=source.between(mark.start, mark.end), text=quoted(source.raw(path))),)


def replace_within(source: Source, path: Path, column: int, width: int, text: str) -> tuple[Edit, ...]:
    """Return the edit that changes a part of a text, `column` code points into its value; () if it spans lines."""
    mark = source.marks.get(path)
    if mark is None:
        return ()
    raw = source.text[mark.start : mark.end]
    offsets = scalars.offsets(raw, mark.style)
    if offsets is None or not 0 <= column <= column + width < len(offsets):
        return ()
    match mark.style:
        case "'":
            new = text.replace("'", "''")
        case '"':
            new = _TO_ESCAPE.sub(r"\\\g<0>", text)
        case _:
            # A plain text is one up to its end: what is put in must not end it, nor turn the whole into something else.
            whole = raw[: offsets[column]] + text + raw[offsets[column + width] :]
            if _UNSAFE_IN_PLAIN.search(text) or scalars.resolve(whole) != whole or whole[0] in "\"'!&*%@`|>":
                return ()
            new = text
    where = source.between(mark.start + offsets[column], mark.start + offsets[column + width])
    return (Edit(where=where, text=new),)


def remove_entry(source: Source, path: Path) -> tuple[Edit, ...]:
    """Return the edit that takes an entry that is not the first out of its list; () if more than it would go."""
    if not path or not isinstance(path[-1], int) or path[-1] == 0:
        return ()
    mark, before = source.marks.get(path), source.marks.get((*path[:-1], path[-1] - 1))
    if mark is None or before is None or mark.end <= mark.start:
        return ()
    if source.is_flow(path[:-1]):
        between = source.text[before.end : mark.start]
        return (Edit(where=source.between(before.end, mark.end), text=""),) if between.strip() == "," else ()
    start = max(source.text.rfind("\n", 0, mark.start), source.text.rfind("\r", 0, mark.start)) + 1
    after = _REST_OF_LINE.match(source.text, mark.end)
    if source.text[start : mark.start].strip() != "-" or after is None:
        return ()
    return (Edit(where=source.between(start, after.end()), text=""),)


def _in_style(text: str, style: str) -> str | None:
    if "\n" in text or "\r" in text or style not in ("plain", "'", '"'):
        return None
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    return quoted(text) if style == '"' else written(text)

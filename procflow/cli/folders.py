"""A folder in place of files: what of it is written by people, as `procflow init` lays it out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_BY_NAME = ("people", "clients", "agreements", "services", "policies")
_BESIDE = ("procedures", "calendars")
_ENDINGS = (".yaml", ".yml")
_IS_PROCEDURE = re.compile(rb"^procflow\s*:", re.MULTILINE)
_LOOKED_AT = 10_000
"""Bytes: the first key of a procedure stands at its beginning, after remarks."""


def files_of(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names with each folder replaced by the files in it, each once; a folder without any stays."""
    return tuple(dict.fromkeys(one for name in names for one in _in(name)))


def _in(name: str) -> Sequence[str]:
    folder = Path(name)
    if name == "-" or not folder.is_dir():
        return (name,)
    return [str(one) for one in _workspace(folder)] or [str(one) for one in _yaml(folder)] or [name]


def _workspace(folder: Path) -> Iterator[Path]:
    """Yield the files of a workspace; whatever else lies in such a folder is not ours."""
    for one in _yaml(folder):
        if one.stem in _BY_NAME or one.stem.endswith(".map") or _IS_PROCEDURE.search(_beginning(one)):
            yield one
    for beside in _BESIDE:
        yield from _yaml(folder / beside)


def _yaml(folder: Path) -> list[Path]:
    return (
        [one for one in sorted(folder.iterdir()) if one.suffix in _ENDINGS and one.is_file()] if folder.is_dir() else []
    )


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LOOKED_AT)
    except OSError:
        return b""

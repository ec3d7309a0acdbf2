"""A folder in place of files: what of it is written by people, as `procflow init` lays it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

_BY_NAME = ("people", "clients", "agreements", "policies")
_BESIDE = ("procedures", "calendars")
_ENDINGS = (".yaml", ".yml")


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
        if one.stem in _BY_NAME or one.stem.endswith(".map"):
            yield one
    for beside in _BESIDE:
        yield from _yaml(folder / beside)


def _yaml(folder: Path) -> list[Path]:
    return (
        [one for one in sorted(folder.iterdir()) if one.suffix in _ENDINGS and one.is_file()] if folder.is_dir() else []
    )

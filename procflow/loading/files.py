"""A file's bytes, never more than may be read, the folders about it, and the error of one that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from procflow.errors import Finding, ProcflowError, errors_of
from procflow.loading.source import MAX_BYTES

_Error = TypeVar("_Error", bound=ProcflowError)
_PROCEDURES = "procedures"


def read_bytes(path: str | PathLike[str]) -> bytes:
    """Return the bytes of a file, at most one more than may be read. Raises ProcflowError if it cannot be opened."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise ProcflowError(f"cannot read {path}: {reason}", hint="check the path") from error


def folders_for(procedure: Path, workspace: Path | None) -> Iterator[Path]:
    """Yield the folders in which lies what holds for a procedure, the nearest first: its own, and those above it.

    The last is the workspace; if none is given, the folder above one that is called `procedures`, else its own.
    """
    start = procedure.absolute()
    if not start.is_dir():
        start = start.parent
    top = workspace.absolute() if workspace is not None else start.parent if start.name == _PROCEDURES else start
    above = [start, *start.parents]
    yield from above[: above.index(top) + 1] if top in above else [start, top]


def refused(kind: type[_Error], findings: Sequence[Finding], path: str | PathLike[str], /, **more: Any) -> _Error:
    """Return the error of a file that cannot be used: its first error in words, and how many others there are.

    `more` is what errors of this kind ask for besides.
    """
    errors = errors_of(findings)
    others = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    first = errors[0]
    message = f"{first.where or path}: {first.message}{others}"
    return kind(message, code=first.code, where=first.where, hint=first.hint, **more)

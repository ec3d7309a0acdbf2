"""A file's bytes, never more than may be read."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from procflow.errors import ProcflowError
from procflow.loading.source import MAX_BYTES


def read_bytes(path: str | PathLike[str]) -> bytes:
    """Return the bytes of a file, at most one more than may be read. Raises ProcflowError if it cannot be opened."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise ProcflowError(f"cannot read {path}: {reason}", hint="check the path") from error

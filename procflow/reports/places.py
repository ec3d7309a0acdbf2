"""Files as other programs name them: relative to where the command runs, with forward slashes."""

from __future__ import annotations

from pathlib import Path, PurePath
from urllib.parse import quote


def web_path(file: str) -> str:
    """Return the path of a file with forward slashes, relative to the folder the command runs in if the file is in it."""
    path = PurePath(file)
    if path.is_absolute():
        here = Path.cwd()
        path = path.relative_to(here) if path.is_relative_to(here) else path
    return path.as_posix()


def uri(file: str) -> tuple[str, bool]:
    """Return the URI of a file (RFC 3986), and True if it is relative."""
    path = PurePath(web_path(file))
    return (path.as_uri(), False) if path.is_absolute() else (quote(path.as_posix()), True)

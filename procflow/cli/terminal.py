"""The terminal: how wide it is, whether it shows colours, and how results, talk and progress get there."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from procflow.errors import ProcflowError
from procflow.reports.paper import Line, line, plain, show, visible

if TYPE_CHECKING:
    from procflow.expressions.types import Raw
    from procflow.reports.sources import Sources

Progress = Callable[[str, int], None]
"""Told what is counted and how many so far."""

NARROWEST, WIDEST = 40, 120
LARGEST_SOURCE = 1024 * 1024


def cells() -> int:
    """Return how many cells a line may take: the terminal's, 80 if there is none; never so many that prose is hard to read."""
    import shutil

    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((80, 24)).columns))


def shows_colour(stream: TextIO) -> bool:
    """Return True if colours are wanted there: a terminal, unless NO_COLOR is set; FORCE_COLOR decides otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write_lines(lines: Iterable[Line]) -> None:
    """Write a result for people to stdout."""
    show(lines, sys.stdout, colour=shows_colour(sys.stdout))


def write_json(document: Mapping[str, Raw]) -> None:
    """Write a result for programs to stdout."""
    from procflow.reports.documents import json_pieces

    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    for piece in json_pieces(document, ascii_only=encoding != "utf8"):
        sys.stdout.write(piece)


def tell(text: str) -> None:
    """Say something that is no result, on stderr."""
    show((line(visible(text)),), sys.stderr, colour=False)


def tell_lines(lines: Iterable[Line]) -> None:
    """Say several lines on stderr."""
    show(lines, sys.stderr, colour=shows_colour(sys.stderr))


def text_of_lines(lines: Iterable[Line]) -> str:
    """Return a result for people as it stands in a file: without colours."""
    return plain(lines)


def text_of_json(document: Mapping[str, Raw]) -> str:
    """Return a result for programs as it stands in a file, in UTF-8."""
    from procflow.reports.documents import json_pieces

    text = StringIO()
    text.writelines(json_pieces(document))
    return text.getvalue()


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Yield what a long job tells how far it is, None if nobody watches; the line is wiped at the end."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell_progress(what: str, count: int) -> None:
        sys.stderr.write(f"\r{what} {count:,}\x1b[K")
        sys.stderr.flush()

    try:
        yield tell_progress
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def files_as_sources() -> Sources:
    """Return what reads the files that findings speak of, each once; a file that cannot be read has no text."""
    known: dict[str, str | None] = {}

    def text(file: str) -> str | None:
        if file not in known:
            known[file] = _text(Path(file))
        return known[file]

    return text


def _text(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_SOURCE).decode("utf-8", "replace")
    except OSError:
        return None


@contextmanager
def writing(path: Path, *, as_it_was: bool = False) -> Iterator[BinaryIO]:
    """Yield a file that becomes `path` when the block ends well: nobody ever sees half of it.

    `as_it_was`: the file is there already, and keeps its rights; if it is a link, what it leads to is written.
    """
    from tempfile import NamedTemporaryFile

    if as_it_was:
        path = path.resolve()
    check_writable(path)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        half = Path(file.name)
        try:
            yield cast(BinaryIO, file)
        except BaseException:
            half.unlink()
            raise
    # A temporary file is for its owner only; a result has the rights any new file has.
    mask = os.umask(0)
    os.umask(mask)
    half.chmod(stat.S_IMODE(path.stat().st_mode) if as_it_was else 0o666 & ~mask)
    half.replace(path)


def check_writable(path: Path) -> None:
    """Raise ProcflowError if `path` cannot be written, before any work is done for it."""
    if path.is_dir():
        raise ProcflowError(f"cannot write {path}: it is a folder", hint="Name a file in it.")
    if not path.parent.is_dir():
        raise ProcflowError(f"cannot write {path}: there is no folder {path.parent}", hint="Make the folder first.")
    if not os.access(path.parent, os.W_OK):
        raise ProcflowError(f"cannot write {path}: nothing may be written to the folder {path.parent}")


def name_of_input(path: str) -> str:
    """Return what a file is called where something is said of it; `-` is `<stdin>`."""
    return "<stdin>" if path == "-" else path


def read_input(path: str) -> bytes:
    """Return the bytes of a file, `-` for stdin, at most one more than may be read. Raises ProcflowError."""
    try:
        if path == "-":
            return sys.stdin.buffer.read(LARGEST_SOURCE + 1)
        with Path(path).open("rb") as file:
            return file.read(LARGEST_SOURCE + 1)
    except OSError as error:
        raise ProcflowError(f"cannot read {path}: {_reason(error)}", hint=_help(Path(path))) from error


def _reason(error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return "there is no such file" if isinstance(error, FileNotFoundError) else (error.strerror or str(error)).lower()


def _help(path: Path) -> str:
    from difflib import get_close_matches

    if path.is_dir():
        return f"Name the files: {path}/*.yaml"
    beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    close = get_close_matches(path.name, beside, n=1)
    return f"Did you mean {path.with_name(close[0])}?" if close else "Check the path."

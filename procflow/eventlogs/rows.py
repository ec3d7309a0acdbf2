"""Opening log files: plain, gzip or zip, as lines of text that no file can make endless."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path
from typing import IO, cast

from procflow.errors import EventLogError

LogPath = str | os.PathLike[str]
Progress = Callable[[int], None]

PROGRESS_EVERY = 10_000
LONGEST_LINE = 1 << 20
LONGEST_ROW = 4 << 20
"""A quoted table row may stretch over lines; one that never ends must not fill the memory."""
MOST_UNPACKED = 4 << 30
"""No honest export of this size is packed into one archive; beyond it we take it for a bomb."""

_BUFFER = 1 << 18
# zipfile answers hostile archives with nearly any of these.
_BROKEN = (OSError, EOFError, RuntimeError, ValueError, LookupError, ArithmeticError)
_BROKEN_PACKING = (*_BROKEN, zlib.error, lzma.LZMAError, struct.error, zipfile.BadZipFile)


class Look(Enum):
    """What a file looks like from its first bytes."""

    EMPTY = "empty"
    TEXT = "text"
    XML = "XML"


class Unreadable(Exception):
    """One line or row cannot be read; reading may go on after it."""


class Lines(Iterator[str]):
    """The physical lines of one log, decoded, with their ends.

    Raises `Unreadable` for a line or row that is too long (the rest of the line is passed over) and EventLogError
    if the file breaks off or unpacks to more than `MOST_UNPACKED` bytes; after `Unreadable` one may go on.
    """

    __slots__ = ("_encoding", "_limit", "_readline", "_row_from", "_size", "damaged", "file", "inner", "number")

    def __init__(self, stream: IO[bytes], *, file: str, inner: str, encoding: str, packed: bool) -> None:
        self.file = file
        """The path as the caller gave it."""
        self.inner = inner
        """The name of the log inside an archive, else the path without `.gz`."""
        self.number = 0
        """Physical lines read so far."""
        self.damaged = False
        """A line since `new_row` was not in the encoding; its text is a stand-in."""
        self._encoding = encoding
        self._limit = MOST_UNPACKED if packed else None
        self._readline = _line_reader(stream, encoding)
        self._size = self._row_from = 0

    def new_row(self) -> int:
        """Say that a new row starts with the next line; return that line's number."""
        self.damaged = False
        self._row_from = self._size
        return self.number + 1

    def __next__(self) -> str:
        raw = self._read()
        if not raw:
            raise StopIteration
        self.number += 1
        if len(raw) > LONGEST_LINE:
            self._pass_over(raw)
            raise Unreadable(f"The line is longer than {LONGEST_LINE:,} bytes")
        if self._size - self._row_from > LONGEST_ROW:
            raise Unreadable(f"The row is longer than {LONGEST_ROW:,} bytes; is a quotation mark never closed?")
        return self._decoded(raw)

    def _decoded(self, raw: bytes | str) -> str:
        try:
            text = raw if isinstance(raw, str) else raw.decode(self._encoding)
        except UnicodeError:
            self.damaged = True
            return str(raw, "latin-1") if isinstance(raw, bytes) else raw
        if isinstance(raw, str) and "\ufffd" in raw:
            self.damaged = True
        return text.removeprefix("\ufeff") if self.number == 1 else text

    def _read(self) -> bytes | str:
        try:
            raw = self._readline(LONGEST_LINE + 1)
        except _BROKEN_PACKING as broken:
            raise EventLogError(
                f"{self.file} breaks off after line {self.number}: {_why(broken)}",
                hint="Copy or export the file again.",
            ) from broken
        self._size += len(raw)
        if self._limit is not None and self._size > self._limit:
            raise _bomb(self.file, self._limit)
        return raw

    def _pass_over(self, raw: bytes | str) -> None:
        newline: bytes | str = "\n" if isinstance(raw, str) else b"\n"
        while raw and raw[-1:] != newline:
            raw = self._read()


def _bomb(file: str, limit: int) -> EventLogError:
    return EventLogError(
        f"{file} unpacks to more than {limit >> 30} GiB",
        hint="Unpack it yourself if you trust it, and name the unpacked file.",
    )


def _line_reader(stream: IO[bytes], encoding: str) -> Callable[[int], bytes | str]:
    if _keeps_ascii(encoding):
        return stream.readline
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="\n").readline


def _keeps_ascii(encoding: str) -> bool:
    try:
        return "\n".encode(encoding) == b"\n"
    except (LookupError, ValueError) as unknown:
        raise EventLogError(
            f"{encoding!r} is not an encoding of text",
            hint="Write `encoding: utf-8`, or the encoding the tool exports in.",
        ) from unknown


def named(paths: LogPath | Iterable[LogPath]) -> tuple[str, ...]:
    """Return the paths as the caller wrote them; raises EventLogError if there are none."""
    if isinstance(paths, str | os.PathLike):
        return (os.fspath(paths),)
    names = tuple(os.fspath(path) for path in paths)
    if not names:
        raise EventLogError("No log was given", hint="Name at least one file.")
    return names


class Chunks(Iterator[bytes]):
    """The bytes of one log, piece by piece; raises EventLogError as `Lines` does."""

    __slots__ = ("_limit", "_size", "_stream", "file")

    def __init__(self, stream: IO[bytes], *, file: str, packed: bool) -> None:
        self.file = file
        self._stream = stream
        self._limit = MOST_UNPACKED if packed else None
        self._size = 0

    def __next__(self) -> bytes:
        try:
            piece = self._stream.read(_BUFFER)
        except _BROKEN_PACKING as broken:
            raise EventLogError(
                f"{self.file} breaks off after {self._size:,} bytes: {_why(broken)}",
                hint="Copy or export the file again.",
            ) from broken
        self._size += len(piece)
        if self._limit is not None and self._size > self._limit:
            raise _bomb(self.file, self._limit)
        if not piece:
            raise StopIteration
        return piece


@contextmanager
def open_chunks(path: str) -> Iterator[Chunks]:
    """Open the log at `path` as bytes, unpacking gzip and zip by their content; raises as `open_lines` does."""
    with ExitStack() as stack:
        stream, _, packed = _opened(path, stack)
        yield Chunks(stack.enter_context(io.BufferedReader(stream, _BUFFER)), file=path, packed=packed)


def looks_like(path: str) -> Look:
    """Return what the log says it is before its first word, however much white space it begins with."""
    with open_chunks(path) as chunks:
        for piece in chunks:
            begins = piece.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
            if begins:
                return Look.XML if begins.startswith(b"<") else Look.TEXT
            if b"\0" in piece:
                return Look.TEXT
    return Look.EMPTY


@contextmanager
def open_lines(path: str, encoding: str = "utf-8") -> Iterator[Lines]:
    """Open the log at `path`, unpacking gzip and zip by their content.

    Raises EventLogError if it is missing, a directory, empty, broken, binary, XML or not the one log of its archive.
    """
    with ExitStack() as stack:
        stream, inner, packed = _opened(path, stack)
        buffered = stack.enter_context(io.BufferedReader(stream, _BUFFER))
        _refuse_what_is_no_text(_peek(buffered, path), path, encoding)
        yield Lines(buffered, file=path, inner=inner, encoding=encoding, packed=packed)


def _opened(path: str, stack: ExitStack) -> tuple[io.RawIOBase, str, bool]:
    file = stack.enter_context(_on_disk(path))
    magic = _peek(file, path)[:4]
    if magic[:2] == b"\x1f\x8b":
        return _raw(stack.enter_context(gzip.GzipFile(fileobj=file))), path.removesuffix(".gz"), True
    if magic in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        stream, inner = _only_member(file, path, stack)
        return stream, inner, True
    return _raw(file), path, False


def _on_disk(path: str) -> IO[bytes]:
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as trouble:
        hint = "Check the path." if isinstance(trouble, FileNotFoundError) else None
        raise EventLogError(f"{path} cannot be read: {_why(trouble)}", hint=hint) from trouble


def _only_member(file: IO[bytes], path: str, stack: ExitStack) -> tuple[io.RawIOBase, str]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        logs = [member for member in archive.infolist() if _is_log(member.filename)]
        if len(logs) == 1 and logs[0].compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return _raw(stack.enter_context(archive.open(logs[0]))), logs[0].filename
    except _BROKEN_PACKING as broken:
        hint = "If it is a workbook of Excel, save it as CSV (UTF-8)."
        raise EventLogError(f"{path} is no archive we can unpack: {_why(broken)}", hint=hint) from broken
    if any(member.filename.startswith("xl/") for member in archive.infolist()):
        raise EventLogError(f"{path} is an Excel workbook, not a table in text", hint="Save it as CSV (UTF-8).")
    raise EventLogError(
        f"{path} must hold exactly one .csv, .jsonl or .xes file, stored or deflated; it holds {len(logs)}",
        hint="Unpack it and name the files one by one.",
    )


def _raw(stream: object) -> io.RawIOBase:
    """Pass a stream to BufferedReader, which asks for no more than `readinto`: all three kinds have it."""
    return cast("io.RawIOBase", stream)


def _is_log(name: str) -> bool:
    return name.lower().endswith((".csv", ".jsonl", ".ndjson", ".xes")) and not name.startswith("__MACOSX/")


def _peek(stream: IO[bytes], path: str) -> bytes:
    try:
        head: bytes = stream.peek(1)  # type: ignore[attr-defined]
    except _BROKEN_PACKING as broken:
        raise EventLogError(f"{path} cannot be read: {_why(broken)}", hint="Copy or export it again.") from broken
    return head


def _refuse_what_is_no_text(head: bytes, path: str, encoding: str) -> None:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise EventLogError(f"{path} is XML, not a table or JSON lines", hint="Name logs of one format.")
    if not _keeps_ascii(encoding):
        return
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise EventLogError(f"{path} is UTF-16, not {encoding}", hint="Write `encoding: utf-16` in the mapping.")
    if b"\0" in head:
        raise EventLogError(f"{path} is a binary file, not text", hint="Export the log as CSV or JSON lines.")


def _why(trouble: BaseException) -> str:
    if isinstance(trouble, OSError) and trouble.strerror:
        return trouble.strerror.lower()
    return str(trouble) or type(trouble).__name__

"""A text as plain data with positions: strict YAML 1.2, read so that no file can hurt.

PyYAML's C parser turns the text into events; the limits are checked on the events, before anything is built, and
one walk over them builds the data and remembers where each value stands. Nothing here recurses, whatever the file.
Plain words mean what the YAML 1.2 core schema says, so `on`, `no`, `22:30` and `2026-11-01` are text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import yaml

from procflow.errors import Edit, Finding, SourceSpan
from procflow.loading import scalars
from procflow.loading.plain_words import cut_number, plain_findings, rest_of_number
from procflow.loading.syntax import LINE_BREAKS_OF_YAML_1_1, syntax_finding, unreadable_character
from procflow.model.rules import finding

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_TOLD = 50
"""How many aliases or tags are told one by one: more say nothing new."""

_ONE_LINE_TAGGED = re.compile(r"![^!\r\n][^\r\n]*")
"""A text that begins with `!`; `!!str` is nearly always meant as a tag."""
_LINE_END = re.compile(r"\r\n|\n|\r")

Plain = bool | int | float | str | None | list["Plain"] | dict[str, "Plain"]
"""What YAML carries, with text keys."""
Path = tuple[str | int, ...]
"""Where a value is: the keys and positions that lead to it; () is the whole document."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value and its key stand, in code points from the start of the text; `end` is one past the last."""

    start: int
    end: int
    key_start: int
    key_end: int
    """Equal to `key_start` if there is no key: an entry of a list, or the whole document."""
    style: str
    """`plain`, `'`, `"`, `|`, `>`, `block` or `flow`."""


@dataclass(frozen=True)
class Source:
    """A text that was read: its data, where each value stands, and what is wrong with it as a file."""

    file: str
    text: str
    data: Plain
    """None if the file could not be read at all; then `findings` holds an error."""
    marks: Mapping[Path, Mark]
    findings: tuple[Finding, ...]
    readable: bool
    """False if `data` is not what the file says, because reading stopped."""

    @cached_property
    def _lines(self) -> list[int]:
        return line_starts(self.text)

    def between(self, start: int, end: int) -> SourceSpan:
        """Return the span from one offset to another."""
        return _span(self.file, self._lines, start, end)

    def value(self, path: Path) -> SourceSpan:
        """Return where the value stands; an empty one stands where its key does."""
        mark = self.marks.get(path)
        if mark is None:
            return self.between(0, 0) if not path else self.value(path[:-1])
        if mark.end <= mark.start and mark.key_end > mark.key_start:
            return self.between(mark.key_start, mark.key_end)
        return self.between(mark.start, mark.end)

    def key(self, path: Path) -> SourceSpan:
        """Return where the key stands; of an entry of a list, where the entry stands; of the document, its first line."""
        mark = self.marks.get(path)
        if mark is None or not path:
            start = mark.start if mark is not None else 0
            line_end = self.text.find("\n", start)
            return self.between(start, len(self.text) if line_end < 0 else line_end)
        if mark.key_end > mark.key_start:
            return self.between(mark.key_start, mark.key_end)
        return self.value(path)

    def raw(self, path: Path) -> str:
        """Return the value as it was written, quotes and all."""
        mark = self.marks.get(path)
        return "" if mark is None else self.text[mark.start : mark.end]

    def within(self, path: Path, column: int, width: int) -> SourceSpan:
        """Return where a part of a text stands, `column` code points into its value; the whole of it if unknown."""
        mark = self.marks.get(path)
        if mark is None:
            return self.value(path)
        offsets = scalars.offsets(self.text[mark.start : mark.end], mark.style)
        if offsets is None or not 0 <= column < len(offsets):
            return self.value(path)
        last = min(column + width, len(offsets) - 1)
        return self.between(mark.start + offsets[column], mark.start + max(offsets[last], offsets[column] + 1))

    def is_flow(self, path: Path) -> bool:
        """Return True for a map or list written in braces or brackets."""
        mark = self.marks.get(path)
        return mark is not None and mark.style == "flow"


def read_source(text: bytes | str, file: str) -> Source:
    """Read a text; every finding is in the result, nothing is raised.

    A text with an error that stops the reading has no data. The others (a key twice, a key that is not text) keep
    what can be kept, so that the rest of the file is still checked.
    """
    decoded, problem = _decode(text, file)
    if problem is not None:
        return Source(file=file, text=decoded, data=None, marks={}, findings=(problem,), readable=False)
    lines = line_starts(decoded)
    events, findings = _events(decoded, file, lines)
    if findings:
        return Source(file=file, text=decoded, data=None, marks={}, findings=tuple(findings), readable=False)
    builder = _Builder(file=file, text=decoded, lines=lines)
    for event in events:
        builder.take(event)
    return Source(
        file=file,
        text=decoded,
        data=builder.data,
        marks=builder.marks,
        findings=tuple(builder.findings),
        readable=True,
    )


# --- before anything is built --------------------------------------------------------------------------------------


def document_kind(content: bytes) -> str | None:
    """Return which kind of document of an office a file is by its first bytes; None for anything else."""
    if content.startswith(b"PK\x03\x04"):
        kinds = (
            (b"word/", "a Word document"),
            (b"xl/", "an Excel workbook"),
            (b"opendocument", "an OpenDocument file"),
        )
        return next((name for sign, name in kinds if sign in content), "a packed file (zip)")
    if content.startswith(b"%PDF-"):
        return "a PDF"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "an old Word or Excel document"
    return None


def _decode(text: bytes | str, file: str) -> tuple[str, Finding | None]:
    """Return the text without its byte order mark, or what forbids reading it."""
    if len(text) > MAX_BYTES or (isinstance(text, str) and len(text.encode("utf-8", "replace")) > MAX_BYTES):
        return "", finding(
            "PF001",
            f"the file is larger than {MAX_BYTES // 1024} KiB",
            where=SourceSpan(file=file, line=1, column=1, end_line=1, end_column=1),
            hint="split it into several procedures",
        )
    if isinstance(text, bytes) and (kind := document_kind(text)) is not None:
        return "", finding(
            "PF005",
            f"this is {kind}, not plain text",
            where=SourceSpan(file=file, line=1, column=1, end_line=1, end_column=1),
            hint="save it as plain text in UTF-8, with a name that ends in .yaml",
        )
    if isinstance(text, bytes):
        try:
            decoded = text.decode("utf-8")
        except UnicodeDecodeError as error:
            before = text[: error.start].decode("utf-8", "replace")
            return before, finding(
                "PF005",
                f"the file is not UTF-8: byte 0x{text[error.start]:02X} at offset {error.start}",
                where=_span(file, line_starts(before), len(before), len(before) + 1),
                hint="save it as UTF-8 in your editor",
            )
    else:
        decoded = text
    decoded = decoded.removeprefix("\ufeff")
    at = unreadable_character(decoded)
    if at is None:
        return decoded, None
    strange = decoded[at] in LINE_BREAKS_OF_YAML_1_1
    what = "ends a line for some programs and not for others" if strange else "has no place in a text"
    return decoded, finding(
        "PF005",
        f"the character U+{ord(decoded[at]):04X} cannot be seen and {what}",
        where=_span(file, line_starts(decoded), at, at + 1),
        hint="write an ordinary line break or a space instead" if strange else "remove it",
    )


def _events(text: str, file: str, lines: list[int]) -> tuple[list[yaml.Event], list[Finding]]:
    """Return the events of the one document, or what forbids building it."""
    events: list[yaml.Event] = []
    findings: list[Finding] = []
    depth = nodes = documents = 0

    def tell(code: str, message: str, event: yaml.Event, hint: str, instead: str | None = None) -> None:
        if len(findings) < MAX_TOLD:
            start, end = _start(event), _end(event)
            where = _span(file, lines, start, max(end, start + 1))
            edits: tuple[Edit, ...] = ()
            if instead is not None:
                here = _span(file, lines, start, start + len(text[start:end].rstrip()))
                edits = (Edit(where=here, text=instead),)
            findings.append(finding(code, message, where=where, hint=hint, edits=edits))

    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        tell("PF006", "a second document begins here", event, "keep one document in a file")
                        break
                    if event.version is not None or event.tags:
                        tell("PF010", "a line beginning with % is not part of the language", event, "remove the line")
                case yaml.AliasEvent():
                    tell("PF003", f"`*{event.anchor}` repeats something by reference", event, "write it out")
                case yaml.ScalarEvent() | yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    nodes += 1
                    depth += isinstance(event, yaml.CollectionStartEvent)
                    if event.anchor is not None:
                        tell("PF003", f"`&{event.anchor}` names a part for reuse", event, "remove the name")
                    if event.tag is not None:
                        tell("PF004", f"`{_shown(event.tag)}` is a tag", event, *_without_tag(event, text))
                case yaml.CollectionEndEvent():
                    depth -= 1
            if depth > MAX_DEPTH or nodes > MAX_NODES:
                much = f"more than {MAX_DEPTH} levels deep" if depth > MAX_DEPTH else f"more than {MAX_NODES} values"
                tell("PF002", f"the file is too big to be read safely: {much}", event, "split it into procedures")
                break
            events.append(event)
    except yaml.YAMLError as error:
        findings.append(syntax_finding(error, text, lambda start, end: _span(file, lines, start, end)))
    return events, findings


def _shown(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _without_tag(event: yaml.NodeEvent, text: str) -> tuple[str, str | None]:
    """Return what to do about a tag, and what to write instead of the value; None if only a person knows."""
    written = text[_start(event) : _end(event)].rstrip()
    quotes = None
    if isinstance(event, yaml.ScalarEvent) and not event.style and _ONE_LINE_TAGGED.fullmatch(written):
        quotes = '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'
    word = written.removeprefix("!")
    if written.startswith("!") and word.isidentifier():
        return f"write `not {word}`, or put the text in quotes", quotes
    return "put the text in quotes if it begins with `!`", quotes


# --- building ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Frame:
    """A map or list that is being built."""

    path: Path
    start: int
    flow: bool
    key_span: tuple[int, int]
    into: dict[str, Plain] | list[Plain]
    key: str | None = None
    """Of a map: the key whose value comes next; None if a key comes next."""
    key_at: tuple[int, int] = (0, 0)
    keep: bool = True
    """False if the value that comes next is left out, because its key is."""
    firsts: dict[str, int] = field(default_factory=dict)
    end: int = 0


@dataclass(slots=True)
class _Builder:
    """Builds data and marks from events, one at a time."""

    file: str
    text: str
    lines: list[int]
    data: Plain = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.CollectionEndEvent():
                self._close(event)
            case _:
                pass

    def _span(self, start: int, end: int) -> SourceSpan:
        return _span(self.file, self.lines, start, end)

    def _quotes(self, start: int, end: int) -> tuple[Edit, ...]:
        """Return the edit that puts quotes around a plain word."""
        return (Edit(where=self._span(start, end), text=f'"{self.text[start:end]}"'),)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start = _start(event)
        end = start + len(self.text[start : _end(event)].rstrip())
        style = event.style or "plain"
        value: Plain = event.value
        if style == "plain":
            value = scalars.resolve(event.value)
            if event.value:
                self.findings.extend(plain_findings(self.text, start, end, self._span))
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.into, dict) and frame.key is None:
            self._key(frame, value, event.value, start, end)
        else:
            self._place(value, Mark(start, end, *self._key_span(), style))

    def _key(self, frame: _Frame, value: Plain, written: str, start: int, end: int) -> None:
        cut = frame.flow and not isinstance(value, str) and rest_of_number(self.text, start) is not None
        if cut:
            self.findings.extend(cut_number(self.text, start, end, self._span))
        elif not isinstance(value, str):
            shown = f"`{written}`" if written else "nothing"
            self.findings.append(
                finding(
                    "PF011",
                    f"a key must be text, and {shown} is not",
                    where=self._span(start, max(end, start + 1)),
                    hint=f'put it in quotes: "{written}"' if written else "write a word before the colon",
                    edits=self._quotes(start, end) if written else (),
                )
            )
        first = frame.firsts.get(written) if not cut else None
        if first is not None:
            line = bisect_right(self.lines, first)
            self.findings.append(
                finding(
                    "PF012",
                    f"`{written}` is given twice; the first one is in line {line}",
                    where=self._span(start, end),
                    hint="remove or rename one of them",
                )
            )
        else:
            frame.firsts[written] = start
        frame.keep = first is None and not cut
        # What is left out gets a path of its own, so that it never hides where the first one stands.
        frame.key = written if frame.keep else f"{written}\0{start}"
        frame.key_at = (start, end)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        frame = self.stack[-1] if self.stack else None
        start = _start(event)
        if frame is not None and isinstance(frame.into, dict) and frame.key is None:
            self.findings.append(
                finding(
                    "PF011",
                    "a key must be text, not a map or a list",
                    where=self._span(start, start + 1),
                    hint="put the key in quotes if it is meant as text",
                )
            )
            frame.keep = False
            path: Path = (*frame.path, f"\0{start}")
        else:
            path = self._next_path()
        into: dict[str, Plain] | list[Plain] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(
            _Frame(path=path, start=start, flow=bool(event.flow_style), key_span=self._key_span(), into=into, end=start)
        )

    def _close(self, event: yaml.Event) -> None:
        done = self.stack.pop()
        end = _end(event) if done.flow else done.end
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.into, dict) and frame.key is None:
            frame.key, frame.key_at, frame.end = f"\0{done.start}", (done.start, end), end
            return
        self._place(done.into, Mark(done.start, end, *done.key_span, "flow" if done.flow else "block"))

    def _key_span(self) -> tuple[int, int]:
        """Where the key of the value that comes next stands; an empty span if it has none."""
        frame = self.stack[-1] if self.stack else None
        return frame.key_at if frame is not None and frame.key is not None else (0, 0)

    def _next_path(self) -> Path:
        if not self.stack:
            return ()
        frame = self.stack[-1]
        return (*frame.path, len(frame.into) if frame.key is None else frame.key)

    def _place(self, value: Plain, mark: Mark) -> None:
        self.marks[self._next_path()] = mark
        if not self.stack:
            self.data = value
            return
        frame = self.stack[-1]
        frame.end = max(frame.end, mark.end, mark.key_end)
        if isinstance(frame.into, list):
            frame.into.append(value)
            return
        if frame.keep and frame.key is not None:
            frame.into[frame.key] = value
        frame.key, frame.keep = None, True


def _start(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.index


def _end(event: yaml.Event) -> int:
    return 0 if event.end_mark is None else event.end_mark.index


# --- positions -----------------------------------------------------------------------------------------------------


def line_starts(text: str) -> list[int]:
    """Return where each line begins. Lines end with LF, CRLF or CR, as editors count them."""
    return [0, *(found.end() for found in _LINE_END.finditer(text))]


def _span(file: str, lines: list[int], start: int, end: int) -> SourceSpan:
    line, end_line = bisect_right(lines, start), bisect_right(lines, max(start, end))
    return SourceSpan(
        file=file,
        line=line,
        column=start - lines[line - 1] + 1,
        end_line=end_line,
        end_column=max(start, end) - lines[end_line - 1] + 1,
    )

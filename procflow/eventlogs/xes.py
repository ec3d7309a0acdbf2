"""XES (IEEE 1849) as a stream of traces: XML that is read piece by piece, and that can do no harm.

expat is driven by hand rather than through a tree: rows keep their line numbers, a trace is all that is ever in
memory, and a document type is refused outright, so there are no entities to expand and nothing outside to fetch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from procflow.errors import EventLogError
from procflow.eventlogs.reading import span
from procflow.eventlogs.rows import Chunks

DEEPEST = 64
"""Elements in each other. A log needs five, and two for every level of nested attributes."""
MOST_ATTRIBUTES = 10_000
"""Of one trace or event, nested ones included."""
MOST_EVENTS = 2_000_000
"""Of one trace: it waits in memory for its last attribute."""
LONGEST_TAG = 4 << 20
"""Bytes. expat holds a tag or comment until its end, and looks through it again with every piece."""

_ATTRIBUTES = frozenset(("string", "date", "int", "float", "boolean", "id", "list", "container"))
_INSIDE = frozenset(("values",))
"""Elements between a list and its attributes, which say nothing themselves."""


@dataclass(slots=True)
class Attribute:
    """One attribute; `inner` are those nested in it, or the members of a list, with their order."""

    type: str
    key: str
    value: str
    inner: list[Attribute] = field(default_factory=list)

    def child(self, key: str) -> Attribute | None:
        """Return the first nested attribute of this key; None if there is none."""
        return next((one for one in self.inner if one.key == key), None)


@dataclass(slots=True)
class Bearer:
    """A trace or an event: whatever bears attributes."""

    line: int
    attributes: dict[str, Attribute] = field(default_factory=dict)
    trouble: str | None = None
    """Why it cannot be read as it stands."""
    count: int = 0

    def add(self, one: Attribute) -> None:
        """Take an attribute. One key twice is for the reader to refuse: which of the two counts, we do not guess."""
        if one.key in self.attributes:
            self.trouble = f"It names {one.key!r} twice"
        self.attributes[one.key] = one


@dataclass(slots=True)
class XesTrace(Bearer):
    """A trace with its events, in the order of the file."""

    number: int = 0
    """Counts the traces of the file, from 1."""
    events: list[Bearer] = field(default_factory=list)


def declares(chunks: Chunks, prefix: str, uri: str) -> bool:
    """Return True if the XES declares this extension before its first trace. Raises EventLogError as `XesStream` does."""
    stream = XesStream(chunks)
    next(stream, None)
    return stream.extensions.get(prefix) == uri


class XesStream(Iterator[XesTrace]):
    """The traces of one file. Raises EventLogError if it is no XES, is broken, or is made to do harm."""

    def __init__(self, chunks: Chunks) -> None:
        self.file = chunks.file
        self.extensions: dict[str, str] = {}
        """URI by prefix, as far as the file was read: a file declares them before its traces."""
        self._chunks = chunks
        self._ready: deque[XesTrace] = deque()
        self._ended = False
        self._fed = 0
        self._depth = 0
        self._passed_over = 0
        """Depth at which an element began that says nothing here; 0 outside of one."""
        self._traces = 0
        self._trace: XesTrace | None = None
        self._event: Bearer | None = None
        self._open: list[Attribute] = []
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._no_doctype

    def __next__(self) -> XesTrace:
        while not self._ready:
            if self._ended:
                raise StopIteration
            self._feed()
        return self._ready.popleft()

    def _feed(self) -> None:
        piece = next(self._chunks, b"")
        self._fed += len(piece)
        try:
            self._parser.Parse(piece, not piece)
        except expat.ExpatError as broken:
            raise EventLogError(
                f"{self.file} is broken XML in line {broken.lineno}: {expat.ErrorString(broken.code)}",
                where=span(self.file, broken.lineno),
                hint="Copy or export the file again.",
            ) from broken
        except (ValueError, LookupError) as unknown:
            self._refuse(f"it is in an encoding we cannot read ({unknown})", "Export the log in UTF-8.")
        self._ended = not piece
        if self._fed - max(0, self._parser.CurrentByteIndex) > LONGEST_TAG and not self._ended:
            self._refuse(f"one tag is longer than {LONGEST_TAG:,} bytes", "No tool writes such a log.")

    def _refuse(self, why: str, hint: str) -> NoReturn:
        line = self._parser.CurrentLineNumber
        raise EventLogError(f"{self.file} is refused at line {line}: {why}", where=span(self.file, line), hint=hint)

    def _no_doctype(self, *_: object) -> NoReturn:
        self._refuse(
            "it declares a document type, with which a file can expand without end or fetch other files",
            "XES needs none: remove the `<!DOCTYPE ...>` if you trust the file.",
        )

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(f"its elements lie more than {DEEPEST} deep in each other", "No tool writes such a log.")
        if self._passed_over:
            return
        if ":" in name:
            name = name.rpartition(":")[2]
        if self._depth == 1:
            self._root(name)
        elif name in _ATTRIBUTES and (bearer := self._event or self._trace) is not None:
            self._attribute(bearer, name, attributes)
        elif self._open:
            self._passed_over = 0 if name in _INSIDE else self._depth
        elif name == "event" and self._trace is not None and self._event is None:
            self._begin_event(self._trace)
        elif name == "trace" and self._trace is None and self._depth == 2:
            self._traces += 1
            self._trace = XesTrace(line=self._parser.CurrentLineNumber, number=self._traces)
        elif name == "event" and self._trace is None and self._depth == 2:
            # IEEE 1849 lets events stand beside the traces. Such an event is of no case, which its reader says.
            self._trace = XesTrace(line=self._parser.CurrentLineNumber, trouble="The event is of no trace")
            self._begin_event(self._trace)
        else:
            if name == "extension":
                self.extensions[attributes.get("prefix", "")] = attributes.get("uri", "")
            # What a log says of itself as well: nobody reads it, and it may be longer than all its traces.
            self._passed_over = self._depth

    def _root(self, name: str) -> None:
        if name != "log":
            raise EventLogError(
                f"{self.file} is XML, but no XES: its outermost element is <{name[:40]}>, not <log>",
                hint="Export the log as XES, CSV or JSON lines.",
            )

    def _begin_event(self, trace: XesTrace) -> None:
        self._event = Bearer(line=self._parser.CurrentLineNumber)
        trace.events.append(self._event)
        if len(trace.events) > MOST_EVENTS:
            self._refuse(f"a trace has more than {MOST_EVENTS:,} events", "Split the log.")

    def _attribute(self, bearer: Bearer, type: str, attributes: Mapping[str, str]) -> None:
        self._open.append(Attribute(type, attributes.get("key", ""), attributes.get("value", "")))
        bearer.count += 1
        if bearer.count > MOST_ATTRIBUTES:
            self._refuse(f"an event or trace has more than {MOST_ATTRIBUTES:,} attributes", "Leave some out.")

    def _end(self, name: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if self._passed_over:
            if depth == self._passed_over:
                self._passed_over = 0
            return
        if ":" in name:
            name = name.rpartition(":")[2]
        if name in _ATTRIBUTES:
            self._end_attribute(self._open.pop())
        elif name == "event":
            self._event = None
            if depth == 2:
                self._end_trace()
        elif name == "trace":
            self._end_trace()

    def _end_attribute(self, one: Attribute) -> None:
        if self._open:
            self._open[-1].inner.append(one)
            return
        bearer = self._event or self._trace
        if bearer is not None:
            bearer.add(one)

    def _end_trace(self) -> None:
        if self._trace is not None:
            self._ready.append(self._trace)
            self._trace = None

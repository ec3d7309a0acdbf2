"""A value of the file together with its place: what the builders walk over.

Every accessor takes whatever is there for empty if it is of another kind: the schema has told that already, and the
other checks go on with the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from procflow.errors import SourceSpan
from procflow.loading.source import Path, Plain, Source


class Node:
    """One value and where it stands."""

    __slots__ = ("data", "path", "source")

    def __init__(self, source: Source, path: Path = (), data: Plain = None) -> None:
        self.source = source
        self.path = path
        self.data = data

    def get(self, key: str) -> Node:
        """Return the value under a key; an absent one if there is none."""
        value = self.data.get(key) if isinstance(self.data, dict) else None
        return Node(self.source, (*self.path, key), value)

    def has(self, key: str) -> bool:
        """Return True if this is a map with that key."""
        return isinstance(self.data, dict) and key in self.data

    def items(self) -> Iterator[tuple[str, Node]]:
        """Return the entries of a map in the order of the file; none of anything else."""
        if isinstance(self.data, dict):
            for key, value in self.data.items():
                yield key, Node(self.source, (*self.path, key), value)

    def entries(self) -> Iterator[Node]:
        """Return the entries of a list; a single text counts as a list of one."""
        if isinstance(self.data, list):
            for at, value in enumerate(self.data):
                yield Node(self.source, (*self.path, at), value)
        elif isinstance(self.data, str):
            yield self

    @property
    def text(self) -> str:
        """The text; empty if this is none."""
        return self.data if isinstance(self.data, str) else ""

    @property
    def is_text(self) -> bool:
        return isinstance(self.data, str)

    @property
    def is_list(self) -> bool:
        return isinstance(self.data, list)

    @property
    def is_map(self) -> bool:
        return isinstance(self.data, dict)

    @property
    def is_true(self) -> bool:
        return self.data is True

    @property
    def number(self) -> int | None:
        """The whole number; None if this is none."""
        return self.data if isinstance(self.data, int) and not isinstance(self.data, bool) else None

    @property
    def name(self) -> str:
        """The key this value stands under."""
        return str(self.path[-1]) if self.path else ""

    @property
    def where(self) -> SourceSpan:
        """Where the value stands."""
        return self.source.value(self.path)

    @property
    def key_where(self) -> SourceSpan:
        """Where its key stands."""
        return self.source.key(self.path)

    @property
    def whole(self) -> SourceSpan:
        """From its key to the end of the value: what an authored thing carries as its place."""
        key, value = self.source.key(self.path), self.source.value(self.path)
        return SourceSpan(
            file=key.file,
            line=key.line,
            column=key.column,
            end_line=max(value.end_line, key.end_line),
            end_column=value.end_column if value.end_line >= key.end_line else key.end_column,
        )

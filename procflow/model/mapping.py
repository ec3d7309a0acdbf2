"""What a foreign log can tell: which column is what, what it witnesses, and what it leaves out.

Read from a mapping file (see `schemas/mapping.schema.json`); `eventlogs/` uses it to turn rows into events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from procflow.errors import SourceSpan
from procflow.model.event import EVERYTHING, Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeColumn:
    """A column of moments."""

    column: str
    format: str | None = None
    """As `datetime.strptime` reads it; None means ISO 8601."""
    zone: str = "UTC"
    """IANA name of the zone for values that carry no offset."""
    resolution: timedelta = timedelta()
    """Moments closer to each other than this may have come in either order; 0: only equal ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordColumn:
    """A column of words with their translation into the procedure's ids."""

    column: str
    to: Mapping[str, str] = field(default_factory=dict)
    """Word of the log -> id. A word not listed must itself be an id (actions), or is a DV808 finding (status)."""
    ignore: Mapping[str, str] = field(default_factory=dict)
    """Word of the log -> why rows with it are left out."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusColumn(WordColumn):
    """A column that says in which top-level step the case stands."""

    repeated: str | None = None
    """The action a row stands for that repeats the status; None: such a row says nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataColumn:
    """A column that holds a data field."""

    column: str
    to: Mapping[str, str] = field(default_factory=dict)
    """Word of the log -> value; a word not listed is the value itself."""
    format: str | None = None
    """For instants and dates: as `datetime.strptime` reads it."""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days the log covers, both included, in UTC. A case that began before `start` is cut."""

    start: datetime | None = None
    end: datetime | None = None
    """Exclusive: the first instant after the last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFrom:
    """A column filled in afterwards: its value is known only from this moment of the case."""

    step: str | None = None
    """From the row in which the case enters this step."""
    action: str | None = None
    """From the row of this action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMapping:
    """A whole mapping. Exactly one of `action` and `status` is given, and `time` or `complete`."""

    case: str
    time: TimeColumn | None = None
    """When the row's event happened."""
    start: TimeColumn | None = None
    """When the action of the row started; with `complete` one row makes two events."""
    complete: TimeColumn | None = None
    action: WordColumn | None = None
    status: StatusColumn | None = None
    order: str | None = None
    """A column of whole numbers that counts the entries of a case: breaks ties, and shows gaps."""
    opened: TimeColumn | None = None
    """When the case began: tells cut cases, and picks the version of the procedure."""
    actor: str | None = None
    on_behalf_of: str | None = None
    role: str | None = None
    """A column with the role the actor acted in."""
    team: str | None = None
    reason: str | None = None
    data: Mapping[str, DataColumn] = field(default_factory=dict)
    """Data field -> column."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Evidence name -> column."""
    known_from: Mapping[str, KnownFrom] = field(default_factory=dict)
    """Data field -> moment."""
    window: Window = Window()
    no_value: tuple[str, ...] = ("",)
    """Words that mean "no value"."""
    closed: bool = False
    """`cases: closed`: every case of the log is complete."""
    delimiter: str = ","
    encoding: str = "utf-8"
    witness: Witness = EVERYTHING
    where: SourceSpan

"""What a foreign log can tell: which column is what, what it witnesses, and what it leaves out.

Read from a mapping file (see `schemas/mapping.schema.json`); `eventlogs/` uses it to turn rows into events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from procflow.errors import SourceSpan
from procflow.model.event import EVERYTHING, Lifecycle, Witness

FURTHER = "*"
"""Stands for a name under `data` and `evidence`: its column holds a map of further ones."""


class Part(Enum):
    """Which part of an action a row tells of."""

    START = "start"
    COMPLETE = "complete"
    REFUSED = "refused"
    """It was attempted and refused."""
    REFUSED_START = "refused-start"
    """Its start was attempted and refused."""

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle of the row's event."""
        return Lifecycle.REFUSED if self in (Part.REFUSED, Part.REFUSED_START) else Lifecycle(self.value)

    @property
    def attempted(self) -> Lifecycle:
        """What was attempted, if the event was refused."""
        return Lifecycle.START if self is Part.REFUSED_START else Lifecycle.COMPLETE


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
class LifecycleColumn:
    """A column that says which part of an action a row tells of; an empty cell means the completion."""

    column: str
    to: Mapping[str, Part] = field(default_factory=dict)
    """Word of the log -> part. Those of `Part` and of XES (IEEE 1849) need not be listed."""
    ignore: Mapping[str, str] = field(default_factory=dict)
    """Word of the log -> why rows with it are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesColumn:
    """A column of roles or teams, one or several in a cell."""

    column: str
    to: Mapping[str, str] = field(default_factory=dict)
    """Word of the log -> role or team; a word not listed is the name itself."""
    split: str | None = None
    """What stands between several names; None: a cell is one name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataColumn:
    """A column that holds a data field."""

    column: str
    to: Mapping[str, str] = field(default_factory=dict)
    """Word of the log -> value; a word not listed is the value itself."""
    format: str | None = None
    """For instants and dates: as `datetime.strptime` reads it."""
    zone: str = "UTC"
    """IANA name of the zone for instants that carry no offset."""
    instants: bool = False
    """The field holds instants: without a format they are read as ISO 8601 in the zone. No file says it; the procedure
    does."""
    decimal: str | None = None
    """For numbers and money: the sign before the decimals, `,` or `.`; None: a point, and nothing between thousands."""


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
    recorded: TimeColumn | None = None
    """When it was written down: what `as_of` goes by."""
    start: TimeColumn | None = None
    """When the action of the row started; with `complete` one row makes two events."""
    complete: TimeColumn | None = None
    action: WordColumn | None = None
    opens: frozenset[str] = frozenset()
    """Words of the action column for the opening of a case: no action, but the event `OPENED`."""
    closes: frozenset[str] = frozenset()
    """Words of the action column for the closing of a case. A case that ends with one is closed."""
    lifecycle: LifecycleColumn | None = None
    status: StatusColumn | None = None
    order: str | None = None
    """A column of whole numbers that counts the entries of a case: breaks ties, and shows gaps."""
    client: str | None = None
    """For whom a case is: the first that its rows name."""
    opened: TimeColumn | None = None
    """When the case began: tells cut cases, and picks the version of the procedure."""
    actor: str | None = None
    on_behalf_of: str | None = None
    role: NamesColumn | None = None
    """A column with the roles of the actor."""
    team: NamesColumn | None = None
    definition: str | None = None
    """A column with the procedure's digest or version a row was recorded under."""
    policies: str | None = None
    """A column with the digest of the policies that stood against an attempt which was refused."""
    override: str | None = None
    """A column of JSON maps: a row with one is an override, whatever its action column says."""
    waiver: str | None = None
    """A column of JSON maps: a row with one is a waiver."""
    timer: str | None = None
    """A column of JSON maps: a row with one says that time was up."""
    calendars: str | None = None
    """A column with the digest of the calendars that hold from a row on: of one that opens a case, or of a row of its own."""
    reason: str | None = None
    data: Mapping[str, DataColumn] = field(default_factory=dict)
    """Data field -> column; `FURTHER` -> a column of JSON maps."""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """Evidence name -> column; `FURTHER` -> a column of JSON maps."""
    known_from: Mapping[str, KnownFrom] = field(default_factory=dict)
    """Data field -> moment."""
    window: Window = Window()
    no_value: tuple[str, ...] = ("",)
    """Words that mean "no value"."""
    json_cells: bool = False
    """`cells: json`: a cell of a table that reads as JSON is that value."""
    as_recorded: bool = False
    """`rows: as-recorded`: rows are judged in the order of `order`, whatever their times, and every value in a row was
    given with it. Otherwise rows are sorted by time, and a value was given where it changes."""
    closed: bool = False
    """`cases: closed`: every case of the log is complete."""
    cancelled: Mapping[str, SourceSpan] = field(default_factory=dict)
    """Action, or status, that ends a case as cancelled -> where the mapping says so. For rules alone: otherwise the ends
    of the procedure tell."""
    delimiter: str = ","
    encoding: str = "utf-8"
    witness: Witness = EVERYTHING
    where: SourceSpan

    @property
    def resolution(self) -> timedelta:
        """How exact the log's times are: as its coarsest column."""
        columns = (self.time, self.start, self.complete)
        return max((one.resolution for one in columns if one is not None), default=timedelta())

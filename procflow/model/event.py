"""An event: what was recorded of one thing that happened in one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from procflow.expressions.types import Raw
from procflow.model.clock import LateDoing, Timer


class Kind(Enum):
    """What an event is about. `action` is empty unless it says otherwise."""

    OPENED = "opened"
    """The case opens; its data are known from then on. `action` is empty."""
    ACTION = "action"
    """Somebody performed `action`."""
    STATUS = "status"
    """A status history says the case stands in the top-level step named by `action`."""
    CLOSED = "closed"
    """The case was closed. `action` is empty."""
    OVERRIDE = "override"
    """Somebody set the procedure aside: see `Event.override`. `action` is what was skipped, redone, undone or done early."""
    WAIVER = "waiver"
    """Somebody excused a deviation: see `Event.waiver`."""
    TIMER = "timer"
    """Time was up: see `Event.timer`. `action` is the id of the clock, of a step's own time that of the step."""
    CALENDARS = "calendars"
    """The case goes on by other calendars: see `Event.calendars`. `action` is empty."""


class Lifecycle(Enum):
    """Which part of an action an event tells of; only `complete` moves a case."""

    START = "start"
    COMPLETE = "complete"
    REFUSED = "refused"
    """It was attempted and refused: it did not happen. `Event.attempted` says whether a start or the whole was meant."""


class Act(Enum):
    """How the procedure was set aside. An act, never an edit: what was recorded stays."""

    SKIP = "skip"
    """An action that is due is passed over."""
    REDO = "redo"
    """The case goes back to a step it has left."""
    UNDO = "undo"
    """The case goes back to where it stood before an earlier event."""
    DO_EARLY = "do-early"
    """An action is done before it is due, and not asked for again when its turn comes."""
    OVERRIDE = "override"
    """Anything else: the case goes where it is put."""


class Cause(Enum):
    """Who made an override necessary."""

    REQUESTER = "requester"
    PROVIDER = "provider"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """How the procedure was set aside, and on whose word."""

    act: Act
    to: str
    """Where the case stands afterwards, in canonical text."""
    asked_by: str | None = None
    """The person or client who asked for it."""
    caused_by: Cause | None = None
    second: str | None = None
    """The person who agreed to it, where the procedure demands a second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """The permission of one person to deviate in one way, until it expires. The event's actor grants it."""

    code: str
    """The class of deviation it excuses, as `DV202`."""
    person: str
    """Who needs it."""
    until: datetime
    """Aware, UTC: deviations after this moment are not excused."""
    step: str | None = None
    """Only in this step; None: in any."""
    action: str | None = None
    """Only for this action; None: for any."""
    clock: str | None = None
    """Only for this clock, whoever was late; None: for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The row an event was read from; for people to find it, never part of a judgement."""

    file: str
    line: int
    """Counts from 1, the header of a table included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. Nothing in it is interpreted yet: unknown actions, bad values and missing actors are for the judge."""

    case: str
    seq: int
    """The order of judging within the case, from 1 without gaps."""
    kind: Kind
    action: str = ""
    """The action id; a step id for `STATUS`; empty for `OPENED` and `CLOSED`."""
    lifecycle: Lifecycle = Lifecycle.COMPLETE
    attempted: Lifecycle = Lifecycle.COMPLETE
    """Of a refused event: what was attempted, `START` or `COMPLETE`."""
    occurred_at: datetime
    """Aware, UTC: when it happened."""
    recorded_at: datetime | None = None
    """Aware, UTC: when it was written down; None if the log does not say."""
    actor: str | None = None
    """Who did it; None if the log does not say (or it was the system)."""
    on_behalf_of: str | None = None
    """A person, client or role id."""
    roles: frozenset[str] = frozenset()
    """The roles the actor held at that moment: kept on the event so that an auditor needs no directory of that day."""
    teams: frozenset[str] = frozenset()
    """The teams the actor belonged to at that moment."""
    data: Mapping[str, Raw] = field(default_factory=dict)
    """Values given with the event, as JSON carries them; null takes a value back."""
    evidence: Mapping[str, Raw] = field(default_factory=dict)
    """Proofs by name: a link, number or message id as text, or `{link, sha256, name}`."""
    reason: str | None = None
    gap: bool = False
    """True if the log shows that entries are missing just before this one: what happened there is not observable."""
    tie: bool = False
    """True if the log does not say whether this came before or after the event before it: their times are equal, or
    closer than the log's resolution, and no number orders them. Never of an engine's event: there `seq` is the order."""
    override: Override | None = None
    """Of `OVERRIDE` alone."""
    waiver: Waiver | None = None
    """Of `WAIVER` alone."""
    timer: Timer | None = None
    """Of `TIMER` alone."""
    calendars: str | None = None
    """Of `OPENED` and `CALENDARS`: the digest of the set of calendars that holds from here on; None: whichever is given."""
    policies: str | None = None
    """Of a refused attempt: the digest of the policies that stood against it, or of the procedure of which a rule over
    several cases did."""
    key: str | None = None
    """The idempotency key it was recorded under; never part of a judgement."""
    definition: str | None = None
    """Digest of the procedure the event was recorded under; None in a foreign log."""
    source: Source | None = field(default=None, compare=False)

    @property
    def refused(self) -> bool:
        """True if it was attempted and did not happen."""
        return self.lifecycle is Lifecycle.REFUSED

    @property
    def flows(self) -> bool:
        """True if it says that something was done, or where the case stands."""
        return self.kind in (Kind.ACTION, Kind.STATUS)

    @property
    def moves_by_time(self) -> bool:
        """True if it says that the time of a step ran out, and that the case went on by it."""
        return self.timer is not None and self.timer.does is LateDoing.GO_TO

    @property
    def aside(self) -> bool:
        """True if it did nothing to the case: an attempt that was refused, or a waiver."""
        return self.lifecycle is Lifecycle.REFUSED or self.kind is Kind.WAIVER

    def as_attempted(self) -> Event:
        """Return a refused event as it would have been."""
        return replace(self, lifecycle=Lifecycle.START if self.attempted is Lifecycle.START else Lifecycle.COMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The events of one case in the order of judging, with what the log says about the case."""

    case: str
    events: tuple[Event, ...]
    closed: bool
    """True if the log promises that nothing more will come; an engine's log says so by its `CLOSED` event."""
    cut: bool = False
    """True if the case began before the log's window: only the visible part is judged, and counted apart."""
    client: str | None = None
    """For whom the case is; None if the log does not say."""
    opened_at: datetime | None = None
    """When the case began, if the log says so otherwise than by an `OPENED` event; aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What a log can witness. What it cannot is *not examined*: neither a deviation nor clean."""

    actor: bool = True
    role: bool = True
    """Roles and teams of the actor are known at each event."""
    time: bool = True
    evidence: bool = True
    reason: bool = True
    data: frozenset[str] | None = None
    """The data fields witnessed; None means all."""
    hand_offs: bool = True
    """Acceptances and refusals of work are on record, and questions with their answers."""
    resolution: timedelta = timedelta(0)
    """How far apart two times must be for the log to say which came first: what is late by less is not held late."""

    def sees(self, name: str) -> bool:
        """True if values of the data field `name` are on record."""
        return self.data is None or name in self.data


EVERYTHING = Witness()
"""The witness of an engine's own record."""

"""What is seen over many cases: queue jumps, urgency, dependence on one person, load, waits, exceptions, thanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from procflow.model.deviation import Deviation
from procflow.model.event import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Expedite:
    """That somebody let a case go first."""

    by: str | None
    """Who; None if the log does not say."""
    seq: int | None
    """The event; None where a data field says it."""
    reason: str | None
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueJump:
    """A case that was taken while others like it, that had come before, waited."""

    case: str
    step: str
    alike: Mapping[str, str]
    """The values that the cases of the queue have in common."""
    seq: int | None
    """The event by which it was taken."""
    agent: str | None
    """Who took it; None if the log does not say."""
    requester: str | None
    at: datetime
    ready: datetime
    overtaken: tuple[str, ...]
    """The cases that waited, those that had come first before the others; at most a hundred."""
    count: int
    """How many there were."""
    slipped: timedelta | None
    """How long those that had come before waited, together, while this one was worked on; None: the log does not show
    for how long that was, as where a status says only what came next."""
    expedite: Expedite | None = None
    """What makes it an exception; None: it is none."""
    waiver: int | None = None
    """The event that excuses it; None: nothing does."""

    @property
    def unexcused(self) -> bool:
        """True if nothing let it go first."""
        return self.expedite is None and self.waiver is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaken:
    """A case that others overtook, with leave or without."""

    case: str
    step: str
    ready: datetime
    count: int
    """By how many."""
    waited: timedelta
    """Until somebody took it, it left the step, or the report was made."""
    still: bool
    """It waits still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """How often the same person let the same requester go first."""

    agent: str
    requester: str
    jumps: int
    overtaken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """How long cases waited that the client asked after so often before they were taken."""

    contacts: int
    waits: int
    median: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyAccount:
    """What one requester, or one department, called urgent."""

    party: str
    department: bool
    cases: int
    """Those of which it can be told whether they were urgent."""
    urgent: int
    downgraded: int
    """Urgent when they were opened, and not any more in the end."""
    slipped: timedelta
    """By how much other cases slipped because these were let go first, with and without leave; as far as that is seen."""
    unseen: int
    """How many times one of these went first, and the log does not show by how much others slipped."""
    share: float
    at_least: float
    """The lower end of the interval around `share`, 95 of 100 (Wilson)."""
    at_most: float
    told: bool
    """False: there are too few cases to say anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Who does one step."""

    step: str
    completions: int
    enough: int | None
    """The smallest number of people who cover the share asked for; None: too few completions to say."""
    by_person: Mapping[str, int]
    """The most first if there are enough to rank people by, else by id."""
    idle: tuple[str, ...] | None
    """Who may do it and never has; None if no directory of people was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Who has how many open cases at the moment of the report."""

    people: int
    cases: int
    median: float
    by_person: Mapping[str, int]
    told: bool
    """False: there are too few people to say anything."""


class Acts(NamedTuple):
    """What one person did."""

    outside: int
    """How much of it while the calendar was closed."""
    acts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterHours:
    """Who works while the calendar of the procedure is closed. Told, never a deviation."""

    calendar: str
    by_person: Mapping[str, Acts]
    """By id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long cases that are alike waited in one step until somebody took them."""

    step: str
    alike: Mapping[str, str]
    waits: int
    still: int
    """How many wait still, and are not counted."""
    p50: timedelta | None
    p90: timedelta | None
    told: bool
    """False: there are too few waits to say anything."""


class ExceptionKind(Enum):
    """How something was made an exception."""

    OVERRIDE = "override"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionMade:
    """One exception: who asked for it, who granted it, and what became of it."""

    kind: ExceptionKind
    case: str
    seq: int
    at: datetime
    what: str
    """What was set aside (`skip “approve”`), or the class that was excused (`DV202`)."""
    asked_by: str | None
    granted_by: str | None
    second: str | None
    caused_by: Cause | None
    reason: str | None
    until: datetime | None
    """When it expires; None of an override, which is done once."""
    used: int
    """How many deviations it permits or excuses."""
    expired_used: int
    """How many came after it had expired."""
    self_made: bool
    """Who asked for it granted it, or was the second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """That somebody thanked somebody."""

    case: str
    seq: int
    at: datetime
    who: str | None
    whom: str | None
    """None if nobody was named, and nobody did a step before."""
    step: str | None
    """The step that whoever is thanked did last before; None if none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one person did, and how often they were thanked for it. For reading, never for measuring."""

    person: str
    completions: int
    thanked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessReport:
    """What an audit says of many cases together. Equal events give an equal value."""

    deviations: tuple[Deviation, ...] = ()
    """By code, then by case and event. `case` is "" of what is said of all cases together."""
    jumps: tuple[QueueJump, ...] = ()
    """In the order in which they happened; with those that were expedited."""
    overtaken: tuple[Overtaken, ...] = ()
    """Those that were overtaken most often, the most first; at most a hundred."""
    pairs: tuple[Pair, ...] = ()
    """Those with more than one jump without leave, the most first."""
    contacts: tuple[Contacts, ...] = ()
    """By how often the client asked; () if nobody can ask on record."""
    urgency: tuple[UrgencyAccount, ...] = ()
    keepers: tuple[Keepers, ...] = ()
    load: Load | None = None
    after_hours: AfterHours | None = None
    """None if nobody asked for the load, or the procedure has no calendar."""
    waits: tuple[Waits, ...] = ()
    exceptions: tuple[ExceptionMade, ...] = ()
    thanks: tuple[Thanks, ...] = ()
    summaries: tuple[Summary, ...] = ()
    """Of those who were thanked, by id."""
    not_examined: Mapping[str, int] = field(default_factory=dict)
    """What could not be judged, by concern."""

    @property
    def unexcused(self) -> tuple[Deviation, ...]:
        """What stands against somebody."""
        return tuple(one for one in self.deviations if one.unexcused)

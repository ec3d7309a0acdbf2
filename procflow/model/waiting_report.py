"""Waiting, seen over all cases of a log: who waited for whom, in what circles, how often work came back, who had the ball."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from procflow.errors import Finding
from procflow.model.clock import PartyKind
from procflow.model.deviation import Deviation
from procflow.model.waiting import WaitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContacts:
    """How often people spoke of one case without moving it."""

    case: str
    chases: int = 0
    """How often a client had to ask."""
    updates: int = 0
    """How often a client was told unasked."""
    thanks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """People and roles that wait for each other, over several cases."""

    nodes: tuple[str, ...]
    """Ids, the smallest first; each waits for the next one, and the last for the first."""
    cases: tuple[str, ...]
    at: datetime
    """When it closed."""
    case: str
    """Of the wait that closed it."""
    seq: int | None
    actor: str
    since: Mapping[str, datetime]
    """Who waits -> since when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairWaited:
    """How long one party waited for another, over all cases."""

    who: str
    """The person; the role, if nobody is on record; "" if neither is."""
    role: str
    department: str
    """That of the role; "" if it has none."""
    whom: tuple[str, ...]
    """Roles or a person; () if nobody was named."""
    whom_departments: tuple[str, ...]
    kinds: tuple[WaitKind, ...]
    times: int
    total: timedelta
    longest: timedelta
    still: int
    """How many go on."""
    late: int
    """How many took longer than agreed, or do."""
    cases: tuple[str, ...]
    could_end: tuple[str, ...]
    """Who could have ended them at any moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """How often work that one party handed to another came straight back, both ways taken together."""

    between: tuple[str, str]
    departments: bool
    """True: between two departments; False: between two roles."""
    handed: int
    returned: int

    @property
    def share(self) -> float:
        """The silo index: what part of the hand-offs came back."""
        return self.returned / self.handed if self.handed else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtShare:
    """How long the ball was in one court, over all cases."""

    kind: PartyKind
    name: str
    """The department, or the role if it has none; "" for nobody."""
    wall: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Unowned:
    """A stretch in which nobody answered for a case."""

    case: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReport:
    """What an audit says of waiting. Equal events give an equal value."""

    procedure: str
    title: str
    as_of: datetime | None
    cases: int
    waits: int
    pairs: tuple[PairWaited, ...] = ()
    """The longest first."""
    circles: tuple[Circle, ...] = ()
    """In the order in which they closed."""
    returned: tuple[Returned, ...] = ()
    """Those between which work came back, the largest share first; roles before departments."""
    court: tuple[CourtShare, ...] = ()
    """The longest first; what is only to be confirmed is left out."""
    unowned: tuple[Unowned, ...] = ()
    age: timedelta = timedelta(0)
    """Of all cases in which somebody must answer for them: what `unowned` is a part of."""
    contacts: tuple[CaseContacts, ...] = ()
    """Of cases with any, the most chased first."""
    findings: tuple[Deviation, ...] = ()
    """Deviations of waiting (DV6), and promises to the client that were not kept, as far as they stand against somebody.

    By case and event; then those over cases.
    """
    others: int = 0
    """How many deviations of other kinds stand against somebody."""
    quality: tuple[tuple[str | None, Finding], ...] = ()
    """What is wrong with the log, each with its case; None for what is said of the log as a whole."""
    not_examined: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> timedelta:
        """How long the ball was in any court."""
        return sum((one.wall for one in self.court), timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingPart:
    """What an audit keeps of who took part, for what is said of waiting."""

    departments: Mapping[str, str] = field(default_factory=dict)
    """Role -> department, of roles that have one."""
    contacts: tuple[CaseContacts, ...] = ()
    """Of cases with any, in the order of the cases."""
    refusals: frozenset[tuple[str, int]] = frozenset()
    """Case and event by which work that was offered was given back."""
    circles: tuple[Circle, ...] = ()
    """Over several cases, in the order in which they closed."""
    deviations: tuple[Deviation, ...] = ()
    """What is said of them."""

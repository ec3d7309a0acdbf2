"""What the engine tells about cases: frozen values, made anew at each question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procflow.errors import Finding
from procflow.expressions.types import Value
from procflow.model.configuration import Configuration
from procflow.model.deviation import Deviation
from procflow.model.event import Event
from procflow.model.report import CaseAudit
from procflow.model.rule import Obligation
from procflow.model.waiting import Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A version that can be started."""

    procedure: str
    version: str
    digest: str
    new: bool
    """False if this very version was published before: publishing is idempotent."""
    findings: tuple[Finding, ...]
    """Warnings that did not stand in the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case at one moment."""

    id: str
    procedure: str
    version: str
    digest: str
    mode: str
    """`enforce` or `observe`."""
    client: str | None
    ref: str | None
    seq: int
    """Of the last event; pass it as `expect` to act only if nothing happened since."""
    configuration: Configuration
    outcome: str | None
    closed: bool
    opened_at: datetime
    values: Mapping[str, Value]
    """What is known, by data field."""
    events: tuple[Event, ...]
    audit: CaseAudit
    """The judgement so far: what an audit of the exported case says."""
    due: datetime | None = None
    """By when the soonest of what rules and clocks demand must be done; None: nothing must at any moment."""
    overdue: bool = False
    """True if that moment has passed."""
    zone: str = "UTC"
    """IANA name of the time zone of the procedure's calendar, to tell moments in."""
    accountable: str | None = None
    """Who answers for the case, or did to its end; None: nobody does, or the procedure does not ask for it."""
    on_offer: tuple[str, ...] = ()
    """The steps whose work came from other people and that nobody has accepted, in document order."""
    waits: tuple[Wait, ...] = ()
    """Who waits for whom now, as they began: of procedures in which work is handed over, something is asked, or somebody
    answers for a case. `Engine.waits` tells those of the past, too."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that are active, outermost first; a block before the steps inside it."""
        return tuple(self.configuration.active_steps())


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkItem:
    """A step of an open case that waits for somebody."""

    case: str
    procedure: str
    ref: str | None
    step: str
    title: Mapping[str, str]
    party: str
    """`role:lead`, `person:ana` or `team:care`: whose turn it is."""
    since: datetime
    actions: tuple[str, ...]
    """What may be done there, the next checklist item first."""
    due: datetime | None = None
    """By when something must be done there, or in the whole case; None: at no moment."""
    overdue: bool = False
    """True if that moment has passed."""
    zone: str = "UTC"
    """IANA name of the time zone of the procedure's calendar, to tell moments in."""
    offered: bool = False
    """True if the work came from other people and nobody has accepted it: then `due` is by when somebody should."""
    questions: tuple[str, ...] = ()
    """What the party was asked, with who asked, as `ana: Which valve?`, the oldest first; () for work in a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One action that is due or possible, seen by one person."""

    action: str
    step: str | None
    """None for an action that is possible at any time."""
    title: Mapping[str, str]
    allowed: bool
    """True if this person may do it now, given what `needs` asks for."""
    needs: tuple[str, ...]
    """What must come with it: data fields, proofs as `evidence NAME`, `reason`."""
    deviations: tuple[Deviation, ...]
    """Why not, if it is not allowed."""
    who_could: Mapping[str, tuple[str, ...]]
    """The roles that could do it, with the people who hold them as the directory knows."""
    form: Mapping[str, Any]
    """JSON Schema 2020-12 of the data that may be given with it."""
    due: datetime | None = None
    """By when it must be done, or something else in its step; None: at no moment."""
    overdue: bool = False
    """True if that moment has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is still to be done in an open case by a certain moment, because a rule or a clock demands it."""

    case: str
    procedure: str
    ref: str | None
    client: str | None
    obligation: Obligation
    """Which rule or clock, and what fulfils it."""
    due: datetime
    """Aware, UTC."""
    overdue: bool
    """True if that moment has passed."""
    people: tuple[str, ...]
    """Who was asked by name, or holds one of the roles that could do it as the directory knows, sorted."""
    zone: str = "UTC"
    """IANA name of the time zone of the clock's calendar, or of the procedure's, to tell `due` in."""

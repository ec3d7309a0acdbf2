"""What an audit says: of one case, and of a whole log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from procflow.errors import Finding, SourceSpan
from procflow.model.across import Across, PolicyUsed
from procflow.model.clock import Attainment, BallShare, ClockCycle, Held
from procflow.model.deviation import Deviation
from procflow.model.fairness_report import FairnessReport
from procflow.model.ignores import Ignore
from procflow.model.promising import Link
from procflow.model.rule import Obligation, RuleStanding, RuleStatus, Tally
from procflow.model.waiting import Tenure, Wait
from procflow.model.waiting_report import TakingPart


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAudit:
    """The judgement of one case, from its events alone. Equal events give an equal value."""

    case: str
    procedure: str
    version: str
    digest: str
    events: int
    """How many events were judged."""
    configuration: str
    """Where the best explanation says the case stands, in canonical text; "" if rules alone were judged."""
    outcome: str | None
    """The outcome of the end it stands in; None if it stands elsewhere."""
    closed: bool
    cut: bool
    flow_cost: int
    """Prefix cost: skipped actions and events not due, in the cheapest explanation."""
    attached_cost: int
    """Conditions not met or undecided and uses beyond `at-most`, on that explanation."""
    complete_cost: int
    """The classical alignment cost: `flow_cost` plus what is missing to an end, over all explanations."""
    complete_proven: bool
    """False if a cheaper complete explanation may lie beyond what was searched."""
    fitness: float
    """Of a closed case 1 - complete_cost / (events + shortest way through the procedure), the classical alignment
    fitness; of an open one, which may still be finished, 1 - flow_cost / events. From 0 to 1."""
    proven: bool
    """False if the search was bounded before the optimum was certain."""
    deviations: tuple[Deviation, ...]
    """In the order of events, then of the registry."""
    findings: tuple[Finding, ...] = ()
    """What the quality of the log did to this case (DV8)."""
    not_examined: Mapping[str, int] = field(default_factory=dict)
    """Checks that the log could not witness, by concern, with how often they would have been made."""
    rules: tuple[RuleStanding, ...] = ()
    """How each rule that is judged by the case stands, in the order of the file."""
    due: tuple[Obligation, ...] = ()
    """What rules still demand of an open case, soonest first, then in the order of the file."""
    clocks: tuple[ClockCycle, ...] = ()
    """Every cycle of every clock: in the order of `Procedure.all_clocks`, then of their beginnings."""
    ball: tuple[BallShare, ...] = ()
    """How long who had the ball, in the order in which they first had it; together the age of the case."""
    inferred: int = 0
    """How many actions were inferred from a status history, exactly one fitting."""
    waits: tuple[Wait, ...] = ()
    """Who waited for whom, in the order of their beginnings; () of a procedure without hand-offs, questions and
    `accountable`."""
    tenures: tuple[Tenure, ...] = ()
    """Who answered for the case from when to when, nobody included; () if nobody has to."""
    spans: tuple[Held, ...] = ()
    """Who had the ball from when to when; () of a procedure without all that, and without clocks."""

    @property
    def degree(self) -> float | None:
        """The degree of compliance with all rules: the share of those kept, from 0 to 1. None if none was kept or broken."""
        return Tally(kept=sum(one.kept for one in self.rules), broken=sum(one.broken for one in self.rules)).degree

    @property
    def clean(self) -> bool:
        """True if nothing deviates but what is permitted, excused or was prevented."""
        return not any(one.unexcused for one in self.deviations)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount:
    """Where every row of the logs went: `read` is the sum of the other four."""

    read: int = 0
    used: int = 0
    """Rows that became events. Of a status history: first rows of cases, and rows that change the status."""
    repeated: int = 0
    """Rows that repeat the status, and exact copies of another row."""
    ignored: int = 0
    """Rows left out on purpose: `ignore` in the mapping, outside the window, after `as_of`."""
    faulty: int = 0
    """Rows that cannot be read; each has a DV8 finding."""
    first: int = 0
    """Of `used`, in a status history: the first row of each case. 0 otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionUsed:
    """One version of the procedure and how many cases were judged by it."""

    version: str
    digest: str
    cases: int
    procedure: str = ""
    """Which procedure it is a version of."""
    ignores: tuple[Ignore, ...] = ()
    """What its author set aside of the checks, with reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCompliance:
    """How far one rule was complied with in the cases of a log; what became of each activation is counted once."""

    rule: str
    title: str
    """Its owner's own words; empty if there are none."""
    clause: str | None
    where: SourceSpan
    statuses: Mapping[RuleStatus, int]
    """In how many cases it stands how; only statuses that occur."""
    kept: int
    broken: int
    pending: int
    unseen: int
    released: int
    by_person: Mapping[str, Tally]
    """Of those kept and broken, by who kept or broke them; where nobody is to be named, under ""."""
    by_period: Mapping[str, Tally]
    """Of those kept and broken, by the month (`2026-11`, UTC) in which that was settled; unknown, under ""."""
    kept_so_far: int = 0
    """Of those pending, what a rule across cases forbids and nothing has broken so far. It has no end at which it
    would be kept for good, so it counts as kept. 0 for a rule judged by the case."""

    @property
    def degree(self) -> float | None:
        """The degree of compliance: the share of those kept, from 0 to 1. None if none was kept or broken."""
        return Tally(kept=self.kept + self.kept_so_far, broken=self.broken).degree


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """The audit of a whole log."""

    procedure: str
    title: str
    purpose: str
    owner: str | None
    controls: tuple[str, ...]
    versions: tuple[VersionUsed, ...]
    logs: tuple[str, ...]
    as_of: datetime | None
    """The moment the report speaks of: the last event's time unless the caller said otherwise; None for an empty log."""
    rows: RowCount
    cases: tuple[CaseAudit, ...]
    """Every case, in the order of its first row."""
    findings: tuple[Finding, ...]
    """DV8 findings and findings about the material as a whole, in the order of the rows."""
    rules: tuple[RuleCompliance, ...] = ()
    """How far each rule that is judged by the case was complied with, in the order of the file."""
    policies: PolicyUsed | None = None
    """The rules of the house that were judged beside those of the procedure; None if none were given."""
    across: Across | None = None
    """What those of them say that are judged over several cases; None if there are none."""
    across_rules: tuple[RuleCompliance, ...] = ()
    """How far each of these was complied with, over all clients or all people, in the order of the file."""
    fairness: FairnessReport | None = None
    """What is seen only over many cases; None if the procedure asks for nothing of it."""
    taking_part: TakingPart = field(default_factory=TakingPart)
    """Who works where, who spoke with whom, and who waits for whom in a circle over several cases."""
    clocks: tuple[Attainment, ...] = ()
    """How far each clock was kept, in the order of `Procedure.all_clocks`; of one with grades, its grades after it."""
    links: tuple[Link, ...] = ()
    """What stands behind each promise to the client, the weakest first; promises in the order of `clocks`."""
    ball: tuple[BallShare, ...] = ()
    """How long who had the ball, over all cases; the longest first."""
    calendars: Mapping[str, str] = field(default_factory=dict)
    """Calendar -> digest: those that time was counted on."""
    zones: str = ""
    """The version of the time zone data they were counted with, as `2026a`; "" if nobody can tell, or nothing was counted."""
    first_statuses: Mapping[str, int] = field(default_factory=dict)
    """Of a status history: how many cases were first seen in which step."""
    status_changes: Mapping[str, int] = field(default_factory=dict)
    """Of a status history: how often each `from -> to` was seen."""
    alone: bool = False
    """True: only the rules of policies were judged, by themselves: nothing is said of the flow, and no case stands
    anywhere. `procedure` and `versions` are those of the policies."""

"""A scenario: what the owner of a procedure says should happen in one case, and what did happen when it was run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from procflow.calendars.length import Length
from procflow.errors import Finding, SourceSpan
from procflow.expressions.types import Raw
from procflow.model.clock import ClockCycle, ClockStatus
from procflow.model.deviation import Deviation
from procflow.model.event import Event
from procflow.model.rule import Obligation, RuleStanding
from procflow.model.text import Text

NOBODY = "nobody"
"""In `accountable`: that nobody answers for the case."""
REASON = "reason"
"""In `without`: the reason an action asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who takes part, with the roles and teams held all the time."""

    id: str
    roles: frozenset[str]
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Time passes: nothing else moves the clock. What is due meanwhile is done as an engine does it."""

    length: Length | None
    """None: as long as `until` takes."""
    until: str | None = None
    """The id of a clock, or of a step that has time: it goes on until that is late."""
    text: str
    """As it was written: `3 days`, `until intake is late`."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """Somebody does something."""

    by: str
    """A person of the scenario; else a role, which acts as somebody of that name who holds it alone."""
    action: str
    data: Mapping[str, Raw] = field(default_factory=dict)
    """As it was written, also if it does not fit: that is for the judge."""
    evidence: Mapping[str, Raw] = field(default_factory=dict)
    reason: str | None = None
    on_behalf_of: str | None = None
    without: frozenset[str] = frozenset()
    """What is not supplied with it, besides what the scenario leaves out anyway."""
    start: bool = False
    """True: the work is begun, not completed."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What must have happened once everything is done. None or (): nothing is expected of that."""

    ends: str | None = None
    """The outcome of the end the case reaches."""
    stands: str | None = None
    """A step that is active, or the whole configuration in canonical text."""
    through: tuple[str, ...] = ()
    """Steps the case must have been in."""
    not_through: tuple[str, ...] = ()
    """Steps it must never have been in."""
    within: Length | None = None
    """From the opening to the last thing that was done; working time is counted on the procedure's calendar."""
    late: tuple[str, ...] | None = None
    """Clocks that must be breached, and no others; what is told of them need not stand in `deviations`. None: not said."""
    met: tuple[str, ...] = ()
    """Clocks that must be met, and not breached."""
    notified: tuple[str, ...] = ()
    """Roles that must have been told of something in time, or late."""
    accountable: str | None = None
    """Who must answer for the case in the end, `nobody` among them. None: not said."""
    deviations: tuple[str, ...] = ()
    """Codes of the unexcused deviations, each as often as it must be told; () means none at all."""
    broken: tuple[str, ...] | None = None
    """Rules that must be broken, and no others; what is told of them need not stand in `deviations`. None: not said."""
    kept: tuple[str, ...] = ()
    """Rules that must be set off, and not broken."""
    where: SourceSpan
    places: Mapping[str, SourceSpan] = field(default_factory=dict)
    """Where each key stands (`ends`), and each entry of a list (`through draft`, `deviations DV202`)."""

    def place(self, key: str, entry: str = "") -> SourceSpan:
        """Return where an expectation was written, as near as is known."""
        return self.places.get(f"{key} {entry}", self.places.get(key, self.where))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story: who takes part, what is known, what is done, what must come of it."""

    title: Text
    people: Mapping[str, Person]
    """Who is named, in the order of the file; roles that act without being named are not here."""
    opens_at: datetime
    dated: bool = True
    """False if nobody says when: then it opens when work begins, on the day of `opens_at` or after it."""
    given: Mapping[str, Raw]
    """Data field -> a value of its type; supplied with the first event that may give it, or with the opening."""
    without: frozenset[str]
    """Checklist items, evidence, data fields, `reason` and `take-case`: what is never supplied."""
    doings: tuple[Doing | Wait, ...]
    """At least one."""
    expect: Expectation
    where: SourceSpan

    def actor(self, name: str) -> Person:
        """Return who acts under a name: a person of the scenario, else somebody called like the role."""
        return self.people.get(name) or Person(id=name, roles=frozenset({name}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One event of the case a scenario was run as, or time that passed."""

    event: Event | None
    """None: time passed."""
    waited: str = ""
    """How long, as it was written."""
    entry: int | None
    """Which entry of `do` it belongs to, from 0; None for the opening and the closing."""
    supplied: frozenset[str] = frozenset()
    """Data fields, proofs and `reason` that came with it without having been written; the action itself, if nobody wrote
    it down: an item of a checklist, or that somebody takes the case."""
    stands: str
    """Where the case stood then, in canonical text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """What came of a scenario."""

    scenario: Scenario
    happened: tuple[Happening, ...]
    """In order, the opening first."""
    outcome: str | None
    """Of the end the case reached; None if it stands open."""
    stands: str
    """Where it stands in the end, in canonical text."""
    through: tuple[str, ...]
    """The steps it has been in, in the order of their first time."""
    took: timedelta
    """From the opening to the last event."""
    deviations: tuple[Deviation, ...]
    """All of them; those that something excuses do not count."""
    rules: tuple[RuleStanding, ...] = ()
    """How each rule stands in the end, in the order of the file."""
    due: tuple[Obligation, ...] = ()
    """What rules and clocks still demand, if the case stands open."""
    clocks: tuple[ClockCycle, ...] = ()
    """How each clock went, a cycle each."""
    in_time: bool = True
    """False if it took longer than `within` allows."""
    accountable: str | None = None
    """Who answers for the case in the end; None if nobody does."""
    findings: tuple[Finding, ...]
    """PF701, one for each expectation that was not met."""

    @property
    def passed(self) -> bool:
        """True if everything came out as expected."""
        return not self.findings

    @property
    def broken(self) -> tuple[str, ...]:
        """The rules that were broken, in the order in which that was told."""
        told = (one.breach.rule for one in self.deviations if one.unexcused and one.breach is not None)
        return tuple(dict.fromkeys(told))

    @property
    def late(self) -> tuple[str, ...]:
        """The clocks that were breached, also those that are still open."""
        breached = (ClockStatus.BREACHED, ClockStatus.OVERDUE)
        return tuple(dict.fromkeys(one.clock for one in self.clocks if one.status in breached))

    @property
    def notified(self) -> tuple[str, ...]:
        """The roles that were told of something because of time, each once."""
        timers = (one.timer for one in self.events if one.timer is not None and not one.moves_by_time)
        return tuple(dict.fromkeys(one.to for one in timers if one.to))

    @property
    def events(self) -> tuple[Event, ...]:
        """The case, as a log of it would tell it."""
        return tuple(one.event for one in self.happened if one.event is not None)


class Aspect(Enum):
    """What of a procedure scenarios can show."""

    STEP = "step"
    """A step in which the case stood, or an end it reached."""
    ACTION = "action"
    """Something that can be done: an action or checklist item of a step, or something possible at any time."""
    CONDITION = "condition"
    """One side of a condition."""
    CLOCK = "clock"
    """A clock that is kept, or one that runs out; the time of a step that runs out, if anything is done then."""
    HAND_OFF = "hand-off"
    """Work that is accepted, or given back; a question that is answered."""
    RULE = "rule"
    """A rule that is set off, or one that is broken."""
    DEVIATION = "deviation"
    """A way to deviate that the procedure's own controls would tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that scenarios should show. Equal if it is the same thing."""

    aspect: Aspect
    name: str
    """As people read it: `approval`, `draft: propose`, `draft: propose when compensation > 0 is false`, `final-answer: late`,
    `DV202 in approval`."""
    key: tuple[str, ...] = field(repr=False)
    """What tells it from the others."""
    where: SourceSpan = field(compare=False, repr=False)
    """The line of the procedure that is shown by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What of a procedure its scenarios show."""

    points: tuple[Point, ...]
    """All there are, in the order of the file, but those that are set aside."""
    shown: frozenset[Point]
    aside: tuple[tuple[Point, str], ...] = ()
    """What no scenario shows and the author set aside, each with the reason."""

    @property
    def missing(self) -> tuple[Point, ...]:
        """What no scenario shows, in the order of the file."""
        return tuple(one for one in self.points if one not in self.shown)

    @property
    def percent(self) -> float:
        """How much is shown, from 0 to 100; 0 if there is nothing to show."""
        return 100 * (len(self.points) - len(self.missing)) / len(self.points) if self.points else 0.0

    def of(self, aspect: Aspect) -> tuple[int, int]:
        """Return how many points of one aspect are shown, and how many there are."""
        points = [one for one in self.points if one.aspect is aspect]
        return sum(one in self.shown for one in points), len(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of the scenarios of one file."""

    file: str
    procedure: str
    version: str
    results: tuple[ScenarioResult, ...]
    """Of those that were run, in the order of the file."""
    coverage: Coverage | None
    """None if it was not measured: only some scenarios were run, or nobody asked."""
    findings: tuple[Finding, ...]
    """PF701 of scenarios, PF705 if there was none to run; in the order of the file. What is not shown is no finding here."""

    @property
    def failed(self) -> int:
        """How many scenarios did not come out."""
        return sum(not one.passed for one in self.results)

"""A clock: how long something may take, how often, or until when, and what is done when it takes longer.

`docs/language.md` gives the exact sense of every key. A clock runs in *cycles*: each start begins one, and each is met,
breached or cancelled for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

from procflow.calendars.length import Length
from procflow.errors import Severity, SourceSpan
from procflow.expressions.expression import Expression
from procflow.model.rule import Happening
from procflow.model.text import Text

T = TypeVar("T")


class ClockKind(Enum):
    """What a clock measures."""

    TIMER = "timer"
    """A budget of time: pauses do not use it up."""
    DEADLINE = "deadline"
    """A fixed instant: nothing moves it."""
    PERIODIC = "periodic"
    """A duty that comes back: at most so long from one time to the next."""
    COUNT = "count"
    """How often something may happen."""


class Promised(Enum):
    """To whom, or by whom, a clock is promised."""

    CLIENT = "client"
    """A service level agreement (SLA)."""
    TEAM = "team"
    """An operational level agreement (OLA)."""
    SUPPLIER = "supplier"
    """An underpinning contract (UC)."""


class OnChange(Enum):
    """What becomes of a running clock whose target or calendar changes."""

    KEEP_ELAPSED = "keep-elapsed"
    """What is used stays used, each part of it as its own calendar counted it; the new target holds for the whole."""
    RETROACTIVE = "retroactive"
    """As if the new target and calendar had held from the start, pauses included."""
    RESTART = "restart"
    """The new target counts from the change on."""
    KEEP_TARGET = "keep-target"
    """The target and the calendar of the start hold to the end."""


class Reopening(Enum):
    """What becomes of a clock that was stopped, when what it measures begins anew."""

    NEW_CYCLE = "new-cycle"
    """Another cycle begins; the verdict on the old one stands."""
    CONTINUE = "continue"
    """The same cycle goes on with what it has used; the time in between is nobody's."""


class LateDoing(Enum):
    """What is done when a clock has run out."""

    NOTIFY = "notify"
    """The holders of a role are told."""
    ESCALATE = "escalate"
    """The holders of a role are told, and may act, too; the case does not move."""
    OFFER = "offer-to"
    """Work that nobody has accepted is offered to the holders of another role as well: they are told, and may accept it
    and act. Of the time a hand-off may take to be accepted alone."""
    GO_TO = "go-to"
    """The case goes to another step of the same region. Of a step's own time alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded(Generic[T]):
    """What is promised: one value, or one for each value of a data field such as `tier`."""

    by: str | None = None
    """The data field it depends on; None: it is `otherwise`, whatever is known."""
    values: Mapping[str, T] = field(default_factory=dict)
    """Value of the field as `word_of` tells it -> what is promised."""
    otherwise: T | None = None
    """For every other value, and while none is known; None: then nothing is promised."""

    def of(self, value: object) -> T | None:
        """Return what is promised at a value of the field; `value` is None while it is unknown."""
        if self.by is None or value is None:
            return self.otherwise
        return self.values.get(word_of(value), self.otherwise)

    @property
    def all(self) -> tuple[T, ...]:
        """Everything that may be promised, in the order of the file, `otherwise` last."""
        return (*self.values.values(), *(() if self.otherwise is None else (self.otherwise,)))


def word_of(value: object) -> str:
    """Return a value of a data field as `depends-on` has it: `true` and `false`, numbers by their plain digits."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            plain = format(Decimal(str(value)), "f")
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAct:
    """One thing that is done when a clock has run out."""

    does: LateDoing
    to: str
    """A role id; of GO_TO a step."""
    after: Length | None = None
    """How long after the clock has run out; None: at once."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock, checked: every name in it resolves, every length fits its calendar."""

    id: str
    """Of a step's own `within`: the id of the step. No clock has the id of a step otherwise."""
    kind: ClockKind
    to: Promised
    step: str | None = None
    """The step whose `within` it is; None for one of `clocks:`."""
    accepts: str | None = None
    """The step whose `accept-within` it is, with the id `STEP.acceptance`: it runs while the work is on offer there."""
    question: str | None = None
    """The action whose `answer-within` it is, with the id `ACTION.answer`: a cycle for each question that it asks."""
    promise: bool = True
    """False of the time of a step in which a client has the ball: it is waited for, and nobody of ours has promised
    anything. Then nothing is breached and nothing is attained; it is due, and what `warn` and `late` say is done."""
    title: Text = field(default_factory=dict)
    starts: tuple[Happening, ...] = ()
    """`from`: any one of these begins a cycle."""
    since: str | None = None
    """`from: { field: reported_at }`: an instant; it begins when that is first known, and then counts from it."""
    known: tuple[str, ...] = ()
    """`from: { known: [...] }`: it begins once all these data fields have a value."""
    each_hand_off: bool = False
    """`each: hand-off`: each passing of the ball to a role or team of ours begins a cycle, and ends the one before."""
    when: Expression | None = None
    """Read where it begins; if it is false, no cycle does. None: always."""
    when_where: SourceSpan | None = None
    stops: tuple[Happening, ...] = ()
    """`until`: any one of these ends a cycle. The end of the case always does."""
    cancels: tuple[Happening, ...] = ()
    """`cancelled-by`: any one of these ends a cycle that counts neither as met nor as breached."""
    within: Graded[Length] | None = None
    """Of a TIMER: its target. Of the step's own clock in a waiting step None if only `due` on record says it."""
    deadline: str | None = None
    """`by: { field: delivery_date }` of a DEADLINE: the data field that says the instant, or the day (its end)."""
    every: Graded[Length] | None = None
    """Of a PERIODIC."""
    while_ours: bool = False
    """`while: ours-to-act` of a PERIODIC: paused while a client or a supplier has the ball, or it is only to be confirmed."""
    by_action: tuple[str, ...] = ()
    """Of a PERIODIC: actions that fulfil the duty, done by us; whoever else acts does not."""
    at_most: Graded[int] | None = None
    """Of a COUNT."""
    counts: tuple[Happening, ...] = ()
    """`of:` of a COUNT: what is counted, from the opening of the case; () with `each_hand_off`: hand-offs."""
    paused_in: tuple[str, ...] = ()
    """Waiting steps in which it does not run, if who, what and until when are on record."""
    max_pause: Length | None = None
    """How much of all pauses of a cycle counts as such; None: all of it."""
    resumed_by: tuple[str, ...] = ()
    """Actions of whoever is waited for that end a pause though the case stays in the waiting step."""
    calendar: Graded[str] | None = None
    """Ids of calendars; None: that of the procedure."""
    warn: tuple[int, ...] = ()
    """Percent of the target, rising, from 1 to 99: each is told once a cycle."""
    warns: str | None = None
    """The role that is told; None: whoever has the ball."""
    late: tuple[LateAct, ...] = ()
    """In the order of the file."""
    on_change: OnChange = OnChange.KEEP_ELAPSED
    reopening: Reopening = Reopening.NEW_CYCLE
    reopen_within: Length | None = None
    """With CONTINUE: only if it begins anew within this of its stop, else a new cycle; None: always."""
    severity: Severity | None = None
    """None: that of its class."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Something that is to be done, or was done, because time has passed. What an event of kind `TIMER` carries."""

    clock: str
    cycle: int
    """From 1."""
    mark: str
    """`50%` for a warning; `late`, `late 2` ... for the first, second ... of what `late` says."""
    does: LateDoing
    to: str
    """The role that is told, or the step the case goes to; "" for a warning to whoever has the ball."""
    due: datetime
    """Aware, UTC: when the time was up."""


class ClockStatus(Enum):
    """How one cycle of a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    """Open, and breached: it counts as breached."""
    MET = "met"
    BREACHED = "breached"
    """Over, and later than promised."""
    CANCELLED = "cancelled"
    """The case was cancelled, or `cancelled-by` came: neither met nor breached."""
    UNDECIDABLE = "undecidable"
    """Later than promised by less than the record's times can tell."""
    NOT_EXAMINED = "not-examined"
    """The record, or the calendar, cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCycle:
    """How one cycle of a clock went, or goes. Lengths of time are 0 or more."""

    clock: str
    number: int
    """From 1, in the order of their beginnings."""
    status: ClockStatus
    started_at: datetime
    """Aware, UTC."""
    since: int | None
    """`seq` of the event that began it; None for an opening that is not on record."""
    stopped_at: datetime | None
    """None while it is open."""
    stopped_by: int | None = None
    """`seq` of the event that ended it."""
    target: str
    """As it was written: `2 working days`, `at most 3`, the instant of a deadline."""
    grade: str = ""
    """The value of the data field the target depends on, `""` if it depends on none."""
    calendar: str
    """The last it was counted on; `24x7` for elapsed time."""
    working: bool
    """True: `budget` and `used` are open hours of the calendar; False: elapsed time."""
    budget: timedelta | None
    """What the target is worth; None of a COUNT, and if nobody can tell."""
    used: timedelta
    """Without pauses."""
    wall: timedelta
    """From the start to the stop, or to the moment the report speaks of, whatever happened between."""
    paused: timedelta
    """Of `wall`, what was a pause."""
    due: datetime | None
    """When it runs out, or ran out, as things stand; None while it is paused, of a COUNT, and if nobody can tell."""
    count: int | None = None
    """Of a COUNT: how often so far."""
    by_change: bool = False
    """It was breached by a change of its target or calendar, which made it late after the fact."""
    waived: bool = False
    """The breach is excused."""
    holder: tuple[str, ...] = ()
    """Who had the ball when it ran out, or has it now."""
    promise: bool = True
    """As of its clock; if False, `status` tells how long a client was waited for, held against until when."""
    zone: str = "UTC"
    """The time zone in which it is told to people: of its calendar; of elapsed time that of the procedure's."""


class Why(Enum):
    """Why a stretch of time counts, or does not."""

    COUNTED = "counted"
    OUTSIDE_HOURS = "outside hours"
    DAY_OFF = "day off"
    """A day the calendar names, as a holiday; its name is in `Stretch.note`."""
    PAUSED = "paused"
    NOT_OURS = "not ours to act"
    RESOLVED = "resolved"
    """Between a stop and the beginning anew of the same cycle."""
    BEYOND = "beyond the calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One line of the ledger of a clock: they follow each other without a gap, from its start on."""

    start: datetime
    end: datetime
    why: Why
    counted: timedelta
    """0 unless `why` is COUNTED."""
    total: timedelta
    """All that is counted up to `end`."""
    calendar: str
    note: str = ""
    """What it is about: the step that waits and what was asked, the holiday, the change of target."""
    seq: int | None = None
    """The event at its start, if one made it begin."""


class PartyKind(Enum):
    """Who can have the ball."""

    CLIENT = "client"
    TEAM = "team"
    SUPPLIER = "supplier"
    NOBODY = "nobody"
    """The work was given to nobody in particular, or nobody took it."""
    RESOLVED = "resolved"
    """What was asked for is done, and is only to be confirmed; or the case is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who has the ball."""

    kind: PartyKind
    names: tuple[str, ...] = ()
    """Role or team ids, in document order; several if branches run side by side."""


Held: TypeAlias = tuple[Party, datetime, datetime]
"""Who had the ball, from when, to when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallShare:
    """How long one party had the ball in a case. The shares of a case sum to its age."""

    party: Party
    wall: timedelta
    working: timedelta | None
    """In the procedure's calendar; None if there is none, or it does not cover the case."""
    times: int
    """How often it was given to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How a deviation of time is later than promised, or otherwise off."""

    clock: str
    cycle: int
    due: datetime | None
    target: str
    over: timedelta | None
    """By how much, in the clock's own measure; None if it is open: it grows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took in many cases."""

    n: int
    median: timedelta
    p85: timedelta
    """85 of 100 took no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attainment:
    """How far one clock was kept in the cases of a log; every cycle is counted once."""

    clock: str
    title: Text
    to: Promised
    target: str
    """As it is written, all grades of it."""
    where: SourceSpan
    grade: str = ""
    """Only the cycles of this grade; "" for all."""
    statuses: Mapping[ClockStatus, int]
    """Only statuses that occur."""
    waived: int
    """Of those breached or overdue, the excused."""
    used: Spread | None
    """Of cycles that were met or breached; None if there are none."""
    wall: Spread | None

    @property
    def n(self) -> int:
        """How many cycles are judged: met, breached, or open and already breached."""
        return self.met + self.breached

    @property
    def met(self) -> int:
        """How many were met."""
        return self.statuses.get(ClockStatus.MET, 0)

    @property
    def breached(self) -> int:
        """How many were not, those that are still open included."""
        return self.statuses.get(ClockStatus.BREACHED, 0) + self.statuses.get(ClockStatus.OVERDUE, 0)

    @property
    def gross(self) -> float | None:
        """The share that was met, from 0 to 1; None if none is judged."""
        return self.met / self.n if self.n else None

    @property
    def net(self) -> float | None:
        """The share that was met or is excused; None if none is judged."""
        return (self.met + self.waived) / self.n if self.n else None

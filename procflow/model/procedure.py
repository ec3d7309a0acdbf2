"""A procedure: the document, the machine and the yardstick, as read from one YAML file.

Everything authored carries its `SourceSpan`. Order is the order of the file. Ids of steps are unique in the whole
procedure; a checklist item is an action of its step. A branch of a parallel block is a `Region` like the top level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from procflow.calendars.zones import zone_of
from procflow.errors import SourceSpan
from procflow.expressions.expression import Expression
from procflow.expressions.types import FieldType
from procflow.model.by import By
from procflow.model.clock import Clock, LateAct, LateDoing
from procflow.model.fairness import Fairness
from procflow.model.hand_off import REFUSE, Accountable, Asking, HandOffs
from procflow.model.rule import Rule
from procflow.model.text import Text, text_of

if TYPE_CHECKING:
    from procflow.model.ignores import Ignore
    from procflow.model.scenario import Scenario

SAME = "same"
"""The target of an arrow that records without moving."""
DONE = "done"
"""The target of an arrow that ends the innermost branch."""
ANY = "any"
"""`by: any`: whoever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A part people play. An external role is played by people outside the organisation."""

    id: str
    name: Text = field(default_factory=dict)
    """What it is called, in a word or two; if it is empty, the id."""
    title: Text
    """What it does."""
    external: bool = False
    supplier: bool = False
    """`external: supplier`: played by people we buy from; other external roles are played by clients."""
    department: str = ""
    """The id of the department its holders work in; "" if nobody said."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class DataField:
    """A value the case collects."""

    id: str
    """snake_case, because conditions use it."""
    type: FieldType
    ask: Text = field(default_factory=dict)
    """The question put to whoever gives the value."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One alternative of an action: where it leads, and when."""

    to: str
    """A step of the same region, `same`, or `done` (in a branch only). Of an `anytime` action: a top-level step or `same`."""
    when: Expression | None = None
    """None: always open, unless `otherwise`."""
    otherwise: bool = False
    """Open when no earlier alternative is."""
    where: SourceSpan
    when_where: SourceSpan | None = None
    """Where the condition stands; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What somebody does in a step: the activity of an event log."""

    id: str
    arrows: tuple[Arrow, ...]
    """At least one; the first whose condition is true is taken. All lead to `same`, or none does."""
    by: By | None = None
    """None: as the step says. `anytime` actions always have one."""
    collect: tuple[str, ...] = ()
    """Data fields that must be known once this action is done."""
    optional: tuple[str, ...] = ()
    """Data fields that may be given with it."""
    evidence: tuple[str, ...] = ()
    """Names of proofs that must be attached to the event."""
    reason: bool = False
    """True: a reason is required."""
    at_most: int | None = None
    """How often this action may be performed in a case."""
    incomplete: bool = False
    """True: may leave without what the step collects, and with its checklist unfinished."""
    during: tuple[str, ...] = ()
    """`while:` of an `anytime` action: only while one of these steps is active; () means whenever the case is open."""
    ask: Asking | None = None
    """Of an `anytime` action: it asks somebody something."""
    tells: str | None = None
    """The external role that hears of the case by it."""
    on_behalf_of: str | None = None
    """The external role it is done for, whoever writes it down: a client who had to ask."""
    risk: bool = False
    """True of an `anytime` action that tells of a risk."""
    thanks: bool = False
    """True of an `anytime` action that thanks somebody."""
    title: Text = field(default_factory=dict)
    where: SourceSpan

    @property
    def moves(self) -> bool:
        """False for an action that only records (`to: same`)."""
        return self.arrows[0].to != SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Actions to be done in a step before it is left: in this order, or in any order one at a time."""

    items: tuple[str, ...]
    any_order: bool = False
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of a parallel block."""

    id: str
    region: Region
    only_if: Expression | None = None
    """Read once, when the block is entered; None: always needed."""
    where: SourceSpan
    only_if_where: SourceSpan | None = None
    """Where the condition stands; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """Branches that run side by side; the block is left when all that are needed are done."""

    branches: tuple[Branch, ...]
    """At least one, in the order of the file."""
    then: tuple[Arrow, ...]
    """Where the case goes when the branches are done; alternatives as an action's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A step in which it is the turn of somebody else."""

    party: str
    """A role id."""
    asked: bool
    """True: the event that enters must say what was asked (data `asked`)."""
    due: bool
    """True: the event that enters must say until when (data `due`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where the work stands. Exactly one of these holds: it is an end, a block, a waiting step, or a work step."""

    id: str
    title: Text = field(default_factory=dict)
    by: By | None = None
    """Who works in it; None for blocks, waiting steps and ends."""
    not_by: tuple[str, ...] = ()
    """Data fields of type person: whoever they name must not act here."""
    four_eyes: tuple[str, ...] = ()
    """Steps: who performed an action leaving one of them on its latest visit must not act here."""
    four_eyes_where: SourceSpan | None = None
    """Where they are named; None if there are none."""
    collect: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    checklist: Checklist | None = None
    actions: Mapping[str, Action] = field(default_factory=dict)
    """Without the checklist's items; () for blocks and ends."""
    parallel: Parallel | None = None
    waiting: Waiting | None = None
    clock: Clock | None = None
    """Its own `within`, or `due` of a waiting step that says what to do when it has passed; None: it has no time."""
    resolved: bool = False
    """True: what was asked for is done here, and is only to be confirmed."""
    end: str | None = None
    """The outcome if the case ends here (`answered`, `refused`, `cancelled`, ...)."""
    hand_offs: HandOffs | None = None
    """What is demanded when work comes here from other people; None: it is theirs as soon as it comes."""
    where: SourceSpan

    @property
    def goes_to(self) -> LateAct | None:
        """Where the case goes when its own time has run out; None if it stays."""
        late = self.clock.late if self.clock is not None else ()
        return next((act for act in late if act.does is LateDoing.GO_TO), None)

    @property
    def whose_turn(self) -> By | None:
        """Whose turn it is: the party that is waited for, else who works here; None for blocks and ends."""
        return By(role=self.waiting.party) if self.waiting is not None else self.by

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The branches of a block, in the order of the file; () for any other step."""
        return self.parallel.branches if self.parallel is not None else ()

    @property
    def requests(self) -> tuple[str, ...]:
        """What the event that enters must say itself: `asked`, `due`, both or neither."""
        if self.waiting is None:
            return ()
        return (*(("asked",) if self.waiting.asked else ()), *(("due",) if self.waiting.due else ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A flat set of steps with one start: the top level, or one branch of a parallel block."""

    start: str
    steps: Mapping[str, Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved this version, and when."""

    person: str
    on: date
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A department that takes part, and when it agreed; None while its answer is pending."""

    department: str
    on: date | None
    person: str | None = None
    """Who agreed for it; None if nobody is named."""
    version: str | None = None
    """The version it agreed to; None: the one this stands in."""
    where: SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """Who may set the procedure aside or excuse a deviation, and what it takes."""

    by: By
    """The holders of this role."""
    second_person: bool
    """True: somebody else must have agreed."""
    reason: bool
    """True: a reason is required."""
    where: SourceSpan


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A whole procedure, checked: every name in it resolves, every condition types."""

    id: str
    version: str
    title: Text
    purpose: Text
    owner: str | None
    author: str | None
    approved_by: Approval | None
    agreed_by: tuple[Agreement, ...]
    effective_from: date | None
    review_by: date | None
    controls: tuple[str, ...]
    roles: Mapping[str, Role]
    data: Mapping[str, DataField]
    """Also `asked` (text) and `due` (instant) where a waiting step demands them."""
    top: Region
    anytime: Mapping[str, Action]
    calendar: str | None = None
    """The id of the calendar it counts working time on; None: it counts none."""
    clocks: tuple[Clock, ...] = ()
    """Those of `clocks:`, in the order of the file."""
    overrides: Overrides | None = None
    """None: nobody may."""
    accountable: Accountable | None = None
    """None: nobody in particular answers for a case."""
    rules: tuple[Rule, ...] = ()
    """What must, must not and must not any more happen, whatever way a case takes; in the order of the file."""
    fairness: Fairness | None = None
    """What is looked for over many cases; None: nothing is."""
    titles: Mapping[str, Text] = field(default_factory=dict)
    """Of checklist items, evidence, choice words, outcomes and branches of several steps, which have no other place."""
    titles_where: Mapping[str, SourceSpan] = field(default_factory=dict)
    """Where each of them stands."""
    scenarios: tuple[Scenario, ...] = ()
    """What its owner says should happen, in the order of the file; no part of the digest."""
    ignores: tuple[Ignore, ...] = ()
    """What its author set aside of the checks, with reasons; no part of the digest, as comments are not."""
    digest: str
    """SHA-256 in hex over the file's content in its order (RFC 8785): comments and layout do not change it."""
    where: SourceSpan

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Every step of every region by id, in document order (a block before the steps inside it)."""
        return MappingProxyType(steps_of(self.top))

    @cached_property
    def actions(self) -> frozenset[str]:
        """Every action id of the alphabet: of steps, checklists and `anytime`."""
        names = set(self.anytime)
        for step in self.steps.values():
            names.update(step.actions)
            if step.checklist is not None:
                names.update(step.checklist.items)
        return frozenset(names)

    @cached_property
    def written_actions(self) -> tuple[Action, ...]:
        """Every action as it is written: of each step in turn, then what is possible at any time. An id may recur."""
        return (*(action for step in self.steps.values() for action in step.actions.values()), *self.anytime.values())

    @cached_property
    def evidence(self) -> frozenset[str]:
        """Every proof that a step, an action or a hand-off demands."""
        things: list[Step | Action] = [*self.steps.values(), *self.written_actions]
        offered = (name for step in self.steps.values() if step.hand_offs is not None for name in step.hand_offs.proofs)
        return frozenset(name for one in things for name in one.evidence).union(offered)

    @cached_property
    def conditions(self) -> tuple[Expression, ...]:
        """Every condition, as often as it is written: of branches, of what follows blocks, of actions."""
        blocks = [step.parallel for step in self.steps.values() if step.parallel is not None]
        found = [branch.only_if for block in blocks for branch in block.branches]
        found += [arrow.when for one in blocks for arrow in one.then]
        found += [arrow.when for action in self.written_actions for arrow in action.arrows]
        return tuple(one for one in found if one is not None)

    @cached_property
    def calendar_ids(self) -> tuple[str, ...]:
        """The calendars it names, for working time, by its clocks and by its rules; sorted. `24x7` is everybody's."""
        clocks = self.all_clocks.values()
        named = {self.calendar, *(id for one in clocks if one.calendar is not None for id in one.calendar.all)}
        named.update(rule.calendar for rule in self.rules)
        return tuple(sorted(id for id in named if id is not None and id != "24x7"))

    @cached_property
    def may_be_early(self) -> frozenset[str]:
        """The actions that can be done before they are due: wherever one is due, it leads to one place, whatever holds."""
        choices: set[str] = set(self.anytime)
        fixed: set[str] = set()
        for step in self.steps.values():
            fixed.update(step.checklist.items if step.checklist is not None else ())
            for action in step.actions.values():
                leads_on = (
                    action.moves and action.id != REFUSE and len(action.arrows) == 1 and action.arrows[0].when is None
                )
                (fixed if leads_on else choices).add(action.id)
        return frozenset(fixed - choices)

    @cached_property
    def all_clocks(self) -> Mapping[str, Clock]:
        """Every clock by id: those of `clocks:`, then the steps' own in document order, then those of hand-offs and questions."""
        own = (step.clock for step in self.steps.values() if step.clock is not None)
        return MappingProxyType({one.id: one for one in (*self.clocks, *own, *self.clocks_of_waits)})

    @cached_property
    def clocks_of_waits(self) -> tuple[Clock, ...]:
        """The clocks of hand-offs that are not accepted, in document order of the steps, and of unanswered questions."""
        offered = (step.hand_offs.acceptance for step in self.steps.values() if step.hand_offs is not None)
        asked = (action.ask.answer for action in self.anytime.values() if action.ask is not None)
        return (*(one for one in offered if one is not None), *asked)

    @cached_property
    def hands_off(self) -> bool:
        """True if work has to be accepted in some step."""
        return any(step.hand_offs is not None for step in self.steps.values())

    @cached_property
    def field_types(self) -> Mapping[str, FieldType]:
        """The types conditions are checked against."""
        return MappingProxyType({name: one.type for name, one in self.data.items()})

    def title_of(self, id: str, language: str = "") -> str:
        """Return what `titles` calls a checklist item, a proof, a choice word, an outcome or a branch; else the id."""
        return text_of(self.titles.get(id, {}), language, default=id)


def steps_of(top: Region) -> dict[str, Step]:
    """Return every step of every region by id, in document order (a block before the steps inside it)."""
    return {step.id: step for step in _walk(top)}


def _walk(region: Region) -> Iterator[Step]:
    for step in region.steps.values():
        yield step
        if step.parallel is not None:
            for branch in step.parallel.branches:
                yield from _walk(branch.region)


def beginning(day: date, zone: str = "UTC") -> datetime:
    """Return when a day begins in a zone, as an instant in UTC; of a midnight that is skipped, what the clocks show then."""
    if zone == "UTC":
        return datetime.combine(day, time(), UTC)
    return datetime.combine(day, time(), zone_of(zone)).astimezone(UTC)


def languages_of(procedure: Procedure) -> tuple[str, ...]:
    """Return the languages the title is given in, in order; () if it is given without one, or not at all."""
    return tuple(language for language in procedure.title if language)

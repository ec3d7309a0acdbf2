"""A rule: what must happen, must not, and must not any more, whatever way a case takes.

A rule speaks of *happenings*. Where it is set off it is *activated*, by its trigger or, if it has none, by the case
itself; each activation is then kept or broken. `docs/language.md` gives the exact sense of every form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from procflow.calendars.length import Length
from procflow.errors import Severity, SourceSpan
from procflow.expressions.expression import Expression
from procflow.model.by import By
from procflow.model.text import Text

PERSON = "person"
"""In `same` and `different`: whoever acted, not a data field."""


class HappeningKind(Enum):
    """What kind of thing a rule speaks of."""

    ACTION = "action"
    """An action is completed."""
    STARTS = "starts"
    """Work on an action is started: an event with lifecycle `start`."""
    ENTERS = "enters"
    """A step is entered."""
    LEAVES = "leaves"
    """A step is left."""
    OPENS = "case opens"
    ENDS = "case ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something a rule speaks of: `send`, `draft.propose`, `starts repair`, `enters draft`, `leaves draft`, `case opens`."""

    kind: HappeningKind
    name: str = ""
    """The action's or the step's id; "" for the opening and the end of the case."""
    step: str | None = None
    """Of an action: only in this step; None: wherever it is done."""
    procedure: str | None = None
    """In policies: only in cases of this procedure; None: of any. Always None in a procedure's own rules."""

    def __hash__(self) -> int:
        # Without the kind: a member of an Enum is hashed by Python code, and nearly all that differs differs in name.
        return hash((self.name, self.step, self.procedure))

    def __str__(self) -> str:
        """Return it as people write it."""
        name = f"{self.step}.{self.name}" if self.step is not None else self.name
        if self.procedure is not None:
            name = f"{self.procedure}/{name}"
        return name if self.kind is HappeningKind.ACTION else f"{self.kind.value} {name}".rstrip()


_OF_FLOW = frozenset({HappeningKind.ENTERS, HappeningKind.LEAVES, HappeningKind.ENDS})


class Form(Enum):
    """The form of a rule, named by the keys that make it: by what sets it off, if anything does, and what it says of that."""

    MUST_HAPPEN = "must-happen"
    NEVER = "never"
    EXACTLY = "exactly"
    AT_MOST = "at-most"
    AT_LEAST = "at-least"
    FIRST = "first"
    LAST = "last"
    IF_ALSO = "if..also"
    AFTER = "after..there-must-be"
    BEFORE = "before..there-must-be"
    IN_TURN = "after..before"
    """Succession: `AFTER` and `BEFORE` in one."""
    TOGETHER = "together"
    ANY_OF = "any-of"
    ONE_OF = "one-of"
    NOT_BOTH = "not-both"
    IF_NEVER = "if..never"
    AFTER_NEVER = "after..never"
    BEFORE_NEVER = "before..never"
    SAME_PERSON = "same-person"
    DIFFERENT_PERSON = "different-person"

    @property
    def trigger(self) -> str | None:
        """The key that names what sets it off; None of a form without a trigger of its own."""
        return self.value.partition("..")[0] if ".." in self.value else None

    @property
    def target(self) -> str:
        """The key that names what is demanded, forbidden, counted or compared."""
        return self.value.rpartition("..")[2] if self.number is None else "of"

    @property
    def number(self) -> str | None:
        """The key that says how often; None of a form that counts nothing."""
        return self.value if self in (Form.EXACTLY, Form.AT_MOST, Form.AT_LEAST) else None


class Manner(Enum):
    """How closely what is demanded or forbidden must follow or precede."""

    ANY_TIME = ""
    EACH_TIME = "each-time"
    """Alternate: once for each trigger."""
    NEXT = "next"
    """Chain: directly."""


class Per(Enum):
    """Over what a rule is judged."""

    CASE = "case"
    CLIENT = "client"
    """Over all cases of one client."""
    PERSON = "person"
    """Over all that one person did, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, checked: every name in it resolves, its condition types."""

    id: str
    form: Form
    triggers: tuple[Happening, ...] = ()
    """What activates it: any one of these. `()` for forms without a trigger of their own."""
    targets: tuple[Happening, ...]
    """What is demanded, forbidden, counted or compared. Of `IN_TURN` the one that `before` names."""
    number: int | None = None
    """Of `EXACTLY`, `AT_MOST` and `AT_LEAST`: how often."""
    manner: Manner = Manner.ANY_TIME
    when: Expression | None = None
    """Read at the trigger; for forms without one see docs/language.md."""
    when_where: SourceSpan | None = None
    by: By | None = None
    """What is demanded or forbidden counts only if somebody did it who may act so; None: whoever did it."""
    within: Length | None = None
    """How far what is demanded or forbidden may be from the trigger."""
    same: tuple[str, ...] = ()
    """Data fields, or `PERSON`: what must be equal at the trigger and at what is demanded or forbidden."""
    different: tuple[str, ...] = ()
    """Likewise: what must differ."""
    per: Per = Per.CASE
    window: Length | None = None
    """`in:` of `AT_MOST`: counted over any stretch of this length; None: over all there is."""
    calendar: str | None = None
    """Id of the calendar its lengths are counted on; None: that of the procedure it is judged in."""
    severity: Severity | None = None
    """None: that of its class."""
    refuse: bool = True
    """True: in enforce mode an action that breaks the rule for good is refused. What time alone breaks never is."""
    because: str | None = None
    """The clause it comes from, as `ISO-10002:7.4`."""
    title: Text = field(default_factory=dict)
    """The rule in its owner's own words."""
    where: SourceSpan

    @property
    def personal(self) -> bool:
        """True if it matters who acts."""
        of_people = self.form in (Form.SAME_PERSON, Form.DIFFERENT_PERSON)
        return of_people or self.by is not None or PERSON in (*self.same, *self.different)

    @property
    def of_flow(self) -> bool:
        """True if it speaks of where a case stands, which a better explanation may tell otherwise while it is open."""
        return any(one.kind in _OF_FLOW or one.step is not None for one in (*self.triggers, *self.targets))


class RuleStatus(Enum):
    """How a rule stands in a case."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    SATISFIED_SO_FAR = "satisfied-so-far"
    VIOLATED_SO_FAR = "violated-so-far"
    """Something is still demanded, and can still be done."""
    NEVER_ACTIVATED = "never-activated"
    """Nothing set it off: kept for want of an occasion, which is not the same as kept."""
    RELEASED = "released"
    """The case was cancelled while something was still demanded: neither kept nor broken."""
    NOT_EXAMINED = "not-examined"
    """The log cannot witness it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many activations were kept and how many broken."""

    kept: int = 0
    broken: int = 0

    @property
    def degree(self) -> float | None:
        """The degree of compliance: the share of those kept, from 0 to 1. None if there are none."""
        settled = self.kept + self.broken
        return self.kept / settled if settled else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStanding:
    """How one rule stands in one case: its status and its degree of compliance."""

    rule: str
    status: RuleStatus
    activations: int
    """The sum of the five below."""
    kept: int
    broken: int
    pending: int
    """Still open: so far neither kept nor broken for good."""
    unseen: int
    """The log could not witness how they went."""
    released: int
    by_person: Mapping[str, Tally] = field(default_factory=dict)
    """Of those kept and broken, by who kept or broke them; where nobody is to be named, under ""."""
    by_period: Mapping[str, Tally] = field(default_factory=dict)
    """Of those kept and broken, by the month (`2026-11`, UTC) in which that was settled."""
    kept_so_far: int = 0
    """Of those pending, the prohibitions that nothing has broken so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """What a rule or a clock still demands in an open case."""

    rule: str
    case: str
    """Across cases, that of the event that set it off."""
    what: tuple[Happening, ...]
    """Any of these fulfils it; of `together` all of them are still to come."""
    who: tuple[str, ...]
    """Roles that could do it, or the person who was asked; () if anybody, or if that depends on the data."""
    due: datetime | None
    """Aware, UTC; None: before the case ends."""
    since: int | None
    """`seq` of the event that set it off, the earliest if there were several; None for the case itself."""
    times: int = 1
    """How often it was set off (or how often it must still happen)."""
    clock: str = ""
    """The clock that demands it, if no rule does; then `rule` is ""."""
    together: bool = False
    """True: all of `what` are still to come, not any one of them."""
    zone: str = "UTC"
    """The time zone in which `due` is told to people."""
    asker: str = ""
    """Of what somebody waits for: who offered the work, or asked; "" if nobody is on record."""
    asked: str = ""
    """Of a question: what was asked; "" if nobody said."""
    where: SourceSpan


class BreachKind(Enum):
    """In what way a rule was broken."""

    MISSING = "missing"
    """What was demanded did not come, and cannot any more."""
    LATE = "late"
    """What was demanded did not come in time."""
    FORBIDDEN = "forbidden"
    """What was forbidden came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """How a deviation breaks a rule."""

    rule: str
    clause: str | None
    """`because` of the rule."""
    kind: BreachKind
    what: str
    """The missing or the forbidden happening, as people write it."""
    activations: tuple[int, ...]
    """`seq` of the events that set the rule off, the earliest first, `MOST_NAMED` at most; () if the case itself did."""
    more: int = 0
    """How many more set it off."""
    target: int | None = None
    """`seq` of the forbidden event, or of the demanded one that came too late or was done by the wrong person."""
    due: datetime | None = None
    """Of what is late: until when it was demanded. Aware, UTC."""
    cases: tuple[str, ...] = ()
    """The cases of the activations, one each; () if all are of the deviation's own."""
    target_case: str | None = None
    """The case of the target; None if it is the deviation's own."""


MOST_NAMED = 20
"""Activations that a breach names."""

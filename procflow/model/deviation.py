"""Deviations: the registry of their classes, and the `Deviation` itself, a finding located in a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from procflow.errors import Finding, Severity
from procflow.model.clock import Lateness
from procflow.model.deviation_class import DeviationClass, deviation_class
from procflow.model.deviations_of_logs import OF_LOGS
from procflow.model.deviations_of_rules import DIFFERENT_PERSONS, OF_RULES, SAME_PERSON
from procflow.model.deviations_of_time import OF_TIME
from procflow.model.deviations_of_waiting import OF_WAITING
from procflow.model.event import Source
from procflow.model.rule import Breach, BreachKind


class Disposition(Enum):
    """What became of a deviation."""

    UNEXCUSED = "unexcused"
    PERMITTED = "permitted"
    """An override: with the authority, the reason and the second person the procedure asks for."""
    EXCUSED = "excused"
    """A waiver covers it, granted by somebody else than who needs it."""
    PREVENTED = "prevented"
    """It was attempted and refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The deviation that explains another: the earliest of its case."""

    code: str
    seq: int | None
    """As of the deviation."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation(Finding):
    """What one event, or the case as a whole, did against the procedure.

    `where` is the line of the procedure that says so.
    """

    case: str
    seq: int | None
    """The event blamed; for a skipped action the event before which it was missed; None if the case as a whole."""
    step: str | None = None
    """The step it happened in, as the canonical explanation sees it."""
    action: str | None = None
    actor: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """What was found: names and values as people read them, in a stable order."""
    remedy: str | None = None
    """What would have made it right."""
    who_could: tuple[str, ...] = ()
    """Roles (or people) who could have done it."""
    source: Source | None = field(default=None, compare=False)
    """The row of the log the event was read from; never part of a judgement."""
    disposition: Disposition = Disposition.UNEXCUSED
    settled_by: int | None = None
    """`seq` of the event that settles it: the waiver that excuses it. None of any other disposition."""
    breach: Breach | None = None
    """How it breaks a rule; None if it is not about a rule."""
    lateness: Lateness | None = None
    """Against which clock it is; None if it is not about one."""
    cause: Origin | None = None
    """The earliest deviation that explains it; told in an audit of the case, not in a verdict. None: it stands alone."""
    refuses: bool = True
    """False if an engine in enforce mode lets it pass: what time alone did, and rules with `refuse: false`."""
    provisional: bool = False
    """True while the case is open: a better explanation may supersede a flow deviation."""

    @property
    def slug(self) -> str:
        """The class's name, as `wrong-role`."""
        return REGISTRY[self.code].slug

    @property
    def of_time(self) -> bool:
        """True if time alone did it, and no event."""
        late = self.breach is not None and self.breach.kind is BreachKind.LATE
        return late or (self.lateness is not None and self.lateness.due is not None)

    @property
    def unexcused(self) -> bool:
        """True if it happened and nothing permits or excuses it."""
        return self.disposition is Disposition.UNEXCUSED


def _build(*classes: DeviationClass) -> Mapping[str, DeviationClass]:
    table = {one.code: one for one in classes}
    assert len(table) == len(classes), "a code stands for one class"
    return MappingProxyType(table)


_CRITICAL, _MAJOR, _MINOR, _INFO = Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, Severity.INFO

REGISTRY: Mapping[str, DeviationClass] = _build(
    # DV1 flow
    deviation_class(
        "DV101",
        "step-skipped",
        _MAJOR,
        "An action the procedure demands was not done, yet the case went on as if it had been.",
        """The finding names the action, the step it belongs to, and the event before which it was missed. Who had the ball
is the role of that step. While the case is open the flag is provisional: a later event may explain the case better.
What to do: do the action, or record why it was not needed.""",
    ),
    deviation_class(
        "DV102",
        "unexpected-action",
        _MAJOR,
        "An action was done that is not due where the case stands.",
        """The best explanation of the whole case leaves this event out of the flow. Its data still count, because the record
is what was said, not what should have been said. What to do: look at `who_could` and the actions that were due.""",
    ),
    deviation_class(
        "DV103",
        "wrong-order",
        _MAJOR,
        "An action was done, but too early or too late.",
        """It was skipped in its place and done in another, which is one finding and not two. The finding stands at the event that
was out of its place, names the step the action belongs to, and says between which events it should have come. Only
the last four skipped or unexpected actions can still find a partner: what lies further back was something else.
What to do: do the action in its turn, or let the procedure allow both orders.""",
    ),
    deviation_class(
        "DV104",
        "condition-not-met",
        _MAJOR,
        "An action was done although its condition was false on the record.",
        """Conditions read the values given so far and how often each action was performed, including what came with the event
itself. The finding shows the condition with its values. What to do: correct the value if it was wrong, or take the
action whose condition holds.""",
    ),
    deviation_class(
        "DV105",
        "after-end",
        _MAJOR,
        "Something was done after the case had reached an end.",
        """An end is an end: what happens afterwards belongs to a new case, or the procedure lacks an arrow for reopening.""",
    ),
    deviation_class(
        "DV106",
        "unknown-action",
        _MAJOR,
        "The record names an action that the procedure does not know.",
        """Either people do something the procedure does not mention, or the mapping of the log lacks a translation. The hint
offers the closest name the procedure has.""",
    ),
    deviation_class(
        "DV107",
        "never-finished",
        _MAJOR,
        "The case was closed although it had not reached an end.",
        """No event is blamed: something is missing at the end. The finding says where the case stood when it was closed.""",
    ),
    deviation_class(
        "DV108",
        "too-many-times",
        _MAJOR,
        "An action was performed more often than `at-most` allows.",
        """Rework has a limit so that a case cannot go round for ever. What to do: decide the case another way, or bring it
to the person who may decide about exceptions.""",
    ),
    # DV2 people
    deviation_class(
        "DV201",
        "wrong-role",
        _MAJOR,
        "Somebody acted who does not hold the role the step or action asks for.",
        """Roles are read from the event as they were at that moment. In a waiting step the party acts, or somebody on its
behalf. The finding says which roles the person held, which was needed, and who could have done it.""",
    ),
    deviation_class(
        "DV202",
        "four-eyes",
        _CRITICAL,
        "The same person acted on both sides of a four-eyes control.",
        """`four-eyes: draft` on a step means: whoever performed an action leaving `draft` on its latest visit may not act here.
Whoever acted on another's behalf is compared as the one who did it. What to do: let another holder of the role decide.""",
    ),
    SAME_PERSON,
    deviation_class(
        "DV204",
        "not-authorised",
        _MAJOR,
        "Somebody acted beyond the authority given to them.",
        """`overrides: { by: lead }` says who may set the procedure aside (skip, redo, undo, do early) or excuse a deviation.
Somebody else did it, or the procedure lets nobody do it, or what was waived cannot be waived: only classes of DV1 to
DV6 can, and of those not DV204 itself. An override happened all the same; a waiver is void. What to do: let a holder of
the role do it.""",
    ),
    deviation_class("DV205", "acted-for-without-mandate", _MAJOR, "Somebody acted for another without a mandate."),
    deviation_class("DV206", "unknown-person", _MINOR, "The directory does not know the person who acted."),
    deviation_class("DV207", "impersonal", _MINOR, "A shared or technical account acted where a person is needed."),
    deviation_class(
        "DV208",
        "barred-person",
        _CRITICAL,
        "Somebody acted whom `not-by` excludes.",
        """`not-by: complained_about` means: the person that data field names must not act in this step. If the field is empty,
nobody is excluded. What to do: let another holder of the role act.""",
    ),
    DIFFERENT_PERSONS,
    # DV3 data and evidence
    deviation_class(
        "DV301",
        "value-missing",
        _MAJOR,
        "A step was left without a value it collects.",
        """`collect` on a step binds every action that leaves it, except those marked `incomplete`; on an action it binds that
action. A value given earlier in the case counts.""",
    ),
    deviation_class(
        "DV302",
        "value-invalid",
        _MAJOR,
        "A value does not fit its data field, or the procedure has no such field.",
        """The value stays in the record of the event as it was given, but conditions do not see it: the field keeps the value
it had. What to do: give the value in the form the finding shows.""",
    ),
    deviation_class(
        "DV303",
        "evidence-missing",
        _MAJOR,
        "An action was done without a proof it must carry.",
        """Evidence is a named proof (a file with its digest, a link, a number, the id of a message) attached to the event
itself, so that an auditor can follow it.""",
    ),
    deviation_class(
        "DV304", "evidence-late", _MINOR, "A proof was attached only after the action it should have carried."
    ),
    deviation_class(
        "DV305",
        "condition-undecided",
        _MAJOR,
        "A condition had to be read while a value it needs was missing.",
        """Undecided is not false: the judge follows both ways, an engine in enforce mode refuses. The finding names the missing
value. What to do: collect it before or with the action.""",
    ),
    deviation_class(
        "DV306",
        "reason-missing",
        _MINOR,
        "An action that needs a reason was done without one.",
        """`reason: required` is there so that others can understand the decision later. A waiver always
needs one, and without it is void. What to do: give the reason in words.""",
    ),
    *OF_TIME,
    *OF_RULES,
    *OF_WAITING,
    # DV7 authority
    deviation_class(
        "DV701",
        "override",
        _MAJOR,
        "The procedure was set aside on purpose.",
        """Said of every override by somebody with the authority, so that exceptions can be counted. It is *permitted* if
the reason and the second person are there that `overrides` asks for; the second person is neither who did it nor who
asked for it. Otherwise it stays unexcused, and the finding names what lacks. An override that names no place of the
procedure moves nothing. What to do: look at `caused by`; exceptions that come back belong into the procedure.""",
    ),
    deviation_class(
        "DV702",
        "self-granted-exception",
        _CRITICAL,
        "Somebody excused himself.",
        """A waiver is granted by one person to another. One that its own beneficiary granted is void: what it would excuse
stays unexcused. An override is self-granted if who did it is who asked for it (`asked_by`); DV701 is told of it besides.
What to do: let another holder of the role decide.""",
    ),
    deviation_class(
        "DV703",
        "expired-waiver",
        _MAJOR,
        "A waiver was used after its expiry.",
        """There was a waiver for exactly this, and it no longer held when the event happened. The deviation itself is told
beside it. What to do: ask again before acting; an exception that is needed for longer belongs into the procedure.""",
    ),
    deviation_class(
        "DV704",
        "wrongly-refused",
        _MAJOR,
        "A step was refused that the procedure allows.",
        """Refused attempts are on record, and an audit judges them again as they would have been: what stood against them is
told as *prevented*. Here nothing did. No person is blamed. What to do: look for what refused the step; another program
wrote the record, it was changed, or another version of the procedure is being applied.""",
    ),
    deviation_class(
        "DV705",
        "wrong-version",
        _MAJOR,
        "The events were recorded under another version of the procedure than the one at hand.",
        """Each case is judged by the version effective at its start; an engine writes the digest of that version on every event.
The finding shows both digests. What to do: give the auditor the version the case was run under.""",
    ),
    *OF_LOGS,
)
"""Every class by code, in order."""

"""A scenario: what the owner of a procedure says should happen in one case, and what did happen when it was run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from procflow.errors import SourceSpan
from procflow.expressions.types import Raw
from procflow.model.procedure import Text

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
    """Time passes: nothing else moves the clock."""

    length: timedelta
    """Elapsed."""
    text: str
    """As it was written: `3 days`."""
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
    within: timedelta | None = None
    """From the opening to the last event, elapsed."""
    deviations: tuple[str, ...] = ()
    """Codes of the unexcused deviations, each as often as it must be told; () means none at all."""
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
    given: Mapping[str, Raw]
    """Data field -> a value of its type; supplied with the first event that may give it, or with the opening."""
    without: frozenset[str]
    """Checklist items, evidence, data fields and `reason`: what is never supplied."""
    doings: tuple[Doing | Wait, ...]
    """At least one."""
    expect: Expectation
    where: SourceSpan

    def actor(self, name: str) -> Person:
        """Return who acts under a name: a person of the scenario, else somebody called like the role."""
        return self.people.get(name) or Person(id=name, roles=frozenset({name}))

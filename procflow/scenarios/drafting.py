"""A scenario that nobody has written yet: made from a way through the procedure, and run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from procflow.calendars.length import of_elapsed
from procflow.errors import SourceSpan
from procflow.expressions.types import Raw, Reference
from procflow.expressions.values import encode_value
from procflow.model.deviation import Deviation
from procflow.model.procedure import ANY, Procedure
from procflow.model.rule import Form
from procflow.model.scenario import Doing, Expectation, Person, Scenario, ScenarioResult, Wait
from procflow.model.words import length_written
from procflow.monitors.moment import who_may
from procflow.scenarios.expecting import LATE
from procflow.scenarios.searching import Search, Taken, Way
from procflow.scenarios.telling import active_steps

ANA = "ana"
"""Somebody whom no role stands for."""
_TEAM = "some-team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of `do`."""

    by: str
    action: str
    data: Mapping[str, Raw] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    wait: timedelta | str | None = None
    """What passes before it; the id of a clock: until that is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A story without a name and without an expectation."""

    people: Mapping[str, Person]
    given: Mapping[str, Raw]
    entries: tuple[Entry, ...]
    wait: timedelta | str | None = None
    """The same after the last of them."""


def draft_of(search: Search, way: Way) -> Draft:
    """Return the story that goes a way."""
    return _Drafting(search.automaton.procedure).draft(search, way)


class _Drafting:
    """Finds the people and values for one way."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.people: dict[str, Person] = {}
        self.given: dict[str, Raw] = {}
        self.acted: dict[str, set[str]] = {}
        self.did: dict[str, set[str]] = {}

    def draft(self, search: Search, way: Way) -> Draft:
        values = search.met(way.demands).values or {}
        raw = {name: encode_value(value) for name, value in values.items()}
        handed = {other for taken in way.entries() for other in taken.renewed.values()}
        self.given = {name: value for name, value in raw.items() if name in self.procedure.data and name not in handed}
        entries = []
        for taken in way.entries():
            data = {name: raw[other] for name, other in taken.renewed.items() if other in raw}
            entries.append(Entry(by=self._actor(taken), action=taken.name, data=data))
        return Draft(people=self.people, given=self.given, entries=tuple(entries))

    def _actor(self, taken: Taken) -> str:
        """Return who acts, and note in whose steps he has acted."""
        step, by = taken.step, who_may(taken.step, taken.spot.action)
        if by is None and step is not None and step.waiting is not None:
            who = step.waiting.party
        elif by is not None and by.field is not None:
            who = self._named(by.field)
        elif by is not None and by.role is not None and by.role != ANY:
            who = self._other(by.role, taken)
        else:
            who = self._anybody(taken)
        if step is not None:
            self.acted.setdefault(step.id, set()).add(who)
        for name in (taken.name, *taken.spot.items):
            self.did.setdefault(name, set()).add(who)
        return who

    def _anybody(self, taken: Taken) -> str:
        inside = [role.id for role in self.procedure.roles.values() if not role.external]
        role = next(iter(inside or self.procedure.roles), None)
        if role is not None:
            return self._other(role, taken)
        self.people.setdefault(ANA, Person(id=ANA, roles=frozenset()))
        return ANA

    def _other(self, role: str, taken: Taken) -> str:
        """Return a holder of a role whom no four-eyes of the step bars, nor a rule that wants different persons."""
        barred = {
            who for one in (taken.step.four_eyes if taken.step is not None else ()) for who in self.acted.get(one, ())
        }
        for rule in self.procedure.rules:
            if rule.form is Form.DIFFERENT_PERSON and any(one.name == taken.name for one in rule.targets):
                barred |= {who for one in rule.targets if one.name != taken.name for who in self.did.get(one.name, ())}
        if role not in barred:
            return role
        names = (f"{kind}-{role}" for kind in ("another", "third", *(f"{number}th" for number in range(4, 99))))
        other = next(one for one in names if one not in barred)
        self.people.setdefault(other, Person(id=other, roles=frozenset({role})))
        return other

    def _named(self, name: str) -> str:
        """Return whoever a data field names: a person, or a member of a team."""
        is_team = self.procedure.data[name].type == Reference("team")
        value = str(self.given.setdefault(name, _TEAM if is_team else ANA))
        who = f"{value}-member" if is_team else value
        self.people.setdefault(who, Person(id=who, roles=frozenset(), teams=frozenset({value} if is_team else ())))
        return who


def scenario_of(draft: Draft, procedure: Procedure, opens_at: datetime) -> Scenario:
    """Return a draft as it can be run."""
    where = procedure.where
    return Scenario(
        title={},
        people=draft.people,
        opens_at=opens_at,
        given=draft.given,
        without=frozenset(),
        doings=tuple(_doings(draft, where)),
        expect=Expectation(where=where),
        where=where,
    )


def _doings(draft: Draft, where: SourceSpan) -> Iterator[Doing | Wait]:
    for one in draft.entries:
        if one.wait is not None:
            yield _waiting(one.wait, where)
        yield Doing(by=one.by, action=one.action, data=one.data, without=frozenset(one.without), where=where)
    if draft.wait is not None:
        yield _waiting(draft.wait, where)


def _waiting(wait: timedelta | str, where: SourceSpan) -> Wait:
    if isinstance(wait, str):
        return Wait(length=None, until=wait, text=f"until {wait} is late", where=where)
    return Wait(length=of_elapsed(wait), text=length_written(wait), where=where)


def expectation_of(result: ScenarioResult, procedure: Procedure) -> Expectation:
    """Return what came of a run, as what is to be expected of the next."""
    stands = None if result.outcome is not None else _step(result, procedure)
    told, doings = told_of(result.deviations), result.scenario.doings
    return Expectation(
        ends=result.outcome,
        stands=stands,
        deviations=told.deviations,
        broken=told.broken,
        late=told.late,
        notified=result.notified if any(isinstance(one, Wait) and one.until for one in doings) else (),
        where=procedure.where,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What an expectation says of deviations: codes, and the rules and clocks that say the rest; None if none does."""

    deviations: tuple[str, ...]
    broken: tuple[str, ...] | None
    late: tuple[str, ...] | None


def told_of(deviations: Iterable[Deviation]) -> Told:
    """Return what is to be expected of a case of which these deviations are told."""
    told = [one for one in deviations if one.unexcused]
    broken = dict.fromkeys(one.breach.rule for one in told if one.breach is not None)
    late = dict.fromkeys(one.lateness.clock for one in told if one.lateness is not None and one.code in LATE)
    named = (one.code for one in told if one.breach is None and (one.lateness is None or one.code not in LATE))
    return Told(tuple(named), tuple(broken) or None, tuple(late) or None)


def _step(result: ScenarioResult, procedure: Procedure) -> str:
    """Return the step in which the case stands; of a block the first inside it in which work is open."""
    steps = active_steps(result.stands)
    return next((one for one in steps if procedure.steps[one].parallel is None), steps[0])

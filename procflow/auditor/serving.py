"""How a service is given, by the record of its cases: what waits, how complete requests come, who knows both sides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from procflow.auditor.given import directory_of, mapping_of, with_instants, with_roles, witness_of
from procflow.auditor.ties import settled_run
from procflow.auditor.versions import version_for
from procflow.automaton.moves import MoveKind
from procflow.eventlogs.log import read_log
from procflow.judge import Judge
from procflow.lint.impact import passings
from procflow.model.clock import word_of
from procflow.model.event import Trace
from procflow.model.mapping import LogMapping
from procflow.model.organisation import Directory
from procflow.model.procedure import Procedure, Step
from procflow.model.services import Service, inputs_of
from procflow.model.serving import BothSides, Incomplete, Intake, Load, Serving
from procflow.passages import Passage
from procflow.trail.instant import in_utc

WINDOW = timedelta(days=28)
_PACE = 5
"""What fewer leave a step within the window has no pace."""
_DUE = frozenset({"asked", "due", "question", "asked_whom"})
"""What a question says itself: not what was missing."""


def serve(
    service: Service,
    versions: Sequence[Procedure],
    logs: Sequence[str | Path],
    *,
    shadowing: Sequence[str] = (),
    mapping: str | Path | LogMapping | None = None,
    people: str | Path | Directory | None = None,
    as_of: datetime | None = None,
) -> Serving:
    """Return what logs say of a service; `versions` of its procedure, of which each case is told by its own.

    `as_of` (aware) leaves out what came later. Raises what an audit raises if a log or the mapping cannot be read.
    """
    given = with_instants(mapping_of(mapping), (one.data for one in versions))
    directory = directory_of(people)
    fields = frozenset(name for one in versions for name in one.data)
    reading = read_log(list(logs), given, fields=fields, as_of=None if as_of is None else in_utc(as_of))
    witness = witness_of(reading.mapping, directory)
    statuses = reading.mapping is not None and reading.mapping.status is not None
    judges = {one.digest: Judge(one, witness=witness, statuses=statuses) for one in versions}
    first = min((event.occurred_at for one in reading.traces for event in one.events), default=None)
    count = _Count(service, versions[-1], shadowing, first, as_of or reading.last_at)
    for trace in reading.traces:
        version, missing = version_for(trace, reading.opened.get(trace.case), versions)
        if missing is not None:
            count.others += 1
            continue
        adds = directory is not None and reading.mapping is not None and reading.mapping.role is None
        known = with_roles(trace, directory) if adds and directory is not None else trace
        judge = judges[version.digest]
        state, _ = settled_run(judge, known)
        count.take(version, known, judge.passages(state))
    return count.told()


class _Count:
    """Adds up case after case."""

    def __init__(
        self,
        service: Service,
        latest: Procedure,
        shadowing: Sequence[str],
        first: datetime | None,
        at: datetime | None,
    ) -> None:
        self.service, self.latest, self.at = service, latest, at
        # What began a week ago has the pace of a week.
        self.window = WINDOW if first is None or at is None else min(WINDOW, at - first)
        self.shadowing = frozenset(shadowing)
        self.cases = self.others = 0
        self.open: dict[str, list[datetime]] = defaultdict(list)
        self.done: Counter[str] = Counter()
        self.asked = self.complete = self.trips = 0
        self.missing: Counter[str] = Counter()
        self.waiting: list[Incomplete] = []
        self.acted: dict[str, set[str]] = defaultdict(set)
        self.seen: dict[str, set[str]] = defaultdict(set)

    def take(self, procedure: Procedure, trace: Trace, passages: Sequence[Passage]) -> None:
        """Count one case. What waits for a role is counted of all cases, the rest of those of the service."""
        self.cases += 1
        entered: dict[str, datetime] = {}
        for one in passages:
            before = set() if one is passages[0] else set(one.before.active_steps())
            after = set(one.after.active_steps())
            at = one.event.occurred_at if one.event is not None else trace.opened_at
            self._moved(procedure, one, before - after)
            for step in before - after:
                entered.pop(step, None)
            for step in after - before:
                if at is not None:
                    entered[step] = at
            self._who(procedure, one, before)
        if not passages:
            return
        last = passages[-1]
        if not trace.closed:
            for step in last.after.active_steps():
                who = _who_in(procedure.steps[step], last)
                if who and step in entered and procedure.steps[step].by is not None:
                    self.open[who].append(entered[step])
        if all(_value(last, name) == value for name, value in self.service.given.items()):
            self._intake(procedure, trace, passages, entered)

    def _moved(self, procedure: Procedure, one: Passage, left: set[str]) -> None:
        if one.event is None or self.at is None or one.event.occurred_at < self.at - WINDOW:
            return
        for step in left:
            if procedure.steps[step].by is not None and (who := _who_in(procedure.steps[step], one)):
                self.done[who] += 1

    # -- who worked on which side --

    def _who(self, procedure: Procedure, one: Passage, before: set[str]) -> None:
        event, move = one.event, one.move
        if event is None or event.actor is None or move is None:
            return
        if event.action in self.shadowing:
            for step in before:
                if role := _role_in(procedure.steps[step]):
                    self.seen[role].add(event.actor)
        elif move.step is not None and move.kind is not MoveKind.TIMER:
            by = (move.action.by if move.action is not None else None) or move.step.whose_turn
            if by is not None and by.role is not None:
                self.acted[by.role].add(event.actor)

    # -- how complete it came --

    def _intake(
        self, procedure: Procedure, trace: Trace, passages: Sequence[Passage], entered: dict[str, datetime]
    ) -> None:
        first = procedure.top.start
        if not any(
            first in one.before.active_steps() and first not in one.after.active_steps() for one in passages[1:]
        ):
            return
        self.asked += 1
        wanted = inputs_of(self.service, procedure)
        trips, missing = 0, set[str]()
        asking: dict[str, str] = {}
        open_wait: str | None = None
        for one in passages[1:]:
            before, after = set(one.before.active_steps()), set(one.after.active_steps())
            event = one.event
            if event is None:
                continue
            for step in after - before:
                if _asks_back(procedure, procedure.steps[step]):
                    trips, open_wait = trips + 1, step
                    asking[step] = str(event.data.get("asked") or "")
                    missing.update(_lacking(wanted, one, passages))
            ask = procedure.anytime[event.action].ask if event.action in procedure.anytime else None
            if ask is not None and _is_client(procedure, str(event.data.get("asked_whom") or ask.to)):
                trips += 1
                missing.update(_lacking(wanted, one, passages))
            answers = any(_asks_back(procedure, procedure.steps[step]) for step in before) and one.move is not None
            if answers:
                missing.update(name for name in event.data if name in procedure.data and name not in _DUE)
            if open_wait is not None and open_wait not in after:
                open_wait = None
        self.trips += trips
        self.complete += trips == 0
        self.missing.update(missing)
        if open_wait is not None and not trace.closed and open_wait in entered:
            lacking = tuple(_lacking(wanted, passages[-1], passages))
            self.waiting.append(
                Incomplete(
                    case=trace.case, step=open_wait, since=entered[open_wait], missing=lacking, asked=asking[open_wait]
                )
            )

    # -- all of it --

    def told(self) -> Serving:
        """Return what was counted."""
        return Serving(
            as_of=self.at,
            window=self.window,
            cases=self.cases,
            others=self.others,
            loads=tuple(self._loads()),
            intake=Intake(
                cases=self.asked,
                complete=self.complete,
                round_trips=self.trips,
                missing=dict(sorted(self.missing.items(), key=lambda one: (-one[1], one[0]))),
                waiting=tuple(self.waiting),
            ),
            rotation=tuple(self._rotation()),
        )

    def _loads(self) -> Iterator[Load]:
        ours = [role.id for role in self.latest.roles.values() if not role.external]
        works = {_role_in(step) for step in self.latest.steps.values() if step.by is not None}
        named = dict.fromkeys([one for one in ours if one in works])
        for who in (*named, *sorted({*self.open, *self.done} - named.keys())):
            waiting, done = self.open.get(who, []), self.done[who]
            oldest = min(waiting, default=None)
            yield Load(
                who=who,
                open=len(waiting),
                longest=None if oldest is None or self.at is None else self.at - oldest,
                done=done,
                wait=self.window * len(waiting) / done if done >= _PACE else None,
            )

    def _rotation(self) -> Iterator[BothSides]:
        roles = self.latest.roles
        pairs = dict.fromkeys(
            (one.giver, one.taker)
            for one in passings(self.latest)
            if one.giver in roles
            and one.taker in roles
            and not (roles[one.giver].external or roles[one.taker].external)
        )
        told: set[frozenset[str]] = set()
        for giver, taker in pairs:
            if frozenset((giver, taker)) in told:
                continue
            told.add(frozenset((giver, taker)))
            acted = (self.acted[giver], self.acted[taker])
            known = (acted[0] | self.seen[giver], acted[1] | self.seen[taker])
            handlers = acted[0] | acted[1]
            both = handlers & known[0] & known[1]
            yield BothSides(
                giver=giver,
                taker=taker,
                handlers=len(handlers),
                both=len(both),
                sat_in=len(both - (acted[0] & acted[1])),
            )


def _role_in(step: Step) -> str:
    by = step.by
    return (by.role or "") if by is not None else ""


def _who_in(step: Step, one: Passage) -> str:
    """Return who works in a step: a role, or the person or team a data field names; "" if nobody is known."""
    by = step.by
    if by is None:
        return ""
    return by.role if by.role is not None else _value(one, by.field or "")


def _value(one: Passage, name: str) -> str:
    """Return the value of a data field as `word_of` tells it; "" if it is not known."""
    value = one.facts.values.get(name)
    return "" if value is None else word_of(value)


def _is_client(procedure: Procedure, role: str) -> bool:
    known = procedure.roles.get(role)
    return known is not None and known.external and not known.supplier


def _asks_back(procedure: Procedure, step: Step) -> bool:
    """Return True for a step in which a client is waited for before what was asked for is done."""
    return step.waiting is not None and not step.resolved and _is_client(procedure, step.waiting.party)


def _lacking(wanted: Sequence[str], one: Passage, passages: Sequence[Passage]) -> Iterator[str]:
    """Yield what must be given and is on no record so far."""
    proofs = {
        name
        for each in passages
        if each.event is not None and (one.event is None or each.event.seq <= one.event.seq)
        for name in each.event.evidence
    }
    for name in wanted:
        if one.facts.values.get(name) is None and name not in proofs:
            yield name

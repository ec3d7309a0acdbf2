"""How a command is carried out: lock the case, judge the event on its head, and write what became of it.

A step that is accepted is written with the new head. A step that is refused is written too, as an attempt: it did not
happen, and changes nothing but the record. Both in the one transaction of the command.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from procflow.engine import offers, publishing
from procflow.engine.firing import Firing
from procflow.engine.ids import case_id
from procflow.engine.look import Look, Said
from procflow.engine.memory import Held, first
from procflow.engine.office import Office
from procflow.engine.overriding import Head, Leads
from procflow.engine.rows import first_row
from procflow.engine.tiers import with_tier
from procflow.engine.trial import Trial
from procflow.engine.turns import tells_time
from procflow.engine.writing import Writer
from procflow.errors import ProcflowError, StaleCase
from procflow.explanation import findings_since
from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind, Lifecycle, Override, Trace, Waiver
from procflow.model.fired import Fired
from procflow.model.hand_off import ASKED_WHOM
from procflow.model.organisation import NOBODY, Directory
from procflow.model.procedure import Procedure
from procflow.model.verdict import Verdict
from procflow.monitors.names import meant
from procflow.monitors.rules.across import prevented
from procflow.stores.base import CaseRow, Mode, Transaction
from procflow.trail.entry import Opening, leaf_of, open_entry


class Command(NamedTuple):
    """What is to be done in a case."""

    case: str
    said: Mapping[str, Any]
    """Fields of the event: all but its place, its times and its definition."""
    occurred_at: datetime | None = None
    expect: int | None = None
    leads: Leads | None = None
    """Of an override that does not say where it leads itself."""


class Commands:
    """Carries commands out, each in one transaction."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._writer = Writer(office)
        self._firing = Firing(office, self._writer)

    def start(
        self, procedure: str, said: Mapping[str, Any], opening: Opening, mode: Mode, occurred_at: datetime | None
    ) -> str:
        """Open a case and return its id, or the id of the case that was opened under the same key."""
        with self._office.store.write() as transaction:
            # The clock is read inside: the order of writing is the order of time.
            now = self._office.now()
            known = _known_start(transaction, procedure, said["key"], opening)
            if known is not None:
                return known
            definition = publishing.effective(procedure, transaction.definitions(procedure), now)
            judge = self._office.judge(definition)
            at = now if occurred_at is None else occurred_at
            data = with_tier(judge.procedure, said["data"], opening.client, at, self._office.directory)
            opened = Event(
                case=case_id(now, self._office.entropy),
                seq=1,
                kind=Kind.OPENED,
                occurred_at=at,
                recorded_at=now,
                definition=definition.digest,
                calendars=self._office.house.stamp(transaction, judge.procedure),
                **{**said, "data": data},
            )
            state = judge.begin(opened.case, opened)
            self._office.prepare(transaction, definition.digest)
            across = self._office.across
            look = Look(across, transaction, prepared=True)
            more = look.opened(opening.client, definition.digest, judge, state).new
            deviations = (*judge.openings(state), *more)
            if mode == "enforce" and _refusing(deviations):
                _refused_start(opened, state, deviations).or_raise()
            row = first_row(definition, opened, mode, opening.client, opening.ref, self._office.store.origin)
            transaction.add_case(row)
            entry, row = self._writer.append(transaction, judge, row, opened, state, opening)
            row, held = self._writer.settle(transaction, row, first(judge, opened, entry.leaf), opened)
            across.tell(transaction, row, judge, None, held.state)
        self._office.memory.keep(opened.case, held)
        return opened.case

    def record(self, command: Command) -> Verdict:
        """Carry out a command in a case, and return what became of it."""
        with self._office.store.write() as transaction:
            now = self._office.now()
            row = transaction.lock_case(command.case)
            judge = self._office.judge_of(transaction, row)
            key = command.said.get("key")
            seq = transaction.recorded(row.case, key) if key is not None else None
            if seq is None:
                held = self._office.hold(transaction, judge, row)
                self._office.prepare(transaction, row.digest)
                fired: tuple[Fired, ...] = ()
                if tells_time(judge):
                    row, held, fired = self._firing.all(transaction, row, held, now)
                meant = self._meant(transaction, row, held, command, now, keep=bool(fired))
                if isinstance(meant, Event):
                    verdict, state = self._judged(transaction, row, held, meant)
                    _, held = self._writer.write(transaction, row, held, verdict.event, state)
                    verdict = replace(verdict, fired=fired) if fired else verdict
        if seq is not None:
            return self._again(judge, seq, command)
        if not isinstance(meant, Event):
            self._office.memory.keep(row.case, held)
            if isinstance(meant, ProcflowError):
                raise meant
            return replace(meant, fired=fired)
        # Only what is committed is remembered.
        self._office.memory.keep(row.case, held)
        if verdict.event.key is not None and verdict.accepted:
            self._office.said.keep(held.leaf_of(verdict.event.seq), verdict)
        return verdict

    def _again(self, judge: Judge, seq: int, command: Command) -> Verdict:
        """Return what the step did that was accepted under the same key, and is event `seq`.

        Events never change: they are judged without a lock. Raises ProcflowError if the key is given for something
        else now.
        """

        def said(transaction: Transaction, look: Look) -> Verdict:
            body = next(transaction.bodies(command.case, seq - 1))
            event, leaf = open_entry(body)[0], leaf_of(body)
            _check_same(event, command)
            known = self._office.said.recall(leaf)
            if known is None:
                bodies = islice(transaction.bodies(command.case), seq - 1)
                events = tuple(open_entry(one)[0] for one in bodies)
                before = judge.run(Trace(case=event.case, events=events, closed=False))
                known, after = _accepted(judge, before, event)
                row = transaction.case(command.case)
                known = _with(known, look.said_of(row, judge, before, after, event))
                self._office.said.keep(leaf, known)
            return known

        return replace(self._office.looked(said), repeated=True)

    def record_attempt(self, verdict: Verdict) -> Verdict:
        """Write a refused step again, if a host has rolled it back; return the verdict with the event on record."""
        if verdict.accepted:
            raise ProcflowError(
                f"event {verdict.event.seq} of case {verdict.case} was accepted; it is no attempt",
                hint="perform the step again, with the same idempotency key, if it was rolled back",
            )
        # A long case is looked through before the store is locked; there, only what came since.
        with self._office.store.read() as transaction:
            bodies = tuple(transaction.bodies(verdict.case))
        known = _on_record(bodies, verdict)
        if known is not None:
            return known
        with self._office.store.write() as transaction:
            now = self._office.now()
            row = transaction.lock_case(verdict.case)
            known = _on_record(transaction.bodies(row.case, len(bodies)), verdict)
            if known is not None:
                return known
            held = self._office.hold(transaction, self._office.judge_of(transaction, row), row)
            event = replace(verdict.event, seq=row.seq + 1, recorded_at=now, definition=row.digest)
            self._office.prepare(transaction, row.digest)
            tried = held.judge.advance(held.state, event.as_attempted())
            look = Look(self._office.across, transaction, prepared=True)
            now_judged, state = _attempt(held, event, look.tried(row, held.judge, held.state, tried).new)
            _, held = self._writer.write(transaction, row, held, event, state)
        self._office.memory.keep(row.case, held)
        return replace(now_judged, who_could=verdict.who_could)

    def _meant(
        self, transaction: Transaction, row: CaseRow, held: Held, command: Command, now: datetime, *, keep: bool
    ) -> Event | Verdict | ProcflowError:
        """Return the event a command asks for, or the verdict that it changes nothing.

        If it cannot be carried out, that is raised, or returned if what time did just before is to be kept: whoever looks
        again must see what stood in the way.
        """
        try:
            _check_expected(row, held, command.expect)
            event = self._event(transaction, row, held, command, now)
        except ProcflowError as error:
            if not keep:
                raise
            return error
        nothing = event.kind is Kind.CLOSED and row.closed
        nothing = nothing or (event.kind is Kind.CALENDARS and event.calendars == held.calendars)
        return _nothing_new(event, held.state) if nothing else event

    def _event(self, transaction: Transaction, row: CaseRow, held: Held, command: Command, now: datetime) -> Event:
        said = command.said
        if said.get("kind") is Kind.WAIVER:
            _check_named(held.judge.procedure, said["waiver"])
        _check_asked(held.judge.procedure, said, self._office.directory)
        if said.get("kind") is Kind.CALENDARS:
            calendars = self._office.house.stamp(transaction, held.judge.procedure)
            said = {**said, "calendars": calendars or held.calendars}
        if said.get("kind") is Kind.ACTION and said["on_behalf_of"] is None:
            action = held.judge.procedure.anytime.get(said["action"])
            said = {**said, "on_behalf_of": offers.on_behalf_of(action, said["roles"])}
        if command.leads is not None:
            head = Head(judge=held.judge, state=held.state, record=lambda: _events(transaction, row.case))
            said = {**said, "override": replace(said["override"], to=command.leads(head))}
        return Event(
            case=row.case,
            seq=row.seq + 1,
            occurred_at=now if command.occurred_at is None else command.occurred_at,
            recorded_at=now,
            definition=row.digest,
            **said,
        )

    def _judged(self, transaction: Transaction, row: CaseRow, held: Held, event: Event) -> tuple[Verdict, CaseState]:
        """Return the verdict on an event and the case after what became of it."""
        judge, before = held.judge, held.state
        verdict, after = _accepted(judge, before, event)
        look = Look(self._office.across, transaction, prepared=True)
        said = look.tried(row, judge, before, after)
        verdict = _with(verdict, said)
        if row.mode == "observe" or not _refusing(verdict.deviations):
            return verdict, after
        policies = self._policies(row, verdict.deviations, said.new)
        refused = replace(event, lifecycle=Lifecycle.REFUSED, attempted=event.lifecycle, policies=policies)
        verdict, after = _attempt(held, refused, said.new)
        could = offers.who_could(Trial(row, held, look), event, verdict.deviations, self._office.directory)
        return replace(verdict, who_could=could), after

    def _policies(self, row: CaseRow, deviations: Iterable[Deviation], across: Iterable[Deviation]) -> str | None:
        """Return the digest of the rules that stand against a step, if they are not all of its own case."""
        policies = self._office.policies
        # A condition that cannot be read breaks no rule, and names the one that asked.
        rules = [one.values.get("rule", "") for one in deviations if one.unexcused and one.refuses]
        if policies is not None and any(rule.startswith(f"{policies.id}/") for rule in rules):
            return policies.digest
        return row.digest if _refusing(across) else None


def _accepted(judge: Judge, before: CaseState, event: Event) -> tuple[Verdict, CaseState]:
    """Return the verdict on an event that is accepted, and the case after it."""
    after = judge.advance(before, event)
    deviations, superseded = judge.news(before, after)
    verdict = Verdict(
        case=event.case,
        accepted=True,
        event=event,
        before=before.configuration,
        after=after.configuration,
        deviations=deviations,
        due=judge.due(after),
        superseded=superseded,
        findings=findings_since(before.node, after.node),
    )
    return verdict, after


def _with(verdict: Verdict, said: Said) -> Verdict:
    """Return a verdict with what rules across cases say besides."""
    if not (said.new or said.gone):
        return verdict
    return replace(
        verdict,
        deviations=(*verdict.deviations, *said.new),
        superseded=(*verdict.superseded, *said.gone),
    )


def _refusing(deviations: Iterable[Deviation]) -> bool:
    """Return True if one of these is reason enough to refuse a step."""
    return any(one.unexcused and one.refuses for one in deviations)


def _attempt(held: Held, event: Event, across: Iterable[Deviation]) -> tuple[Verdict, CaseState]:
    """Return the verdict on a refused event, and the case after it; `across` is what rules across cases say of it.

    Raises ProcflowError if nothing stands in its way any more: it would be on record as wrongly refused.
    """
    state = held.judge.advance(held.state, event)
    deviations, _ = held.judge.news(held.state, state)
    stood = prevented(across, event)
    deviations = (*deviations, *stood)
    if not deviations or any(one.unexcused for one in deviations):
        raise ProcflowError(
            f"what was refused in case {event.case} would be accepted as the case stands now",
            hint="perform the step again",
        )
    at, due = held.state.configuration, held.judge.due(held.state)
    return (
        Verdict(case=event.case, accepted=False, event=event, before=at, after=at, deviations=deviations, due=due),
        state,
    )


def _on_record(bodies: Iterable[bytes], verdict: Verdict) -> Verdict | None:
    """Return the verdict with the attempt as these entries have it; None if they do not."""
    for body in bodies:
        found = open_entry(body)[0]
        if _same_attempt(found, verdict.event):
            return replace(verdict, event=found, deviations=_moved(verdict, found.seq))
    return None


def _same_attempt(found: Event, meant: Event) -> bool:
    """Return True if an event on record is this attempt, at its own place or written again later."""
    if not found.refused or found.recorded_at is None or meant.recorded_at is None:
        return False
    placed = replace(found, seq=meant.seq, recorded_at=meant.recorded_at)
    return found.recorded_at >= meant.recorded_at and placed == meant


def _moved(verdict: Verdict, seq: int) -> tuple[Deviation, ...]:
    """Return what was said of an attempt as it is said at another place."""
    was = verdict.event.seq
    return tuple(replace(one, seq=seq) if one.seq == was else one for one in verdict.deviations)


def _check_named(procedure: Procedure, waiver: Waiver) -> None:
    """Raise ProcflowError if a waiver names what the procedure does not have: it would excuse nothing, in silence."""
    named = (
        ("step", waiver.step, procedure.steps.keys()),
        ("action", waiver.action, procedure.actions),
        ("clock", waiver.clock, procedure.all_clocks.keys()),
    )
    for kind, name, known in named:
        if name is None or name in known or (kind == "action" and waiver.code == "DV106"):
            continue
        close = meant(name, known)
        raise ProcflowError(
            f"the waiver is for the {kind} “{name}”, which {procedure.id} {procedure.version} does not have",
            hint=f"did you mean “{close}”?" if close is not None else None,
        )


def _check_asked(procedure: Procedure, said: Mapping[str, Any], directory: Directory) -> None:
    """Raise ProcflowError if a question is put to somebody nobody knows: it would lie in no worklist, and never be answered."""
    action = procedure.anytime.get(said.get("action", ""))
    whom = said.get("data", {}).get(ASKED_WHOM)
    if action is None or action.ask is None or directory is NOBODY or not isinstance(whom, str) or not whom.strip():
        return
    if whom in procedure.roles or directory.knows(whom):
        return
    close = meant(whom, procedure.roles.keys())
    raise ProcflowError(
        f"“{action.id}” asks “{whom}”, which is no role of {procedure.id} and nobody the directory knows",
        hint=f"did you mean “{close}”?" if close is not None else "name a person by their id, or a role",
    )


def _check_expected(row: CaseRow, held: Held, expect: int | None) -> None:
    # What was attempted and refused meanwhile changed nothing.
    if expect is not None and not held.state.acted <= expect <= row.seq:
        raise StaleCase(
            f"case {row.case} is at event {row.seq}, not {expect}: somebody else acted", hint="look again, then act"
        )


def _known_start(transaction: Transaction, procedure: str, key: str | None, opening: Opening) -> str | None:
    """Return the case that was started under a key. Raises ProcflowError if that was for another client or purpose."""
    known = transaction.started(procedure, key) if key is not None else None
    if known is None:
        return None
    row = transaction.case(known)
    if (row.client, row.ref) != (opening.client, opening.ref):
        raise ProcflowError(
            f"the key {key!r} was used to start case {known} of {procedure} for client {row.client!r}, ref {row.ref!r}",
            hint="give every start a key of its own, and a repeated one the same client and ref",
        )
    return known


def _check_same(event: Event, command: Command) -> None:
    said = command.said
    meant = (said["kind"], said.get("lifecycle", Lifecycle.COMPLETE), said.get("action", ""))
    override, waiver = said.get("override"), said.get("waiver")
    same = (event.kind, event.lifecycle, event.action) == meant and event.waiver == waiver
    if not same or not _same_override(event.override, override):
        raise ProcflowError(
            f"the key {event.key!r} was used for {_told(event)}, event {event.seq} of case {event.case}",
            hint="give every step a key of its own",
        )


def _same_override(done: Override | None, meant: Override | None) -> bool:
    """Return True if these are one act; of where it leads, only if the caller said so: the engine may have found out."""
    if done is None or meant is None:
        return done is meant
    return done.act is meant.act and meant.to in ("", done.to)


def _told(event: Event) -> str:
    """Return what an event was about, in a few words."""
    act = event.override.act.value if event.override is not None else None
    code = event.waiver.code if event.waiver is not None else None
    start = "the start of" if event.lifecycle is Lifecycle.START else None
    name = f"“{event.action}”" if event.action else None
    what = event.kind.value if event.kind is not Kind.ACTION else None
    return " ".join(one for one in (what, act, code, start, name) if one is not None)


def _events(transaction: Transaction, case: str) -> tuple[Event, ...]:
    return tuple(open_entry(body)[0] for body in transaction.bodies(case))


def _refused_start(opened: Event, state: CaseState, deviations: tuple[Deviation, ...]) -> Verdict:
    at = state.configuration
    return Verdict(case=opened.case, accepted=False, event=opened, before=at, after=at, deviations=deviations)


def _nothing_new(event: Event, state: CaseState) -> Verdict:
    at = state.configuration
    return Verdict(case=event.case, accepted=True, event=event, before=at, after=at, repeated=True)

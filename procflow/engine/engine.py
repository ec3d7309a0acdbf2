"""Commands: publish, start, perform, close; and questions: case, worklist, may, export.

Every command is one transaction: lock the case, judge the event on its head, and either write the event with the new
head or write nothing. The engine has no clock, no thread and no global state of its own: the clock and the source of
randomness are given, and what it remembers of cases only saves time.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from procflow.engine import offers, publishing
from procflow.engine.cases import Case, Option, Published, WorkItem
from procflow.engine.ids import case_id
from procflow.engine.memory import Held, Memory, caught_up, first, further
from procflow.engine.rows import first_row, head_after, raw_of
from procflow.errors import ProcedureNotFound, ProcflowError, StaleCase, StoreError
from procflow.eventlogs.engine_log import write_engine_jsonl
from procflow.judge import CaseState, Judge
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind, Lifecycle
from procflow.model.organisation import NOBODY, Actor, Directory
from procflow.model.verdict import Verdict
from procflow.stores import open_store
from procflow.stores.base import CaseRow, Definition, Mode, Ready, Store, Transaction
from procflow.trail.entry import Entry, Opening, open_entry, seal
from procflow.trail.instant import in_utc

Clock = Callable[[], datetime]
Entropy = Callable[[int], bytes]


def utc_now() -> datetime:
    """Return the present moment: the clock an engine has unless it is given another."""
    return datetime.now(UTC)


class Engine:
    """Runs cases by published procedures and keeps them in a store. May be shared by threads, and survives a fork."""

    def __init__(
        self,
        store: Store,
        *,
        directory: Directory = NOBODY,
        clock: Clock = utc_now,
        entropy: Entropy = secrets.token_bytes,
    ) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._entropy = entropy
        self._memory = Memory()
        self._judges: dict[str, Judge] = {}
        self._loading = threading.RLock()

    @classmethod
    def open(
        cls,
        url: str,
        *,
        workspace: str | Path | None = None,
        directory: Directory | None = None,
        clock: Clock = utc_now,
        entropy: Entropy = secrets.token_bytes,
    ) -> Engine:
        """Open an engine on the store at `url` (`memory://`, `sqlite:///service.db`).

        Who is who comes from `directory`, by default from `people.yaml` in the folder `workspace`; without either,
        actors must be given with their roles. `clock` returns aware instants; `entropy(n)` returns n random bytes.
        Raises StoreError if the store cannot be opened, DirectoryError if `people.yaml` has errors.
        """
        if directory is None:
            directory = NOBODY if workspace is None else _people(Path(workspace))
        return cls(open_store(url), directory=directory, clock=clock, entropy=entropy)

    # Commands

    def publish(self, path: str | Path) -> Published:
        """Publish the procedure in a file; publishing the same content again changes nothing.

        Raises ProcedureInvalid, with the findings, if the file has errors, its author approved it himself, an
        approval or agreement is missing, or the version was published before with other content.
        """
        now = self._now()
        procedure, source, warnings = publishing.load(Path(path), now.date())
        with self._store.write() as transaction:
            known = transaction.definition(procedure.digest)
            if known is None:
                publishing.check_new(procedure, transaction.definitions(procedure.id))
                transaction.add_definition(publishing.definition_of(procedure, source, Path(path), now))
        return Published(
            procedure=procedure.id,
            version=procedure.version,
            digest=procedure.digest,
            new=known is None,
            findings=warnings,
        )

    def start(
        self,
        procedure: str,
        *,
        by: Actor | str,
        client: str | None = None,
        ref: str | None = None,
        data: Mapping[str, object] | None = None,
        mode: Mode = "enforce",
        on_behalf_of: str | None = None,
        occurred_at: datetime | None = None,
    ) -> Case:
        """Open a case by the version of `procedure` that is effective now, and return it.

        In mode `observe` nothing is refused, only judged. Raises ProcedureNotFound if no version is effective, and
        StepRefused if `data` do not fit and the mode is `enforce`.
        """
        if mode not in ("enforce", "observe"):
            raise ProcflowError(f"mode is {mode!r}; it must be enforce or observe", code="PF105")
        now = self._now()
        actor = self._somebody(by)
        with self._store.write() as transaction:
            definition = publishing.effective(procedure, transaction.definitions(procedure), now)
            judge = self._judge(definition)
            opened = Event(
                case=case_id(now, self._entropy),
                seq=1,
                kind=Kind.OPENED,
                occurred_at=now if occurred_at is None else in_utc(occurred_at),
                recorded_at=now,
                definition=definition.digest,
                **_who(actor, on_behalf_of),
                data=raw_of(data),
            )
            state = judge.begin(opened.case, opened)
            deviations = judge.openings(state)
            if mode == "enforce" and deviations:
                _refused_start(opened, state, deviations).or_raise()
            row = first_row(definition, opened, mode, client, ref, self._store.origin)
            transaction.add_case(row)
            opening = Opening(mode=mode, client=client, ref=ref)
            entry, row = self._append(transaction, judge, row, opened, state, opening)
            held = first(judge, opened, entry.leaf)
            held = self._close_at_end(transaction, judge, row, held, opened)
        self._memory.keep(opened.case, held)
        return self.case(opened.case)

    def perform(
        self,
        case: str,
        action: str,
        *,
        by: Actor | str,
        data: Mapping[str, object] | None = None,
        evidence: Mapping[str, object] | None = None,
        reason: str | None = None,
        on_behalf_of: str | None = None,
        lifecycle: str = "complete",
        occurred_at: datetime | None = None,
        expect: int | None = None,
    ) -> Verdict:
        """Perform an action, or only start it (`lifecycle="start"`), and return the verdict; a refusal does not raise.

        `occurred_at` is when it happened (aware; now by default). Raises CaseNotFound; StaleCase if `expect` is not
        the case's `seq`; ProcflowError for a value that no record can carry.
        """
        if lifecycle not in ("start", "complete"):
            raise ProcflowError(f"lifecycle is {lifecycle!r}; it must be start or complete", code="PF105")
        actor = self._somebody(by)
        details: dict[str, Any] = {
            "kind": Kind.ACTION,
            "action": action,
            "lifecycle": Lifecycle(lifecycle),
            "data": raw_of(data),
            "evidence": raw_of(evidence),
            "reason": reason,
            **_who(actor, on_behalf_of),
        }
        return self._record(case, details, None if occurred_at is None else in_utc(occurred_at), expect)

    def close(self, case: str, *, by: Actor | str, reason: str | None = None, expect: int | None = None) -> Verdict:
        """Close a case that nothing more will happen in; a case that reaches an end is closed by itself.

        Away from an end this is a deviation (DV107), which mode `enforce` refuses. Closing a closed case does not
        change it. Raises CaseNotFound, StaleCase.
        """
        details: dict[str, Any] = {"kind": Kind.CLOSED, "reason": reason, **_who(self._somebody(by), None)}
        return self._record(case, details, None, expect)

    def close_store(self) -> None:
        """Free what the store holds; the engine is of no use afterwards."""
        self._store.close()

    # Questions

    def case(self, case: str) -> Case:
        """Return a case with its events and the judgement so far. Raises CaseNotFound."""
        with self._store.read() as transaction:
            row = transaction.case(case)
            judge = self._judge_of(transaction, row)
            held = self._hold(transaction, judge, row)
            events = tuple(open_entry(body)[0] for body in transaction.bodies(case))
        return Case(
            id=row.case,
            procedure=row.procedure,
            version=row.version,
            digest=row.digest,
            mode=row.mode,
            client=row.client,
            ref=row.ref,
            seq=row.seq,
            configuration=held.state.configuration,
            outcome=judge.outcome(held.state),
            closed=row.closed,
            opened_at=row.opened_at,
            values=held.state.record.values,
            events=events,
            audit=judge.audit(held.state),
        )

    def cases(self, procedure: str | None = None, *, open_only: bool = False) -> tuple[str, ...]:
        """Return the ids of cases in the order of opening."""
        with self._store.read() as transaction:
            return tuple(row.case for row in transaction.cases(procedure, open_only))

    def worklist(self, by: Actor | str) -> tuple[WorkItem, ...]:
        """Return the steps of open cases that wait for somebody, oldest first, without those a control bars to them."""
        actor = self._actor(by)
        with self._store.read() as transaction:
            entries = list(transaction.ready(offers.parties(actor)))
            items = [item for entry in entries if (item := self._item(transaction, entry, actor))]
        seen: dict[tuple[str, str], WorkItem] = {}
        for item in items:
            seen.setdefault((item.case, item.step), item)
        return tuple(seen.values())

    def may(self, case: str, *, by: Actor | str) -> tuple[Option, ...]:
        """Return what is due or possible in a case as this person sees it: what they may do, and for the rest why not.

        Inner steps come first, then actions that are possible at any time. Raises CaseNotFound.
        """
        actor = self._actor(by)
        with self._store.read() as transaction:
            row = transaction.case(case)
            judge = self._judge_of(transaction, row)
            state = self._hold(transaction, judge, row).state
        return tuple(offers.options(judge, state, actor, self._directory, self._now()))

    def export(self, out: BinaryIO, cases: Iterable[str] | None = None) -> int:
        """Write events as JSONL, the very bytes that were hashed, case by case; return how many were written.

        All cases in the order of opening unless `cases` names some, each up to its head of one moment: what is
        recorded while `out` takes its time is left out. Raises CaseNotFound before anything is written.
        """
        with self._store.read() as transaction:
            rows = transaction.cases() if cases is None else [transaction.case(case) for case in cases]
            heads = [(row.case, row.seq) for row in rows]
        return write_engine_jsonl((body for case, seq in heads for body in self._bodies(case, seq)), out)

    def _bodies(self, case: str, seq: int) -> list[bytes]:
        """Return the events of a case up to `seq`. Nothing is ever changed, so a later transaction sees the same."""
        with self._store.read() as transaction:
            return list(islice(transaction.bodies(case), seq))

    # How a command is carried out

    def _record(
        self, case: str, details: Mapping[str, Any], occurred_at: datetime | None, expect: int | None
    ) -> Verdict:
        with self._store.write() as transaction:
            # The clock is read inside: the order of writing is the order of time.
            now = self._now()
            row = transaction.lock_case(case)
            if expect is not None and expect != row.seq:
                raise StaleCase(
                    f"case {case} is at event {row.seq}, not {expect}: somebody else acted", hint="look again, then act"
                )
            judge = self._judge_of(transaction, row)
            held = self._hold(transaction, judge, row)
            event = Event(
                case=case,
                seq=row.seq + 1,
                occurred_at=occurred_at or now,
                recorded_at=now,
                definition=row.digest,
                **details,
            )
            if event.kind is Kind.CLOSED and row.closed:
                return _nothing_new(event, held.state)
            state = judge.advance(held.state, event)
            verdict = self._verdict(judge, row.mode, event, held.state, state)
            if verdict.accepted:
                entry, row = self._append(transaction, judge, row, event, state)
                held = further(held, state, event, entry.leaf)
                held = self._close_at_end(transaction, judge, row, held, event)
        # Only what is committed is remembered.
        if verdict.accepted:
            self._memory.keep(case, held)
        return verdict

    def _verdict(self, judge: Judge, mode: Mode, event: Event, before: CaseState, after: CaseState) -> Verdict:
        deviations, superseded = judge.news(before, after)
        accepted = mode == "observe" or not deviations
        return Verdict(
            case=event.case,
            accepted=accepted,
            event=event,
            before=before.configuration,
            after=after.configuration if accepted else before.configuration,
            deviations=deviations,
            who_could={} if accepted else offers.who_could(judge, before, event, deviations, self._directory),
            superseded=superseded if accepted else (),
        )

    def _append(
        self,
        transaction: Transaction,
        judge: Judge,
        row: CaseRow,
        event: Event,
        state: CaseState,
        opening: Opening | None = None,
    ) -> tuple[Entry, CaseRow]:
        entry = seal(
            event,
            procedure=row.procedure,
            version=row.version,
            log=self._store.origin,
            prev=row.leaf,
            nonce=self._entropy(16).hex(),
            opening=opening,
        )
        head = head_after(row, event, entry, state, judge.outcome(state))
        transaction.append(row.case, event.seq, entry.body, entry.leaf, head)
        return entry, head

    def _close_at_end(self, transaction: Transaction, judge: Judge, row: CaseRow, held: Held, last: Event) -> Held:
        """Close a case that stands in an end, and note whose turn it is otherwise."""
        if not row.closed and judge.outcome(held.state) is not None:
            closing = Event(
                case=row.case,
                seq=row.seq + 1,
                kind=Kind.CLOSED,
                occurred_at=last.occurred_at,
                recorded_at=last.recorded_at,
                definition=row.digest,
            )
            state = judge.advance(held.state, closing)
            entry, row = self._append(transaction, judge, row, closing, state)
            held = further(held, state, closing, entry.leaf)
        transaction.set_ready(row.case, offers.ready(judge, held.state, held.since))
        return held

    def _hold(self, transaction: Transaction, judge: Judge, row: CaseRow) -> Held:
        """Return the case as judged up to its head, reading only the events that are not held yet."""
        held = self._memory.recall(row.case)
        if held is not None and held.leaf == row.leaf:
            return held
        if held is not None and held.state.seq < row.seq:
            try:
                held = caught_up(held, judge, row, transaction.bodies(row.case, held.state.seq))
            except StoreError:
                held = None  # what is held may be of a store that was restored since: only the events are the truth
        else:
            held = None
        if held is None:
            held = caught_up(None, judge, row, transaction.bodies(row.case))
        self._memory.keep(row.case, held)
        return held

    def _item(self, transaction: Transaction, entry: Ready, actor: Actor) -> WorkItem | None:
        """Return a line of somebody's worklist; None if a control bars them from everything there."""
        row = transaction.case(entry.case)
        judge = self._judge_of(transaction, row)
        state = self._hold(transaction, judge, row).state
        return offers.work_item(judge, state, row, entry, actor, self._now())

    def _judge_of(self, transaction: Transaction, row: CaseRow) -> Judge:
        judge = self._judges.get(row.digest)
        if judge is not None:
            return judge
        definition = transaction.definition(row.digest)
        if definition is None:
            raise ProcedureNotFound(
                f"the version {row.version} of {row.procedure} that case {row.case} runs by is gone"
            )
        return self._judge(definition)

    def _judge(self, definition: Definition) -> Judge:
        with self._loading:
            judge = self._judges.get(definition.digest)
            if judge is None:
                judge = self._judges[definition.digest] = Judge(publishing.reload(definition))
            return judge

    def _actor(self, by: Actor | str) -> Actor:
        if isinstance(by, Actor):
            return by
        return Actor(by, roles=self._directory.roles_of(by), teams=self._directory.teams_of(by))

    def _somebody(self, by: Actor | str) -> Actor:
        """Return who acts. Without a name no control could be held against them: four-eyes would let anybody pass."""
        if not str((by.id if isinstance(by, Actor) else by) or "").strip():
            raise ProcflowError(f"somebody must act, and {by!r} names nobody", hint="give an Actor or an id")
        return self._actor(by)

    def _now(self) -> datetime:
        return in_utc(self._clock())


def _people(workspace: Path) -> Directory:
    from procflow.loading.people import load_people

    path = workspace / "people.yaml"
    if not workspace.is_dir():
        raise ProcflowError(f"the workspace {workspace} is not a folder", hint="give the folder that holds people.yaml")
    return load_people(path) if path.exists() else NOBODY


def _who(actor: Actor, on_behalf_of: str | None) -> dict[str, Any]:
    return {"actor": actor.id, "roles": actor.roles, "teams": actor.teams, "on_behalf_of": on_behalf_of}


def _refused_start(opened: Event, state: CaseState, deviations: tuple[Deviation, ...]) -> Verdict:
    at = state.configuration
    return Verdict(case=opened.case, accepted=False, event=opened, before=at, after=at, deviations=deviations)


def _nothing_new(event: Event, state: CaseState) -> Verdict:
    at = state.configuration
    return Verdict(case=event.case, accepted=True, event=event, before=at, after=at)

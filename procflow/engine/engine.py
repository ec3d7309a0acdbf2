"""`Engine`: everything an application asks of procflow. Commands change cases, questions do not.

The engine has no clock, no thread and no global state of its own: the clock and the source of randomness are given,
and what it remembers of cases only saves time.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from procflow.engine import arguments, overriding, publishing
from procflow.engine.arguments import maybe_text, one_of, raw_of, somebody, text, words
from procflow.engine.cases import Case, Option, Published, WorkItem
from procflow.engine.commands import Command, Commands
from procflow.engine.office import Clock, Entropy, Office
from procflow.engine.questions import Questions
from procflow.errors import ProcflowError
from procflow.eventlogs.written import RecordFormat, Written
from procflow.model.across import Across
from procflow.model.event import Act, Cause, Kind, Lifecycle, Override, Waiver
from procflow.model.organisation import NOBODY, Actor, Directory
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.model.rule import Rule
from procflow.model.verdict import Verdict
from procflow.stores import open_store
from procflow.stores.base import Mode, Store
from procflow.trail.entry import Opening
from procflow.trail.instant import in_utc


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
        policies: Policies | None = None,
        clock: Clock = utc_now,
        entropy: Entropy = secrets.token_bytes,
    ) -> None:
        self._office = Office(store, directory, clock, entropy, arguments.policies_of(policies))
        self._commands = Commands(self._office)
        self._questions = Questions(self._office)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        workspace: str | Path | None = None,
        directory: Directory | None = None,
        policies: str | Path | Policies | None = None,
        clock: Clock = utc_now,
        entropy: Entropy = secrets.token_bytes,
    ) -> Engine:
        """Open an engine on the store at `url` (`memory://`, `sqlite:///service.db`).

        Who is who comes from `directory`, by default from `people.yaml` in the folder `workspace`; without either,
        actors must be given with their roles. Rules that hold besides those of procedures come from `policies`, by
        default from `policies.yaml` in the workspace, if one lies there: give all engines of a store the same. `clock`
        returns aware instants; `entropy(n)` returns n random bytes. Raises StoreError if the store cannot be opened,
        DirectoryError if `people.yaml` has errors, ProcedureInvalid if the policies have.
        """
        folder = None if workspace is None else arguments.path_of("workspace", workspace)
        if directory is None:
            directory = NOBODY if folder is None else _people(folder)
        house = _policies(folder, policies)
        store = open_store(text("the address of the store", url))
        engine = cls(store, directory=directory, policies=house, clock=clock, entropy=entropy)
        if house is not None and house.across:
            engine._office.catch_up()
        return engine

    # Commands

    def publish(self, path: str | Path) -> Published:
        """Publish the procedure in a file; publishing the same content again changes nothing.

        Raises ProcedureInvalid, with the findings, if the file has errors, its author approved it himself, an
        approval or agreement is missing, or the version was published before with other content.
        """
        now = self._office.now()
        published = publishing.publish(
            self._office.store, arguments.path_of("the procedure", path), now, self._office.policies
        )
        if published.new:
            self._office.catch_up()
        return published

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
        key: str | None = None,
    ) -> Case:
        """Open a case by the version of `procedure` that is effective now, and return it.

        With a `key` that a case of this procedure was started with before, that case is returned and nothing done. In
        mode `observe` nothing is refused, only judged. Raises ProcedureNotFound if no version is effective, and
        StepRefused if `data` do not fit and the mode is `enforce`: then there is no case, and nothing on record.
        """
        if mode not in ("enforce", "observe"):
            raise ProcflowError(f"mode is {mode!r}; it must be enforce or observe", code="PF105")
        said: dict[str, Any] = {
            **self._who(by, on_behalf_of),
            "data": raw_of("data", data),
            "key": maybe_text("key", key),
        }
        opening = Opening(mode=mode, client=words("client", client), ref=words("ref", ref))
        at = None if occurred_at is None else in_utc(occurred_at)
        return self.case(self._commands.start(text("the procedure", procedure), said, opening, mode, at))

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
        key: str | None = None,
        expect: int | None = None,
    ) -> Verdict:
        """Perform an action, or only start it (`lifecycle="start"`), and return the verdict; a refusal does not raise.

        What is refused was not done; the attempt is on record. `occurred_at` is when it happened (aware; now by
        default). With a `key` under which the step was accepted before, nothing is done again, and what it did then is
        returned. Raises CaseNotFound; StaleCase if something happened since the case's `seq` was `expect`;
        ProcflowError for a value that no record can carry, and for a key that was used for something else.
        """
        if lifecycle not in ("start", "complete"):
            raise ProcflowError(f"lifecycle is {lifecycle!r}; it must be start or complete", code="PF105")
        said: dict[str, Any] = {
            "kind": Kind.ACTION,
            "action": text("the action", action),
            "lifecycle": Lifecycle(lifecycle),
            "data": raw_of("data", data),
            "evidence": raw_of("evidence", evidence),
            **self._who(by, on_behalf_of),
        }
        return self._record(case, said, reason, key, expect, occurred_at)

    def close(
        self,
        case: str,
        *,
        by: Actor | str,
        reason: str | None = None,
        key: str | None = None,
        expect: int | None = None,
    ) -> Verdict:
        """Close a case that nothing more will happen in; a case that reaches an end is closed by itself.

        Away from an end this is a deviation (DV107), which mode `enforce` refuses. Closing a closed case does not
        change it. Raises CaseNotFound, StaleCase.
        """
        return self._record(case, {"kind": Kind.CLOSED, **self._who(by, None)}, reason, key, expect)

    def override(
        self,
        case: str,
        act: Act | str,
        *,
        action: str | None = None,
        to: str | None = None,
        by: Actor | str,
        second: str | None = None,
        reason: str | None = None,
        asked_by: str | None = None,
        caused_by: Cause | str | None = None,
        data: Mapping[str, object] | None = None,
        evidence: Mapping[str, object] | None = None,
        on_behalf_of: str | None = None,
        occurred_at: datetime | None = None,
        key: str | None = None,
        expect: int | None = None,
    ) -> Verdict:
        """Set the procedure aside: `skip`, `redo`, `undo`, `do-early`, or `override` for anything else.

        `action` is what is skipped, undone or done early; of a redo it is the step to go back to. `to` is where the
        case stands afterwards, in canonical text; it may be left out where exactly one configuration follows: after the
        action that is skipped, at the step that is done again, before the last use of the action that is undone, and
        where it stands if something is done early. If there are several, a ProcflowError lists them. `second` agreed
        to it, `asked_by` wanted it, `caused_by` says who made it necessary: `requester`, `provider` or `external`.

        Mode `enforce` refuses an override without the authority, the reason or the second person that `overrides:` of
        the procedure demands. Otherwise raises as `perform` does.
        """
        meant = one_of(Act, "act", act)
        override = Override(
            act=meant,
            to="" if to is None else text("to", str(to)),
            asked_by=maybe_text("asked_by", asked_by),
            caused_by=None if caused_by is None else one_of(Cause, "caused_by", caused_by),
            second=maybe_text("second", second),
        )
        named = maybe_text("action", action)
        said: dict[str, Any] = {
            "kind": Kind.OVERRIDE,
            "action": named or "",
            "override": override,
            "data": raw_of("data", data),
            "evidence": raw_of("evidence", evidence),
            **self._who(by, on_behalf_of),
        }
        leads = overriding.leading(meant, named, override.to or None)
        return self._record(case, said, reason, key, expect, occurred_at, leads)

    def waive(
        self,
        case: str,
        code: str,
        *,
        person: str,
        until: datetime,
        by: Actor | str,
        reason: str | None,
        step: str | None = None,
        action: str | None = None,
        key: str | None = None,
        expect: int | None = None,
    ) -> Verdict:
        """Excuse what `person` did or will do until `until` against one class of deviation, such as DV202.

        Only in `step` and only for `action`, if they are given. Who grants it, `by`, must hold the role that
        `overrides:` of the procedure names, and be somebody else. Raises as `perform` does, and for a step or action
        that the procedure does not have: such a waiver would excuse nothing.
        """
        waiver = Waiver(
            code=text("code", code),
            person=text("person", person),
            until=in_utc(until),
            step=maybe_text("step", step),
            action=maybe_text("action", action),
        )
        return self._record(case, {"kind": Kind.WAIVER, "waiver": waiver, **self._who(by, None)}, reason, key, expect)

    def record_attempt(self, verdict: Verdict) -> Verdict:
        """Put a refused step on record, if the transaction it was recorded in was rolled back by the host.

        If it is on record nothing is done, so it may be called again. Returns the verdict with the event as it is on
        record. Raises ProcflowError if the step was accepted, or would be as the case stands now.
        """
        if not isinstance(verdict, Verdict):
            raise ProcflowError(f"{verdict!r} is no verdict", hint="give what perform returned")
        return self._commands.record_attempt(verdict)

    def close_store(self) -> None:
        """Free what the store holds; the engine is of no use afterwards."""
        self._office.store.close()

    # Questions

    def case(self, case: str) -> Case:
        """Return a case with its events and the judgement so far. Raises CaseNotFound."""
        return self._questions.case(case)

    def cases(self, procedure: str | None = None, *, open_only: bool = False) -> tuple[str, ...]:
        """Return the ids of cases in the order of opening."""
        return self._questions.cases(maybe_text("the procedure", procedure), open_only=open_only)

    @property
    def directory(self) -> Directory:
        """Who is who, as this engine knows them."""
        return self._office.directory

    def published(self) -> tuple[str, ...]:
        """Return the ids of the procedures that are published here, in the order of their first versions."""
        return self._questions.published()

    def procedure(self, procedure: str) -> Procedure:
        """Return the version by which a case would be opened now. Raises ProcedureNotFound if none is effective."""
        return self._questions.procedure(text("the procedure", procedure))

    def procedure_of(self, case: str) -> Procedure:
        """Return the procedure a case runs by, as it was published. Raises CaseNotFound."""
        return self._questions.procedure_of(case)

    def worklist(self, by: Actor | str | None = None) -> tuple[WorkItem, ...]:
        """Return the steps of open cases that wait for somebody, oldest first, without those a control bars to them.

        Without `by`, all that waits: a line for each party whose turn it is.
        """
        return self._questions.worklist(by)

    @property
    def policies(self) -> Policies | None:
        """The rules that hold besides those of procedures; None if there are none."""
        return self._office.policies

    def across(self, case: str | None = None, *, as_of: datetime | None = None) -> Across:
        """Return what the rules over all cases of a client, or over all that a person did, say of all cases.

        What time alone has done by `as_of` (aware; now by default) is judged too. The whole record is gone through: a
        question for a report, not for every step. With a `case`, only what blames its events, and how the rules stand
        with its client and the people who acted in it. Raises CaseNotFound.
        """
        return self._questions.across(case, self._office.now() if as_of is None else in_utc(as_of))

    def rules_across(self) -> tuple[Rule, ...]:
        """Return the rules that are judged across cases, under the ids that `across` tells them by."""
        return self._questions.rules_across()

    def may(self, case: str, *, by: Actor | str) -> tuple[Option, ...]:
        """Return what is due or possible in a case as this person sees it: what they may do, and for the rest why not.

        Inner steps come first, then actions that are possible at any time. Raises CaseNotFound.
        """
        return self._questions.may(case, by)

    def export(
        self,
        out: BinaryIO,
        cases: Iterable[str] | None = None,
        *,
        format: RecordFormat = "jsonl",
        mapping: BinaryIO | None = None,
    ) -> Written:
        """Write events to `out`, case by case; return how many, and what the format could not carry of them.

        `jsonl` are the very bytes that were hashed, `xes` and `csv` are for other tools; of a table, `mapping` gets the
        mapping with which an audit reads it. All cases in the order of opening unless `cases` names some, each up to its
        head of one moment: what is recorded while `out` takes its time is left out. Raises CaseNotFound before anything
        is written.
        """
        return self._questions.export(out, cases, format, mapping)

    # What commands have in common

    def _record(
        self,
        case: str,
        said: dict[str, Any],
        reason: str | None,
        key: str | None,
        expect: int | None,
        occurred_at: datetime | None = None,
        leads: overriding.Leads | None = None,
    ) -> Verdict:
        case = arguments.case_of(case)
        said["reason"], said["key"] = words("reason", reason), maybe_text("key", key)
        command = Command(
            case=case,
            said=said,
            occurred_at=None if occurred_at is None else in_utc(occurred_at),
            expect=arguments.seq_of(expect),
            leads=leads,
        )
        return self._commands.record(command)

    def _who(self, by: Actor | str, on_behalf_of: str | None) -> dict[str, Any]:
        actor = somebody(by, self._office.directory)
        behalf = words("on_behalf_of", on_behalf_of)
        return {"actor": actor.id, "roles": actor.roles, "teams": actor.teams, "on_behalf_of": behalf}


def _policies(workspace: Path | None, given: str | Path | Policies | None) -> Policies | None:
    from procflow.loading.policies import load_policies

    if given is not None:
        return given if isinstance(given, Policies) else load_policies(arguments.path_of("policies", given))
    beside = None if workspace is None else workspace / "policies.yaml"
    return load_policies(beside) if beside is not None and beside.is_file() else None


def _people(workspace: Path) -> Directory:
    from procflow.loading.people import load_people

    path = workspace / "people.yaml"
    if not workspace.is_dir():
        raise ProcflowError(f"the workspace {workspace} is not a folder", hint="give the folder that holds people.yaml")
    return load_people(path) if path.exists() else NOBODY

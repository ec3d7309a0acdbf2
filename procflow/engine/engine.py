"""`Engine`: everything an application asks of procflow. Commands change cases, questions do not.

The engine has no clock, no thread and no global state of its own: the clock and the source of randomness are given,
and what it remembers of cases only saves time.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from procflow.calendars.book import CalendarSet
from procflow.engine import arguments, overriding, publishing
from procflow.engine.advancing import Advancing
from procflow.engine.answering import Answering
from procflow.engine.arguments import maybe_text, one_of, raw_of, somebody, text, words
from procflow.engine.cases import Case, Published
from procflow.engine.commands import Command, Commands
from procflow.engine.office import Clock, Entropy, Office
from procflow.errors import ProcflowError
from procflow.model.event import Act, Cause, Kind, Lifecycle, Override, Waiver
from procflow.model.fired import Fired
from procflow.model.organisation import NOBODY, Actor, Directory
from procflow.model.policies import Policies
from procflow.model.verdict import Verdict
from procflow.stores import open_store
from procflow.stores.base import Mode, Store
from procflow.trail.entry import Opening
from procflow.trail.instant import in_utc


def utc_now() -> datetime:
    """Return the present moment: the clock an engine has unless it is given another."""
    return datetime.now(UTC)


class Engine(Answering):
    """Runs cases by published procedures and keeps them in a store. May be shared by threads, and survives a fork."""

    def __init__(
        self,
        store: Store,
        *,
        directory: Directory = NOBODY,
        policies: Policies | None = None,
        calendars: CalendarSet | None = None,
        workspace: Path | None = None,
        clock: Clock = utc_now,
        entropy: Entropy = secrets.token_bytes,
    ) -> None:
        """See `open`; of the `workspace` only the calendars are read."""
        house = arguments.policies_of(policies)
        given = arguments.calendars_of(calendars)
        super().__init__(Office(store, directory, clock, entropy, house, given, workspace))
        self._commands = Commands(self._office)
        self._advancing = Advancing(self._office)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        workspace: str | Path | None = None,
        directory: Directory | None = None,
        policies: str | Path | Policies | None = None,
        calendars: str | Path | CalendarSet | None = None,
        clock: Clock = utc_now,
        entropy: Entropy = secrets.token_bytes,
    ) -> Engine:
        """Open an engine on the store at `url` (`memory://`, `sqlite:///service.db`).

        Who is who, and what was agreed with whom, comes from `directory`, by default from `people.yaml`, `clients.yaml`
        and `agreements.yaml` in the folder `workspace`; without either, actors must be given with their roles. Rules
        that hold besides those of procedures come from `policies`, by default from `policies.yaml` in the workspace, if
        one lies there: give all engines of a store the same. A procedure's calendars come from `calendars` (a folder of
        them, or a set), else from the folder `calendars` of the workspace, else they are those it was published with.
        `clock` returns aware instants; `entropy(n)` returns n random bytes. Raises StoreError if the store cannot be
        opened, DirectoryError, CalendarError and ProcedureInvalid if people, calendars or policies have errors.
        """
        folder = None if workspace is None else arguments.path_of("workspace", workspace)
        if directory is None:
            directory = NOBODY if folder is None else _people(folder)
        house = _policies(folder, policies)
        given = _calendars(calendars)
        store = open_store(text("the address of the store", url))
        engine = cls(
            store,
            directory=directory,
            policies=house,
            calendars=given,
            workspace=folder,
            clock=clock,
            entropy=entropy,
        )
        if house is not None and house.across:
            engine._office.catch_up()
        return engine

    # Commands

    def publish(self, path: str | Path) -> Published:
        """Publish the procedure in a file; publishing the same content again only takes its calendars anew.

        The calendars it names are read from the engine's own, else from the folder `calendars` beside the file: cases
        that open from now on go by them.

        Raises ProcedureInvalid, with the findings, if the file has errors, its author approved it himself, an
        approval or agreement is missing, a calendar it names is not to be found (PF204), or the version was published
        before with other content.
        """
        now = self._office.now()
        published = publishing.publish(
            self._office.store,
            arguments.path_of("the procedure", path),
            now,
            self._office.house,
            self._office.policies,
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
        clock: str | None = None,
        key: str | None = None,
        expect: int | None = None,
    ) -> Verdict:
        """Excuse what `person` did or will do until `until` against one class of deviation, such as DV202.

        Only in `step`, only for `action` and only of `clock` (whoever was late), if they are given. Who grants it, `by`,
        must hold the role that `overrides:` of the procedure names, and be somebody else. Raises as `perform` does, and
        for a step, action or clock that the procedure does not have: such a waiver would excuse nothing.
        """
        waiver = Waiver(
            code=text("code", code),
            person=text("person", person),
            until=in_utc(until),
            step=maybe_text("step", step),
            action=maybe_text("action", action),
            clock=maybe_text("clock", clock),
        )
        return self._record(case, {"kind": Kind.WAIVER, "waiver": waiver, **self._who(by, None)}, reason, key, expect)

    def use_calendars(
        self,
        case: str,
        *,
        by: Actor | str,
        reason: str | None,
        key: str | None = None,
        expect: int | None = None,
    ) -> Verdict:
        """Let a case go by the calendars in force now: holidays that were added since it opened count from here on.

        What that does to each running clock, its `on-change` says. Who does it must hold the role that `overrides:` of
        the procedure names, and say why. Of a case that goes by them already nothing is recorded: the verdict is
        `repeated`. Raises as `perform`.
        """
        return self._record(case, {"kind": Kind.CALENDARS, **self._who(by, None)}, reason, key, expect)

    def use_calendars_in_all(self, procedure: str, *, by: Actor | str, reason: str | None) -> tuple[Verdict, ...]:
        """Do so in every open case of a procedure, one after the other; return what became of each, in their order.

        If it is stopped on the way it may be called again: cases that go by the calendars in force are left alone.
        """
        cases = self.cases(text("the procedure", procedure), open_only=True)
        return tuple(self.use_calendars(case, by=by, reason=reason) for case in cases)

    def advance(self, to: datetime | None = None, *, limit: int | None = None) -> tuple[Fired, ...]:
        """Do what is to be done because time has passed: in all open cases, in the order in which time was up.

        By `to` (aware, not to come yet), or by now. Each warning, notice, escalation and go-to is one event in one
        transaction, written once whoever else advances, and whatever stops this: then call it again. What follows from
        a go-to is done in its turn, also after a long silence. Returns what was done, with whom to tell; at most
        `limit` of it. A case that cannot be judged is reported with its `error`, and tried again next time.

        Call it as often as you want people to be told: nothing in an engine runs by itself.
        """
        return self._advancing.advance(None if to is None else in_utc(to), arguments.limit_of(limit))

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
    from procflow.loading.organisation import AGREEMENTS, CLIENTS, PEOPLE, load_organisation

    if not workspace.is_dir():
        raise ProcflowError(f"the workspace {workspace} is not a folder", hint="give the folder that holds people.yaml")
    there = any((workspace / name).is_file() for name in (PEOPLE, CLIENTS, AGREEMENTS))
    return load_organisation(workspace) if there else NOBODY


def _calendars(given: str | Path | CalendarSet | None) -> CalendarSet | None:
    if given is None or isinstance(given, CalendarSet):
        return given
    from procflow.loading.calendars_found import calendar_files, load_by_name

    folder = arguments.path_of("calendars", given)
    if not folder.is_dir():
        raise ProcflowError(
            f"{folder} is not a folder", hint="give the folder that holds the calendars, or a set of them"
        )
    return CalendarSet(load_by_name(id, path) for id, path in calendar_files([folder]).items())

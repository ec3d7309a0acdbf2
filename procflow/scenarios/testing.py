"""The scenarios of a procedure, run and measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.calendars.book import NO_BOOK, CalendarBook
from procflow.errors import Finding
from procflow.judge import Judge
from procflow.loading.calendars_found import calendars_for, named_calendars
from procflow.model.ignores import Ignore
from procflow.model.procedure import Procedure
from procflow.model.rules import finding, in_order
from procflow.model.scenario import Scenario, Trial
from procflow.model.text import text_of
from procflow.scenarios.coverage import covered
from procflow.scenarios.running import Run, run


def judge_of(procedure: Procedure, file: str) -> Judge:
    """Return the judge of a procedure, with the calendars that hold for its file. Raises CalendarError."""
    named = named_calendars(procedure)
    return Judge(procedure, calendars=CalendarBook(calendars_for(file, only=named)) if named else NO_BOOK)


def run_all(judge: Judge, only: str = "") -> tuple[Run, ...]:
    """Run the scenarios of a procedure whose name holds `only`, in any language; all of them if it is empty."""
    return tuple(run(one, judge) for one in judge.procedure.scenarios if _is_named(one, only))


def trial_of(judge: Judge, runs: Sequence[Run], *, ignores: Sequence[Ignore] = (), only: str = "") -> Trial:
    """Return what came of the runs; measured unless `only` some were run."""
    procedure = judge.procedure
    findings = [one for each in runs for one in each.result.findings]
    return Trial(
        file=procedure.where.file,
        procedure=procedure.id,
        version=procedure.version,
        results=tuple(one.result for one in runs),
        coverage=None if only else covered(judge.automaton, runs, ignores),
        findings=in_order([*findings, *(() if runs else _nothing(procedure, only))]),
    )


def _nothing(procedure: Procedure, only: str) -> Iterator[Finding]:
    if only and procedure.scenarios:
        names = ", ".join(f"“{text_of(one.title)}”" for one in procedure.scenarios[:5])
        message = f"no scenario of {procedure.id} has “{only}” in its name, so none was run"
        yield finding("PF705", message, where=procedure.where, hint=f"there are {names}")
        return
    message = f"{procedure.id} has no scenarios, so nothing was tested"
    hint = "write some under `scenarios:`; `procflow test --suggest` writes them for you"
    yield finding("PF705", message, where=procedure.where, hint=hint)


def _is_named(one: Scenario, only: str) -> bool:
    return any(only.casefold() in name.casefold() for name in one.title.values())

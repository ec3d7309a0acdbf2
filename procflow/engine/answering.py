"""Every question that an application asks an engine. What it answers with is frozen, and made anew at each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import BinaryIO

from procflow.calendars.book import CalendarSet
from procflow.calendars.length import Length
from procflow.engine.arguments import actor_of, case_of, limit_of, maybe_text, raw_of, text
from procflow.engine.cases import Case, Option, Owed, WorkItem
from procflow.engine.circles import Circle
from procflow.engine.office import Office
from procflow.engine.questions import Questions
from procflow.engine.time_questions import TimeQuestions
from procflow.engine.wait_questions import WaitQuestions
from procflow.eventlogs.written import RecordFormat, Written
from procflow.model.across import Across
from procflow.model.clock import ClockCycle, Stretch
from procflow.model.organisation import Actor, Directory
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.model.promising import Forecast
from procflow.model.rule import Rule
from procflow.model.waiting import Wait
from procflow.trail.instant import in_utc


class Answering:
    """What an engine can be asked."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._questions = Questions(office)
        self._time = TimeQuestions(office)
        self._waits = WaitQuestions(office)

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
        """Return the steps of open cases that wait for somebody: what is due first, then what has waited longest.

        What a control bars to them is left out; a role that something late was escalated to has it, too.

        Without `by`, all that waits: a line for each party whose turn it is.
        """
        return self._questions.worklist(by)

    def due(
        self, now: datetime | None = None, *, by: Actor | str | None = None, limit: int | None = None
    ) -> tuple[Owed, ...]:
        """Return what rules and clocks demand in open cases and what is due by `now` (aware), the soonest first.

        By default `now` is the clock; a later moment tells what will be due by then as things stand. With `by`, only
        what this person could do. It costs by what is due, not by how many cases are open.
        """
        actor = actor_of(by, self.directory) if by is not None else None
        return self._time.due(self._office.now() if now is None else in_utc(now), actor, limit_of(limit))

    def clocks(self, case: str) -> tuple[ClockCycle, ...]:
        """Return how each cycle of each clock of a case stands now, in the order of the file, then of their beginnings.

        Raises CaseNotFound.
        """
        return self._time.clocks(case_of(case))

    def clocks_by_calendars_in_force(self, case: str) -> tuple[ClockCycle, ...]:
        """Return how each cycle would stand if `use_calendars` were called now. Nothing is recorded. Raises CaseNotFound."""
        return self._time.with_calendars_in_force(case_of(case))

    def ledger(self, case: str, clock: str, cycle: int | None = None) -> tuple[Stretch, ...]:
        """Return what became of every minute of a cycle of a clock, the latest if none is named; () if none has begun.

        The clock of a step is named by the step. Raises CaseNotFound, ProcflowError if there is no such clock.
        """
        return self._time.ledger(case_of(case), text("the clock", clock), cycle)

    def forecast(
        self, procedure: str, data: Mapping[str, object] | None = None, within: str | Length | None = None
    ) -> Forecast:
        """Return how long a case of which `data` is known would take, and whether `within` is realistic, before it is started.

        By the latest 1,000 closed cases that had the same data at first; each is judged for it, so that this is a question for
        whoever fills in a form, not for every step. Raises ProcedureNotFound, ProcflowError for data that do not fit.
        """
        from procflow.engine.forecasting import forecast_in

        return forecast_in(self._office, self.procedure(procedure), raw_of("data", data), within)

    def calendars_of(self, case: str) -> CalendarSet:
        """Return the calendars that a case goes by. Raises CaseNotFound."""
        return self._time.calendars_of(case_of(case))

    def waits(self, case: str) -> tuple[Wait, ...]:
        """Return who waited for whom in a case and who waits now, as they began: those that go on have no `until`.

        For work that is offered, for answers, and for somebody outside in steps with `waiting-for`. Raises CaseNotFound.
        """
        return self._waits.waits(case_of(case))

    def circles(self) -> tuple[Circle, ...]:
        """Return who waits for each other now, over all open cases: nobody of them can go on before another one does.

        The circle with the oldest wait comes first. It costs by the cases in which somebody waits, which are judged, and
        a look at where each other open case stands.
        """
        return self._waits.circles()

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
        calendars: BinaryIO | None = None,
    ) -> Written:
        """Write events to `out`, case by case; return how many, and what the format could not carry of them.

        `jsonl` are the very bytes that were hashed, `xes` and `csv` are for other tools; of a table, `mapping` gets the
        mapping with which an audit reads it; `calendars` gets those that the cases went by, for an audit that does not
        have them. All cases in the order of opening unless `cases` names some, each up to its
        head of one moment: what is recorded while `out` takes its time is left out. Raises CaseNotFound before anything
        is written.
        """
        return self._questions.export(out, cases, format, mapping, calendars)

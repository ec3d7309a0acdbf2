"""One case of a log, judged by itself: for whoever asks about its clocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from procflow.auditor.calendars import Given, Keeping, books_of
from procflow.auditor.given import directory_of, mapping_of, with_instants, with_roles, witness_of
from procflow.auditor.ties import settled_run
from procflow.auditor.versions import load_versions, version_for
from procflow.calendars.book import CalendarSet
from procflow.errors import CaseNotFound
from procflow.eventlogs.log import read_log
from procflow.judge import CaseState, Judge
from procflow.model.clock import ClockCycle, Stretch
from procflow.model.event import Trace
from procflow.model.procedure import Procedure
from procflow.trail.instant import in_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCase:
    """A case of a log after its last event."""

    trace: Trace
    judge: Judge
    state: CaseState
    as_of: datetime | None
    """The moment it is spoken of."""
    calendars: CalendarSet
    """Those it went by last."""

    @property
    def procedure(self) -> Procedure:
        """The version that judges it."""
        return self.judge.procedure

    @property
    def clocks(self) -> tuple[ClockCycle, ...]:
        """How every cycle of every clock went."""
        return self.judge.audit(self.state, closed=self.trace.closed, as_of=self.as_of).clocks

    def unexamined(self, clock: str) -> bool:
        """Return True if the log cannot show how a clock goes, so that it has no cycle."""
        audit = self.judge.audit(self.state, closed=self.trace.closed, as_of=self.as_of)
        return f"clock: {clock}" in audit.not_examined

    def ledger(self, clock: str, cycle: int | None = None) -> tuple[Stretch, ...]:
        """Return what became of every minute of a cycle, the latest if none is named; () if none has begun."""
        return self.judge.ledger(self.state, clock, cycle, self.as_of, closed=self.trace.closed)


def case_in(
    procedure: str | Path,
    logs: Sequence[str | Path],
    case: str,
    *,
    mapping: str | Path | None = None,
    people: str | Path | None = None,
    calendars: Given = None,
    as_of: datetime | None = None,
) -> JudgedCase:
    """Return one case of logs, judged as an audit would; `case` is its id, or the beginning or end of it.

    Raises CaseNotFound if there is none, or several; else as `audit`.
    """
    log = _Log(procedure, logs, mapping, people, calendars, as_of)
    return log.judged(chosen(log.reading.traces, case))


def cases_in(
    procedure: str | Path,
    logs: Sequence[str | Path],
    *,
    mapping: str | Path | None = None,
    people: str | Path | None = None,
    calendars: Given = None,
    as_of: datetime | None = None,
) -> Iterator[JudgedCase]:
    """Yield every case of logs, judged as an audit would, in the order of the log. Raises as `audit`."""
    log = _Log(procedure, logs, mapping, people, calendars, as_of)
    for trace in log.reading.traces:
        yield log.judged(trace)


class _Log:
    """A log that has been read, with all that its cases are judged by."""

    def __init__(
        self,
        procedure: str | Path,
        logs: Sequence[str | Path],
        mapping: str | Path | None,
        people: str | Path | None,
        calendars: Given,
        as_of: datetime | None,
    ) -> None:
        self._as_of = None if as_of is None else in_utc(as_of)
        self._versions = load_versions(procedure)
        given = with_instants(mapping_of(mapping), (one.data for one in self._versions))
        self._people = directory_of(people)
        fields = frozenset(name for one in self._versions for name in one.data)
        self.reading = read_log(list(logs), given, fields=fields, as_of=self._as_of)
        self._keeping = Keeping(books_of(calendars, self._versions, [str(one) for one in logs]))
        self._judges: dict[str, Judge] = {}

    def judged(self, trace: Trace) -> JudgedCase:
        """Return one of its cases, judged."""
        version, _ = version_for(trace, self.reading.opened.get(trace.case), self._versions)
        self._keeping.take(trace, version.digest)
        used = self.reading.mapping
        if self._people is not None and used is not None and used.role is None:
            trace = with_roles(trace, self._people)
        book = self._keeping.books[version.digest]
        judge = self._judges.get(version.digest)
        if judge is None:
            statuses = used is not None and used.status is not None
            judge = Judge(version, witness=witness_of(used, self._people), statuses=statuses, calendars=book)
            self._judges[version.digest] = judge
        named = [event.calendars for event in trace.events if event.calendars is not None]
        return JudgedCase(
            trace=trace,
            judge=judge,
            state=settled_run(judge, trace)[0],
            as_of=self._as_of or self.reading.last_at,
            calendars=(book.of(named[-1]) if named else None) or book.default,
        )


def chosen(traces: Sequence[Trace], given: str) -> Trace:
    """Return the case meant: its id, or the beginning or end of one. Raises CaseNotFound unless there is one."""
    exact = [one for one in traces if one.case == given]
    matching = exact or [one for one in traces if given and (one.case.startswith(given) or one.case.endswith(given))]
    if len(matching) == 1:
        return matching[0]
    if matching:
        some = ", ".join(one.case for one in matching[:3])
        raise CaseNotFound(
            f"“{given}” fits {len(matching):,} cases of the log: {some}, ...", hint="Give more of the id."
        )
    from difflib import get_close_matches

    close = get_close_matches(given, (one.case for one in traces), n=1)
    hint = f"Did you mean {close[0]}?" if close else None
    raise CaseNotFound(f"there is no case “{given}” among the {len(traces):,} of the log", hint=hint)

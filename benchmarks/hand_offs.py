"""What hand-offs, questions and an accountable owner cost, and what grows with them.

    python -m benchmarks.hand_offs [besides | by_length | lists | audits | pages]...

First the same cases judged by a procedure without and with them; then an event by how long its case has been going on and by
how many questions are open in it; then an engine's lists, and what an audit says of waiting and of fairness, by how many cases
there are; then the page of a case by how many events it has. All are ratios within one run. Goals: an event costs at most
twice what it does without, and nothing depends on how long a case is, or grows faster than the cases do.

No library known to us judges hand-offs. pm4py counts who hands work to whom; it was not installed where this was written, so
there is no peer here.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from benchmarks._timing import seconds, table
from procflow.auditor.fairness.gathering import FairnessGathering
from procflow.auditor.one_case import JudgedCase
from procflow.auditor.story import story_of
from procflow.auditor.taking_part import TakingPartGathering
from procflow.auditor.waiting import waiting_of
from procflow.calendars.book import CalendarSet
from procflow.engine import Engine
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import EVERYTHING, Event, Kind, Trace
from procflow.model.organisation import Actor
from procflow.model.procedure import Procedure
from procflow.model.report import AuditReport, CaseAudit, RowCount
from procflow.model.waiting_report import TakingPart
from procflow.reports.page import html_of
from procflow.stores import open_store

DESK = """
procflow: 1
procedure: desk
version: "1"
title: Desk
ACCOUNTABLE
roles:
  agent: { title: Answers, department: front }
  expert: { title: Finds out, department: works }
  lead: { title: Leads, department: front }
  client: { title: Asks, external: true }
data: { what: { type: text }, why: { type: text } PLAIN }
HAND-OFFS
start: intake
steps:
  intake: { by: agent, SHORT collect: [what], actions: { accept: work } }
  work: { by: expert, SHORT optional: [why], actions: { hand: review } }
  review: { by: agent, SHORT actions: { back-to-work: work, send: closed } }
  closed: { end: answered }
anytime:
  ask: { to: same, by: any, ASK }
  answer: { to: same, by: any }
  update: { to: same, by: any TELLS }
  OWN
"""
FAIRNESS = """
fairness:
  first-come: { in: [work, review] }
  one-person: { share: 80%, at-least: 10 }
  workload: { times: 3, at-least: 3 }
  wait-spread: { times: 5, at-least: 20, in: [work, review] }
"""
WITHOUT = {
    "ACCOUNTABLE": "",
    "PLAIN": ", asked_whom: { type: text }, question: { type: text }",
    "HAND-OFFS": "",
    "ASK": "optional: [asked_whom, question]",
    "TELLS": "",
    "SHORT": "",
    "OWN": "own: { to: same, by: lead }",
}
WITH = {
    "ACCOUNTABLE": "accountable: lead",
    "PLAIN": "",
    "HAND-OFFS": "hand-offs: { needs: [what], form: [what], refuse: { reason: required }, returns: { at-most: 9 } }",
    "ASK": "ask: { question-to: any, answered-by: answer, answer-within: 3 days }",
    "TELLS": ", tells: client",
    "SHORT": "",
    "OWN": "warn-of-risk: { to: same, by: any, risk: true }",
}
LIMITS = {"SHORT": "within: 90 days,"}
TIMED = {
    **LIMITS,
    "HAND-OFFS": WITH["HAND-OFFS"].replace("{ needs", "{ accept-within: 2 days, needs"),
}
OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)
APART = timedelta(minutes=7)
ROUNDS = 5
Done = tuple[str, str, str, Mapping[str, str]]
"""Action, person, role, data."""


def desk(*parts: Mapping[str, str], fair: str = "") -> Procedure:
    """Return the procedure with these parts filled in, the later over the earlier."""
    loaded = read_procedure(written(*parts) + fair, "desk.yaml")
    assert loaded.procedure is not None, loaded.findings
    return loaded.procedure


def written(*parts: Mapping[str, str]) -> str:
    """Return the text of it."""
    text = DESK
    for name, value in {name: value for part in parts for name, value in part.items()}.items():
        text = text.replace(name, value)
    return text


def going_round(people: int = 1, shift: int = 0) -> Iterator[Done]:
    """Yield what is done in a case that goes to and fro; every fourth event asks, answers or hands over."""

    def one(role: str) -> str:
        return f"{role}-{shift % people}" if people > 1 else role

    agent, expert = one("agent"), one("expert")
    yield ("accept", agent, "agent", {"what": "a seal"})
    yield from cycle(
        (
            ("ask", expert, "expert", {"asked_whom": agent, "question": "which?"}),
            ("answer", agent, "agent", {}),
            ("update", agent, "agent", {}),
            ("hand", expert, "expert", {}),
            ("update", agent, "agent", {}),
            ("back-to-work", agent, "agent", {}),
        )
    )


def asking(count: int) -> Iterator[Done]:
    """Yield a case in which so many questions stay open."""
    yield ("accept", "agent", "agent", {"what": "a seal"})
    for number in range(count):
        yield ("ask", "expert", "expert", {"asked_whom": f"agent-{number}", "question": "which?"})
    yield from cycle(
        (
            ("update", "agent", "agent", {}),
            ("hand", "expert", "expert", {}),
            ("update", "agent", "agent", {}),
            ("back-to-work", "agent", "agent", {}),
        )
    )


def events(case: str, done: Iterator[Done], length: int, since: datetime = OPENED) -> tuple[Event, ...]:
    """Return so many events of a case."""
    found = [Event(case=case, seq=1, kind=Kind.OPENED, occurred_at=since, actor="lead", roles=frozenset({"lead"}))]
    for seq, (name, who, role, data) in enumerate(islice(done, length - 1), 2):
        at = since + (seq - 1) * APART
        found.append(
            Event(
                case=case,
                seq=seq,
                kind=Kind.ACTION,
                action=name,
                occurred_at=at,
                actor=who,
                roles=frozenset({role}),
                data=data,
            )
        )
    return tuple(found)


def judging(procedure: Procedure, told: Sequence[Event], times: int = 1, *, audited: bool = True) -> Callable[[], None]:
    """Return what judges a case so many times."""
    judge = Judge(procedure)
    trace = Trace(case=told[0].case, events=tuple(told), closed=False)

    def run() -> None:
        for _ in range(times):
            state = judge.run(trace)
            if audited:
                judge.audit(state)

    return run


def besides() -> None:
    """Print what an event costs without and with them."""
    told = events("case-1", going_round(), 30)
    procedures = {
        "without": desk(WITHOUT),
        "hand-offs, questions, an accountable owner": desk(WITH),
        "without, three limits": desk(WITHOUT, LIMITS),
        "the same, and limits of accepting and answering": desk(WITH, TIMED),
    }
    for audited in (False, True):
        runs = {name: judging(one, told, 40, audited=audited) for name, one in procedures.items()}
        what = "judging and auditing" if audited else "judging"
        table(f"{what} an event of a case of 30", seconds(runs, ROUNDS), per=30 * 40, against="without")


def by_length() -> None:
    """Print what an event costs by how long the case has been going on and by how many questions are open."""
    procedure = desk(WITH, TIMED)
    for count in (1, 10, 100):
        runs = {
            f"{length:,} events": judging(procedure, events("case-1", asking(count), length), 10_000 // length)
            for length in (200, 1_000, 10_000)
        }
        table(f"an event of a case, {count} questions open", seconds(runs, 3), per=10_000, against="200 events")


class _Clock:
    now = OPENED

    def __call__(self) -> datetime:
        return self.now


def lists(sizes: Sequence[int] = (100, 1_000, 10_000)) -> None:
    """Print what an engine's lists cost by how many cases are open; in each somebody was asked, and work is on offer."""
    taken: dict[str, dict[str, float]] = {"due": {}, "worklist": {}, "circles": {}}
    for size in sizes:
        engine = _house(size)
        for name, run in (("due", engine.due), ("worklist", engine.worklist), ("circles", engine.circles)):
            gc.collect()
            taken[name][f"{size:,} open cases"] = min(_took(run) for _ in range(3)) / size
        engine.close_store()
    for name, times in taken.items():
        table(f"engine.{name}, an open case", times, per=1, against=f"{sizes[0]:,} open cases")


def _house(size: int) -> Engine:
    clock = _Clock()
    engine = Engine(open_store("memory://"), clock=clock)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "desk.yaml"
        file.write_text(written(WITH, TIMED), encoding="utf-8")
        engine.publish(file)
    for number in range(size):
        clock.now += timedelta(seconds=1)
        # Everybody waits for the next, and the last for the first: one circle of a hundred.
        agent, asked = (f"agent-{(number + more) % 100}" for more in (0, 1))
        case = engine.start("desk", by=Actor("lead", roles={"lead"})).id
        engine.perform(case, "accept", by=Actor(agent, roles={"agent"}), data={"what": "a seal"})
        data = {"asked_whom": asked, "question": "which?"}
        engine.perform(case, "ask", by=Actor(agent, roles={"agent"}), data=data)
    return engine


def _took(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def audits(sizes: Sequence[int] = (1_000, 4_000, 16_000)) -> None:
    """Print what an audit says over all cases costs, by how many there are, of which each overlaps a hundred others or all."""
    for name, apart in (("each beside a few", timedelta(minutes=30)), ("all at the same time", timedelta(seconds=1))):
        taken: dict[str, dict[str, float]] = {}
        for size in sizes:
            for what, took in _audited(size, apart).items():
                taken.setdefault(what, {})[f"{size:,} cases"] = took / size
        for what, times in taken.items():
            table(f"{what}, a case; {name}", times, per=1, against=f"{sizes[0]:,} cases")


def _audited(size: int, apart: timedelta) -> dict[str, float]:
    procedure = desk(WITH, TIMED, fair=FAIRNESS)
    judge = Judge(procedure)
    fairness, part = FairnessGathering([procedure], EVERYTHING, None), TakingPartGathering([procedure])
    found: list[CaseAudit] = []
    spent = dict.fromkeys(("judged", "gathered"), 0.0)
    for number in range(size):
        told = events(f"case-{number:05}", going_round(100, number), 8 + number % 10, OPENED + number * apart)
        trace = Trace(case=told[0].case, events=told, closed=False)
        began = time.process_time()
        state = judge.run(trace)
        audit = judge.audit(state)
        judged = time.process_time()
        fairness.take(judge, state, trace, audit)
        part.take(judge, trace, audit)
        spent["judged"] += judged - began
        spent["gathered"] += time.process_time() - judged
        found.append(audit)
    at = OPENED + size * apart + timedelta(days=1)
    spent["fairness"] = _took(lambda: fairness.report(at))
    told_of: list[TakingPart] = []
    spent["circles"] = _took(lambda: told_of.append(part.told()))
    report = report_of(procedure, found, at, told_of[0])
    spent["waiting_of"] = _took(lambda: waiting_of(report))
    return spent


def report_of(procedure: Procedure, cases: Sequence[CaseAudit], at: datetime, part: TakingPart) -> AuditReport:
    """Return an audit's report of these cases, as far as waiting is concerned."""
    return AuditReport(
        procedure=procedure.id,
        title="Desk",
        purpose="",
        owner=None,
        controls=(),
        versions=(),
        logs=(),
        as_of=at,
        rows=RowCount(),
        cases=tuple(cases),
        findings=(),
        taking_part=part,
    )


def pages() -> None:
    """Print what the page of a case costs, by how many events it has."""
    procedure = desk(WITH, TIMED)
    taken: dict[str, float] = {}
    for length in (50, 500, 2_000):
        told = events("case-1", going_round(), length)
        trace = Trace(case="case-1", events=told, closed=False)
        judge = Judge(procedure)
        book = CalendarSet([])
        story = story_of(
            JudgedCase(trace=trace, judge=judge, state=judge.run(trace), as_of=told[-1].occurred_at, calendars=book)
        )
        html = html_of(story, "en")
        taken[f"{length:,} events, {len(html.encode()) / 1e6:.2f} MB"] = (
            min(_took(partial(html_of, story, "en")) for _ in range(3)) / length
        )
    table("the page of a case, an event", taken, per=1, against=next(iter(taken)))


def main() -> None:
    """Print the tables."""
    for name in sys.argv[1:] or ["besides", "by_length", "lists", "audits", "pages"]:
        globals()[name]()


if __name__ == "__main__":
    main()

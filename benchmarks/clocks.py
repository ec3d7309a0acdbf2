"""What clocks cost: a case judged with none, 1, 5 and 20 of them, and two clocks over 10 and over 10,000 events.

    python -m benchmarks.clocks

All are ratios within one run. The first has clocks that nearly every event concerns: pauses, updates and changes of
priority by turns. The second is a procedure as people write it: limits of five steps, and three promises, of which an event
concerns two or three. Both say what an event costs more if its time is watched; the third, whether what it costs depends on
how long the case has been going on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

from benchmarks._timing import seconds, table
from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Regime, Window
from procflow.judge import Judge
from procflow.loading.procedure import read_procedure
from procflow.model.event import Event, Kind, Trace

STEPS = """
procflow: 1
procedure: desk
version: "1"
calendar: office
roles: { agent: Answers, expert: Finds out, client: { title: Asks, external: true } }
data: { priority: { type: choice, of: [p1, p2, p3] } }
start: intake
steps:
  intake: { by: agent, actions: { accept: work } }
  work: { by: expert, optional: [priority], actions: { ask: waiting, hand: review, send: closed } }
  review: { by: agent, actions: { back-to-work: work } }
  waiting: { waiting-for: { party: client, asked: required, due: required }, actions: { reply: work } }
  closed: { end: answered }
anytime: { update: { to: same, by: any } }
"""
CLOCK = """
  answer-N:
    to: client
    until: send
    within: { depends-on: priority, p1: 400 working hours, otherwise: 800 working hours }
    paused-in: [waiting]
    warn: [50%, 80%]
"""
INFORM = "  inform-N: { to: client, every: 3 working days, while: ours-to-act, by-action: update }\n"
DESK = """
procflow: 1
procedure: desk
version: "1"
calendar: office
roles: { agent: Answers, expert: Finds out, lead: Leads, client: { title: Asks, external: true } }
start: intake
steps:
  intake: { by: agent, SHORT actions: { accept: sort } }
  sort: { by: agent, SHORT actions: { give: work } }
  work: { by: expert, LONG actions: { ask: waiting, hand: review, note: work } }
  review: { by: agent, SHORT actions: { back-to-work: work, propose: judge } }
  judge: { by: lead, SHORT actions: { approve: post, refuse: work } }
  waiting: { waiting-for: { party: client, asked: required, due: required }, actions: { reply: work } }
  post: { by: agent, actions: { send: closed } }
  closed: { end: answered }
anytime: { update: { to: same, by: any } }
"""
PROMISES = """
clocks:
  first-answer: { to: client, until: [enters work, case ends], within: 2 working days, warn: [80%] }
  final-answer: { to: client, until: [send, case ends], within: 15 working days, warn: [50%, 80%], paused-in: [waiting] }
  keep-informed:
    { to: client, every: 5 working days, while: ours-to-act, by-action: [update, send], until: [send, case ends] }
"""
SHORT = "within: 8 working hours, warn: [80%], late: { notify: lead },"
DONE = """accept agent, give agent, note expert, note expert, ask expert, update agent, reply client, note expert, update agent,
hand expert, back-to-work agent, note expert, hand expert, propose agent, refuse lead, note expert, hand expert,
propose agent, approve lead, send agent"""
OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)
ROUNDS = 5


def main() -> None:
    """Print both tables."""
    runs = {f"{count} clocks": _judging(count, 30, times=40) for count in (0, 1, 5, 20)}
    table("judging an event of a case of 30", seconds(runs, ROUNDS), per=30 * 40, against="0 clocks")
    done = tuple(_desk_events())
    desks = {
        "no clocks": _run(DESK.replace("SHORT", "").replace("LONG", ""), done, times=60),
        "five limits, three promises": _run(
            DESK.replace("SHORT", SHORT).replace("LONG", "within: 3 working days,") + PROMISES, done, times=60
        ),
    }
    table("judging an event of a desk's case of 21", seconds(desks, ROUNDS), per=21 * 60, against="no clocks")
    long = {
        f"{length:,} events": _judging(2, length, times=10_000 // length, apart=timedelta(minutes=7))
        for length in (10, 100, 1_000, 10_000)
    }
    table("an event of a case with two clocks", seconds(long, 3), per=10_000, against="100 events")


def _judging(count: int, length: int, *, times: int, apart: timedelta = timedelta(minutes=97)) -> Callable[[], None]:
    clocks = "".join((INFORM if index % 2 else CLOCK).replace("N", str(index)) for index in range(count))
    return _run(STEPS + (f"clocks:\n{clocks}" if clocks else ""), tuple(_events(length, apart)), times=times)


def _run(text: str, events: tuple[Event, ...], *, times: int) -> Callable[[], None]:
    loaded = read_procedure(text, "desk.yaml")
    assert loaded.procedure is not None, loaded.findings
    office = Calendar(
        id="office",
        zone="Europe/Bucharest",
        regimes=(Regime(hours=dict.fromkeys(range(5), (Window(540, 1020),))),),
        first=date(2026, 1, 1),
        last=date(2028, 12, 31),
    )
    judge = Judge(loaded.procedure, calendars=CalendarBook(CalendarSet([office])))
    trace = Trace(case="case-1", events=events, closed=False)

    def run() -> None:
        for _ in range(times):
            judge.audit(judge.run(trace))

    return run


def _desk_events() -> Iterator[Event]:
    """Yield a case of the desk that goes to its end in time."""
    yield Event(case="case-1", seq=1, kind=Kind.OPENED, occurred_at=OPENED)
    for seq, one in enumerate(DONE.split(","), 2):
        name, role = one.split()
        at = OPENED + seq * timedelta(minutes=97)
        data = {"asked": "which?", "due": (at + timedelta(days=2)).isoformat()} if name == "ask" else {}
        roles = frozenset({role})
        yield Event(
            case="case-1",
            seq=seq,
            kind=Kind.ACTION,
            action=name,
            occurred_at=at,
            actor=role,
            roles=roles,
            data=data,
        )


def _events(length: int, apart: timedelta) -> Iterator[Event]:
    """Yield a case that goes round: it asks and waits, is handed over, changes its priority."""
    yield Event(case="case-1", seq=1, kind=Kind.OPENED, occurred_at=OPENED, data={"priority": "p3"})
    round = cycle(
        (
            ("ask", "expert", {"asked": "which?"}),
            ("reply", "client", {}),
            ("update", "agent", {}),
            ("hand", "expert", {"priority": "p1"}),
            ("back-to-work", "agent", {"priority": "p3"}),
        )
    )
    for seq in range(2, length + 1):
        at = OPENED + seq * apart
        name, role, data = ("accept", "agent", {}) if seq == 2 else next(round)
        if "asked" in data:
            data = {**data, "due": (at + timedelta(days=2)).isoformat()}
        yield Event(
            case="case-1",
            seq=seq,
            kind=Kind.ACTION,
            action=name,
            occurred_at=at,
            actor=role,
            roles=frozenset({role}),
            data=data,
        )


if __name__ == "__main__":
    main()

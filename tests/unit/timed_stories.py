"""Cases told in a line an event, with the wall clock of the office, and what clocks make of them.

2026-12-02 09:00 ana/agent opens tier=premium
2026-12-02 10:00 ana/agent accept
2026-12-02 11:00 eve/client reply for=client
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.judge import CaseState, Judge
from procflow.loading.procedure import read_procedure
from procflow.model.clock import ClockCycle, ClockStatus, Stretch, Timer, Why
from procflow.model.event import Event, Kind, Trace
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit

BUCHAREST = "Europe/Bucharest"


def hours(*spans: str) -> tuple[Window, ...]:
    """Return hours as people write them: `09:00-17:00`; an end before the start lies in the next day."""
    found = []
    for span in spans:
        start, end = (int(one[:2]) * 60 + int(one[3:]) for one in span.split("-"))
        found.append(Window(start, end if end > start else end + 24 * 60))
    return tuple(found)


def week(name: str, zone: str, spans: Mapping[str, str], days: Mapping[str, str] | None = None) -> Calendar:
    """Return a calendar: `{"01234": "09:00-17:00"}`, and days that differ, `""` for a day off."""
    regime = {int(one): hours(*each.split()) for some, each in spans.items() for one in some}
    special = {
        date.fromisoformat(one): Day(windows=hours(*each.split()), name="off") for one, each in (days or {}).items()
    }
    return Calendar(
        id=name,
        zone=zone,
        regimes=(Regime(hours=regime),),
        days=special,
        first=date(2016, 1, 1),
        last=date(2030, 12, 31),
    )


OFFICE = week(
    "office",
    BUCHAREST,
    {"01234": "09:00-17:00"},
    {"2026-11-30": "", "2026-12-01": "", "2026-12-25": "", "2026-12-26": ""},
)
"""Romania: 30 November and 1 December 2026 are holidays."""


@dataclass(frozen=True)
class Told:
    """A case, judged."""

    judge: Judge
    events: tuple[Event, ...]
    zone: ZoneInfo

    @cached_property
    def state(self) -> CaseState:
        return self.judge.run(Trace(case="case-1", events=self.events, closed=False))

    def audit(self, as_of: str | None = None) -> CaseAudit:
        """Return what is said of it, at the last event or later."""
        return self.judge.audit(self.state, as_of=self.at(as_of))

    def cycle(self, clock: str, number: int = 1, as_of: str | None = None) -> ClockCycle:
        """Return how one cycle of a clock stands."""
        (found,) = [one for one in self.audit(as_of).clocks if (one.clock, one.number) == (clock, number)]
        return found

    def cycles(self, clock: str, as_of: str | None = None) -> list[ClockStatus]:
        """Return how all cycles of a clock stand."""
        return [one.status for one in self.audit(as_of).clocks if one.clock == clock]

    def codes(self, as_of: str | None = None) -> list[str]:
        """Return what of time is held against it."""
        return [one.code for one in self.audit(as_of).deviations if one.code.startswith("DV4")]

    def ledger(self, clock: str, as_of: str | None = None) -> list[tuple[Why, float]]:
        """Return what the ledger of its first cycle says: why, and how many hours."""
        lines: Sequence[Stretch] = self.judge.ledger(self.state, clock, 1, self.at(as_of))
        return [(one.why, (one.end - one.start) / timedelta(hours=1)) for one in lines]

    def counted(self, clock: str, as_of: str | None = None) -> float:
        """Return how many hours its ledger counts."""
        lines = self.judge.ledger(self.state, clock, 1, self.at(as_of))
        return sum((one.counted for one in lines), timedelta(0)) / timedelta(hours=1)

    def timers(self, until: str) -> list[tuple[str, str, str]]:
        """Return what time will have done by then: clock, mark and when, on the wall."""
        return [(one.clock, one.mark, self.wall(one.due)) for one in self.fired(until)]

    def fired(self, until: str) -> Sequence[Timer]:
        return self.judge.timers(self.state, self.at(until))

    def ball(self, as_of: str | None = None) -> dict[str, float]:
        """Return how many hours who had the ball."""
        return {
            " ".join((one.party.kind.value, *one.party.names)): one.wall / timedelta(hours=1)
            for one in self.audit(as_of).ball
        }

    def due(self, clock: str, number: int = 1, as_of: str | None = None) -> str | None:
        """Return when a cycle falls due, on the wall."""
        found = self.cycle(clock, number, as_of).due
        return None if found is None else self.wall(found)

    def at(self, text: str | None) -> datetime | None:
        return None if text is None else datetime.fromisoformat(text).replace(tzinfo=self.zone).astimezone(UTC)

    def wall(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%a %Y-%m-%d %H:%M}"


def procedure(text: str) -> Procedure:
    """Return a procedure; what all of them share need not be written."""
    loaded = read_procedure(whole(text), "story.yaml")
    assert loaded.procedure is not None, [str(one) for one in loaded.findings]
    return loaded.procedure


def whole(text: str) -> str:
    """Return a procedure with what all of them share."""
    head = 'procflow: 1\nprocedure: story\nversion: "1"\n'
    if "\ncalendar:" not in text:
        head += "calendar: office\n"
    if "\nroles:" not in text:
        head += ROLES
    return head + text


ROLES = """
roles:
  agent: Answers
  expert: Finds out
  lead: Decides
  client: { title: Asks, external: true }
  vendor: { title: Repairs, external: supplier }
"""

DESK = """
data:
  priority: { type: choice, of: [p1, p2, p3] }
start: intake
steps:
  intake: { by: agent, actions: { accept: work, ask: waiting, send: closed, merge: merged } }
  work: { by: expert, actions: { answer: intake, wait: waiting, order: repair, finish: solved, send: closed, hand: night } }
  night: { by: lead, actions: { give-back: work } }
  waiting: { waiting-for: { party: client, asked: required, due: required }, actions: { reply: work, give-up: closed } }
  repair: { waiting-for: { party: vendor, asked: required, due: required }, actions: { repaired: work } }
  solved: { by: client, resolved: true, actions: { confirm: closed, again: work } }
  closed: { end: answered }
  merged: { end: cancelled }
anytime:
  update: { to: same, by: any }
  note: { to: same, by: any }
  chase: { to: same, by: any }
  grade: { to: same, by: any }
"""
"""A service desk, as most are."""


def desk(
    clocks: str, *lines: str, calendars: Sequence[Calendar] = (OFFICE,), zone: str = BUCHAREST, steps: str = DESK
) -> Told:
    """Return a case at a service desk with these clocks."""
    return tell(procedure(with_clocks(clocks, steps)), *lines, calendars=calendars, zone=zone)


def tell(read: Procedure, *lines: str, calendars: Sequence[Calendar] = (OFFICE,), zone: str = BUCHAREST) -> Told:
    """Return a case of a procedure."""
    book = CalendarBook(CalendarSet(calendars))
    where = ZoneInfo(zone)
    events = tuple(_event(seq, line, where) for seq, line in enumerate(lines, 1))
    return Told(Judge(read, calendars=book), events, where)


def with_clocks(clocks: str, steps: str = DESK) -> str:
    """Return the service desk with these clocks."""
    return f"{steps}\nclocks:\n{_indented(clocks)}"


def _indented(clocks: str) -> str:
    return "".join(f"  {line}\n" for line in clocks.strip().splitlines())


def _event(seq: int, line: str, zone: ZoneInfo) -> Event:
    day, time, who, verb, *given = line.split()
    name, _, role = who.partition("/")
    at = datetime.fromisoformat(f"{day} {time}").replace(tzinfo=zone)
    said = dict(one.split("=", 1) for one in given)
    data = {key: _value(value, zone) for key, value in said.items() if key not in ("for", "reason", "fold")}
    kinds = {"opens": Kind.OPENED, "closes": Kind.CLOSED}
    return Event(
        case="case-1",
        seq=seq,
        kind=kinds.get(verb, Kind.ACTION),
        action="" if verb in kinds else verb,
        occurred_at=at.replace(fold=int(said.get("fold", 0))).astimezone(UTC),
        actor=name,
        roles=frozenset({role} if role else ()),
        data=data,
        on_behalf_of=said.get("for"),
        reason=said.get("reason"),
    )


def _value(text: str, zone: ZoneInfo) -> str | bool:
    if text in ("true", "false"):
        return text == "true"
    if "T" in text and text[:2] == "20":
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    return text

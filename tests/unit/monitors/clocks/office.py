"""A case in an office in Romania: hours, events by the clock on the wall, and what a judge says of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.calendars.zones import zone_of
from procflow.judge import CaseState, Judge
from procflow.model.event import EVERYTHING, Event, Kind, Witness
from tests.unit.monitors.stories import procedure_of

BUCHAREST = zone_of("Europe/Bucharest")
HOURS = (Window(9 * 60, 17 * 60),)
OFFICE = Calendar(
    id="office",
    zone="Europe/Bucharest",
    regimes=(Regime(hours=dict.fromkeys(range(5), HOURS)),),
    days={date(2026, 11, 30): Day(name="Saint Andrew"), date(2026, 12, 1): Day(name="Great Union Day")},
    first=date(2026, 1, 1),
    last=date(2027, 6, 30),
)
CALENDARS = CalendarBook(CalendarSet([OFFICE]))

DESK = """
calendar: office
roles: {{ agent: Works, lead: Decides, expert: Knows, client: {{ title: Asks, external: true }} }}
overrides: {{ by: lead }}
data:
  priority: {{ type: choice, of: [p1, p2, p3] }}
  promised: instant
  reported: instant
{clocks}
start: work
steps:
  work:
    by: agent
    optional: [priority, promised, reported]
    actions: {{ note: same, ask: waiting, hand: examine, send: sent, drop: dropped }}
  examine: {{ by: expert, actions: {{ give-back: work }} }}
  waiting: {{ waiting-for: {{ party: client }}, actions: {{ reply: work }} }}
  sent: {{ by: client, resolved: true, actions: {{ accept: gone, again: work }} }}
  gone: {{ end: answered }}
  dropped: {{ end: cancelled }}
anytime:
  update: {{ to: same, by: any }}
"""


def local(text: str) -> datetime:
    """Return an instant as the clock on the wall in Bucharest shows it: `12-02 09:00`, of 2026."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=BUCHAREST).astimezone(UTC)


def shown(at: datetime | None) -> str | None:
    """Return an instant as the clock on the wall in Bucharest shows it."""
    return None if at is None else f"{at.astimezone(BUCHAREST):%m-%d %H:%M}"


class Desk:
    """A case that is told event by event."""

    def __init__(
        self,
        clocks: str,
        opened: str,
        *,
        witness: Witness = EVERYTHING,
        calendars: CalendarBook = CALENDARS,
        procedure: str = DESK,
        **data: Any,
    ) -> None:
        """`clocks` are the lines under `clocks:`; the case opens at `opened`."""
        lines = "".join(f"  {line}\n" for line in clocks.strip().splitlines())
        self.procedure = procedure_of(procedure.format(clocks=f"clocks:\n{lines}" if lines else ""))
        self.judge = Judge(self.procedure, witness=witness, calendars=calendars)
        first = self._event(1, opened, "", "agent", data, kind=Kind.OPENED)
        self.state: CaseState = self.judge.begin("1", first)
        self.before = self.state

    def then(self, at: str, action: str, role: str = "agent", **more: Any) -> Desk:
        """Tell one more event; `kind`, `reason`, `override` ... are its own, what else is given its data."""
        event = self._event(self.state.seq + 1, at, action, role, more.pop("data", {}), **more)
        self.before, self.state = self.state, self.judge.advance(self.state, event)
        return self

    def _event(self, seq: int, at: str, action: str, role: str, data: Mapping[str, Any], **more: Any) -> Event:
        return Event(
            case="1",
            seq=seq,
            kind=more.pop("kind", Kind.ACTION),
            action=action,
            occurred_at=local(at),
            actor=role,
            roles=frozenset({role}),
            data=data,
            **more,
        )

    def cycle(self, as_of: str | None = None, clock: str = "c", number: int | None = None) -> Any:
        """Return a cycle as it is told: the latest, unless it is numbered."""
        cycles = [one for one in self.audit(as_of).clocks if one.clock == clock]
        return cycles[-1] if number is None else cycles[number - 1]

    def audit(self, as_of: str | None = None) -> Any:
        """Return the judgement so far."""
        return self.judge.audit(self.state, as_of=None if as_of is None else local(as_of))

    def codes(self, as_of: str | None = None) -> list[str]:
        """Return `DVnnn@seq` of each deviation."""
        return [f"{one.code}@{one.seq}" for one in self.audit(as_of).deviations]

    def due(self, clock: str = "c") -> str | None:
        """Return when a clock runs out as things stand."""
        found = [one.due for one in self.judge.due(self.state) if one.clock == clock]
        return shown(found[0]) if found else None


def asked(until: str) -> dict[str, str]:
    """Return the data of an event that asks somebody something."""
    return {"asked": "Which colour?", "due": local(until).isoformat()}

"""Random procedures with clocks of every kind, calendars to count them on, and cases that follow them in any time.

Cases stay on the way, so that there is one explanation of each: what clocks make of it is all that is in question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Day, Regime, Window
from procflow.model.event import Event
from tests.oracle.clock_ball import Court
from tests.oracle.clock_path import Astray, Path
from tests.oracle.clock_time import ALWAYS, Book, Hours, book, instant, number
from tests.oracle.clock_timers import Pending, pending
from tests.oracle.clocks import Reckoning
from tests.oracle.plain import Plain, PlainEvent
from tests.property.strategies import to_events

ZONES = ("Europe/Bucharest", "Asia/Tehran", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata")
OFFICE = ((9 * 60, 17 * 60),)
WEEKS: tuple[Mapping[int, tuple[tuple[int, int], ...]], ...] = (
    dict.fromkeys(range(5), OFFICE),
    {**dict.fromkeys(range(4), ((8 * 60, 12 * 60), (13 * 60, 17 * 60 + 30))), 4: ((8 * 60, 14 * 60),)},
    dict.fromkeys(range(7), ((22 * 60, 30 * 60),)),
    {**dict.fromkeys((5, 6, 0, 1, 2), ((8 * 60, 16 * 60),)), 3: ((8 * 60, 12 * 60),)},
    dict.fromkeys(range(7), ((0, 24 * 60),)),
    {2: ((10 * 60, 12 * 60 + 30),)},
)
FIRST_DAY = datetime(2026, 3, 25, 6, tzinfo=UTC)
"""Four days before the clocks change in Europe."""
_GRADES = {"tier": ("basic", "premium"), "prio": ("p1", "p2", "p3"), "vip": ("true", "false")}
_STEPS = ("intake", "work", "waiting", "vendor-turn", "offered", "closed", "gone")


def random_hours(rng: Random, name: str) -> Hours:
    """Return a calendar with a week, and a few days that differ from it."""
    days: dict[date, tuple[tuple[int, int], ...]] = {}
    for _ in range(rng.choice((0, 1, 3))):
        day = date(2026, 3, 25) + timedelta(days=rng.randrange(20))
        days[day] = rng.choice(((), OFFICE, ((9 * 60, 13 * 60),)))
    return Hours(name, rng.choice(ZONES), rng.choice(WEEKS), days)


def random_books(rng: Random) -> dict[str, Book]:
    """Return two books of calendars that a case may be counted by, one after the other."""
    first = book([random_hours(rng, "office"), random_hours(rng, "desk")])
    other = dict(first)
    other[rng.choice(("office", "desk"))] = random_hours(rng, "office")
    return {"first": first, "second": book([Hours(name, *_of(one)) for name, one in other.items() if name != "24x7"])}


def _of(one: Hours) -> tuple[Any, ...]:
    return one.zone, one.week, one.days


def to_calendar(hours: Hours) -> Calendar:
    """Return a calendar as the program has it."""
    return Calendar(
        id=hours.name,
        zone=hours.zone,
        regimes=(Regime(hours={day: tuple(Window(*one) for one in some) for day, some in hours.week.items()}),),
        days={day: Day(windows=tuple(Window(*one) for one in some)) for day, some in hours.days.items()},
        first=date(2026, 1, 1),
        last=date(2026, 12, 31),
    )


def to_sets(books: Mapping[str, Book]) -> dict[str, CalendarSet]:
    """Return the books as the program has them."""
    return {
        name: CalendarSet(to_calendar(one) for one in some.values() if one is not ALWAYS)
        for name, some in books.items()
    }


def to_book(sets: Mapping[str, CalendarSet]) -> CalendarBook:
    """Return them all, the first the one that holds unless an event says otherwise."""
    return CalendarBook(sets["first"], tuple(sets.values()))


def timed_events(trace: Sequence[PlainEvent], sets: Mapping[str, CalendarSet]) -> list[Event]:
    """Return the trace as events, books of calendars by their digest."""
    return to_events(
        [{**one, "calendars": sets[one["calendars"]].digest} if "calendars" in one else one for one in trace]
    )


def random_length(rng: Random, *, working: bool = True) -> str:
    """Return a length of up to a few days."""
    forms = [
        f"{rng.choice((1, 5, 30, 90, 720))} minutes",
        f"{rng.choice((1, 2, 4, 8, 16, 40))} hours",
        f"{rng.choice((1, 2, 3))} days",
    ]
    if working:
        forms += [
            f"{rng.choice((1, 2, 4, 8, 16, 24))} working hours",
            f"{rng.choice((1, 2, 3))} working days",
            f"{rng.choice((30, 90))} working minutes",
            f"{rng.choice((2, 8))} working hours",
        ]
    return rng.choice(forms)


def random_target(rng: Random) -> Any:
    """Return a length, or one for each grade."""
    if rng.random() < 0.5:
        return random_length(rng)
    by = rng.choice(tuple(_GRADES))
    return {"depends-on": by, **{value: random_length(rng) for value in _GRADES[by]}}


def timed_procedure(rng: Random, *, block: bool | None = None) -> dict[str, Any]:
    """Return a procedure in which one may go from every step to every other, with clocks by chance."""
    others = [one for one in _STEPS if one != "intake" or rng.random() < 0.8]

    def arrows(name: str) -> dict[str, Any]:
        some = {f"to-{other}": {"to": other} for other in others if other != name}
        return {**some, **({f"again-{name}": {"to": name}} if rng.random() < 0.3 else {})}

    steps: dict[str, Any] = {
        "intake": {"by": "agent", "actions": arrows("intake")},
        "work": {"by": "expert", "actions": arrows("work")},
        "waiting": {
            "waiting-for": {"party": "client", "asked": "required", "due": "required"},
            "actions": arrows("waiting"),
        },
        "vendor-turn": {"by": "vendor", "actions": arrows("vendor-turn")},
        "offered": {"by": "client", "resolved": True, "actions": arrows("offered")},
    }
    if block if block is not None else rng.random() < 0.3:
        steps["both"] = {
            "parallel": {
                "left": {"by": "lead", "actions": {"done-left": "done"}},
                "right": {
                    "start": "right-asks",
                    "steps": {
                        "right-asks": {"by": "agent", "actions": {"ask-right": "right-waits", "done-right": "done"}},
                        "right-waits": {
                            "waiting-for": {"party": "client", "asked": "required", "due": "required"},
                            "actions": {"right-told": "done", "right-back": "right-asks"},
                        },
                    },
                },
            },
            "then": "work",
        }
        steps["intake"]["actions"]["to-both"] = {"to": "both"}
        steps["work"]["actions"]["to-both"] = {"to": "both"}
    for name in ("intake", "work", "vendor-turn", "offered", "waiting", "both"):
        if name in steps and rng.random() < 0.25:
            steps[name] |= own_clock(rng, name)
    steps |= {"closed": {"end": "answered"}, "gone": {"end": "cancelled"}}
    written: dict[str, Any] = {
        "procflow": 1,
        "procedure": "timed",
        "version": "1",
        "calendar": "office",
        "roles": {
            "agent": "Answers",
            "expert": "Knows",
            "lead": "Decides",
            "vendor": {"title": "Repairs", "external": "supplier"},
            "client": {"title": "Asks", "external": True},
        },
        "data": {
            "tier": {"type": "choice", "of": ["basic", "premium"]},
            "prio": {"type": "choice", "of": ["p1", "p2", "p3"]},
            "vip": {"type": "yes-no"},
            "reported": {"type": "instant"},
            "promised": {"type": "instant"},
        },
        "clocks": {f"c{index}": random_clock(rng) for index in range(rng.choice((1, 2, 3)))},
        "start": "intake",
        "steps": steps,
        "overrides": {"by": "lead"},
        "anytime": {
            "update": {"to": "same", "by": "any"},
            "chase": {"to": "same", "by": "any"},
            "drop": {"to": "gone", "by": "any"},
        },
    }
    return written


def own_clock(rng: Random, name: str) -> dict[str, Any]:
    """Return what a step says of its own time."""
    found: dict[str, Any] = {"within": random_target(rng)}
    if rng.random() < 0.4:
        found["warn"] = rng.choice((["80%"], ["50%", "90%"]))
    if rng.random() < 0.5:
        found["late"] = rng.choice(({"notify": "lead"}, {"escalate": "lead"}))
        if name in ("work", "waiting", "vendor-turn") and rng.random() < 0.5:
            found["late"] = {"go-to": "intake"}
    return found


def random_clock(rng: Random) -> dict[str, Any]:
    """Return a clock of any kind."""
    kind = rng.choice(("timer",) * 6 + ("deadline", "periodic", "periodic", "count", "each"))
    found: dict[str, Any] = {"to": rng.choice(("client", "team"))}
    if kind == "count":
        counted = rng.choice(("hand-off", "enters work", ["to-waiting", "update"]))
        return {**found, "at-most": rng.choice((0, 1, 2)), "of": counted}
    if kind == "each":
        target: Any = random_length(rng)
        if rng.random() < 0.5:
            target = {"depends-on": "role", "expert": random_length(rng), "otherwise": random_length(rng)}
        return {**found, "each": "hand-off", "within": target}
    ends: list[Any] = ["case ends", "enters offered", "enters closed", ["to-work", "update"], "leaves work"]
    if rng.random() < 0.8:
        found["until"] = rng.choice(ends)
    starts: list[Any] = ["enters work", "leaves intake", ["chase", "enters waiting"], "case opens"]
    if rng.random() < 0.45:
        found["from"] = rng.choice(starts)
    elif rng.random() < 0.2 and kind == "timer":
        found["from"] = rng.choice(({"field": "reported"}, {"known": ["prio", "vip"]}))
    if rng.random() < 0.2:
        found["cancelled-by"] = rng.choice(("chase", "enters vendor-turn"))
    if rng.random() < 0.15:
        found["when"] = rng.choice(('tier == "basic"', "vip", 'prio != "p1"'))
    if kind == "deadline":
        return {**found, "by": {"field": "promised"}, **one_of(rng, 0.3, "on-change", ("keep-elapsed", "keep-target"))}
    if rng.random() < 0.3:
        found["calendar"] = rng.choice(
            ("desk", "24x7", {"depends-on": "prio", "p1": "24x7", "p2": "desk", "otherwise": "office"})
        )
    changes = ("keep-elapsed", "retroactive", "restart", "keep-target")
    if kind == "periodic":
        found |= {"every": random_target(rng), "by-action": rng.choice(("update", ["update", "to-work"]))}
        return {**found, **one_of(rng, 0.5, "while", ("ours-to-act",)), **one_of(rng, 0.4, "on-change", changes)}
    found["within"] = random_target(rng)
    if rng.random() < 0.75:
        found["paused-in"] = rng.choice((["waiting"], ["waiting"], ["waiting", "right-waits"]))
        found |= one_of(rng, 0.3, "max-pause", ("2 working hours", "1 hour", "3 hours", "1 day"))
        found |= one_of(rng, 0.3, "resumed-by", (["update"],))
    found |= one_of(rng, 0.6, "on-change", changes)
    if rng.random() < 0.4:
        found["reopen"] = "continue"
        found |= one_of(rng, 0.4, "reopen-within", ("2 hours", "1 working day", "1 day"))
    found |= one_of(rng, 0.4, "warn", (["50%"], ["50%", "80%"], ["1%", "99%"]))
    late = ({"notify": "lead"}, [{"notify": "lead"}, {"after": "4 working hours", "escalate": "lead"}])
    return {**found, **one_of(rng, 0.4, "late", late)}


def one_of(rng: Random, chance: float, key: str, values: Sequence[Any]) -> dict[str, Any]:
    return {key: rng.choice(values)} if rng.random() < chance else {}


def sound(written: dict[str, Any]) -> dict[str, Any]:
    """Return the procedure without what its steps do not have."""
    for clock in written["clocks"].values():
        if "paused-in" in clock:
            clock["paused-in"] = [one for one in clock["paused-in"] if one == "waiting" or "both" in written["steps"]]
    return written


def random_timed(rng: Random) -> dict[str, Any]:
    """Return a procedure with clocks."""
    return waiting(rng, sound(timed_procedure(rng)))


def waiting(rng: Random, written: dict[str, Any]) -> dict[str, Any]:
    """Return the procedure, by chance with hand-offs that are to be accepted and questions that are to be answered."""
    if rng.random() < 0.4:
        late: tuple[Any, ...] = (
            {"offer-to": "lead"},
            [{"offer-to": "lead"}, {"after": "4 working hours", "escalate": "agent"}],
        )
        general: dict[str, Any] = {"accept-within": random_length(rng), **one_of(rng, 0.7, "refuse", ({},))}
        general |= one_of(rng, 0.4, "warn", (["50%"], ["50%", "80%"])) | one_of(rng, 0.6, "late", late)
        written["hand-offs"] = general
        for name in ("intake", "work", "vendor-turn"):
            if rng.random() < 0.2:
                own: dict[str, Any] = {"accept-within": random_length(rng)}
                written["steps"][name]["hand-offs"] = "none" if rng.random() < 0.4 else own
            if rng.random() < 0.4:
                written["steps"][name]["actions"][f"note-{name}"] = "same"
    if rng.random() < 0.4:
        acts = ({"escalate": "lead"}, {"notify": "lead"})
        for name, to in (("ask", "any"), ("consult", rng.choice(("expert", "client")))):
            asks = {"question-to": to, "answered-by": "answer", "answer-within": random_length(rng)}
            asks |= one_of(rng, 0.4, "warn", (["50%"],)) | one_of(rng, 0.6, "late", acts)
            written["anytime"][name] = {"to": "same", "by": "any", "ask": asks}
        written["anytime"]["answer"] = {"to": "same", "by": "any"}
    return written


def timed_trace(
    written: Plain, rng: Random, books: Mapping[str, Book] | None = None, *, longest: int = 9
) -> list[PlainEvent]:
    """Return a case of it: some events at some times. With its `books`, what time has to do is done now and then."""
    return Clerk(written, rng, books).trace(rng.randint(0, longest))


class Clerk:
    """Goes on with a case."""

    def __init__(self, written: Plain, rng: Random, books: Mapping[str, Book] | None) -> None:
        self.rng, self.path = rng, Path(written)
        self.written, self.books = written, books
        self.now = FIRST_DAY + timedelta(minutes=rng.randrange(6 * 24 * 60))

    def trace(self, size: int) -> list[PlainEvent]:
        rng = self.rng
        opened: PlainEvent = {"kind": "opened", "at": self.later(), "actor": "ana", "roles": ["agent"], "data": {}}
        opened["data"] = self.data(0.7)
        trace = [opened]
        for _ in range(size):
            for _ in range(20):
                more = self.event(trace)
                try:
                    self.path.marks([*trace, more])
                except Astray:
                    continue
                trace.append(more)
                break
            if self.path.marks(trace)[-1].ends and rng.random() < 0.7:
                break
        return trace

    def later(self) -> str:
        """Let some time pass, mostly; return what time an event says."""
        rng = self.rng
        self.now += timedelta(
            seconds=rng.choice((0, 1, 59, 60, 600, 1800, 3600, 7200, 14_400, 30_000, 57_600, 86_400, 200_000))
        )
        if rng.random() < 0.3:
            self.now = self.now.replace(minute=0, second=0)
        told = self.now - timedelta(minutes=rng.choice((1, 30, 600))) if rng.random() < 0.08 else self.now
        return told.isoformat()

    def event(self, trace: Sequence[PlainEvent]) -> PlainEvent:
        rng, flow = self.rng, self.path.flow
        last = self.path.marks(trace)[-1]
        chance = rng.random()
        at = self.later()
        if last.ends or "closed" in last.stands or "gone" in last.stands:
            to = rng.choice(("work", "intake", "waiting"))
            told: dict[str, Any] = {"act": "redo", "to": to}
            return {
                "kind": "override",
                "at": at,
                "actor": "eva",
                "roles": ["lead"],
                "reason": "again",
                "override": told,
            }
        if chance < 0.04:
            return {"kind": "calendars", "at": at, "actor": "ana", "calendars": rng.choice(("first", "second"))}
        if chance < 0.06:
            return {"kind": "closed", "at": at, "actor": "ana", "roles": ["agent"]}
        if self.books is not None and chance < 0.4 and (timer := self.timer(trace)) is not None:
            return timer
        names = [*(name for one in last.stands for name in flow.places[one].deeds), "update", "chase"]
        names += ["drop"] if rng.random() < 0.1 else []
        names += ["accept-hand-off", "refuse-hand-off"] * 2 if last.offered else []
        names += ["ask", "consult", "answer", "answer"] if "ask" in flow.anytime else []
        ends = [one for one in names if one in ("to-closed", "to-gone")]
        waits = [one for one in names if one in ("to-waiting", "ask-right", "again-waiting")]
        names = [one for one in names if one not in ends]
        name = rng.choice(ends if ends and rng.random() < 0.06 else waits if waits and rng.random() < 0.3 else names)
        found: PlainEvent = {"kind": "action", "action": name, "at": at, "actor": rng.choice(("ana", "dan"))}
        found["roles"] = [rng.choice(("agent", "expert", "client", "vendor"))]
        found["data"] = self.data(0.15)
        if name in ("to-waiting", "again-waiting", "ask-right") and rng.random() < 0.85:
            due = self.now + timedelta(minutes=rng.choice((-5, 0, 30, 120, 600, 3000)))
            found["data"] |= {"asked": rng.choice(("which?", "which?", " ")), "due": due.isoformat()}
        if name == "ask" and rng.random() < 0.9:
            found["data"]["asked_whom"] = rng.choice(("ana", "dan", "expert", "client", " "))
        if rng.random() < 0.1:
            found["on_behalf_of"] = rng.choice(("client", "agent", "dan"))
        if rng.random() < 0.2:
            found["reason"] = "because"
        return found

    def timer(self, trace: Sequence[PlainEvent]) -> PlainEvent | None:
        """Return what time has to do first, if anything."""
        assert self.books is not None
        marks = self.path.marks(trace)
        holders = Court(self.written).told(marks)
        found: list[tuple[Pending, Plain]] = []
        for clock in self.path.clocks():
            one = Reckoning(clock, self.written, self.books, "first")
            one.follow(marks, holders)
            found += [(each, clock.says) for each in pending(one, number(self.now), done(trace))]
        if not found:
            return None
        first, says = min(found, key=lambda one: one[0])
        does, to = act_of(says, first.mark)
        timer = {"clock": first.clock, "cycle": first.cycle, "mark": first.mark, "does": does, "to": to}
        at = instant(first.due).isoformat()
        return {"kind": "timer", "action": first.clock, "at": at, "timer": {**timer, "due": at}}

    def data(self, chance: float) -> dict[str, Any]:
        rng = self.rng
        found: dict[str, Any] = {}
        for name, values in (("tier", ("basic", "premium")), ("prio", ("p1", "p2", "p3")), ("vip", (True, False))):
            if rng.random() < chance:
                found[name] = rng.choice(values)
        if rng.random() < chance / 2:
            found["reported"] = (self.now - timedelta(minutes=rng.choice((-10, 0, 45, 900)))).isoformat()
        if rng.random() < chance / 2:
            found["promised"] = (self.now + timedelta(minutes=rng.choice((-10, 60, 900, 4000)))).isoformat()
        return found


def done(trace: Sequence[PlainEvent]) -> set[tuple[str, int, str]]:
    """Return what time has done, as it is on record."""
    told = [one["timer"] for one in trace if "timer" in one]
    return {(one["clock"], one["cycle"], one["mark"]) for one in told}


def act_of(says: Plain, mark: str) -> tuple[str, str]:
    """Return what a mark of a clock does, and to whom."""
    if mark.endswith("%"):
        return "notify", ""
    late = says["late"]
    acts = [late] if isinstance(late, dict) else late
    act = acts[0 if mark == "late" else int(mark.split()[1]) - 1]
    return next((does, act[does]) for does in ("notify", "escalate", "offer-to", "go-to") if does in act)

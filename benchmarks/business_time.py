"""Business time beside the libraries there are: what each says of cases that are known to be hard, and how long it takes.

    python -m benchmarks.business_time [--peers PYTHON]

PYTHON has businesstimedelta, business-duration and pandas (default: PROCFLOW_PEERS, else this one); they run in processes
of their own. What is right was reckoned by hand. One call is of a calendar that was made before; columns are a million
intervals over ten years, beside numpy's busday_count, which counts whole days.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from procflow.calendars.calendar import Calendar
from procflow.calendars.columns import Columns
from procflow.calendars.hours import MIDNIGHT, Day, Regime, Window

PEERS = os.environ.get("PROCFLOW_PEERS", sys.executable)
LIBRARIES = ("businesstimedelta", "business-duration", "pandas")
PAIRS = 300
INTERVALS = 1_000_000
ROUNDS = 7
_PATIENCE = 60

Week = Mapping[int, Sequence[tuple[str, str]]]
NINE_TO_FIVE: Week = dict.fromkeys(range(5), (("09:00", "17:00"),))
ALWAYS: Week = dict.fromkeys(range(7), (("00:00", "24:00"),))
NIGHTS: Week = dict.fromkeys(range(7), (("22:00", "06:00"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sum whose result is known."""

    name: str
    week: Week
    start: str
    end: str
    right: float
    """Open hours from start to end; and what is added to `start` to come to `end`."""
    zone: str = "Europe/Bucharest"
    off: Sequence[str] = ()
    extra: Mapping[str, Sequence[tuple[str, str]]] | None = None

    def at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def calendar(self) -> Calendar:
        days = {date.fromisoformat(day): Day() for day in self.off}
        days |= {date.fromisoformat(day): Day(windows=_windows(one)) for day, one in (self.extra or {}).items()}
        hours = {day: _windows(one) for day, one in self.week.items()}
        return Calendar(
            id="desk",
            zone=self.zone,
            regimes=(Regime(hours=hours),),
            days=days,
            first=date(2025, 1, 1),
            last=date(2027, 12, 31),
        )

    @property
    def plain(self) -> dict[str, Any]:
        return {
            "zone": self.zone,
            "week": {str(day): [list(one) for one in windows] for day, windows in self.week.items()},
            "off": list(self.off),
            "extra": {day: [list(one) for one in windows] for day, windows in (self.extra or {}).items()},
            "start": self.at(self.start).isoformat(),
            "end": self.at(self.end).isoformat(),
            "hours": self.right,
        }


CASES = (
    Case(
        name="Friday to Wednesday, two holidays",
        week=NINE_TO_FIVE,
        off=("2026-11-30", "2026-12-01"),
        start="2026-11-27T16:00",
        end="2026-12-02T16:00",
        right=8,
    ),
    Case(
        name="the end of a day, not the next opening",
        week=NINE_TO_FIVE,
        start="2026-11-26T16:00",
        end="2026-11-27T17:00",
        right=9,
    ),
    Case(
        name="24x7, a night that loses an hour", week=ALWAYS, start="2026-03-28T12:00", end="2026-03-29T12:00", right=23
    ),
    Case(
        name="24x7, a night that has one more", week=ALWAYS, start="2026-10-24T12:00", end="2026-10-25T12:00", right=25
    ),
    Case(name="night shift that loses an hour", week=NIGHTS, start="2026-03-28T21:00", end="2026-03-29T06:00", right=7),
    Case(name="night shift that has one more", week=NIGHTS, start="2026-10-24T21:00", end="2026-10-25T06:00", right=9),
    Case(
        name="Friday's night reaches into Saturday",
        week=dict.fromkeys(range(5), (("22:00", "06:00"),)),
        start="2026-11-27T21:00",
        end="2026-11-28T06:00",
        right=8,
    ),
    Case(
        name="a break at noon",
        week=dict.fromkeys(range(5), (("09:00", "13:00"), ("14:00", "17:00"))),
        start="2026-11-26T12:00",
        end="2026-11-27T10:00",
        right=5,
    ),
    Case(
        name="half a day on Thursdays",
        week={**dict.fromkeys((5, 6, 0, 1, 2), (("08:00", "16:00"),)), 3: [("08:00", "12:00")]},
        zone="Asia/Tehran",
        start="2026-11-18T15:00",
        end="2026-11-21T09:00",
        right=6,
    ),
    Case(
        name="a Saturday that is worked",
        week=dict.fromkeys(range(5), (("09:00", "18:00"),)),
        zone="Europe/Moscow",
        off=("2025-11-03", "2025-11-04"),
        extra={"2025-11-01": [("09:00", "18:00")]},
        start="2025-10-31T17:00",
        end="2025-11-05T10:00",
        right=11,
    ),
)


def main() -> None:
    """Print what each says, then what each takes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", default=PEERS, help="the Python that has the libraries")
    peers = parser.parse_args().peers
    timing = {"case": CASES[0].plain, "pairs": _pairs(CASES[0].calendar), "hours": 8}
    task = {"cases": [one.plain for one in CASES], "timing": timing}
    told = {library: _asked(peers, library, task) for library in LIBRARIES}
    _tell_results(told)
    _tell_calls(told, timing["pairs"])
    _tell_columns()


def _asked(python: str, library: str, task: Mapping[str, Any]) -> dict[str, Any]:
    script = Path(__file__).with_name("_business_time_peers.py")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "task.json"
        path.write_text(json.dumps(task), "utf-8")
        try:
            done = subprocess.run(
                [python, str(script), library, str(path)], capture_output=True, text=True, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired:
            return {"error": f"no result in {_PATIENCE} s"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["it failed"])[-1]}
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _tell_results(told: Mapping[str, Mapping[str, Any]]) -> None:
    print("Open hours between two moments / what lies so many hours later")
    for number, case in enumerate(CASES):
        calendar, start, end = case.calendar, case.at(case.start), case.at(case.end)
        ours = calendar.between(start, end) / timedelta(hours=1)
        due = calendar.add(start, timedelta(hours=case.right))
        assert (ours, due) == (case.right, end), f"procflow is wrong: {case.name}: {ours} h, {due}"
        print(f"  {case.name}: {case.right:g} h (procflow: right, right)")
        for library, answers in told.items():
            if "error" in answers:
                print(f"    {library:<18} {answers['error']}")
                continue
            one = answers["cases"][number]
            print(f"    {library:<18} {_between(one['between'], case):<44} / {_add(one['add'], end)}")


def _between(found: Any, case: Case) -> str:
    if isinstance(found, str):
        return found
    return "right" if abs(found - case.right * 3600) < 1e-6 else f"WRONG by {_off(found - case.right * 3600)}"


def _add(found: str, end: datetime) -> str:
    if not found[:4].isdigit():
        return found
    off = datetime.fromisoformat(found) - end
    return "right" if not off else f"WRONG by {_off(off / timedelta(seconds=1))}"


def _off(seconds: float) -> str:
    return f"{seconds / 3600:+.4g} h" if abs(seconds) >= 60 else f"{seconds:+.4g} s"


def _pairs(calendar: Calendar) -> list[tuple[str, str]]:
    """Pairs of moments up to ten days apart, in the years that are covered."""
    rng = random.Random(1)
    first = calendar.at(date(2026, 1, 5))
    starts = [first + timedelta(minutes=rng.randrange(60 * 24 * 600)) for _ in range(PAIRS)]
    return [(at.isoformat(), (at + timedelta(minutes=rng.randrange(60 * 24 * 10))).isoformat()) for at in starts]


def _tell_calls(told: Mapping[str, Mapping[str, Any]], pairs: Sequence[tuple[str, str]]) -> None:
    calendar = CASES[0].calendar
    began = time.process_time()
    assert calendar.timeline
    made = time.process_time() - began
    moments = [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in pairs]
    ours = {
        "between": _quickest(lambda: [calendar.between(*pair) for pair in moments]) / len(pairs),
        "add": _quickest(lambda: [calendar.add(pair[0], timedelta(hours=8)) for pair in moments]) / len(pairs),
    }
    print(f"\nOne call, intervals up to ten days (procflow lays three years out in {made * 1e3:.1f} ms, once)")
    print(f"  {'procflow':<18} between {ours['between'] * 1e6:9.1f} us          add {ours['add'] * 1e6:9.1f} us")
    for library, answers in told.items():
        taken = answers.get("seconds", {})
        cells = [
            f"{name} {taken[name] * 1e6:9.1f} us {taken[name] / ours[name]:6.0f} x"
            if taken.get(name)
            else f"{name}         -           "
            for name in ("between", "add")
        ]
        print(f"  {library:<18} {'  '.join(cells)}")


def _tell_columns() -> None:
    import numpy as np

    week = dict.fromkeys(range(5), _windows([("09:00", "13:00"), ("14:00", "17:00")]))
    holidays = [
        date(year, month, day)
        for year in range(2020, 2030)
        for month, day in ((1, 1), (1, 2), (5, 1), (12, 1), (12, 25))
    ]
    calendar = Calendar(
        id="desk",
        zone="Europe/Bucharest",
        regimes=(Regime(hours=week),),
        days={day: Day() for day in holidays},
        first=date(2020, 1, 1),
        last=date(2029, 12, 31),
    )
    began = time.process_time()
    assert calendar.timeline
    made = time.process_time() - began
    rng = np.random.default_rng(1)
    low, high = (int(np.datetime64(one, "us").astype("int64")) for one in ("2020-01-02", "2029-06-30"))
    starts, ends = (rng.integers(low, high, INTERVALS).astype("datetime64[us]") for _ in range(2))
    first, last = starts.astype("datetime64[D]"), ends.astype("datetime64[D]")
    days = np.busdaycalendar(holidays=np.array(holidays, dtype="datetime64[D]"))
    columns = Columns(calendar)
    taken = {
        "numpy busday_count: whole days, no zone": _quickest(lambda: np.busday_count(first, last, busdaycal=days)),
        "Columns.between: microseconds": _quickest(lambda: columns.between(starts, ends)),
        "Columns.add": _quickest(lambda: columns.add(starts, timedelta(hours=20))),
        "Columns.next_open": _quickest(lambda: columns.next_open(starts)),
    }
    against = next(iter(taken.values()))
    print(f"\n{INTERVALS:,} intervals in columns over ten years (laid out in {made * 1e3:.0f} ms, once)")
    for name, took in taken.items():
        print(f"  {name:<44} {took * 1e3:8.1f} ms  {took / against:5.2f} x")


def _quickest(run: Callable[[], object]) -> float:
    """Return the median seconds of this process that a call takes, after one that is not counted."""
    run()
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return median(taken)


def _windows(hours: Sequence[tuple[str, str]]) -> tuple[Window, ...]:
    found = []
    for start, end in hours:
        first, last = (int(one[:2]) * 60 + int(one[3:]) for one in (start, end))
        found.append(Window(first, last if last > first else last + MIDNIGHT))
    return tuple(found)


if __name__ == "__main__":
    main()

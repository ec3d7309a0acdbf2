"""Reckons business time with the libraries there are, in a process of its own that knows nothing of procflow.

    python benchmarks/_business_time_peers.py LIBRARY TASK.json

LIBRARY is `businesstimedelta`, `business-duration` or `pandas`. TASK.json holds `cases` (zone, windows by weekday, days
off, extra working days, start, end, hours) and `timing` (pairs of moments, a case). The last line printed is JSON: for each case
`between` and `add` as seconds and an instant, or what kept it from answering, and the seconds one call took.
"""

import datetime as dt
import json
import sys
import time
import warnings
from pathlib import Path
from zoneinfo import ZoneInfo

warnings.filterwarnings("ignore")


class CannotSay(Exception):
    """The library has no way to say this."""


def clock(text):
    if text == "24:00":
        return dt.time(23, 59, 59)
    return dt.time.fromisoformat(text)


def same_week(case):
    """The one list of windows all working days have."""
    kinds = {json.dumps(one) for one in case["week"].values()}
    if len(kinds) != 1:
        raise CannotSay("other hours on some days of the week")
    if case["extra"]:
        raise CannotSay("an extra working day")
    return json.loads(kinds.pop())


class Businesstimedelta:
    def __init__(self, case):
        import businesstimedelta
        import pytz

        if case["extra"]:
            raise CannotSay("an extra working day")
        self.library = businesstimedelta
        self.zone = pytz.timezone(case["zone"])
        windows = sorted({(start, end) for one in case["week"].values() for start, end in one})
        rules = [
            businesstimedelta.WorkDayRule(
                start_time=clock(start),
                end_time=clock(end),
                working_days=[int(day) for day, one in case["week"].items() if [start, end] in one],
                tz=self.zone,
            )
            for start, end in windows
        ]
        off = [dt.date.fromisoformat(one) for one in case["off"]]
        if off:
            off.append(dt.date(2029, 12, 30))  # without one in the next five years it raises a TypeError
            rules.append(businesstimedelta.HolidayRule(dict.fromkeys(off, "off"), tz=self.zone))
        self.rules = businesstimedelta.Rules(rules)

    def between(self, start, end):
        return self.rules.difference(start, end).timedelta.total_seconds()

    def add(self, start, hours):
        return start + self.library.BusinessTimeDelta(self.rules, hours=hours)


class BusinessDuration:
    def __init__(self, case):
        from business_duration import businessDuration

        windows = same_week(case)
        if len(windows) != 1:
            raise CannotSay("a break")
        self.call = businessDuration
        self.zone = ZoneInfo(case["zone"])
        self.start, self.end = (clock(one) for one in windows[0])
        self.weekend = [day for day in range(7) if str(day) not in case["week"]]
        self.off = dict.fromkeys((dt.date.fromisoformat(one) for one in case["off"]), "off")

    def between(self, start, end):
        local = [one.astimezone(self.zone).replace(tzinfo=None) for one in (start, end)]
        found = self.call(local[0], local[1], self.start, self.end, self.weekend, self.off or None, "sec")
        return float(found)

    def add(self, *_):
        raise CannotSay("it only measures")


class Pandas:
    def __init__(self, case):
        import pandas

        windows = same_week(case)
        self.zone = ZoneInfo(case["zone"])
        names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        self.hour = pandas.offsets.CustomBusinessHour(
            start=[one[0] for one in windows],
            end=[one[1] for one in windows],
            weekmask=" ".join(names[int(day)] for day in case["week"]),
            holidays=case["off"],
        )
        self.pandas = pandas

    def between(self, *_):
        raise CannotSay("it only adds")

    def add(self, start, hours):
        found = self.pandas.Timestamp(start).tz_convert(self.zone) + self.hour * int(hours)
        return found.to_pydatetime()


LIBRARIES = {"businesstimedelta": Businesstimedelta, "business-duration": BusinessDuration, "pandas": Pandas}


def answer(library, case):
    """What the library says of one case."""
    start, end = (dt.datetime.fromisoformat(case[one]) for one in ("start", "end"))
    told = {}
    for name, ask in (
        ("between", lambda one: one.between(start, end)),
        ("add", lambda one: one.add(start, case["hours"])),
    ):
        try:
            found = ask(library(case))
            told[name] = found if name == "between" else found.astimezone(dt.UTC).isoformat()
        except CannotSay as error:
            told[name] = f"cannot say: {error}"
        except Exception as error:
            told[name] = f"{type(error).__name__}: {error}"[:80]
    return told


def timed(library, task):
    """Seconds one call takes, the calendar made once; None for what the library cannot do."""
    one = library(task["case"])
    pairs = [tuple(dt.datetime.fromisoformat(at) for at in pair) for pair in task["pairs"]]
    asked = {
        "between": lambda: [one.between(*pair) for pair in pairs],
        "add": lambda: [one.add(pair[0], task["hours"]) for pair in pairs],
    }
    taken = {}
    for name, run in asked.items():
        try:
            began = time.process_time()
            run()
            taken[name] = (time.process_time() - began) / len(pairs)
        except CannotSay:
            taken[name] = None
    return taken


def main():
    library, path = LIBRARIES[sys.argv[1]], sys.argv[2]
    task = json.loads(Path(path).read_text("utf-8"))
    print(
        json.dumps(
            {"cases": [answer(library, one) for one in task["cases"]], "seconds": timed(library, task["timing"])}
        )
    )


if __name__ == "__main__":
    main()

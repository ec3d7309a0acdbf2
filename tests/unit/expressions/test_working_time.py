"""`working_time(a, b)`: what it counts, where nobody can tell, and what is refused."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procflow.calendars.calendar import Calendar
from procflow.calendars.hours import Regime, Window
from procflow.errors import ExpressionError
from procflow.expressions.boundaries import may_come_out, satisfy
from procflow.expressions.expression import Expression, Facts, Outcome, Truth, parse
from procflow.expressions.renaming import at_point
from procflow.expressions.types import Choice, Date, FieldType, Instant, Value, YesNo

FIELDS: Mapping[str, FieldType] = {
    "received": Instant(),
    "answered": Instant(),
    "on": Date(),
    "vip": YesNo(),
    "gravity": Choice(("minor", "major")),
}
OFFICE = Calendar(
    id="office",
    zone="Europe/Bucharest",
    regimes=(Regime(hours={day: (Window(9 * 60, 17 * 60),) for day in range(5)}),),
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
)
FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)  # 16:00 in Bucharest
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 11:00


def read(text: str) -> Expression:
    return parse(text, fields=FIELDS, actions=(), calendar=True)


def outcome(text: str, calendar: Calendar | None = OFFICE, **values: Value) -> Outcome:
    return read(text).evaluate(Facts({"received": FRIDAY, **values}, {}, MONDAY, calendar))


def test_only_open_hours_count() -> None:
    assert outcome("working_time(received, now) == hours(3)").truth is Truth.TRUE
    assert outcome("now - received == hours(67)").truth is Truth.TRUE
    assert outcome("working_time(now, received) == -hours(3)").truth is Truth.TRUE
    assert outcome('working_time("2026-11-20T14:00:00Z", now) + hours(1) > hours(3)').truth is Truth.TRUE
    assert outcome("working_time(received, received + hours(1)) == minutes(60)").truth is Truth.TRUE


def test_what_nobody_can_tell_is_undecided_and_said() -> None:
    assert outcome("working_time(answered, now) > hours(1)") == Outcome(truth=Truth.UNDECIDED, missing=("answered",))
    nobody = outcome("working_time(received, now) > hours(1)", None)
    assert nobody == Outcome(truth=Truth.UNDECIDED, missing=("no calendar at hand",))
    ended = replace(OFFICE, last=date(2026, 11, 21))
    beyond = outcome("working_time(received, now) > hours(1)", ended)
    assert beyond == Outcome(truth=Truth.UNDECIDED, missing=("beyond the calendar office",))
    assert outcome("vip or working_time(received, now) > hours(1)", None, vip=True).truth is Truth.TRUE


def test_it_is_known_for_what_it_reads() -> None:
    condition = read("working_time(received, now) <= hours(16) and vip")
    assert condition.reads == {"received", "vip"}
    assert (condition.reads_now, condition.reads_calendar) == (True, True)
    assert not read("now - received <= hours(16)").reads_calendar
    assert str(condition) == "working_time(received, now) <= hours(16) and vip"
    assert read(str(condition)) == condition
    again = pickle.loads(pickle.dumps(condition))
    assert again.evaluate(Facts({"received": FRIDAY, "vip": True}, {}, MONDAY, OFFICE)).truth is Truth.TRUE
    renamed = at_point(condition, {"received": "received'2"}, {})
    assert str(renamed) == "working_time(received'2, now) <= hours(16) and vip"


def test_it_is_explained_in_hours() -> None:
    condition = read("working_time(received, now) <= hours(2)")
    facts = Facts({"received": FRIDAY}, {}, MONDAY, OFFICE)
    told = condition.explain(facts)
    assert told.startswith("working_time(received, now) <= hours(2) is false (working_time(received, now) = 3 hours, ")
    assert condition.needed(facts) == "working_time(received, now) must be <= hours(2)"
    later = Facts({"received": FRIDAY - timedelta(days=7, minutes=15)}, {}, MONDAY, OFFICE)
    assert "working_time(received, now) = 43 hours 15 minutes" in condition.explain(later)


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("working_time(received) > hours(1)", "PF503", "takes two moments"),
        ("working_time(on, now) > hours(1)", "PF503", "takes moments, but this is a date"),
        ('working_time(received, "soon") > hours(1)', "PF503", "soon"),
        ("working_time(received, now) > days(2)", "PF503", "24 hours"),
        ("days(2) - hours(1) <= working_time(received, now)", "PF503", "24 hours"),
        ("working_time(received, now) > 3", "PF503", "cannot be compared"),
        ("working_time(received, now)", "PF503", "must be true or false"),
        ("working_time > hours(1)", "PF502", "needs brackets"),
        ("workingtime(received, now) > hours(1)", "PF502", "no function"),
    ],
)
def test_what_is_refused(text: str, code: str, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert caught.value.code == code
    assert says in caught.value.message


def test_without_a_calendar_it_is_refused_with_what_to_write() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("working_time(received, now) > hours(1)", fields=FIELDS, actions=())
    assert caught.value.code == "PF407"
    assert "`calendar: office`" in (caught.value.hint or "")


# --- where it turns ------------------------------------------------------------------------------------------------


def test_where_it_turns_is_found_by_itself() -> None:
    short, long = read("working_time(received, now) < hours(8)"), read("working_time(received, now) > hours(8)")
    gap = satisfy([(short, Truth.FALSE), (long, Truth.FALSE)])
    assert gap.witness == {"working_time(received, now)": timedelta(hours=8)}
    assert (gap.values, gap.now) == ({}, None), "moments that do it depend on the calendar"
    assert satisfy([(short, Truth.TRUE), (read("vip"), Truth.TRUE)]).witness == {
        "working_time(received, now)": timedelta(hours=7),
        "vip": True,
    }


def test_what_hangs_together_with_its_moments_is_left_alone() -> None:
    short = read("working_time(received, now) < hours(8)")
    for other in ("has(received)", "now > received", "working_time(now, received) > hours(9)"):
        found = satisfy([(short, Truth.TRUE), (read(other), Truth.TRUE)])
        assert (bool(found), found.exact) == (False, False), other
        assert may_come_out([(short, Truth.TRUE), (read(other), Truth.TRUE)])
    known = satisfy([(short, Truth.TRUE)], known={"received": FRIDAY})
    assert (bool(known), known.exact) == (False, False)

"""Time goes on when it is told to: what is due is done once, in order, whoever asks and however late."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.engine import Engine
from procflow.errors import ProcflowError, StaleCase
from procflow.model.clock import ClockStatus, LateDoing
from procflow.model.event import Kind
from procflow.model.fired import Fired
from procflow.stores import open_store
from tests.unit.engine.stories import Hands
from tests.unit.engine.timed import MONDAY, REPAIR, reopened, timed_engine, workshop

H = timedelta(hours=1)


@pytest.fixture
def clock() -> Hands:
    return Hands(MONDAY)


@pytest.fixture
def engine(tmp_path: Path, clock: Hands) -> Engine:
    return timed_engine(tmp_path, clock)


def opened(engine: Engine, **more: object) -> str:
    return engine.start("repair", by="ana", data={"tier": "basic"}, **more).id  # type: ignore[arg-type]


def told(fired: tuple[Fired, ...]) -> list[tuple[str, str]]:
    return [(one.timer.clock, one.timer.mark) for one in fired if one.timer is not None]


def asked(engine: Engine, case: str, until: datetime) -> None:
    engine.perform(case, "ask", by="ana", data={"asked": "A photo", "due": until.isoformat()}).or_raise()


def same_as_audit(engine: Engine, folder: Path, at: datetime) -> bool:
    with (folder / "log.jsonl").open("wb") as out:
        engine.export(out)
    report = audit(folder / "repair.yaml", folder / "log.jsonl", as_of=at)
    return [one == engine.case(one.case).audit for one in report.cases] == [True] * len(engine.cases())


def test_nothing_is_done_before_its_time(engine: Engine, clock: Hands) -> None:
    opened(engine)
    assert engine.advance() == ()
    clock.wait(hours=2)
    assert engine.advance() == (), "half of the four hours is reached, and not yet passed"
    clock.wait(seconds=1)
    assert told(engine.advance()) == [("intake", "50%")]
    assert engine.advance() == (), "once"


def test_what_is_due_is_done_in_the_order_of_its_instants(engine: Engine, clock: Hands) -> None:
    first = opened(engine)
    clock.wait(minutes=30)
    second = opened(engine)
    clock.wait(days=7)
    fired = engine.advance()
    assert [one.timer.due for one in fired if one.timer] == sorted(one.timer.due for one in fired if one.timer)
    assert [one.case for one in fired[:2]] == [first, second]
    expected = [("intake", "50%"), ("intake", "80%"), ("intake", "late"), ("intake", "late 2")]
    for case in (first, second):
        mine = tuple(one for one in fired if one.case == case)
        assert [one for one in told(mine) if one[0] == "intake"] == expected
        assert [one for one in told(mine) if one[0] == "first-answer"] == [
            ("first-answer", "50%"),
            ("first-answer", "late"),
        ]


def test_each_is_an_event_at_its_instant(engine: Engine, clock: Hands, tmp_path: Path) -> None:
    case = opened(engine)
    clock.wait(hours=5)
    engine.advance()
    events = [one for one in engine.case(case).events if one.kind is Kind.TIMER]
    assert [(one.action, one.occurred_at, one.recorded_at, one.actor) for one in events] == [
        ("intake", MONDAY + 2 * H, clock.now, None),
        ("intake", MONDAY + timedelta(hours=3, minutes=12), clock.now, None),
        ("intake", MONDAY + 4 * H, clock.now, None),
    ]
    assert same_as_audit(engine, tmp_path, clock.now)


def test_who_is_to_be_told_and_when(engine: Engine, clock: Hands) -> None:
    case = opened(engine)
    clock.now = datetime(2026, 11, 28, 3, tzinfo=UTC)
    fired = [one for one in engine.advance() if one.timer is not None and one.timer.clock == "intake"]
    assert [(one.timer.does, one.parties, one.people) for one in fired if one.timer] == [
        (LateDoing.NOTIFY, ("role:agent",), ("ana",)),
        (LateDoing.NOTIFY, ("role:agent",), ("ana",)),
        (LateDoing.NOTIFY, ("role:lead",), ("lea",)),
        (LateDoing.ESCALATE, ("role:boss",), ("max",)),
    ]
    assert {one.deliver_at for one in fired} == {datetime(2026, 11, 30, 7, tzinfo=UTC)}, "zammad#4432: not at night"
    assert [one.case for one in engine.worklist("max")] == [case], "what is escalated is on the list of who may act now"
    assert engine.perform(case, "take", by="max").accepted


def test_a_go_to_is_followed_however_late(engine: Engine, clock: Hands, tmp_path: Path) -> None:
    case = opened(engine)
    asked(engine, case, MONDAY + timedelta(days=1))
    assert engine.case(case).steps == ("asked",)
    clock.wait(days=365)
    marks = told(engine.advance())
    assert ("asked", "late") in marks
    assert marks.index(("asked", "late")) < marks.index(("intake", "late")), "what began because of it comes after it"
    assert engine.case(case).steps == ("intake",)
    assert engine.advance() == ()
    assert same_as_audit(engine, tmp_path, clock.now)


def test_to_a_moment_and_so_many(engine: Engine, clock: Hands) -> None:
    opened(engine)
    clock.wait(hours=5)
    assert told(engine.advance(MONDAY + 3 * H)) == [("intake", "50%")]
    assert told(engine.advance(limit=1)) == [("intake", "80%")]
    assert engine.advance(limit=0) == ()
    with pytest.raises(ProcflowError, match="now is"):
        engine.advance(clock.now + H)
    assert told(engine.advance()) == [("intake", "late")]


def test_a_clock_that_goes_backwards_does_nothing_twice(engine: Engine, clock: Hands) -> None:
    case = opened(engine)
    clock.wait(hours=5)
    assert len(engine.advance()) == 3
    clock.wait(hours=-4)
    assert engine.advance() == ()
    assert engine.perform(case, "take", by="ana").accepted
    clock.wait(hours=4)
    assert told(engine.advance()) == []


def test_a_step_finds_done_what_was_due(engine: Engine, clock: Hands) -> None:
    case = opened(engine)
    asked(engine, case, MONDAY + timedelta(days=1))
    clock.wait(days=2)
    late = engine.perform(case, "answer", by="cleo")
    assert not late.accepted, "the case has gone on to intake meanwhile"
    assert told(late.fired)[0] == ("asked", "late")
    assert engine.case(case).steps == ("intake",), "what time did stays done"
    assert engine.perform(case, "take", by="ana").accepted


def test_a_notice_makes_nobody_look_again_a_go_to_does(engine: Engine, clock: Hands) -> None:
    case = opened(engine)
    seen = engine.case(case).seq
    clock.wait(hours=5)
    asking = {"asked": "A photo", "due": (clock.now + H).isoformat()}
    done = engine.perform(case, "ask", by="ana", data=asking, expect=seen)
    assert (done.accepted, len(done.fired)) == (True, 3)
    seen = engine.case(case).seq
    clock.wait(hours=2)
    with pytest.raises(StaleCase):
        engine.perform(case, "answer", by="cleo", expect=seen)
    assert engine.case(case).steps == ("intake",), "whoever looks again sees why"
    assert engine.case(case).seq > seen


def test_a_key_brings_nothing_about_twice(engine: Engine, clock: Hands) -> None:
    case = opened(engine)
    first = engine.perform(case, "take", by="ana", key="mail-1")
    clock.wait(days=40)
    again = engine.perform(case, "take", by="ana", key="mail-1")
    assert (again.repeated, again.event, again.fired) == (True, first.event, ())


def test_what_is_owed_is_told_the_soonest_first(engine: Engine, clock: Hands) -> None:
    cases = [opened(engine) for _ in range(3)]
    assert engine.due() == ()
    until = MONDAY + timedelta(days=4)
    owed = engine.due(until)
    assert [one.due for one in owed] == sorted(one.due for one in owed)
    assert {(one.obligation.clock, one.case) for one in owed} == {
        (name, case) for name in ("intake", "first-answer") for case in cases
    }
    assert engine.due(until, limit=2) == owed[:2]
    assert {one.people for one in engine.due(until, by="ana")} == {("ana",)}
    clock.wait(hours=4, seconds=1)
    late = engine.due()
    assert [(one.obligation.clock, one.overdue, one.zone) for one in late] == [("intake", True, "Europe/Bucharest")] * 3
    work = engine.worklist("ana")
    assert [(one.due, one.overdue) for one in work] == [(MONDAY + 4 * H, True)] * 3
    assert engine.case(cases[0]).overdue
    (take, *_) = engine.may(cases[0], by="ana")
    assert (take.due, take.overdue) == (MONDAY + 4 * H, True)


def test_the_minutes_of_a_clock_are_accounted_for(engine: Engine, clock: Hands) -> None:
    case = opened(engine)
    clock.wait(days=1)
    (whole, *_) = [one for one in engine.clocks(case) if one.clock == "intake"]
    assert (whole.status, whole.used) == (ClockStatus.OVERDUE, 8 * H)
    ledger = engine.ledger(case, "intake")
    assert (ledger[0].start, ledger[-1].end, ledger[-1].total) == (MONDAY, clock.now, 8 * H)
    with pytest.raises(ProcflowError, match="no clock “intak”") as wrong:
        engine.ledger(case, "intak")
    assert wrong.value.hint is not None
    assert "intake" in wrong.value.hint


def test_threads_do_each_thing_once(tmp_path: Path, clock: Hands) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = timed_engine(tmp_path, clock, url=url)
    cases = [opened(engine) for _ in range(10)]
    clock.wait(days=3)
    found: list[tuple[Fired, ...]] = []
    engines = [engine, Engine.open(url, workspace=tmp_path, clock=clock)]
    threads = [
        threading.Thread(target=lambda one=one: found.append(one.advance())) for one in engines for _ in range(3)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    fired = [(one.case, one.timer.clock, one.timer.mark) for run in found for one in run if one.timer is not None]
    assert len(fired) == len(set(fired)) == 6 * len(cases)
    assert same_as_audit(engine, tmp_path, clock.now)


def test_one_case_that_is_broken_does_not_stop_the_others(tmp_path: Path, clock: Hands) -> None:
    import sqlite3

    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = timed_engine(tmp_path, clock, url=url)
    broken, sound = opened(engine), opened(engine)
    with sqlite3.connect(tmp_path / "store.db") as connection:
        connection.execute("UPDATE pf_case SET leaf = x'00' WHERE case_id = ?", (broken,))
    clock.wait(hours=5)
    fired = Engine.open(url, workspace=tmp_path, clock=clock).advance()
    assert [(one.case, one.seq) for one in fired if one.error is not None] == [(broken, None)]
    assert told(tuple(one for one in fired if one.case == sound)) == [
        ("intake", "50%"),
        ("intake", "80%"),
        ("intake", "late"),
    ]


def test_a_case_in_which_time_never_goes_on_is_told(
    engine: Engine, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The language has no way to write a circle that takes no time; the record of an older version may hold one.
    monkeypatch.setattr("procflow.engine.advancing.MOST_AT_ONCE", 0)
    monkeypatch.setattr("procflow.engine.firing.MOST_AT_ONCE", 0)
    case = opened(engine)
    clock.wait(hours=3)
    (fired,) = engine.advance()
    assert (fired.case, fired.seq) == (case, None)
    assert "at one moment" in str(fired.error)
    with pytest.raises(ProcflowError, match="at one moment"):
        engine.perform(case, "take", by="ana")
    assert engine.case(case).seq == 1


def test_a_calendar_that_ends_stops_nothing(tmp_path: Path, clock: Hands) -> None:
    engine = timed_engine(tmp_path, clock)
    clock.now = datetime(2027, 12, 31, 14, 30, tzinfo=UTC)
    case = opened(engine)
    clock.wait(days=30)
    engine.advance()
    assert engine.perform(case, "take", by="ana").accepted
    assert "DV813" in {one.code for one in engine.case(case).audit.findings}


def test_the_tier_of_the_client_comes_from_the_agreements(tmp_path: Path, clock: Hands) -> None:
    timed_engine(tmp_path, clock)
    (tmp_path / "clients.yaml").write_text("clients: { acme: { name: Acme, tier: premium } }\n", encoding="utf-8")
    tiers = "tiers: { basic: Basic, premium: Premium }\n"
    (tmp_path / "agreements.yaml").write_text(tiers, encoding="utf-8")
    engine = Engine.open("memory://", workspace=tmp_path, clock=clock)
    engine.publish(tmp_path / "repair.yaml")
    case = engine.start("repair", by="ana", client="acme")
    assert case.events[0].data == {"tier": "premium"}
    said = engine.start("repair", by="ana", client="acme", data={"tier": "basic"})
    assert said.events[0].data == {"tier": "basic"}, "who knows better says so"
    assert engine.start("repair", by="ana", client="unknown").events[0].data == {}


class Intranet:
    """A directory of a host that was written before there were tiers."""

    def knows(self, person: str) -> bool:
        return person == "ana"

    def roles_of(self, person: str) -> frozenset[str]:
        return frozenset({"agent"} if person == "ana" else ())

    def teams_of(self, person: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def holders_of(self, role: str) -> tuple[str, ...]:
        return ("ana",) if role == "agent" else ()


class WithTiers(Intranet):
    def tier_of(self, client: str, procedure: str, at: datetime) -> str | None:  # noqa: ARG002
        return "premium" if client == "acme" else None


@pytest.mark.parametrize(("directory", "data"), [(Intranet(), {}), (WithTiers(), {"tier": "premium"})])
def test_a_directory_of_a_host_may_know_tiers_and_need_not(
    tmp_path: Path, clock: Hands, directory: Intranet, data: dict[str, str]
) -> None:
    timed_engine(tmp_path, clock)
    engine = Engine.open("memory://", directory=directory, clock=clock)
    engine.publish(tmp_path / "repair.yaml")
    assert engine.start("repair", by="ana", client="acme").events[0].data == data


def test_what_was_late_before_its_calendar_ended_stays_late(tmp_path: Path) -> None:
    # The office knows nothing of 2028; on the last Thursday before that somebody forgets a case.
    clock = Hands(datetime(2027, 12, 30, 8, tzinfo=UTC))
    engine = timed_engine(tmp_path, clock)
    case = opened(engine)
    clock.now = datetime(2028, 1, 5, 9, tzinfo=UTC)
    fired = engine.advance()
    assert [mark for clock, mark in told(fired) if clock == "intake"] == ["50%", "80%", "late", "late 2"]
    assert {one.clock: one.status for one in engine.clocks(case)}["intake"] is ClockStatus.OVERDUE
    assert [one.code for one in engine.case(case).audit.deviations if one.step == "intake"] == ["DV401"]


def test_whoever_lets_time_go_on_is_told_of_a_calendar_that_ends_too_soon(tmp_path: Path) -> None:
    clock = Hands(datetime(2027, 12, 31, 15, tzinfo=UTC))
    engine = timed_engine(tmp_path, clock)
    case = opened(engine)
    clock.now = datetime(2028, 1, 5, 9, tzinfo=UTC)
    (one,) = [one for one in engine.advance() if one.error is not None]
    assert (one.case, one.error.code if one.error else None, one.timer) == (case, "DV813", None)


def test_a_step_that_time_leads_on_from_is_late_before_and_after(tmp_path: Path) -> None:
    text = REPAIR.replace(
        "late: [{ notify: lead }, { after: 4 working hours, escalate: boss }]", "late: { go-to: mend }"
    )
    clock = Hands(MONDAY)
    engine = timed_engine(tmp_path, clock, text)
    case = opened(engine)
    clock.wait(hours=5)

    def stands() -> tuple[ClockStatus, list[str]]:
        (intake,) = [one for one in engine.clocks(case) if one.clock == "intake"]
        return intake.status, [one.code for one in engine.case(case).audit.deviations]

    assert stands() == (ClockStatus.OVERDUE, ["DV401"])
    engine.advance()
    assert engine.case(case).steps == ("mend",)
    assert stands() == (ClockStatus.BREACHED, ["DV401"]), "nobody took it in: that it went on by itself excuses nobody"
    assert same_as_audit(engine, tmp_path, clock.now)


def test_a_warning_goes_to_us_though_a_client_has_the_ball(tmp_path: Path) -> None:
    text = REPAIR.replace("    late: { go-to: intake }", "    warn: [50%]\n    late: { go-to: intake }")
    clock = Hands(MONDAY)
    engine = timed_engine(tmp_path, clock, text)
    asked(engine, opened(engine), MONDAY + timedelta(days=4))
    clock.wait(days=3)
    (warned,) = [
        one
        for one in engine.advance()
        if one.timer is not None and (one.timer.clock, one.timer.mark) == ("asked", "50%")
    ]
    assert (warned.parties, warned.people) == (("role:agent",), ("ana",)), "nobody outside, unless it is said"


def test_what_is_told_too_late_is_refused_with_what_happened(tmp_path: Path) -> None:
    clock = Hands(MONDAY)
    engine = timed_engine(tmp_path, clock, REPAIR.replace("late: { go-to: intake }", "late: { go-to: mended }"))
    case = opened(engine)
    asked(engine, case, MONDAY + timedelta(days=3))
    clock.wait(days=4)
    engine.advance()
    told_late = engine.perform(case, "answer", by="cleo", occurred_at=MONDAY + timedelta(days=2))
    assert not told_late.accepted
    (one,) = [one for one in told_late.deviations if one.code == "DV102"]
    assert "the case went on to “mended”" in one.message
    assert "came too late" in one.message
    assert one.remedy is not None
    assert "let boss put the case back into “asked”" in one.remedy


def test_what_is_due_at_closing_is_looked_at_when_people_come_again(tmp_path: Path) -> None:
    clock = Hands(datetime(2026, 11, 27, 11, tzinfo=UTC))  # Friday, 13:00 in Bucharest
    store = open_store("memory://")
    file = workshop(tmp_path)
    engine = reopened(store, tmp_path, clock)
    engine.publish(file)
    case = opened(engine)
    clock.wait(hours=4)
    engine.advance()
    clock.wait(hours=20)
    assert engine.advance() == (), "on Saturday nobody works, and nothing is late"
    with store.read() as transaction:
        assert transaction.coming(case).fires == datetime(2026, 11, 30, 7, tzinfo=UTC)
    clock.now = datetime(2026, 11, 30, 7, 0, 1, tzinfo=UTC)
    assert told(engine.advance()) == [("intake", "late")]

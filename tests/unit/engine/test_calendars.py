"""The calendars of a case: those in force when it opens, kept with it, changed only on somebody's word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.calendars.book import CalendarSet
from procflow.engine import Engine
from procflow.errors import ProcedureInvalid, ProcflowError
from procflow.loading.calendars import load_calendar
from procflow.model.event import Kind
from tests.unit.engine.stories import Hands, engine_in
from tests.unit.engine.timed import MONDAY, OFFICE, timed_engine, workshop

LONGER = OFFICE.replace("09:00-17:00", "09:00-19:00")


@pytest.fixture
def clock() -> Hands:
    return Hands(MONDAY)


@pytest.fixture
def engine(tmp_path: Path, clock: Hands) -> Engine:
    return timed_engine(tmp_path, clock)


def lengthen(folder: Path) -> None:
    (folder / "calendars" / "office.yaml").write_text(LONGER, encoding="utf-8")


def test_a_case_names_the_calendars_it_goes_by(engine: Engine, tmp_path: Path) -> None:
    case = engine.start("repair", by="ana")
    office = CalendarSet([load_calendar(tmp_path / "calendars" / "office.yaml")])
    assert case.events[0].calendars == office.digest
    assert set(engine.calendars_of(case.id).calendars) == {"24x7", "office"}


def test_without_a_calendar_the_record_names_none(tmp_path: Path) -> None:
    engine = engine_in(tmp_path, Hands())
    assert engine.start("refund", by="ana").events[0].calendars is None


def test_a_procedure_whose_calendar_is_nowhere_is_not_published(tmp_path: Path, clock: Hands) -> None:
    file = workshop(tmp_path)
    file.write_text(file.read_text("utf-8").replace("calendar: office", "calendar: nowhere"), "utf-8")
    engine = Engine.open("memory://", workspace=tmp_path, clock=clock)
    with pytest.raises(ProcedureInvalid) as refused:
        engine.publish(file)
    assert refused.value.code == "PF204"
    assert "`nowhere`" in str(refused.value)
    assert refused.value.hint is not None


def test_calendars_beside_the_procedure_are_put_in_force_with_it(tmp_path: Path, clock: Hands) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    file = workshop(tmp_path)
    Engine.open(url, clock=clock).publish(file)
    elsewhere = Engine.open(url, clock=clock)
    before = elsewhere.start("repair", by="ana")
    lengthen(tmp_path)
    assert elsewhere.start("repair", by="ana").events[0].calendars == before.events[0].calendars
    assert not Engine.open(url, clock=clock).publish(file).new, "the same version, with other hours from now on"
    assert elsewhere.start("repair", by="ana").events[0].calendars != before.events[0].calendars
    (hours,) = elsewhere.calendars_of(before.id)["office"].windows_on(MONDAY.date())
    assert hours.end == 17 * 60, "a case that is open goes by those it was opened under"


def test_the_calendars_of_a_case_are_found_again_by_whoever_opens_the_store(tmp_path: Path, clock: Hands) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    case = timed_engine(tmp_path, clock, url=url).start("repair", by="ana")
    lengthen(tmp_path)
    again = Engine.open(url, workspace=tmp_path, clock=clock)
    assert again.calendars_of(case.id)["office"].between(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=8)
    assert again.case(case.id).audit == case.audit


def test_a_case_goes_by_other_calendars_only_on_somebodys_word(tmp_path: Path, clock: Hands) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    case = timed_engine(tmp_path, clock, url=url).start("repair", by="ana").id
    lengthen(tmp_path)
    engine = Engine.open(url, workspace=tmp_path, clock=clock)
    refused = engine.use_calendars(case, by="ana", reason="The office is open longer")
    assert (refused.accepted, [one.code for one in refused.deviations]) == (False, ["DV204"])
    silent = engine.use_calendars(case, by="max", reason=None)
    assert (silent.accepted, [one.code for one in silent.deviations]) == (False, ["DV306"])
    assert engine.calendars_of(case)["office"].between(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=8)
    done = engine.use_calendars(case, by="max", reason="The office is open longer").or_raise()
    assert (done.event.kind, done.before == done.after) == (Kind.CALENDARS, True)
    assert engine.calendars_of(case)["office"].between(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=10)
    nothing = engine.use_calendars(case, by="max", reason="Once more")
    assert (done.repeated, nothing.repeated) == (False, True)
    assert nothing.accepted
    assert engine.case(case).seq == done.event.seq, "it goes by them already"


def test_all_open_cases_of_a_procedure_go_by_other_calendars(tmp_path: Path, clock: Hands) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    engine = timed_engine(tmp_path, clock, url=url)
    cases = [engine.start("repair", by="ana").id for _ in range(3)]
    engine.close(cases[1], by="max")
    lengthen(tmp_path)
    engine = Engine.open(url, workspace=tmp_path, clock=clock)
    open_ones = engine.cases("repair", open_only=True)
    done = engine.use_calendars_in_all("repair", by="max", reason="The office is open longer")
    assert [one.case for one in done] == list(open_ones)
    assert all(one.accepted for one in done)
    assert len({engine.case(one).events[-1].calendars for one in open_ones}) == 1


def test_calendars_may_be_given(tmp_path: Path, clock: Hands) -> None:
    file = workshop(tmp_path)
    lengthen(tmp_path)
    folder = tmp_path / "calendars"
    given = CalendarSet([load_calendar(folder / "office.yaml")])
    for calendars in (given, folder, str(folder)):
        engine = Engine.open("memory://", calendars=calendars, clock=clock)
        engine.publish(file)
        assert engine.start("repair", by="ana").events[0].calendars == given.digest
    for wrong, message in ((file, "is not a folder"), (7, "no path")):
        with pytest.raises(ProcflowError, match=message):
            Engine.open("memory://", calendars=wrong)  # type: ignore[arg-type]


def test_an_export_carries_the_calendars_its_cases_went_by(tmp_path: Path, clock: Hands) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    first = timed_engine(tmp_path, clock, url=url)
    case = first.start("repair", by="ana").id
    clock.wait(hours=5)
    lengthen(tmp_path)
    engine = Engine.open(url, workspace=tmp_path, clock=clock)
    engine.advance()
    engine.start("repair", by="ana")
    engine.use_calendars(case, by="max", reason="The office is open longer").or_raise()
    clock.wait(days=2)
    with (tmp_path / "log.jsonl").open("wb") as out, (tmp_path / "log.calendars.json").open("wb") as beside:
        engine.export(out, calendars=beside)
    report = audit(tmp_path / "repair.yaml", tmp_path / "log.jsonl", as_of=clock.now)
    assert [one == engine.case(one.case).audit for one in report.cases] == [True, True]
    assert len(report.cases[0].clocks) == 3
    (tmp_path / "log.calendars.json").unlink()
    without = audit(tmp_path / "repair.yaml", tmp_path / "log.jsonl", as_of=clock.now)
    assert without.cases[0] != report.cases[0], "the hours of then are nowhere"

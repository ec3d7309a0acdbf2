"""An export is of one moment, and nobody has to wait for whoever reads it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from procflow import Actor, CaseNotFound, Engine, ProcflowError, audit
from procflow.eventlogs.written import RecordFormat

PROCEDURE = """\
procflow: 1
procedure: errand
version: "1"
roles: { agent: Does it }
start: open
steps:
  open: { by: agent, actions: { note: same, finish: closed } }
  closed: { end: done }
"""
ANA = Actor("ana", roles={"agent"})


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    file = tmp_path / "errand.yaml"
    file.write_text(PROCEDURE, "utf-8")
    engine = Engine.open("memory://" if request.param == "memory" else f"sqlite:///{tmp_path}/store.db")
    engine.publish(file)
    return engine


def exported(engine: Engine) -> bytes:
    out = BytesIO()
    engine.export(out)
    return out.getvalue()


def test_work_goes_on_while_an_export_is_read_and_is_not_in_it(engine: Engine) -> None:
    first, second = engine.start("errand", by=ANA), engine.start("errand", by=ANA)
    before = exported(engine)

    class Slow(BytesIO):
        def write(self, data: object) -> int:
            for case in (first, second):
                assert engine.perform(case.id, "note", by=ANA).accepted
            engine.start("errand", by=ANA)
            return super().write(data)  # type: ignore[arg-type]

    out = Slow()
    assert engine.export(out).events == 2
    assert out.getvalue() == before
    assert exported(engine) != before


def test_a_case_that_is_not_there_is_told_before_anything_is_written(engine: Engine) -> None:
    case = engine.start("errand", by=ANA)
    out = BytesIO()
    with pytest.raises(CaseNotFound):
        engine.export(out, [case.id, "nobody"])
    assert out.getvalue() == b""


@pytest.mark.parametrize("format", ["xes", "csv"])
def test_other_formats_say_what_they_lost(engine: Engine, tmp_path: Path, format: RecordFormat) -> None:
    case = engine.start("errand", by=ANA, mode="observe")
    engine.perform(case.id, "note", by=ANA, data={"weather": "fine"})
    out, beside = tmp_path / f"log.{format}", tmp_path / "log.map.yaml"
    with out.open("wb") as file, beside.open("wb") as mapping:
        written = engine.export(file, format=format, mapping=mapping if format == "csv" else None)
    assert (written.events, list(written.lost.values())) == (2, [2])
    report = audit(tmp_path / "errand.yaml", out, mapping=beside if format == "csv" else None)
    assert list(report.cases) == [engine.case(case.id).audit]


@pytest.mark.parametrize(
    ("format", "mapping"), [("csv", None), ("xes", BytesIO()), ("jsonl", BytesIO()), ("parquet", None)]
)
def test_a_format_that_cannot_be_written_is_told(engine: Engine, format: Any, mapping: BytesIO | None) -> None:
    with pytest.raises(ProcflowError, match=format):
        engine.export(BytesIO(), format=format, mapping=mapping)

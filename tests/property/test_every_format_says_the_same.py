"""Law 1 through every format: what the engine says of a case, the audit says of its export, whatever it is written in."""

from __future__ import annotations

import io
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procflow.auditor import audit, load_versions
from procflow.eventlogs.engine_csv import write_csv
from procflow.eventlogs.json_cells import cell_of_text, cell_of_value, text_of, value_of
from procflow.eventlogs.log import Format, format_of, read_log
from procflow.eventlogs.written import CHAIN
from procflow.eventlogs.xes_engine import write_xes
from procflow.expressions.types import Raw
from procflow.loading.mapping import load_mapping, mapping_findings
from procflow.model.event import Event, Kind
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.stores import open_store
from procflow.trail.entry import event_of, genesis, open_entry, record_of, seal
from tests.property.strategies_cases import Desk, complaint, exported, random_day, random_text
from tests.property.strategies_events import events, raws, texts

FEW = settings(max_examples=20, suppress_health_check=list(HealthCheck))
SOME = settings(max_examples=60, suppress_health_check=list(HealthCheck))
SEEDS = st.integers(0, 2**64)


def as_xes(folder: Path, bodies: list[bytes], procedure: Procedure, at: datetime) -> list[CaseAudit]:  # noqa: ARG001
    """Return the audit of the entries as XES."""
    log = folder / "log.xes"
    with log.open("wb") as out:
        assert write_xes(bodies, out).lost == {CHAIN: len(bodies)}
    assert format_of(str(log)) is Format.ENGINE_XES
    return list(audit(folder / "procedure.yaml", log, as_of=at).cases)


def as_csv(folder: Path, bodies: list[bytes], procedure: Procedure, at: datetime) -> list[CaseAudit]:
    """Return the audit of the entries as a table, read by the mapping beside it."""
    log, mapping = folder / "log.csv", folder / "log.map.yaml"
    with log.open("wb") as out, mapping.open("wb") as beside:
        written = write_csv(lambda: bodies, out, beside, fields=set(procedure.data), proofs=procedure.evidence)
    assert written.events == len(bodies)
    assert mapping_findings(load_mapping(mapping), procedure) == ()
    return list(audit(folder / "procedure.yaml", log, mapping=mapping, as_of=at).cases)


@pytest.mark.parametrize("write", [as_xes, as_csv])
@pytest.mark.parametrize("kind", ["random", "complaint"])
def test_every_prefix_says_the_same_alive_and_in_every_format(write: object, kind: str) -> None:
    assert callable(write)

    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file = folder / "procedure.yaml"
            file.write_text(random_text(rng) if kind == "random" else complaint(), encoding="utf-8")
            desk = Desk(open_store("memory://"), file)
            random_day(desk, rng)
            (procedure,) = load_versions(file)
            for case in desk.cases:
                bodies = exported(desk.engine, [case]).splitlines()
                for said in desk.said:
                    if said.case == case and said.after is not None:
                        told = write(folder, bodies[: said.after.seq], procedure, said.at)
                        assert told == [said.after.audit]

    law()


@pytest.mark.parametrize("format", ["xes", "csv"])
def test_a_moment_of_the_record_says_the_same_in_every_format(format: str) -> None:
    @FEW
    @given(SEEDS)
    def law(seed: int) -> None:
        rng = Random(seed)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            file, log, mapping = folder / "procedure.yaml", folder / f"log.{format}", folder / "log.map.yaml"
            file.write_text(random_text(rng), encoding="utf-8")
            desk = Desk(open_store("memory://"), file)
            random_day(desk, rng)
            lines = folder / "log.jsonl"
            lines.write_bytes(exported(desk.engine))
            bodies = lines.read_bytes().splitlines()
            (procedure,) = load_versions(file)
            with log.open("wb") as out, mapping.open("wb") as beside:
                if format == "xes":
                    write_xes(bodies, out)
                else:
                    write_csv(lambda: bodies, out, beside, fields=set(procedure.data), proofs=procedure.evidence)
            for said in desk.said:
                given_mapping = mapping if format == "csv" else None
                here = audit(file, log, mapping=given_mapping, as_of=said.at)
                assert here.cases == audit(file, lines, as_of=said.at).cases

    law()


def sealed(drawn: list[Event]) -> list[bytes]:
    """Return the events as entries, case by case, numbered from 1."""
    cases: dict[str, list[Event]] = {}
    for event in drawn:
        of_case = cases.setdefault(event.case, [])
        of_case.append(replace(event, seq=len(of_case) + 1))
    return [
        seal(one, procedure="p", version="1", log="l", prev=genesis("l", one.case), nonce="n").body
        for of_case in cases.values()
        for one in of_case
    ]


def exactly(event: Event) -> str:
    """Return an event in a form that tells 1 from 1.0 and from true."""
    return repr(replace(event, source=None))


@SOME
@given(st.lists(events(), max_size=4))
def test_xes_carries_every_event_whole(drawn: list[Event]) -> None:
    bodies = sealed(drawn)
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log.xes"
        with log.open("wb") as out:
            assert write_xes(bodies, out).events == len(bodies)
        reading = read_log(log)
        assert reading.rows.used == len(bodies)
        assert reading.findings == ()
        assert [exactly(one) for trace in reading.traces for one in trace.events] == [
            exactly(open_entry(body)[0]) for body in bodies
        ]


@SOME
@given(st.lists(events().filter(lambda one: one.kind is not Kind.STATUS), max_size=4))
def test_a_table_carries_every_event_but_for_what_it_says_it_lost(drawn: list[Event]) -> None:
    bodies = sealed(drawn)
    with tempfile.TemporaryDirectory() as name:
        log, mapping = Path(name) / "log.csv", Path(name) / "log.map.yaml"
        with log.open("wb") as out, mapping.open("wb") as beside:
            lost = write_csv(lambda: bodies, out, beside, fields={"a", "b"}, proofs={"c"}).lost
        reading = read_log(log, load_mapping(mapping))
        assert reading.rows.used == len(bodies)
        assert reading.findings == ()
        wanted, keys = [], 0
        for event in (open_entry(body)[0] for body in bodies):
            about_none = event.kind in (Kind.OPENED, Kind.CLOSED, Kind.WAIVER, Kind.CALENDARS)
            wanted.append(replace(event, key=None, gap=False, action="" if about_none else event.action))
            keys += event.key is not None
        assert lost.get("the key of a command", 0) == keys
        assert [exactly(one) for trace in reading.traces for one in trace.events] == [exactly(one) for one in wanted]


@given(events())
def test_what_an_event_says_makes_it(event: Event) -> None:
    assert event_of(record_of(event)) == event


told = st.builds(
    str.__add__, st.sampled_from(("", "=", "+", "-", "@", '"', "[", "{", " ", "12", "true", "null")), texts
)
"""Texts that a spreadsheet or a reader of JSON may take for something else."""


@given(raws | told)
def test_a_cell_of_json_is_read_as_what_was_written(value: Raw) -> None:
    cell = cell_of_value(value)
    assert repr(_plain(value_of(cell))) == repr(value)
    assert "\n" not in cell
    assert not cell.startswith(("=", "+", "@"))
    assert not cell.startswith("-") or isinstance(value, int | float)


@given(told)
def test_a_cell_of_text_is_read_as_what_was_written_and_no_spreadsheet_executes_it(text: str) -> None:
    cell = cell_of_text(text)
    assert text_of(cell) == text
    assert cell
    assert cell.isprintable()
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def _plain(value: Raw) -> Raw:
    return str(value) if isinstance(value, str) else value


def test_nothing_is_lost_of_nothing() -> None:
    out, beside = io.BytesIO(), io.BytesIO()
    assert write_xes([], out).lost == {}
    assert write_csv(list, io.BytesIO(), beside, fields=(), proofs=()).lost == {}

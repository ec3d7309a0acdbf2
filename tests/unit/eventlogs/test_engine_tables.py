"""The engine's record as a table: what it looks like to people, and what keeps a spreadsheet from harm."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from procflow.eventlogs.engine_csv import write_csv
from procflow.eventlogs.log import read_log
from procflow.eventlogs.written import CHAIN
from procflow.loading.mapping import load_mapping
from procflow.model.event import Act, Event, Kind, Lifecycle, Override, Waiver
from procflow.trail.entry import Opening, genesis, seal
from tests.unit.eventlogs.stories import checked, codes

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def happened(seq: int, action: str = "", **more: Any) -> Event:
    kind = more.pop("kind", Kind.ACTION)
    return Event(case="1", seq=seq, kind=kind, action=action, occurred_at=AT, definition="d1", **more)


def body(one: Event) -> bytes:
    opening = Opening(mode="observe", client="acme") if one.kind is Kind.OPENED else None
    prev = genesis("log", one.case)
    return seal(one, procedure="p", version="1", log="log", prev=prev, nonce="n", opening=opening).body


STORY = (
    happened(1, kind=Kind.OPENED, actor="ana", roles=frozenset({"agent"}), data={"gravity": "minor"}, recorded_at=AT),
    happened(2, "accept", actor="ana", roles=frozenset({"agent", "lead"}), data={"ours": True, "size": 12.5, "weather": "fine"}),
    happened(3, "send", actor="=cmd|' /C calc'!A0", reason="-1+2", lifecycle=Lifecycle.REFUSED, attempted=Lifecycle.START),
    happened(4, "send", data={"gravity": "12", "size": None}, evidence={"letter": "M-7", "photo": {"link": "x"}}, key="k"),
    happened(5, "send", kind=Kind.OVERRIDE, actor="dan", override=Override(act=Act.SKIP, to="reply"), reason=" late "),
    happened(6, kind=Kind.WAIVER, actor="dan", waiver=Waiver(code="DV202", person="ana", until=AT)),
    happened(7, "case opened", teams=frozenset({"North West", "x"})),
    happened(8, kind=Kind.CLOSED),
)  # fmt: skip
FIELDS, PROOFS = {"gravity", "ours", "size", "never_given"}, {"letter", "report"}


def table_of(*events: Event) -> tuple[list[dict[str, str]], bytes, bytes, dict[str, int]]:
    out, beside = io.BytesIO(), io.BytesIO()
    bodies = [body(one) for one in events]
    lost = write_csv(lambda: bodies, out, beside, fields=FIELDS, proofs=PROOFS).lost
    rows = list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
    return rows, out.getvalue(), beside.getvalue(), dict(lost)


def test_people_can_read_the_table() -> None:
    rows, *_ = table_of(*STORY)
    assert [row["activity"] for row in rows] == [
        "case opened", "accept", "send", "send", "override", "waiver", '"case opened"', "case closed",
    ]  # fmt: skip
    assert [row["lifecycle"] for row in rows][:3] == ["complete", "complete", "refused-start"]
    assert (rows[0]["client"], rows[0]["mode"], rows[1]["roles"]) == ("acme", "observe", "agent;lead")
    assert (rows[1]["data.ours"], rows[1]["data.size"], rows[1]["data.*"]) == ("true", "12.5", '{"weather":"fine"}')
    assert (rows[3]["data.size"], rows[3]["data.gravity"], rows[3]["evidence.letter"]) == ("null", '"12"', "M-7")
    assert rows[3]["evidence.*"] == '{"photo":{"link":"x"}}'
    assert rows[6]["teams"] == '["North West","x"]'
    assert "data.never_given" not in rows[0]


def test_a_spreadsheet_executes_nothing_in_it() -> None:
    rows, *_ = table_of(*STORY)
    assert (rows[2]["actor"], rows[2]["reason"]) == ("\"=cmd|' /C calc'!A0\"", '"-1+2"')
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())


def test_it_reads_back_through_the_mapping_beside_it(tmp_path: Path) -> None:
    _, table, mapping, lost = table_of(*STORY)
    (tmp_path / "log.csv").write_bytes(table)
    (tmp_path / "log.map.yaml").write_bytes(mapping)
    reading = checked(read_log(tmp_path / "log.csv", load_mapping(tmp_path / "log.map.yaml")))
    (trace,) = reading.traces
    assert [repr(replace(one, source=None)) for one in trace.events] == [repr(replace(one, key=None)) for one in STORY]
    assert trace.closed
    assert codes(reading) == []
    assert lost == {CHAIN: 8, "the key of a command": 1}


def test_what_a_table_cannot_carry_it_counts() -> None:
    *_, lost = table_of(
        happened(1, "working", kind=Kind.STATUS), happened(2, "a", gap=True), happened(3, "x", kind=Kind.CLOSED)
    )
    assert lost == {
        CHAIN: 3,
        "that the event is a status and no action": 1,
        "the mark that entries are missing before the event": 1,
        "the action of an event that is about none": 1,
    }

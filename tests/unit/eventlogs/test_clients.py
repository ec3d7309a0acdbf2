"""For whom a case is: what a log says of it, in whatever format, for rules over all cases of a client."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.eventlogs.engine_csv import write_csv
from procflow.eventlogs.engine_log import write_engine_jsonl
from procflow.eventlogs.log import read_log
from procflow.eventlogs.reading import LogReading
from procflow.eventlogs.xes_engine import write_xes
from procflow.loading.mapping import load_mapping
from procflow.model.event import Event, Kind, Lifecycle
from procflow.trail.entry import Opening, genesis, seal
from procflow.trail.keys import EntryInvalid
from tests.unit.eventlogs.stories import ACTIONS, read_story

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
LOG = "procflow/0123"
REFUSED = Event(
    case="c", seq=2, kind=Kind.ACTION, action="send", lifecycle=Lifecycle.REFUSED, occurred_at=AT, policies="d" * 64
)


def clients(reading: LogReading) -> dict[str, str | None]:
    return {trace.case: trace.client for trace in reading.traces}


def test_a_column_names_the_client_of_a_case_where_it_first_says_one(tmp_path: Path) -> None:
    reading = read_story(
        tmp_path,
        """
        case, at,               action, customer
        c1,   2026-11-01T09:00, accept,
        c1,   2026-11-01T10:00, send,   acme
        c1,   2026-11-01T11:00, close,  other
        c2,   2026-11-01T09:00, accept, n/a
        """,
        ACTIONS,
        client="customer",
        no_value=("n/a",),
    )
    assert clients(reading) == {"c1": "acme", "c2": None}


def test_without_a_column_nobody_knows(tmp_path: Path) -> None:
    assert clients(read_story(tmp_path, "case, at, action\nc, 2026-11-01T09:00, a", ACTIONS)) == {"c": None}


@pytest.mark.parametrize("client", ["acme", None, "7", "[acme]", "Société\tAnonyme"])
@pytest.mark.parametrize("format", ["jsonl", "xes", "csv"])
def test_an_export_says_it_in_every_format(tmp_path: Path, format: str, client: str | None) -> None:
    opened = Event(case="c", seq=1, kind=Kind.OPENED, occurred_at=AT)
    first = seal(
        opened,
        procedure="p",
        version="1",
        log=LOG,
        prev=genesis(LOG, "c"),
        nonce="n",
        opening=Opening(mode="enforce", client=client),
    )
    second = seal(REFUSED, procedure="p", version="1", log=LOG, prev=first.leaf, nonce="n")
    bodies, out, mapping = [first.body, second.body], io.BytesIO(), io.BytesIO()
    if format == "jsonl":
        write_engine_jsonl(bodies, out)
    elif format == "xes":
        write_xes(bodies, out)
    else:
        write_csv(lambda: bodies, out, mapping, fields=(), proofs=())
    log, beside = tmp_path / f"log.{format}", tmp_path / "map.yaml"
    log.write_bytes(out.getvalue())
    beside.write_bytes(mapping.getvalue())
    reading = read_log([str(log)], load_mapping(beside) if format == "csv" else None)
    assert clients(reading) == {"c": client}
    assert [event.policies for event in reading.traces[0].events] == [None, "d" * 64]


def test_policies_stand_against_what_was_refused_and_nothing_else() -> None:
    done = Event(case="c", seq=1, kind=Kind.ACTION, action="send", occurred_at=AT, policies="d")
    with pytest.raises(EntryInvalid, match="was not refused"):
        seal(done, procedure="p", version="1", log=LOG, prev=genesis(LOG, "c"), nonce="n")

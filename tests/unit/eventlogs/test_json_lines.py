"""JSON lines of other tools."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from procflow.errors import EventLogError
from procflow.eventlogs.jsonl_log import read_jsonl
from procflow.eventlogs.reading import LogReading
from procflow.model.mapping import DataColumn
from tests.unit.eventlogs.stories import ACTIONS, checked, codes, told

DATA = replace(ACTIONS, data={"size": DataColumn(column="size")})


def read(folder: Path, text: str) -> LogReading:
    path = folder / "log.jsonl"
    path.write_text(text, encoding="utf-8")
    return checked(read_jsonl(path, DATA))


def test_scalars_are_text_as_json_writes_them_and_data_may_be_nested(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """
{"case": 7, "at": "2026-03-01", "action": "a", "size": 1.50}
{"case": 7, "at": "2026-03-02", "action": "b", "size": true}

{"case": "7", "at": "2026-03-03", "action": "c", "size": {"w": 2, "h": [null, false]}}
{"case": 7, "at": "2026-03-04", "action": "d", "size": null}
{"case": 7, "at": "2026-03-05", "action": "e"}
""",
    )
    assert [dict(event.data) for event in reading.traces[0].events] == [
        {"size": "1.50"}, {"size": "true"}, {"size": {"w": "2", "h": [None, False]}}, {}, {},
    ]  # fmt: skip
    assert reading.traces[0].case == "7"
    assert reading.traces[0].events[0].source
    assert reading.traces[0].events[2].source is not None
    assert reading.traces[0].events[2].source.line == 5


@pytest.mark.parametrize(
    "line",
    [
        "[1]", "{", "not json", '{"case": NaN}', '{"case": ["1"], "at": "2026-03-01", "action": "a"}',
        '{"size": ' + "[" * 100_000, '{"size": ' + "[" * 60 + "]" * 60 + "}", '{"size": "' + "x" * (1 << 20) + '"}',
        '{"at": "2026-03-01", "action": "a"}', '{"case": "1", "at": "2026-03-01", "action": "a", "case": "2"}',
        '{"case": "1", "at": "2026-03-01", "action": "a", "size": {"w": 1, "w": 2}}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_row_is_faulty(tmp_path: Path, line: str) -> None:
    good = '{"case": "1", "at": "2026-03-01", "action": "a", "size": 1}'
    reading = read(tmp_path, f"{good}\n{line}\n{good.replace('a', 'b', 1)}\n{good[:-2]}2}}")
    assert codes(reading)[0] == "DV801"
    assert reading.findings[0].where is not None
    assert reading.findings[0].where.line == 2
    assert told(reading) == ["a", "a"]


def test_a_column_no_line_has_is_named(tmp_path: Path) -> None:
    reading = read(tmp_path, '{"case": "1", "at": "2026-03-01", "action": "a", "sizes": 1}')
    assert codes(reading) == ["DV808"]
    assert "'sizes' for 'size'" in str(reading.findings[0].hint)
    with pytest.raises(EventLogError, match="'action'"):
        read(tmp_path, '{"case": "1", "at": "2026-03-01", "acton": "a"}')

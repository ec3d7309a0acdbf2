"""Mapping files from their text, alone and beside the procedure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procflow.errors import EventLogError
from procflow.loading.mapping import load_mapping, mapping_findings, read_mapping
from procflow.loading.procedure import load_procedure
from procflow.model.event import Witness
from procflow.model.mapping import DataColumn, KnownFrom, LogMapping, TimeColumn, Window

SAMPLE = Path(__file__).resolve().parents[3] / "procedures" / "complaint.yaml"

STATUS = """\
case: number
time: { column: sys_updated_at, format: "%d/%m/%Y %H:%M", zone: Europe/Bucharest }
order: sys_mod_count
opened: opened_at
actor: sys_updated_by
status: { column: incident_state, repeated: update, ignore: { "-100": import fault }, to: { New: intake, Active: draft } }
data: { gravity: { column: priority, to: { "1": critical } }, cause: close_notes }
witnesses: [actor, time, "data: gravity"]
known-from: { cause: enters reply, gravity: accept }
window: { from: 2016-02-29, to: 2017-02-18 }
no-value: "?"
cases: closed
delimiter: ";"
encoding: cp1250
"""

ACTION = "case: number\ntime: changed_at\naction: activity\n"


def mapping_of(text: str) -> LogMapping:
    loaded = read_mapping(text, "log.map.yaml")
    assert loaded.findings == ()
    assert loaded.mapping is not None
    return loaded.mapping


def test_a_status_history() -> None:
    mapping = mapping_of(STATUS)
    assert mapping.time == TimeColumn(column="sys_updated_at", format="%d/%m/%Y %H:%M", zone="Europe/Bucharest")
    assert mapping.opened == TimeColumn(column="opened_at")
    assert mapping.action is None
    assert mapping.status is not None
    assert dict(mapping.status.to) == {"New": "intake", "Active": "draft"}
    assert dict(mapping.status.ignore) == {"-100": "import fault"}
    assert (mapping.status.column, mapping.status.repeated, mapping.status.where.line) == (
        "incident_state",
        "update",
        6,
    )
    assert mapping.data["gravity"] == DataColumn(column="priority", to={"1": "critical"}, zone="Europe/Bucharest")
    assert dict(mapping.known_from) == {"cause": KnownFrom(step="reply"), "gravity": KnownFrom(action="accept")}
    # Days begin where the times of the log are told: in Bucharest.
    start, end = datetime(2016, 2, 28, 22, tzinfo=UTC), datetime(2017, 2, 18, 22, tzinfo=UTC)
    assert mapping.window == Window(start=start, end=end)
    assert (mapping.no_value, mapping.closed, mapping.delimiter, mapping.encoding) == (("", "?"), True, ";", "cp1250")


def test_actions_with_start_and_end() -> None:
    mapping = mapping_of("{ case: c, start: s, complete: { column: e }, action: { column: a, to: { A: accept } } }")
    assert (mapping.time, mapping.start, mapping.complete) == (None, TimeColumn(column="s"), TimeColumn(column="e"))
    assert mapping.action is not None
    assert dict(mapping.action.to) == {"A": "accept"}
    assert (mapping.delimiter, mapping.encoding, mapping.closed, mapping.no_value) == (",", "utf-8", False, ("",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 second", timedelta(seconds=1)),
        ("30 seconds", timedelta(seconds=30)),
        ("1 minute", timedelta(minutes=1)),
        ("2 hours", timedelta(hours=2)),
        ("1 day", timedelta(days=1)),
    ],
)
def test_how_exact_times_are(text: str, expected: timedelta) -> None:
    start = mapping_of(f"{{ case: c, start: {{ column: s, resolution: {text} }}, complete: e, action: a }}").start
    assert start is not None
    assert start.resolution == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("", Witness(actor=False, role=False, evidence=False, reason=False, data=frozenset(), hand_offs=False)),
        (
            "actor: a\nteam: t\nreason: r\nevidence: { letter: l }\ndata: { ours: o }\n",
            Witness(data=frozenset({"ours"}), hand_offs=False),
        ),
        (
            "actor: a\nwitnesses: [actor, role]\n",
            Witness(time=False, evidence=False, reason=False, data=frozenset(), hand_offs=False),
        ),
        (
            'data: { ours: o, cause: c }\nwitnesses: [time, "data: ours"]\n',
            Witness(actor=False, role=False, evidence=False, reason=False, data=frozenset({"ours"}), hand_offs=False),
        ),
        (
            "data: { ours: o }\nwitnesses: [data]\n",
            Witness(actor=False, role=False, time=False, evidence=False, reason=False, hand_offs=False),
        ),
        (
            "actor: a\nwitnesses: [actor, hand-offs]\n",
            Witness(role=False, time=False, evidence=False, reason=False, data=frozenset()),
        ),
    ],
)
def test_what_a_log_can_witness(lines: str, expected: Witness) -> None:
    assert mapping_of(ACTION + lines).witness == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("case: number\ntime: t\n", ["1:1 PF101 nothing says what happened: give `action` or `status`"]),
        ("case: number\naction: a\n", ["1:1 PF101 nothing says when it happened: give `time` or `complete`"]),
        (ACTION + "status: { column: s, to: { A: intake } }\n", ["4:1 PF111 `action` and `status` are both given"]),
        (ACTION + "complete: e\n", ["4:1 PF111 `time` and `complete` are both given"]),
        (ACTION + "start: s\n", ["4:1 PF101 `start` needs `complete`"]),
        (ACTION + "opened: { column: o, zone: Mars/Olympus }\n", ["4:28 PF106 there is no time zone `Mars/Olympus`"]),
        (
            ACTION + "opened: { column: o, zone: ../../etc/passwd }\n",
            ["4:28 PF106 there is no time zone `../../etc/passwd`"],
        ),
        (ACTION + 'opened: { column: o, format: "%Q" }\n', ["4:30 PF106 `%Q` is not a format for moments"]),
        (ACTION + 'opened: { column: o, format: "%d %d" }\n', ["4:30 PF106 `%d %d` is not a format for moments"]),
        (ACTION + 'opened: { column: o, format: "%H:%M" }\n', ["4:30 PF106 `%H:%M` does not give year, month and day"]),
        (
            ACTION + "opened: { column: o, resolution: 1 minute }\n",
            ["4:22 PF102 `resolution` is not known in an opening"],
        ),
        ("case: n\naction: a\ntime: { column: t, resolution: 1 working day }\n", ["3:32 PF106 `"]),
        ("case: n\naction: a\ntime: { column: t, resolution: 1d }\n", ["3:32 PF106 `"]),
        (
            "case: n\naction: a\ntime: { column: t, resolution: 0 minutes }\n",
            ["3:32 PF106 `0 minutes` is no resolution of times: it is more than nothing and at most a year"],
        ),
        (
            "case: n\naction: a\ntime: { column: t, resolution: 367 days }\n",
            ["3:32 PF106 `367 days` is no resolution of times: it is more than nothing and at most a year"],
        ),
        (ACTION + "encoding: utf-9\n", ["4:11 PF106 there is no encoding `utf-9`"]),
        (ACTION + "encoding: base64\n", ["4:11 PF106 there is no encoding `base64`"]),
        (ACTION + "delimiter: ab\n", ["4:12 PF106 `delimiter` is longer than 1 characters"]),
        (ACTION + "window: { from: 2017-01-02, to: 2017-01-01 }\n", ["4:33 PF106 the window ends on 2017-01-01"]),
        (ACTION + "window: { from: 2017-02-29 }\n", ["4:17 PF106 `2017-02-29` is not a day of the calendar"]),
        (ACTION + "window: {}\n", ["4:9 PF101 `window` is empty"]),
        (ACTION + "witnesses: [actor]\n", ["4:13 PF112 the log cannot witness `actor`: no column holds it"]),
        (ACTION + "witnesses: [role]\n", ["4:13 PF112 the log cannot witness `role`: no column holds it"]),
        (ACTION + 'witnesses: ["data: ours"]\n', ["4:13 PF112 the log cannot witness `ours`: no column holds it"]),
        (ACTION + "witnesses: [data: ours]\n", ["4:13 PF103 entry 1 of `witnesses` is a map, not a word"]),
        (ACTION + "witnesses: [actors]\n", ["4:13 PF105 `actors` is nothing a log can witness"]),
        (ACTION + "known-from: { ours: accept }\n", ["4:15 PF203 `ours` has no column under `data:`"]),
        (ACTION + "colour: c\n", ["4:1 PF102 `colour` is not known here"]),
    ],
)
def test_mistakes_are_told_where_they_stand(text: str, expected: list[str]) -> None:
    loaded = read_mapping(text, "log.map.yaml")
    assert loaded.mapping is None
    found = [f"{one.where.line}:{one.where.column} {one.code} {one.message}" for one in loaded.findings if one.where]
    assert len(found) == len(expected)
    assert all(one.startswith(start) for one, start in zip(found, expected, strict=True)), found


def test_the_last_day_there_is_has_no_day_after_it() -> None:
    assert mapping_of(ACTION + "window: { to: 9999-12-31 }\n").window == Window()


def test_names_are_held_against_the_procedure() -> None:
    procedure = load_procedure(SAMPLE)
    assert mapping_findings(mapping_of(STATUS), procedure) == ()
    wrong = mapping_of(
        STATUS.replace("New: intake", "New: intakes, Old: technical")
        .replace("repeated: update", "repeated: updates")
        .replace("gravity", "gravty")
        .replace("enters reply", "enters answer")
        + "evidence: { answer-leter: file }\n"
    )
    found = {(one.code, one.message, one.hint) for one in mapping_findings(wrong, procedure)}
    assert found == {
        ("PF201", "complaint has no step `intakes`", "did you mean `intake`?"),
        ("PF201", "`technical` is inside a block, and a status names a top-level step", "name the block"),
        ("PF201", "complaint has no step `answer`", "did you mean `answered`?"),
        ("PF213", "the procedure has no action `updates`", "did you mean `update`?"),
        ("PF203", "the procedure has no data field `gravty`", "did you mean `gravity`?"),
        ("PF205", "the procedure has no evidence `answer-leter`", "did you mean `answer-letter`?"),
    }


def test_a_file_with_errors_cannot_be_used(tmp_path: Path) -> None:
    path = tmp_path / "log.map.yaml"
    path.write_text(STATUS, "utf-8")
    assert load_mapping(path).case == "number"
    path.write_text(ACTION.replace("case", "casee"), "utf-8")
    with pytest.raises(EventLogError, match=r"\(and 1 more\)") as refused:
        load_mapping(path)
    assert refused.value.code == "PF101"


def test_the_days_of_a_window_are_utc_where_times_say_no_zone() -> None:
    mapping = mapping_of(ACTION + "window: { from: 2026-03-29, to: 2026-03-29 }\n")
    assert mapping.window == Window(start=datetime(2026, 3, 29, tzinfo=UTC), end=datetime(2026, 3, 30, tzinfo=UTC))
    zoned = "{ column: changed_at, zone: Europe/Bucharest }"
    summer = mapping_of(ACTION.replace("changed_at", zoned) + "window: { from: 2026-03-29, to: 2026-03-29 }\n").window
    assert summer.start is not None
    assert summer.end is not None
    assert summer.end - summer.start == timedelta(hours=23), "the night in which clocks were put forward"
    for edge in ("from: 0001-01-01", "to: 9999-12-31", "to: 9999-12-30"):
        mapping_of(ACTION.replace("changed_at", zoned) + f"window: {{ {edge} }}\n")

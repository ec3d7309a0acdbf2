"""What a mapping can say of the parts of an action, of openings, of several roles, and of logs that keep a record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procflow.errors import Finding
from procflow.eventlogs import csv_log
from procflow.eventlogs.log import read_log
from procflow.eventlogs.reading import LogReading
from procflow.loading.mapping import read_mapping
from procflow.model.event import Act, Kind, Lifecycle
from tests.unit.eventlogs.stories import ACTIONS, case_codes, checked, codes, table, told

BASE = "case: case\ntime: at\n"


def read(folder: Path, mapping: str, text: str, *, as_of: datetime | None = None, name: str = "log.csv") -> LogReading:
    loaded = read_mapping(BASE + mapping, "map.yaml")
    assert [one.message for one in loaded.findings] == []
    assert loaded.mapping is not None
    path = folder / name
    path.write_text(table(text) if name.endswith(".csv") else text, encoding="utf-8")
    return checked(read_log(path, loaded.mapping, as_of=as_of))


LIFE = (
    "action: action\nlifecycle: { column: part, to: { Begun: start, Denied: refused }, ignore: { Paused: a break } }\n"
)


def test_parts_of_an_action(tmp_path: Path) -> None:
    reading = read(tmp_path, LIFE + "data: { size: size }\n", """
        case, at,               action, part,     size
        1,    2026-03-01T08:00, a,      Begun,
        1,    2026-03-01T09:00, a,      Denied,   7
        1,    2026-03-01T10:00, a,      Paused,
        1,    2026-03-01T11:00, a,      COMPLETE, 7
        1,    2026-03-01T12:00, b,      ,
        1,    2026-03-01T13:00, b,      suspend,
        1,    2026-03-01T14:00, b,      refused-start,
        1,    2026-03-01T15:00, b,      Whatever, """)  # fmt: skip
    events = reading.traces[0].events
    assert [(one.action, one.lifecycle.value) for one in events] == [
        ("a", "start"), ("a", "refused"), ("a", "complete"), ("b", "complete"), ("b", "refused"),
    ]  # fmt: skip
    assert [one.attempted for one in events if one.refused] == [Lifecycle.COMPLETE, Lifecycle.START]
    assert [dict(one.data) for one in events] == [{}, {"size": "7"}, {"size": "7"}, {}, {}]
    assert codes(reading) == ["DV808"]
    assert reading.ignored_because == {
        "a break": 1, "lifecycle `suspend` is neither the start nor the completion of an action": 1,
    }  # fmt: skip


OPENS = "action: { column: action, opens: [Registered], closes: [Archived, Filed], to: { Check: check } }\n"


def test_words_that_open_and_close_a_case(tmp_path: Path) -> None:
    reading = read(tmp_path, OPENS, """
        case, at,         action
        1,    2026-03-01, Registered
        1,    2026-03-02, Check
        1,    2026-03-03, Archived
        2,    2026-03-01, Registered
        2,    2026-03-02, Filed
        2,    2026-03-03, Check """)  # fmt: skip
    first, second = reading.traces
    assert [one.kind for one in first.events] == [Kind.OPENED, Kind.ACTION, Kind.CLOSED]
    assert [one.action for one in first.events] == ["", "check", ""]
    assert (first.closed, second.closed) == (True, False)
    reopened = "case,at,action\n1,2026-03-01,Filed\n1,2026-03-03,a"
    (then,) = read(tmp_path, OPENS, reopened, as_of=datetime(2026, 3, 2, tzinfo=UTC)).traces
    assert then.closed


def test_roles_and_teams_are_translated_and_split(tmp_path: Path) -> None:
    mapping = 'action: action\nrole: { column: groups, to: { L1: agent }, split: "|" }\n'
    mapping += "team: { column: unit, to: { BUC: north } }\n"
    reading = read(tmp_path, mapping, """
        case, at,         action, groups,  unit
        1,    2026-03-01, a,      L1 |L2,  BUC
        1,    2026-03-02, b,      |,       X|Y
        1,    2026-03-03, c,      ,        """)  # fmt: skip
    assert [(one.roles, one.teams) for one in reading.traces[0].events] == [
        ({"agent", "L2"}, {"north"}), (frozenset(), {"X|Y"}), (frozenset(), frozenset()),
    ]  # fmt: skip


def test_roles_as_a_list_and_evidence_as_a_map_are_no_fault_in_json_lines(tmp_path: Path) -> None:
    mapping = "action: action\nrole: roles\nevidence: { letter: proof }\n"
    reading = read(tmp_path, mapping, """
{"case": "1", "at": "2026-03-01", "action": "a", "roles": ["agent", "lead"], "proof": {"link": "https://x", "sha256": "00"}}
{"case": "1", "at": "2026-03-02", "action": "b", "roles": "agent", "proof": "M-7"}
{"case": "1", "at": "2026-03-03", "action": "c", "roles": [["agent"]]}
{"case": "1", "at": "2026-03-04", "action": "d", "roles": {"a": 1}}
""", name="log.jsonl")  # fmt: skip
    assert [set(one.roles) for one in reading.traces[0].events] == [{"agent", "lead"}, {"agent"}]
    assert [one.evidence["letter"] for one in reading.traces[0].events] == [
        {"link": "https://x", "sha256": "00"},
        "M-7",
    ]
    assert codes(reading) == ["DV801", "DV801"]
    assert "a name or a list of names" in reading.findings[0].message


def test_rows_with_the_same_hash_are_copies_only_if_their_cells_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_log, "hash", lambda _: 7, raising=False)
    path = tmp_path / "log.csv"
    path.write_text("case,at,action\n1,2026-03-01,a\n1,2026-03-02,b\n1,2026-03-01,a\n", encoding="utf-8")
    reading = checked(read_log(path, ACTIONS))
    assert (told(reading), codes(reading), reading.rows.repeated) == (["a", "b"], ["DV803"], 1)


def test_as_of_goes_by_when_a_row_was_recorded(tmp_path: Path) -> None:
    story = """case, at, action, written
        1, 2026-03-05, planned, 2026-03-01
        1, 2026-03-01, late, 2026-03-09
        1, 2026-03-02, plain, """
    reading = read(tmp_path, "action: action\nrecorded: written\n", story, as_of=datetime(2026, 3, 3, tzinfo=UTC))
    assert told(reading) == ["plain", "planned"]
    assert reading.rows.ignored == 1
    assert reading.traces[0].events[1].recorded_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert codes(read(tmp_path, "action: action\nrecorded: written\n", story.replace("2026-03-09", "soon"))) == [
        "DV802"
    ]


def test_the_version_a_row_names_judges_its_case(tmp_path: Path) -> None:
    from procflow.auditor import audit

    for version, day in (("1", "2026-01-01"), ("2", "2026-02-01")):
        (tmp_path / f"v{version}.yaml").write_text(
            f"procflow: 1\nprocedure: p\nversion: '{version}'\neffective: {{ from: {day} }}\nroles: {{ agent: Works }}\n"
            "start: s\nsteps:\n  s: { by: agent, actions: { a: e } }\n  e: { end: done }\n",
            encoding="utf-8",
        )
    mapping = tmp_path / "map.yml"
    mapping.write_text(BASE + "action: action\ndefinition: version\n", encoding="utf-8")
    log = tmp_path / "log.csv"
    log.write_text("case,at,action,version\n1,2026-03-01,a,1\n2,2026-03-01,a,\n3,2026-03-01,a,3\n", encoding="utf-8")
    report = audit(tmp_path, log, mapping=mapping)
    assert [(one.version, [deviation.code for deviation in one.deviations]) for one in report.cases] == [
        ("1", []), ("2", []), ("2", ["DV705"]),
    ]  # fmt: skip


RECORD = "order: n\nrows: as-recorded\naction: action\ncells: json\ndata: { size: size, '*': more }\n"


def test_a_log_that_keeps_a_record_is_read_in_its_order_with_all_it_was_given(tmp_path: Path) -> None:
    lines = (
        "case,n,at,action,size,more",
        '1,2,2026-03-01,b,5,"{""x"":1}"',
        "1,1,2026-03-02,a,5,",
        "1,4,2026-03-02,c,null,",
        '1,4,2026-03-02,d,"""5""",',
        "1,,2026-03-02,e,,",
    )
    reading = read(tmp_path, RECORD, "\n".join(lines))
    events = reading.traces[0].events
    assert [(one.action, dict(one.data), one.gap) for one in events] == [
        ("a", {"size": 5}, False), ("b", {"size": 5, "x": 1}, False), ("c", {"size": None}, True), ("d", {"size": "5"}, False),
    ]  # fmt: skip
    assert case_codes(reading) == ["DV804", "DV807"]
    assert codes(reading) == ["DV801"]


def test_overrides_and_waivers_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "case,n,at,action,o,w\n"
        '1,1,2026-03-01,skipped,"{""act"":""skip"",""to"":""reply"",""action"":""approve""}",\n'
        '1,2,2026-03-01,,,"{""code"":""DV202"",""person"":""ana"",""until"":""2026-12-01T00:00:00.000000Z""}"\n'
        '1,3,2026-03-01,x,"{""act"":""fly"",""to"":""reply""}",\n'
        "1,4,2026-03-01,x,[1],\n",
        encoding="utf-8",
    )
    mapping = read_mapping(
        BASE + "order: n\nrows: as-recorded\naction: action\noverride: o\nwaiver: w\n", "map.yaml"
    ).mapping
    reading = checked(read_log(path, mapping))
    override, waiver = reading.traces[0].events
    assert (override.kind, override.action) == (Kind.OVERRIDE, "approve")
    assert override.override is not None
    assert (override.override.act, override.override.to) == (Act.SKIP, "reply")
    assert waiver.waiver is not None
    assert (waiver.kind, waiver.action, waiver.waiver.person) == (Kind.WAIVER, "", "ana")
    assert codes(reading) == ["DV801", "DV801"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-12-01T02:00+02:00", []),
        ("2026-12-01T00:00:00Z", []),
        ("2026-12-01T00:00:00", ["DV801"]),
        ("tomorrow", ["DV801"]),
    ],
)
def test_the_expiry_of_a_waiver_in_another_form_is_read_or_its_row_is_faulty(
    tmp_path: Path, until: str, said: list[str]
) -> None:
    cell = '{""code"":""DV202"",""person"":""ana"",""until"":""' + until + '""}'
    text = f'case,at,action,w\n1,2026-03-01,a,\n1,2026-03-01,,"{cell}"\n'
    reading = read(tmp_path, "action: action\nwaiver: w\n", text)
    assert codes(reading) == said
    untils = [one.waiver.until for one in reading.traces[0].events if one.waiver is not None]
    assert untils == ([] if said else [datetime(2026, 12, 1, tzinfo=UTC)])


@pytest.mark.parametrize("part", ["start", "refused-start"])
def test_an_override_is_not_merely_begun(tmp_path: Path, part: str) -> None:
    cell = '{""act"":""skip"",""to"":""reply""}'
    text = f'case,at,action,part,o\n1,2026-03-01,a,complete,\n1,2026-03-02,,{part},"{cell}"\n'
    reading = read(tmp_path, "action: action\nlifecycle: part\noverride: o\n", text)
    assert codes(reading) == ["DV801"]
    assert [one.kind for one in reading.traces[0].events] == [Kind.ACTION]


def test_a_cell_in_quotation_marks_is_an_action_even_if_it_reads_like_an_opening(tmp_path: Path) -> None:
    mapping = "action: { column: action, opens: Opened }\ncells: json\nactor: who\nno-value: none\n"
    reading = read(
        tmp_path, mapping, 'case,at,action,who\n1,2026-03-01,Opened,none\n1,2026-03-02,"""Opened""","""none"""'
    )
    assert [(one.kind, one.action, one.actor) for one in reading.traces[0].events] == [
        (Kind.OPENED, "", None), (Kind.ACTION, "Opened", "none"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("start: s\ncomplete: e\naction: a\nlifecycle: l\n", "PF101 `lifecycle` needs `time`"),
        ("time: t\naction: a\nrows: as-recorded\n", "PF101 `rows` needs `order`"),
        ("time: t\nstatus: { column: s, to: { A: b } }\nlifecycle: l\n", "PF111 `lifecycle` and `status` are both given"),
        ("time: t\nstatus: { column: s, to: { A: b } }\nwaiver: w\n", "PF111 `waiver` and `status` are both given"),
        ("time: t\naction: { column: a, opens: X, closes: [Y, X] }\n", "PF111 `X` opens and closes a case"),
        ("time: t\naction: a\nlifecycle: { column: l, to: { X: start }, ignore: { X: y } }\n", "PF111 `X` is translated"),
        ("time: t\naction: a\nlifecycle: { column: l, to: { X: begin } }\n", "PF105"),
        (
            "time: t\naction: a\norder: o\nrows: as-recorded\ndata: { f: g }\nknown-from: { f: a }\n",
            "PF111 `known-from` and `rows: as-recorded`",
        ),
    ],
)  # fmt: skip
def test_what_a_mapping_cannot_mean(more: str, expected: str) -> None:
    findings: tuple[Finding, ...] = read_mapping("case: c\n" + more, "map.yaml").findings
    assert any(f"{one.code} {one.message}".startswith(expected) for one in findings), findings

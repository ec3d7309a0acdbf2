"""XES of other tools, as they really write it; and files made to do harm."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from procflow.auditor import audit
from procflow.errors import EventLogError
from procflow.eventlogs import xes
from procflow.eventlogs.log import Format, format_of, read_log
from procflow.eventlogs.reading import LogReading
from procflow.eventlogs.rows import open_chunks
from procflow.eventlogs.xes import XesStream
from procflow.loading.mapping import read_mapping
from procflow.model.event import Lifecycle
from tests.unit.eventlogs.stories import ACTIONS, brief, case_codes, checked, codes, told

CLAIMS = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- as several tools write it: globals, classifiers, nested attributes, lists, other zones -->
<log xes.version="1.0" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="NONE"/></global>
  <classifier name="Activity" keys="concept:name lifecycle:transition"/>
  <string key="creator" value="some tool"/>
  <trace>
    <event>
      <string key="org:resource" value="ana"/><string key="org:role" value="agent"/>
      <date key="time:timestamp" value="2026-03-01T10:00:00.000+02:00"/>
      <string key="concept:name" value="check"/><string key="lifecycle:transition" value="START"/>
      <float key="cost:total" value="12.5"/>
    </event>
    <event>
      <string key="concept:name" value="check"><string key="comment" value="nested"/></string>
      <date key="time:timestamp" value="2026-03-01T09:00:00Z"/><string key="lifecycle:transition" value="complete"/>
      <int key="Amount Claimed" value="300"/><boolean key="urgent" value="True"/>
      <list key="parts"><values><string key="part" value="door"/><string key="part" value="wing"/></values></list>
    </event>
    <event>
      <string key="concept:name" value="pay"/><date key="time:timestamp" value="2026-03-01T09:00:00Z"/>
      <string key="lifecycle:transition" value="SCHEDULE"/>
    </event>
    <event>
      <string key="concept:name" value="pay"/><date key="time:timestamp" value="2026-03-01T09:00:00Z"/>
    </event>
    <string key="concept:name" value="1"/>
    <string key="region" value="north"/>
  </trace>
  <trace>
    <event><string key="concept:name" value="check"/><date key="time:timestamp" value="2026-03-01"/></event>
    <event><string key="concept:name" value="pay"/></event>
  </trace>
</log>
"""
FIELDS = ("amount_claimed", "urgent", "region", "never")


def read(folder: Path, text: str | bytes, **more: object) -> LogReading:
    path = folder / "log.xes"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return checked(read_log(path, **more))  # type: ignore[arg-type]


def event(name: str = "check", more: str = "", at: str = "2026-03-01T09:00:00Z") -> str:
    time_is = f'<date key="time:timestamp" value="{at}"/>' if at else ""
    return f'<event><string key="concept:name" value="{name}"/>{time_is}{more}</event>'


def log(*events: str, before: str = "") -> str:
    return f'{before}<log><trace><string key="concept:name" value="1"/>{"".join(events)}</trace></log>'


def test_the_standard_extensions_need_no_mapping(tmp_path: Path) -> None:
    reading = read(tmp_path, CLAIMS, fields=FIELDS)
    assert told(reading) == ["check+", "check", "pay"]
    begun, done, paid = reading.traces[0].events
    assert (begun.actor, begun.roles, begun.occurred_at.isoformat()) == (
        "ana",
        frozenset({"agent"}),
        "2026-03-01T08:00:00+00:00",
    )
    assert (dict(begun.data), dict(done.data)) == ({"region": "north"}, {"amount_claimed": "300", "urgent": "true"})
    assert begun.source is not None
    assert begun.source.line == 9
    assert dict(paid.data) == {}
    assert reading.ignored_because == {"lifecycle `schedule` is neither the start nor the completion of an action": 1}
    assert case_codes(reading) == []  # the order of the events is the order of the log
    assert format_of(str(tmp_path / "log.xes")) is Format.XES


def test_a_trace_without_a_name_is_a_case_and_an_event_without_a_time_is_none(tmp_path: Path) -> None:
    reading = read(tmp_path, CLAIMS)
    assert [trace.case for trace in reading.traces] == ["1", "log.xes#2"]
    assert codes(reading) == ["DV802"]
    assert reading.findings[0].where is not None
    assert reading.findings[0].where.line == 33


def test_what_no_event_has_is_not_witnessed(tmp_path: Path) -> None:
    mapping = read(tmp_path, CLAIMS, fields=FIELDS).mapping
    assert mapping is not None
    assert (mapping.witness.actor, mapping.witness.role, mapping.witness.evidence) == (True, True, False)
    assert mapping.witness.data == frozenset({"amount_claimed", "urgent", "region"})
    bare = read(tmp_path, log(event())).mapping
    assert bare is not None
    assert (bare.witness.actor, bare.witness.role, bare.role) == (False, False, None)


def test_a_mapping_reads_the_keys_as_columns(tmp_path: Path) -> None:
    text = """
case: "case:concept:name"
time: "time:timestamp"
action: { column: "concept:name", to: { pay: settle } }
order: "xes:position"
lifecycle: { column: "lifecycle:transition", to: { SCHEDULE: start } }
data: { region: "case:region" }
"""
    mapping = read_mapping(text, "map.yaml").mapping
    assert mapping is not None
    reading = read(tmp_path, CLAIMS, mapping=mapping)
    assert told(reading) == ["check+", "check", "settle+", "settle"]
    assert dict(reading.traces[0].events[0].data) == {"region": "north"}
    with pytest.raises(EventLogError, match="No event"):
        read(tmp_path, CLAIMS, mapping=ACTIONS)


def test_xes_is_audited_without_a_mapping(tmp_path: Path) -> None:
    procedure = tmp_path / "claim.yaml"
    procedure.write_text(
        "procflow: 1\nprocedure: claim\nversion: '1'\nroles: { agent: Works }\n"
        "data: { amount_claimed: number, region: text }\nstart: checking\nsteps:\n"
        "  checking: { by: agent, collect: [region], actions: { check: { to: paying, collect: [amount_claimed] } } }\n"
        "  paying: { by: agent, actions: { pay: paid } }\n  paid: { end: paid }\n",
        encoding="utf-8",
    )
    (tmp_path / "log.xes.gz").write_bytes(gzip.compress(CLAIMS.encode()))
    first, second = audit(procedure, tmp_path / "log.xes.gz").cases
    assert first.outcome == "paid"
    # The log witnesses who acted in which role, and does not say it of the last two events.
    assert [(one.code, one.seq) for one in first.deviations] == [("DV201", 2), ("DV201", 3)]
    assert second.outcome is None


def test_other_dialects(tmp_path: Path) -> None:
    prefixed = log(event()).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:log", '<x:log xmlns:x="urn:x"')
    assert told(read(tmp_path, prefixed)) == ["check"]
    assert told(
        read(tmp_path, log(event("prüfen"), before='<?xml version="1.0" encoding="ISO-8859-1"?>').encode("latin-1"))
    )
    assert told(read(tmp_path, log(event()).encode("utf-16"))) == ["check"]
    assert told(read(tmp_path, b"\xef\xbb\xbf\n" + log(event()).encode())) == ["check"]
    no_zone = read(tmp_path, log(event(at="2026-03-01T10:00:00.123")))
    assert no_zone.traces[0].events[0].occurred_at.isoformat() == "2026-03-01T10:00:00.123000+00:00"
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        archive.writestr("log.xes", log(event()))
    assert told(read_log(tmp_path / "log.zip")) == ["check"]


def test_traces_of_one_name_are_one_case(tmp_path: Path) -> None:
    twice = log(event()).replace("</log>", "") + log(event("pay", at="2026-03-02T09:00:00Z")).removeprefix("<log>")
    assert told(read(tmp_path, twice)) == ["check", "pay"]


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (event(more='<string key="concept:name" value="pay"/>'), "names 'concept:name' twice"),
        (
            event(more='<string key="lifecycle:transition" value="half-done"/>'),
            "lifecycle the mapping does not translate",
        ),
        (event(at="yesterday"), "no time the mapping describes"),
    ],
)
def test_an_event_that_cannot_be_read_is_a_finding_and_a_gap(tmp_path: Path, one: str, words: str) -> None:
    reading = read(tmp_path, log(event("a", at="2026-03-01T08:00:00Z"), one, event("b", at="2026-03-01T10:00:00Z")))
    assert words in reading.findings[0].message
    assert told(reading) == ["a", "~b"]


def test_an_event_outside_of_traces_is_of_no_case(tmp_path: Path) -> None:
    reading = read(tmp_path, f"<log>{event()}{event('pay')}</log>")
    assert (codes(reading), reading.traces) == (["DV801", "DV801"], ())


# Made to do harm

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HARM = {
    "billion laughs": ('<!DOCTYPE log [<!ENTITY l0 "lol">' + LAUGHS + "]>" + log(event("&l9;")), "document type"),
    "external entity": (
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + log(event("&x;")),
        "document type",
    ),
    "external document type": ('<!DOCTYPE log SYSTEM "http://127.0.0.1:1/x.dtd">' + log(event()), "document type"),
    "an entity nobody declared": (log(event("&x;")), "undefined entity"),
    "huge depth": ("<log>" + '<list key="a">' * 100_000, "deep"),
    "depth in what is passed over": ("<log>" + "<x>" * 100_000, "deep"),
    "an endless tag": ('<log a="' + "x" * 6_000_000, "one tag is longer"),
    "an endless comment": ("<log><!--" + "x" * 6_000_000, "one tag is longer"),
    "too many attributes": (log(event(more='<int key="a" value="1"/>' * 10_001)), "more than 10,000 attributes"),
    "broken off": (log(event())[:-9], "broken XML"),
    "not well-formed": ("<log><trace></log>", "broken XML"),
    "two roots": ("<log></log><log></log>", "broken XML"),
    "no XES": ("<html><body/></html>", "no XES"),
    "an unknown encoding": ('<?xml version="1.0" encoding="ebcdic-9"?><log/>', "encoding"),
    "a character XML forbids": (log(event("\x01")), "broken XML"),
}


@pytest.mark.parametrize("name", HARM)
def test_a_file_made_to_do_harm_is_refused_at_once(tmp_path: Path, name: str) -> None:
    text, words = HARM[name]
    began = time.monotonic()
    with pytest.raises(EventLogError, match=words):
        read(tmp_path, text)
    assert time.monotonic() - began < 5


def test_a_file_that_breaks_off_in_its_packing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress(log(*[event(f"a{n}") for n in range(20_000)]).encode())[:-200])
    with pytest.raises(EventLogError, match="breaks off"):
        read_log(path)


def test_only_one_trace_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xes, "MOST_EVENTS", 2)
    two = log(event(), event("pay"))
    assert len(read(tmp_path, two.replace("</log>", "") + two.removeprefix("<log>")).traces) == 1
    with pytest.raises(EventLogError, match="more than 2 events"):
        read(tmp_path, log(event(), event("pay"), event("end")))


def test_what_a_log_says_of_itself_is_not_held(tmp_path: Path) -> None:
    itself = '<list key="a"><values>' + '<int key="b" value="1"/>' * 50_000 + "</values></list><trace>"
    path = tmp_path / "log.xes"
    path.write_text(log(event()).replace("<trace>", itself, 1), encoding="utf-8")
    tracemalloc.start()
    try:
        with open_chunks(str(path)) as chunks:
            assert len(list(XesStream(chunks))) == 1
        assert tracemalloc.get_traced_memory()[1] < 4_000_000, "held, it would take twelve million bytes"
    finally:
        tracemalloc.stop()


# The engine's own, touched by others


def engine_xes(*events: str, trace: str = "") -> str:
    head = '<log><extension name="procflow" prefix="procflow" uri="https://procflow.dev/schemas/procflow-1.xesext"/>'
    return f'{head}<trace><string key="concept:name" value="1"/>{trace}{"".join(events)}</trace></log>'


def entry(seq: int, name: str, more: str = "", at: str = "2026-03-01T09:00:00Z") -> str:
    done = '<string key="lifecycle:transition" value="complete"/>'
    return event(name, f'<int key="procflow:seq" value="{seq}"/>{done}{more}', at)


def test_entries_that_another_tool_filtered_leave_a_gap(tmp_path: Path) -> None:
    reading = read(tmp_path, engine_xes(entry(3, "pay"), entry(1, "check")))
    assert told(reading) == ["check", "~pay"]
    assert case_codes(reading) == ["DV804"]


def test_times_that_another_tool_wrote_anew_are_the_same_moments(tmp_path: Path) -> None:
    reading = read(tmp_path, engine_xes(entry(1, "check", at="2026-03-01T10:00:00.5+01:00")))
    assert reading.traces[0].events[0].occurred_at.isoformat() == "2026-03-01T09:00:00.500000+00:00"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('<int key="procflow:seqs" value="1"/>', "does not know"),
        ('<string key="gravity" value="[1"><boolean key="procflow:json" value="true"/></string>', "not JSON"),
        ('<boolean key="gravity" value="maybe"/>', "no boolean"),
        ('<int key="gravity" value="1.5"/>', "no int"),
        ('<string key="procflow:kind" value="dance"/>', "does not know"),
    ],
)
def test_an_entry_that_says_nothing_readable_is_a_finding(tmp_path: Path, more: str, words: str) -> None:
    reading = read(tmp_path, engine_xes(entry(1, "check", more), entry(2, "pay")))
    assert (codes(reading), told(reading)) == (["DV801"], ["~pay"])
    assert words in reading.findings[0].message


def test_a_copy_is_told_and_a_contradiction_is_too(tmp_path: Path) -> None:
    reading = read(tmp_path, engine_xes(entry(1, "check"), entry(1, "check"), entry(1, "pay")))
    assert (codes(reading), told(reading)) == (["DV803", "DV801"], ["check"])


def test_a_refused_attempt_and_a_start_come_back(tmp_path: Path) -> None:
    refused = '<string key="procflow:lifecycle" value="refused"/><string key="procflow:attempted" value="start"/>'
    reading = read(tmp_path, engine_xes(entry(1, "check", refused)))
    (one,) = reading.traces[0].events
    assert (one.lifecycle, one.attempted, brief(one)) == (Lifecycle.REFUSED, Lifecycle.START, "check")

"""The engine's log as XES: what other tools understand in their words, all the rest in an extension of our own.

Read back, every event is equal. What a standard attribute cannot hold exactly (null, a list, a map, a character XML
forbids) stands there as JSON in ASCII, and the nested attribute `procflow:json` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO

from procflow.errors import ProcflowError
from procflow.eventlogs.engine_record import EngineRecord
from procflow.eventlogs.json_cells import in_order_of_names, parsed, written
from procflow.eventlogs.reading import LogReading
from procflow.eventlogs.rows import LogPath, Progress, Unreadable, named, open_chunks
from procflow.eventlogs.written import CHAIN, Written
from procflow.eventlogs.xes import Attribute, Bearer, XesStream, XesTrace
from procflow.expressions.types import Raw
from procflow.model.event import Event, Kind, Source
from procflow.trail.entry import Header, event_of, open_entry, record_of
from procflow.trail.instant import instant_text

PREFIX = "procflow"
URI = "https://procflow.dev/schemas/procflow-1.xesext"
_JSON = f"{PREFIX}:json"
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
"""Data fields with such a name are attributes of the same name; others stand together under `procflow:data`."""
_STANDARD = {"actor": "org:resource", "roles": "org:role", "teams": "org:group"}
_NOT_ABORTED = frozenset(("start", "complete"))
_ABORTED = "ate_abort"
"""How IEEE 1849 comes closest to an attempt that was refused: tools that count what was completed leave it out."""


# Writing


def write_xes(bodies: Iterable[bytes], out: BinaryIO) -> Written:
    """Write the events of entries, which come case by case, as XES. Raises ProcflowError for what is no entry."""
    count = 0
    case: str | None = None
    out.write(_HEAD.encode())
    for body in bodies:
        event, header = open_entry(body)
        if event.case != case:
            out.write(b"" if case is None else b"  </trace>\n")
            out.write("".join(("  <trace>\n", *_of_case(event.case, header))).encode())
            case = event.case
        out.write("".join(("    <event>\n", *_of_event(event), "    </event>\n")).encode())
        count += 1
    out.write(b"</log>\n" if case is None else b"  </trace>\n</log>\n")
    return Written(events=count, lost={CHAIN: count} if count else {})


def _of_case(case: str, header: Header) -> Iterator[str]:
    yield _attribute("concept:name", case, 4)
    said: dict[str, Raw] = {"procedure": header.procedure, "version": header.version}
    if header.opening is not None:
        said |= {"mode": header.opening.mode, "client": header.opening.client, "ref": header.opening.ref}
    yield from (_attribute(f"{PREFIX}:{key}", value, 4) for key, value in said.items() if value is not None)


def _of_event(event: Event) -> Iterator[str]:
    said = record_of(event)
    for key in ("case", "kind", "action", "lifecycle", "at", "data", "proc"):
        said.pop(key, None)
    yield from _what(event)
    yield _date("time:timestamp", instant_text(event.occurred_at))
    if event.definition is not None:
        yield _attribute(f"{PREFIX}:definition", event.definition, 6)
    if "recorded_at" in said:
        yield _date(f"{PREFIX}:recorded_at", said.pop("recorded_at"))
    for key, value in said.items():
        # One role reads best as itself; several are a list.
        shown = value[0] if key in ("roles", "teams") and len(value) == 1 else value
        yield _attribute(_STANDARD.get(key, f"{PREFIX}:{key}"), shown, 6)
    others: dict[str, Raw] = {}
    for name, one in event.data.items():
        if _FIELD.fullmatch(name):
            yield _attribute(name, one, 6)
        else:
            others[name] = one
    if others:
        yield _attribute(f"{PREFIX}:data", others, 6)


def _what(event: Event) -> Iterator[str]:
    if event.kind is Kind.ACTION:
        yield _attribute("concept:name", event.action, 6)
    else:
        yield _attribute("concept:name", _label(event), 6)
        yield _attribute(f"{PREFIX}:kind", event.kind.value, 6)
        if event.action:
            yield _attribute(f"{PREFIX}:action", event.action, 6)
    transition = event.lifecycle.value
    if transition in _NOT_ABORTED:
        yield _attribute("lifecycle:transition", transition, 6)
    else:
        yield _attribute("lifecycle:transition", _ABORTED, 6)
        yield _attribute(f"{PREFIX}:lifecycle", transition, 6)


def _label(event: Event) -> str:
    """Return what other tools show for an event that is no action. An id has no space in it: nobody mixes them up."""
    if event.override is not None:
        return f"({event.override.act.value}) {event.action}".rstrip()
    return f"({event.kind.value}) {event.action}".rstrip()


def _date(key: str, instant: str) -> str:
    return f'      <date key="{key}" value="{instant}"/>\n'


def _attribute(key: str, value: Raw, indent: int) -> str:
    space = " " * indent
    match value:
        case bool():
            return f'{space}<boolean key="{key}" value="{"true" if value else "false"}"/>\n'
        case int():
            return f'{space}<int key="{key}" value="{value}"/>\n'
        case float():
            return f'{space}<float key="{key}" value="{value!r}"/>\n'
        case str() if not _FORBIDDEN.search(value):
            return f'{space}<string key="{key}" value="{value.translate(_ESCAPES)}"/>\n'
        case _:
            text = written(value).translate(_ESCAPES)
            inner = f'<boolean key="{_JSON}" value="true"/>'
            return f'{space}<string key="{key}" value="{text}">{inner}</string>\n'


# Reading


def read_engine_xes(
    paths: LogPath | Iterable[LogPath], *, as_of: datetime | None = None, progress: Progress | None = None
) -> LogReading:
    """Read XES the engine exported, one file after the other, as one log; as `read_engine_jsonl`, but without a chain.

    Missing numbers are DV804 findings of the case. Raises EventLogError if a file cannot be read.
    """
    record = EngineRecord(as_of=as_of, progress=progress)
    for path in named(paths):
        with open_chunks(path) as chunks:
            for trace in XesStream(chunks):
                _take(trace, path, record)
    return record.reading()


def _take(trace: XesTrace, file: str, record: EngineRecord) -> None:
    client = _client(trace)
    for one in trace.events:
        try:
            said = _record(trace, one)
            event = event_of(said)
        except Unreadable as bad:
            record.refuse(str(bad), file=file, line=one.line)
        except ProcflowError as bad:
            record.refuse(bad.message, file=file, line=one.line, hint=bad.hint)
        else:
            record.take(replace(event, source=Source(file=file, line=one.line)), client=client)


def _client(trace: XesTrace) -> str | None:
    """Return for whom a case is; None if that is not said, or cannot be read."""
    try:
        client = _value(trace.attributes, f"{PREFIX}:client")
    except Unreadable:
        return None
    return client if isinstance(client, str) else None


def _record(trace: XesTrace, event: Bearer) -> dict[str, Any]:
    """Return what the event says under the keys of an entry."""
    if trouble := trace.trouble or event.trouble:
        raise Unreadable(trouble)
    given = event.attributes
    said: dict[str, Any] = {
        key.removeprefix(f"{PREFIX}:"): raw_of(one) for key, one in given.items() if key.startswith(f"{PREFIX}:")
    }
    # What the other tool's words say for an action is in our own words for everything else.
    said.setdefault("kind", Kind.ACTION.value)
    if said["kind"] == Kind.ACTION.value:
        said["action"] = _value(given, "concept:name")
    said.setdefault("lifecycle", _value(given, "lifecycle:transition"))
    said["case"] = _value(trace.attributes, "concept:name")
    said["at"] = _instant(_value(given, "time:timestamp"))
    if "recorded_at" in said:
        said["recorded_at"] = _instant(said["recorded_at"])
    if "definition" in said:
        said["proc"] = {"sha256": said.pop("definition")}
    said |= {key: _value(given, standard) for key, standard in _STANDARD.items()}
    for key in ("roles", "teams"):
        said[key] = [said[key]] if isinstance(said[key], str) else said[key]
    data = {key: raw_of(one) for key, one in given.items() if _FIELD.fullmatch(key)}
    if isinstance(others := said.get("data", {}), dict):
        said["data"] = in_order_of_names({**data, **others})
    return {key: value for key, value in said.items() if value is not None}


def raw_of(one: Attribute) -> Raw:
    """Return the value of an attribute. Raises Unreadable if it is not of its type."""
    if one.child(_JSON) is not None:
        try:
            return parsed(one.value)
        except ValueError as bad:
            raise Unreadable(f"{one.key!r} is not JSON: {bad}") from bad
    try:
        match one.type:
            case "int":
                return int(one.value)
            case "float":
                return float(one.value)
            case "boolean":
                return _BOOLEANS[one.value.strip().lower()]
            case _:
                return one.value
    except (ValueError, KeyError) as bad:
        raise Unreadable(f"{one.key!r} is {one.value[:40]!r}, which is no {one.type}") from bad


def _value(attributes: Mapping[str, Attribute], key: str) -> Raw:
    one = attributes.get(key)
    return None if one is None else raw_of(one)


def _instant(value: Raw) -> Raw:
    """Return the moment in the one form of an entry: a tool that saved the file again may have written another."""
    try:
        return instant_text(datetime.fromisoformat(value)) if isinstance(value, str) else value
    except (ValueError, ProcflowError):
        return value


_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}
# Of XML 1.0 §2.2, without the line breaks and tabs, which are escaped, and the rest of what a reader may change or
# refuse: C1 controls, surrogates, U+FFFE and U+FFFF.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="procflow" prefix="{PREFIX}" uri="{URI}"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="lifecycle:model" value="standard"/>
"""

"""What an audit is given besides a log: the mapping, the people, and what follows from them for every case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from procflow.errors import Finding
from procflow.eventlogs.reading import LogReading, finding
from procflow.expressions.types import Instant
from procflow.model.event import EVERYTHING, Event, Trace, Witness
from procflow.model.mapping import LogMapping
from procflow.model.organisation import Directory
from procflow.model.policies import Policies
from procflow.model.procedure import DataField
from procflow.model.report import AuditReport

Progress = Callable[[str, int], None]
"""Told what is counted (`rows` read, `cases` judged) and how many so far."""


def mapping_of(given: str | Path | LogMapping | None) -> LogMapping | None:
    """Return a mapping, read from its file if need be."""
    if given is None or isinstance(given, LogMapping):
        return given
    from procflow.loading.mapping import load_mapping

    return load_mapping(Path(given))


def with_instants(mapping: LogMapping | None, fields: Iterable[Mapping[str, DataField]]) -> LogMapping | None:
    """Return a mapping that knows which columns hold instants; `fields` of each procedure that judges the log."""
    if mapping is None:
        return None
    every = list(fields)
    types = {name: {type(one[name].type) for one in every if name in one} for name in mapping.data}
    data = {name: replace(one, instants=types[name] == {Instant}) for name, one in mapping.data.items()}
    return replace(mapping, data=MappingProxyType(data))


def directory_of(given: str | Path | Directory | None) -> Directory | None:
    """Return a directory of people, read from its file if need be."""
    if isinstance(given, str | Path):
        from procflow.loading.people import load_people

        return load_people(Path(given))
    return given


def policies_of(given: str | Path | Policies | None) -> Policies | None:
    """Return rules of a house, read from their file if need be."""
    if isinstance(given, str | Path):
        from procflow.loading.policies import load_policies

        return load_policies(Path(given))
    return given


def witness_of(mapping: LogMapping | None, people: Directory | None) -> Witness:
    """Return what a log can show, with what the directory adds; without a mapping it shows everything."""
    if mapping is None:
        return EVERYTHING
    witness = mapping.witness
    role = witness.role or (people is not None and witness.actor)
    return replace(witness, role=role, resolution=mapping.resolution)


def with_roles(trace: Trace, people: Directory) -> Trace:
    """Return the trace with the roles and teams the directory knows of: of today, for want of better."""
    return replace(trace, events=tuple(_with_roles_at(event, people) for event in trace.events))


def _with_roles_at(event: Event, people: Directory) -> Event:
    if event.actor is None:
        return event
    return replace(event, roles=people.roles_of(event.actor), teams=event.teams | people.teams_of(event.actor))


def why_nothing(report: AuditReport) -> tuple[str, ...]:
    """Return in words why a log has no case; () if it has one."""
    if report.cases:
        return ()
    return tuple(f"{one.code}: {one.message}{f' ({one.hint})' if one.hint else ''}" for one in report.findings)


def nothing_in(reading: LogReading) -> tuple[Finding, ...]:
    """Return a finding if there is no case to judge: an audit of nothing is not a clean audit."""
    if reading.traces or any(one.code == "DV810" for one in reading.findings):
        return ()
    return (
        finding(
            "DV810",
            f"there is no case to judge in {reading.rows.read:,} rows",
            hint="look at the mapping, at the window and at `as_of`",
        ),
    )

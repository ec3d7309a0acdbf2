"""Judge every case of a log by the version that was in force, and gather the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from procflow.auditor.attainment import timekeeping
from procflow.auditor.calendars import Keeping, books_of
from procflow.auditor.compliance import compliance
from procflow.auditor.fairness.gathering import FairnessGathering
from procflow.auditor.gathering import Gathering, used
from procflow.auditor.given import (
    Progress,
    directory_of,
    mapping_of,
    nothing_in,
    policies_of,
    with_instants,
    with_roles,
    witness_of,
)
from procflow.auditor.links import all_links
from procflow.auditor.numbers import ambiguous_numbers
from procflow.auditor.openings import openings_unseen
from procflow.auditor.policies_alone import audit_policies
from procflow.auditor.taking_part import TakingPartGathering
from procflow.auditor.ties import settled_run
from procflow.auditor.versions import load_versions, version_for
from procflow.calendars.book import CalendarSet
from procflow.errors import ProcedureInvalid, ProcflowError, errors_of
from procflow.eventlogs.log import read_log
from procflow.eventlogs.reading import LogReading
from procflow.judge import Judge
from procflow.loading.policies import is_policies
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.mapping import LogMapping
from procflow.model.organisation import Directory
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure
from procflow.model.report import AuditReport, CaseAudit, VersionUsed
from procflow.model.text import text_of
from procflow.trail.instant import in_utc

_EVERY = 500
"""Cases between two words about progress."""


def audit(
    procedure: str | Path,
    logs: str | Path | Sequence[str | Path],
    *,
    mapping: str | Path | LogMapping | None = None,
    people: str | Path | Directory | None = None,
    policies: str | Path | Policies | None = None,
    calendars: str | Path | CalendarSet | None = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> AuditReport:
    """Audit logs by a procedure and return the report.

    `procedure` is a YAML file, or a folder with versions of one procedure: each case is judged by the version
    effective at its start. A `policies.yaml` judges by its rules alone, whatever the procedure of the cases.

    A log the engine exported needs no `mapping`. `people` says which roles and teams people hold where the log does
    not; `policies` are rules of the house that hold besides. `calendars` is a folder of them, or the file an export put
    beside a log; without it those hold that lie beside the procedure. `as_of` (aware) leaves out what came later; without it
    the report speaks of the last event's time, never of the machine's clock. Raises ProcedureInvalid if the procedure
    or the policies have errors or the mapping does not fit the procedure,
    EventLogError if a log or the mapping cannot be read at all, DirectoryError if the file of people cannot, CalendarError
    if a calendar that is needed is nowhere or has errors, ProcflowError for an `as_of` without a time zone; a bad row is
    a finding in the report.
    """
    as_of = None if as_of is None else in_utc(as_of)
    if Path(procedure).is_file() and is_policies(procedure):
        if policies is not None:
            raise ProcflowError(f"{procedure} holds policies already", hint="give the procedure, or these alone")
        return audit_policies(procedure, logs, mapping=mapping, people=people, as_of=as_of, progress=progress)
    versions = load_versions(procedure, several=policies is not None)
    names = [logs] if isinstance(logs, str | Path) else list(logs)
    reading = reading_for(versions, names, mapping, as_of, progress)
    return audit_reading(
        versions,
        reading,
        logs=[str(name) for name in names],
        mapping=reading.mapping,  # an engine's own record says itself what is what
        people=directory_of(people),
        policies=policies_of(policies),
        calendars=calendars,
        as_of=as_of,
        progress=progress,
    )


def reading_for(
    versions: Sequence[Procedure],
    logs: Sequence[str | Path],
    mapping: str | Path | LogMapping | None,
    as_of: datetime | None,
    progress: Progress | None = None,
) -> LogReading:
    """Read logs for versions that are to judge them. Raises as `audit`."""
    given = with_instants(mapping_of(mapping), (one.data for one in versions))
    if given is not None:
        _check(given, versions)
    rows = None if progress is None else (lambda count: progress("rows", count))
    fields = frozenset(name for one in versions for name in one.data)
    return read_log(list(logs), given, fields=fields, as_of=as_of, progress=rows)


def audit_reading(
    versions: Sequence[Procedure],
    reading: LogReading,
    *,
    logs: Iterable[str],
    mapping: LogMapping | None = None,
    people: Directory | None = None,
    policies: Policies | None = None,
    calendars: str | Path | CalendarSet | None = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> AuditReport:
    """Audit a log that has been read; see `audit`."""
    witness = witness_of(mapping, people)
    statuses = mapping is not None and mapping.status is not None
    logs = tuple(logs)
    keeping = Keeping(books_of(calendars, versions, logs, policies=policies))
    judges = {
        one.digest: Judge(
            one,
            witness=witness,
            statuses=statuses,
            policies=() if policies is None else policies.rules_for(one),
            calendars=keeping.books[one.digest],
        )
        for one in versions
    }
    fairness = FairnessGathering(versions, witness, people, keeping.usual)
    taking_part = TakingPartGathering(versions)
    gathering = Gathering(policies, versions, witness, statuses=statuses, calendars=keeping.usual)
    adds_roles = people is not None and mapping is not None and mapping.role is None
    at = as_of or reading.last_at
    audits: list[CaseAudit] = []
    for count, trace in enumerate(reading.traces, start=1):
        version, missing = version_for(trace, reading.opened.get(trace.case), versions)
        known = with_roles(trace, people) if adds_roles and people is not None else trace
        judge = judges[version.digest]
        said = (*reading.case_findings.get(trace.case, ()), *keeping.take(trace, version.digest))
        state, undecided = settled_run(judge, known)
        findings = (*said, *undecided)
        found = judge.audit(state, closed=known.closed, as_of=at, findings=findings)
        gathering.take(judge, state, known, found)
        fairness.take(judge, state, known, found)
        taking_part.take(judge, known, found)
        found = gathering.answered(state, found)
        audits.append(found if missing is None else _wrong_version(found, version, missing))
        if progress is not None and count % _EVERY == 0:
            progress("cases", count)
    across = gathering.across(at)
    return AuditReport(
        **_head(versions),
        controls=tuple(dict.fromkeys(control for one in versions for control in one.controls)),
        versions=_used(versions, audits),
        logs=logs,
        as_of=at,
        rows=reading.rows,
        cases=tuple(audits),
        findings=(
            *reading.findings,
            *nothing_in(reading),
            *ambiguous_numbers(reading, mapping, versions),
            *openings_unseen(reading, witness, versions),
        ),
        rules=compliance(
            (rule for judge in judges.values() for rule in judge.in_force.rules),
            ((one.case, one.rules) for one in audits),
        ),
        policies=used(policies),
        across=across,
        across_rules=gathering.compliance(across),
        fairness=fairness.report(at),
        taking_part=taking_part.told(),
        **timekeeping(versions, audits, keeping),
        links=all_links(versions, audits, at),
        first_statuses=reading.first_statuses,
        status_changes=reading.status_changes,
    )


def _wrong_version(found: CaseAudit, version: Procedure, recorded: str) -> CaseAudit:
    deviation = Deviation(
        code="DV705",
        severity=REGISTRY["DV705"].severity,
        message=f"the case was recorded under another version than {version.version}, which judges it here",
        where=version.where,
        case=found.case,
        seq=None,
        values={"recorded under": recorded[:12], "judged by": version.digest[:12]},
        remedy="give the auditor the version the case was run by",
    )
    return replace(found, deviations=(*found.deviations, deviation))


def _head(versions: Sequence[Procedure]) -> dict[str, Any]:
    """Return how a report calls what judged: the last version of the procedure, or of each of several."""
    last = list({one.id: one for one in versions}.values())
    one = last[-1] if len(last) == 1 else None
    return {
        "procedure": ", ".join(each.id for each in last),
        "title": "; ".join(text_of(each.title, default=each.id) for each in last),
        "purpose": "" if one is None else text_of(one.purpose),
        "owner": None if one is None else one.owner,
    }


def _used(versions: Sequence[Procedure], audits: Sequence[CaseAudit]) -> tuple[VersionUsed, ...]:
    cases: Mapping[str, int] = Counter(one.digest for one in audits)
    return tuple(
        VersionUsed(
            version=one.version,
            digest=one.digest,
            cases=cases.get(one.digest, 0),
            procedure=one.id,
            ignores=one.ignores,
        )
        for one in versions
    )


def _check(mapping: LogMapping, versions: Sequence[Procedure]) -> None:
    from procflow.loading.mapping import mapping_findings

    for version in versions:
        findings = mapping_findings(mapping, version)
        if errors_of(findings):
            raise ProcedureInvalid(
                f"the mapping {mapping.where.file} does not fit {version.id} {version.version}",
                findings=findings,
                code=findings[0].code,
            )

"""Audit a log by policies alone: what it keeps of the rules and breaks, whatever procedure its cases went through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from procflow.auditor.case_told import deviations_of, due_of, not_examined, standings_of
from procflow.auditor.compliance import compliance
from procflow.auditor.given import Progress, directory_of, mapping_of, nothing_in, with_instants, with_roles, witness_of
from procflow.auditor.names_unseen import cancelling_unseen, names_unseen
from procflow.auditor.numbers import ambiguous_numbers
from procflow.auditor.rules_alone import CaseOutcome, RulesAlone
from procflow.errors import Finding
from procflow.eventlogs.log import read_log
from procflow.eventlogs.reading import LogReading, finding
from procflow.loading.policies import load_policies
from procflow.model.mapping import LogMapping
from procflow.model.organisation import Directory
from procflow.model.policies import Policies
from procflow.model.procedure import Procedure, Region
from procflow.model.report import AuditReport, CaseAudit, VersionUsed
from procflow.model.text import text_of

_EVERY = 500
"""Cases between two words about progress."""


def audit_policies(
    policies: str | Path,
    logs: str | Path | Sequence[str | Path],
    *,
    mapping: str | Path | LogMapping | None = None,
    people: str | Path | Directory | None = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> AuditReport:
    """Audit logs by the rules of a `policies.yaml` alone; arguments and errors are those of `audit`, `as_of` is in UTC.

    Of a log of actions rules that speak of steps are not examined, and of a status history those that speak of
    actions. The names in the rules are those of the log, as the mapping translates them.
    """
    loaded = load_policies(policies)
    given = with_instants(mapping_of(mapping), [loaded.data])
    names = [logs] if isinstance(logs, str | Path) else list(logs)
    rows = None if progress is None else (lambda count: progress("rows", count))
    reading = read_log(names, given, fields=frozenset(loaded.data), as_of=as_of, progress=rows)
    return judge_reading(
        loaded, reading, logs=[str(name) for name in names], people=directory_of(people), as_of=as_of, progress=progress
    )


def judge_reading(
    policies: Policies,
    reading: LogReading,
    *,
    logs: Iterable[str],
    people: Directory | None = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> AuditReport:
    """Audit a log that has been read; see `audit_policies`."""
    mapping = reading.mapping
    bare = bare_procedure(policies)
    statuses = mapping is not None and mapping.status is not None
    cancelling = frozenset() if mapping is None else frozenset(mapping.cancelled)
    alone = RulesAlone(
        bare.rules, witness_of(mapping, people), statuses=statuses, procedure=bare, cancelling=cancelling
    )
    adds_roles = people is not None and mapping is not None and mapping.role is None
    at = as_of or reading.last_at
    audits: list[CaseAudit] = []
    for count, trace in enumerate(reading.traces, start=1):
        known = with_roles(trace, people) if adds_roles and people is not None else trace
        audits.append(_told(alone, bare, alone.judge(known, at), reading))
        if progress is not None and count % _EVERY == 0:
            progress("cases", count)
    return AuditReport(
        procedure=policies.id,
        title=text_of(policies.title, default=policies.id),
        purpose=text_of(policies.purpose),
        owner=policies.owner,
        controls=(),
        versions=(
            VersionUsed(version=policies.version, digest=policies.digest, cases=len(audits), ignores=policies.ignores),
        ),
        logs=tuple(logs),
        as_of=at,
        rows=reading.rows,
        cases=tuple(audits),
        findings=(
            *reading.findings,
            *nothing_in(reading),
            *_nothing_told(alone, reading),
            *ambiguous_numbers(reading, mapping, (bare,)),
            *names_unseen(reading, alone.told),
            *cancelling_unseen(reading),
        ),
        rules=compliance(alone.rules, ((one.case, one.rules) for one in audits)),
        first_statuses=reading.first_statuses,
        status_changes=reading.status_changes,
        alone=True,
    )


def _nothing_told(alone: RulesAlone, reading: LogReading) -> tuple[Finding, ...]:
    """Return a finding if the log can tell of none of the rules: that must not look like a clean result."""
    if alone.told or not reading.traces:
        return ()
    hint = "A status history tells of `enters STEP`, a log of actions of actions; give the procedure for more."
    return (finding("DV810", "the log can tell of none of the rules, so none was judged", hint=hint),)


def bare_procedure(policies: Policies) -> Procedure:
    """Return a procedure that has the roles, data and rules of policies, and no step."""
    return Procedure(
        id=policies.id,
        version=policies.version,
        title=policies.title,
        purpose=policies.purpose,
        owner=policies.owner,
        author=None,
        approved_by=None,
        agreed_by=(),
        effective_from=None,
        review_by=None,
        controls=(),
        roles=policies.roles,
        data=policies.data,
        top=Region(start="", steps={}),
        anytime={},
        rules=policies.rules,
        ignores=policies.ignores,
        digest=policies.digest,
        where=policies.where,
    )


def _told(alone: RulesAlone, bare: Procedure, found: CaseOutcome, reading: LogReading) -> CaseAudit:
    trace = found.trace
    return CaseAudit(
        case=trace.case,
        procedure=bare.id,
        version=bare.version,
        digest=bare.digest,
        events=sum(event.flows and not event.aside for event in trace.events),
        configuration="",
        outcome=None,
        closed=found.closed,
        cut=trace.cut,
        flow_cost=0,
        attached_cost=0,
        complete_cost=0,
        complete_proven=True,
        fitness=1.0,
        proven=True,
        deviations=deviations_of(found),
        findings=reading.case_findings.get(trace.case, ()),
        not_examined=not_examined(alone, found),
        rules=standings_of(alone, found),
        due=() if found.closed else due_of(found),
    )

"""The report of an audit for programs: one JSON document, as `schemas/audit-report.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterable

from procflow.expressions.types import Raw
from procflow.model.across import Across
from procflow.model.report import AuditReport, RuleCompliance, VersionUsed
from procflow.reports.documents import (
    Json,
    ball_document,
    case_audit_document,
    deviation_document,
    finding_document,
    instant,
    obligation_document,
    people_document,
    span_document,
    standing_document,
    tallies_document,
)
from procflow.reports.fairness_json import fairness_document
from procflow.reports.slugs import slug_of
from procflow.reports.time_documents import attainment_document, link_document
from procflow.reports.totals import Count, Tally, Totals, rules_by, total


def audit_document(report: AuditReport) -> Json:
    """Return the whole report. Equal reports give equal documents: nothing in it is of this run or this machine."""
    return {
        "v": "1",
        "kind": "audit-report",
        "judged_by": "policies" if report.alone else "procedure",
        "procedure": {
            "id": report.procedure,
            "title": report.title,
            "purpose": report.purpose,
            "owner": report.owner,
            "controls": list(report.controls),
        },
        "versions": [_version(one) for one in report.versions],
        "policies": None
        if report.policies is None
        else {
            "id": report.policies.id,
            "version": report.policies.version,
            "digest": report.policies.digest,
            "title": report.policies.title,
        },
        "logs": list(report.logs),
        "as_of": instant(report.as_of),
        "rows": {
            "read": report.rows.read,
            "used": report.rows.used,
            "repeated": report.rows.repeated,
            "ignored": report.rows.ignored,
            "faulty": report.rows.faulty,
            "first": report.rows.first,
        },
        "totals": totals_document(total(report)) | (_NO_FITNESS if report.alone else {}),
        "rules": [_rule(one) for one in report.rules],
        "rules_by_person": people_document(rules_by(one.by_person for one in report.rules)),
        "rules_by_period": tallies_document(rules_by(one.by_period for one in report.rules)),
        "across": None if report.across is None else across_document(report.across, report.across_rules),
        "fairness": None if report.fairness is None else fairness_document(report.fairness),
        "circles": [{"case": one.case, "deviation": deviation_document(one)} for one in report.taking_part.deviations],
        "clocks": [attainment_document(one) for one in report.clocks],
        "behind": [link_document(one) for one in report.links],
        "ball": ball_document(report.ball),
        "calendars": dict(report.calendars),
        "time_zones": report.zones or None,
        "findings": [finding_document(one) for one in report.findings],
        "cases": [case_audit_document(one) | (_NO_FLOW if report.alone else {}) for one in report.cases],
    }


_NO_FITNESS: Json = {"mean_fitness": None, "fitting": None, "not_proven": None}
_NO_FLOW: Json = dict.fromkeys(
    (
        "configuration",
        "outcome",
        "flow_cost",
        "attached_cost",
        "complete_cost",
        "complete_proven",
        "fitness",
        "proven",
    )
)
"""Of what rules alone say nothing."""


def across_document(across: Across, rules: Iterable[RuleCompliance]) -> Json:
    """Return what rules across cases say, and how far each was complied with."""
    return {
        "clean": across.clean,
        "rules": [_rule(one) for one in rules],
        "parties": [
            {
                "per": one.per.value,
                "party": one.party,
                "standing": standing_document(one.standing),
                "due": [{"case": each.case, "obligation": obligation_document(each)} for each in one.due],
            }
            for one in across.parties
        ],
        "deviations": [{"case": one.case, "deviation": deviation_document(one)} for one in across.deviations],
        "due": [{"case": one.case, "obligation": obligation_document(one)} for one in across.due],
        "not_examined": dict(across.not_examined),
    }


def _version(one: VersionUsed) -> Json:
    return {
        "version": one.version,
        "digest": one.digest,
        "cases": one.cases,
        "ignored": [
            {"code": each.code, "slug": slug_of(each.code), "reason": each.reason, "where": span_document(each.where)}
            for each in one.ignores
        ],
    }


def _rule(one: RuleCompliance) -> Json:
    return {
        "rule": one.rule,
        "title": one.title,
        "clause": one.clause,
        "where": span_document(one.where),
        "statuses": {status.value: cases for status, cases in one.statuses.items()},
        "degree": None if one.degree is None else round(one.degree, 6),
        "kept": one.kept,
        "broken": one.broken,
        "pending": one.pending,
        "unseen": one.unseen,
        "released": one.released,
        "by_person": people_document(one.by_person),
        "by_period": tallies_document(one.by_period),
        "kept_so_far": one.kept_so_far,
    }


def totals_document(totals: Totals) -> Json:
    """Return the totals; lists come with the largest first."""
    return {
        "nothing_judged": totals.nothing_judged,
        "cases": totals.cases,
        "closed": totals.closed,
        "open": totals.open,
        "cut": totals.cut,
        "clean": totals.clean,
        "deviating": totals.deviating,
        "cut_deviating": totals.cut_deviating,
        "events": totals.events,
        "deviations": totals.deviations,
        "settled": [
            {
                "disposition": one.disposition.value,
                "code": one.name,
                "slug": one.slug,
                "severity": one.severity.value,
                "deviations": one.deviations,
                "cases": one.cases,
            }
            for one in totals.settled
        ],
        "provisional": totals.provisional,
        "mean_fitness": None if totals.mean_fitness is None else round(totals.mean_fitness, 6),
        "fitting": totals.fitting,
        "not_proven": totals.not_proven,
        "inferred": totals.inferred,
        "by_severity": _tallies("severity", totals.by_severity),
        "by_class": [
            {
                "code": one.name,
                "slug": one.slug,
                "severity": one.severity.value,
                "deviations": one.deviations,
                "cases": one.cases,
            }
            for one in totals.by_class
        ],
        "by_step": _tallies("step", totals.by_step),
        "by_person": _tallies("person", totals.by_person),
        "by_line": [
            {"where": span_document(one.where), "deviations": one.deviations, "cases": one.cases}
            for one in totals.by_line
        ],
        "outcomes": _counts("outcome", totals.outcomes),
        "not_examined": _counts("concern", totals.not_examined),
        "log_quality": [
            {
                "code": one.code,
                "slug": one.slug,
                "severity": one.severity.value,
                "findings": one.findings,
                "cases": one.cases,
            }
            for one in totals.quality
        ],
        "first_statuses": _counts("step", totals.first_statuses),
        "status_changes": _counts("change", totals.status_changes),
    }


def _tallies(what: str, tallies: Iterable[Tally]) -> list[Raw]:
    return [{what: one.name, "deviations": one.deviations, "cases": one.cases} for one in tallies]


def _counts(what: str, counts: Iterable[Count]) -> list[Raw]:
    return [{what: one.name, "times": one.times} for one in counts]

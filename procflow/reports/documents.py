"""The parts JSON documents are made of: spans, findings, deviations, cases judged; keys always in the same order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from procflow.errors import Finding, SourceSpan
from procflow.expressions.types import Raw
from procflow.reports.slugs import slug_of

if TYPE_CHECKING:
    from datetime import datetime

    from procflow.model.clock import BallShare, ClockCycle, Lateness, Party
    from procflow.model.deviation import Deviation
    from procflow.model.report import CaseAudit
    from procflow.model.rule import Breach, Obligation, RuleStanding, Tally

Json = dict[str, Raw]
"""One JSON object, its keys in the order they are written."""
_SECOND = timedelta(seconds=1)


def span_document(where: SourceSpan | None) -> Raw:
    """Return a place in a file; lines and columns count from 1, the end is one past the last character."""
    if where is None:
        return None
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "end_line": where.end_line,
        "end_column": where.end_column,
    }


def finding_document(one: Finding) -> Json:
    """Return a finding."""
    return {
        "code": one.code,
        "slug": slug_of(one.code) or None,
        "severity": one.severity.value,
        "message": one.message,
        "where": span_document(one.where),
        "hint": one.hint,
    }


def deviation_document(one: Deviation) -> Json:
    """Return a deviation, without its case, which the document around it names."""
    return {
        **finding_document(one),
        "seq": one.seq,
        "step": one.step,
        "action": one.action,
        "actor": one.actor,
        "values": dict(one.values),
        "remedy": one.remedy,
        "who_could": list(one.who_could),
        "source": None if one.source is None else {"file": one.source.file, "line": one.source.line},
        "disposition": one.disposition.value,
        "settled_by": one.settled_by,
        "breach": _breach_document(one.breach),
        "lateness": lateness_document(one.lateness),
        "cause": None
        if one.cause is None
        else {
            "code": one.cause.code,
            "slug": slug_of(one.cause.code),
            "seq": one.cause.seq,
            "message": one.cause.message,
        },
        "refuses": one.refuses,
        "provisional": one.provisional,
    }


def _breach_document(one: Breach | None) -> Raw:
    """Return how a rule was broken."""
    if one is None:
        return None
    return {
        "rule": one.rule,
        "clause": one.clause,
        "kind": one.kind.value,
        "what": one.what,
        "activations": list(one.activations),
        "more": one.more,
        "target": one.target,
        "due": instant(one.due),
        "cases": list(one.cases),
        "target_case": one.target_case,
    }


def standing_document(one: RuleStanding) -> Json:
    """Return how a rule stands in a case."""
    return {
        "rule": one.rule,
        "status": one.status.value,
        "activations": one.activations,
        "kept": one.kept,
        "broken": one.broken,
        "pending": one.pending,
        "unseen": one.unseen,
        "released": one.released,
        "by_person": people_document(one.by_person),
        "by_period": tallies_document(one.by_period),
        "kept_so_far": one.kept_so_far,
    }


def people_document(people: Mapping[str, Tally]) -> Raw:
    """Return how much was kept and how much broken by whom. No share: what is forbidden is nobody's act to keep."""
    return {name: {"kept": one.kept, "broken": one.broken} for name, one in sorted(people.items())}


def tallies_document(tallies: Mapping[str, Tally]) -> Raw:
    """Return how much was kept and how much broken, by name."""
    return {
        name: {"kept": one.kept, "broken": one.broken, "degree": None if one.degree is None else round(one.degree, 6)}
        for name, one in sorted(tallies.items())
    }


def obligation_document(one: Obligation) -> Json:
    """Return what a rule or a clock still demands; the other of the two is empty."""
    return {
        "rule": one.rule,
        "clock": one.clock,
        "what": [str(each) for each in one.what],
        "together": one.together,
        "who": list(one.who),
        "due": instant(one.due),
        "since": one.since,
        "times": one.times,
        "asker": one.asker or None,
        "asked": one.asked or None,
        "where": span_document(one.where),
    }


def case_audit_document(one: CaseAudit) -> Json:
    """Return the judgement of one case."""
    return {
        "case": one.case,
        "procedure": one.procedure,
        "version": one.version,
        "digest": one.digest,
        "events": one.events,
        "configuration": one.configuration,
        "outcome": one.outcome,
        "closed": one.closed,
        "cut": one.cut,
        "clean": one.clean,
        "flow_cost": one.flow_cost,
        "attached_cost": one.attached_cost,
        "complete_cost": one.complete_cost,
        "complete_proven": one.complete_proven,
        "fitness": round(one.fitness, 6),
        "proven": one.proven,
        "inferred": one.inferred,
        "deviations": [deviation_document(each) for each in one.deviations],
        "findings": [finding_document(each) for each in one.findings],
        "not_examined": dict(sorted(one.not_examined.items())),
        "degree": None if one.degree is None else round(one.degree, 6),
        "rules": [standing_document(each) for each in one.rules],
        "due": [obligation_document(each) for each in one.due],
        "clocks": [cycle_document(each) for each in one.clocks],
        "ball": ball_document(one.ball),
    }


def seconds(length: timedelta | None) -> Raw:
    """Return a length of time in seconds, a whole number if it is one; null if there is none."""
    if length is None:
        return None
    whole, rest = divmod(length, _SECOND)
    return round(length / _SECOND, 6) if rest else whole


def lateness_document(one: Lateness | None) -> Raw:
    """Return against which clock a deviation is, and by how much."""
    if one is None:
        return None
    return {
        "clock": one.clock,
        "cycle": one.cycle,
        "due": instant(one.due),
        "target": one.target,
        "over_seconds": seconds(one.over),
    }


def cycle_document(one: ClockCycle) -> Json:
    """Return how one cycle of a clock went, or goes."""
    return {
        "clock": one.clock,
        "cycle": one.number,
        "status": one.status.value,
        "started_at": instant(one.started_at),
        "since": one.since,
        "stopped_at": instant(one.stopped_at),
        "stopped_by": one.stopped_by,
        "target": one.target,
        "grade": one.grade,
        "calendar": one.calendar,
        "working": one.working,
        "budget_seconds": seconds(one.budget),
        "used_seconds": seconds(one.used),
        "wall_seconds": seconds(one.wall),
        "paused_seconds": seconds(one.paused),
        "due": instant(one.due),
        "count": one.count,
        "by_change": one.by_change,
        "waived": one.waived,
        "holder": list(one.holder),
        "promise": one.promise,
    }


def party_document(one: Party) -> Json:
    """Return who has the ball."""
    return {"kind": one.kind.value, "names": list(one.names)}


def ball_document(shares: Iterable[BallShare]) -> list[Raw]:
    """Return how long who had the ball."""
    return [
        {
            "party": party_document(one.party),
            "wall_seconds": seconds(one.wall),
            "working_seconds": seconds(one.working),
            "times": one.times,
        }
        for one in shares
    ]


def instant(at: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC with microseconds, so that the order of the texts is the order of time."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"


def json_pieces(document: Mapping[str, Raw], *, ascii_only: bool = False) -> Iterator[str]:
    """Yield a document as text: one key a line, and of lists one entry a line; with a line break at the end."""
    yield "{"
    lead = "\n"
    for key, value in document.items():
        yield f"{lead}  {json.dumps(key)}: "
        lead = ",\n"
        if isinstance(value, list) and value:
            yield from _list_pieces(value, ascii_only)
        elif isinstance(value, dict) and value:
            inner = json.dumps(value, ensure_ascii=ascii_only, indent=2)
            yield inner.replace("\n", "\n  ")
        else:
            yield json.dumps(value, ensure_ascii=ascii_only)
    yield "\n}\n"


def _list_pieces(values: list[Raw], ascii_only: bool) -> Iterator[str]:
    lead = "[\n"
    for value in values:
        yield f"{lead}    {json.dumps(value, ensure_ascii=ascii_only)}"
        lead = ",\n"
    yield "\n  ]"

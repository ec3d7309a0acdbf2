"""A small audit, put together by hand, for the stories about reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from procflow.errors import Finding, SourceSpan
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.report import AuditReport, CaseAudit, RowCount, VersionUsed

DIGEST = "3f2a91c04b7e" + "0" * 52

PROCEDURE = """\
steps:
  intake:
    actions:
      accept: { to: approval, when: ours }
  approval:
    four-eyes: intake
    actions: { approve: closed }
"""


def sources(file: str) -> str | None:
    return PROCEDURE if file == "complaint.yaml" else None


def at(line: int, file: str = "complaint.yaml") -> SourceSpan:
    return SourceSpan(file=file, line=line, column=7, end_line=line, end_column=13)


def deviation(
    code: str,
    case: str,
    seq: int | None,
    message: str,
    *,
    where: SourceSpan | None = None,
    step: str | None = None,
    actor: str | None = None,
    values: Mapping[str, str] | None = None,
    remedy: str | None = None,
    who_could: tuple[str, ...] = (),
    provisional: bool = False,
) -> Deviation:
    return Deviation(
        code=code,
        severity=REGISTRY[code].severity,
        message=message,
        where=where,
        case=case,
        seq=seq,
        step=step,
        actor=actor,
        values=values or {},
        remedy=remedy,
        who_could=who_could,
        provisional=provisional,
    )


def finding(code: str, message: str, line: int | None = None, hint: str | None = None) -> Finding:
    where = at(line, "log.csv") if line is not None else None
    return Finding(code=code, severity=REGISTRY[code].severity, message=message, where=where, hint=hint)


def judged(case: str, *deviations: Deviation, fitness: float = 1.0) -> CaseAudit:
    return CaseAudit(
        case=case,
        procedure="complaint",
        version="2.1.0",
        digest=DIGEST,
        events=4,
        configuration="closed",
        outcome="answered",
        closed=True,
        cut=False,
        flow_cost=0,
        attached_cost=0,
        complete_cost=0,
        complete_proven=True,
        fitness=fitness,
        proven=True,
        deviations=deviations,
    )


SKIPPED = deviation(
    "DV101",
    "C-2",
    3,
    "“accept” in “intake” was not done before “approve”",
    where=at(4),
    step="intake",
    remedy="do “accept” first",
    who_could=("agent",),
)
FOUR_EYES = deviation(
    "DV202",
    "C-2",
    4,
    "ana did “approve” after having left “intake”",
    where=at(6),
    step="approval",
    actor="ana",
    values={"same person": "ana"},
    who_could=("lead",),
)
OPEN_AND_CUT = replace(
    judged(
        "شکایت-۳",
        deviation("DV101", "شکایت-۳", 2, "“accept” was not done", where=at(4), step="intake", provisional=True),
        fitness=0.9996,
    ),
    closed=False,
    cut=True,
    outcome=None,
    configuration="intake/2",
    proven=False,
    inferred=2,
    not_examined={"roles": 4, "evidence": 9},
    findings=(finding("DV804", "entries are missing"),),
)

REPORT = AuditReport(
    procedure="complaint",
    title="Reklamacja klienta",
    purpose="Every complaint is a chance to learn.",
    owner="head-of-care",
    controls=("ISO-10002",),
    versions=(VersionUsed(version="2.1.0", digest=DIGEST, cases=3),),
    logs=("log.csv",),
    as_of=datetime(2026, 11, 22, 14, 3, tzinfo=UTC),
    rows=RowCount(read=141_712, used=88_950, repeated=52_757, ignored=5, first=24_918),
    cases=(judged("C-1"), judged("C-2", SKIPPED, FOUR_EYES, fitness=0.8), OPEN_AND_CUT),
    findings=tuple(finding("DV802", f"no time in row {row}", row, "look at `time`") for row in range(1, 6)),
    first_statuses={"approval": 1, "intake": 2},
    status_changes={"intake -> approval": 2},
)

EMPTY = replace(
    REPORT,
    versions=(),
    as_of=None,
    rows=RowCount(),
    cases=(),
    findings=(finding("DV810", "there is no case to judge in 0 rows"),),
    first_statuses={},
    status_changes={},
)

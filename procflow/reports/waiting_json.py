"""Waiting, for programs: one JSON document, as `schemas/waiting-report.schema.json` describes it."""

from __future__ import annotations

from datetime import timedelta

from procflow.expressions.types import Raw
from procflow.model.waiting_report import WaitingReport
from procflow.reports.documents import Json, deviation_document, finding_document, instant

_SECOND = timedelta(seconds=1)


def waiting_document(report: WaitingReport) -> Json:
    """Return all of it; lengths of time in seconds. Equal reports give equal documents."""
    return {
        "v": "1",
        "kind": "waiting-report",
        "procedure": {"id": report.procedure, "title": report.title},
        "as_of": instant(report.as_of),
        "cases": report.cases,
        "waits": report.waits,
        "ball": [{"kind": one.kind.value, "name": one.name, "wall": _seconds(one.wall)} for one in report.court],
        "pairs": [
            {
                "who": one.who,
                "role": one.role,
                "department": one.department,
                "whom": list(one.whom),
                "whom_departments": list(one.whom_departments),
                "kinds": [kind.value for kind in one.kinds],
                "times": one.times,
                "total": _seconds(one.total),
                "longest": _seconds(one.longest),
                "still": one.still,
                "late": one.late,
                "cases": list(one.cases),
                "could_end": list(one.could_end),
            }
            for one in report.pairs
        ],
        "circles": [
            {
                "nodes": list(one.nodes),
                "cases": list(one.cases),
                "at": instant(one.at),
                "case": one.case,
                "seq": one.seq,
                "since": {who: instant(since) for who, since in one.since.items()},
            }
            for one in report.circles
        ],
        "returned": [
            {
                "between": list(one.between),
                "departments": one.departments,
                "handed": one.handed,
                "returned": one.returned,
                "share": round(one.share, 6),
            }
            for one in report.returned
        ],
        "unowned": [
            {"case": one.case, "since": instant(one.since), "until": instant(one.until)} for one in report.unowned
        ],
        "age": _seconds(report.age),
        "contacts": [
            {"case": one.case, "chases": one.chases, "updates": one.updates, "thanks": one.thanks}
            for one in report.contacts
        ],
        "findings": [{"case": one.case, "deviation": deviation_document(one)} for one in report.findings],
        "others": report.others,
        "quality": [{"case": case, "finding": finding_document(one)} for case, one in report.quality],
        "not_examined": dict(report.not_examined),
    }


def _seconds(length: timedelta) -> Raw:
    return length // _SECOND

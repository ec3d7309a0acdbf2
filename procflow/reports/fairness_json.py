"""What is seen over many cases, for programs: `fairness` of the report of an audit."""

from __future__ import annotations

from datetime import timedelta

from procflow.expressions.types import Raw
from procflow.model.fairness_report import (
    AfterHours,
    ExceptionMade,
    FairnessReport,
    Keepers,
    Load,
    Overtaken,
    QueueJump,
    Thanks,
    UrgencyAccount,
    Waits,
)
from procflow.reports.documents import Json, deviation_document, instant

_SECOND = timedelta(seconds=1)


def fairness_document(report: FairnessReport) -> Json:
    """Return all of it; lengths of time in seconds."""
    return {
        "clean": not report.unexcused,
        "deviations": [{"case": one.case or None, "deviation": deviation_document(one)} for one in report.deviations],
        "jumps": [_jump(one) for one in report.jumps],
        "overtaken": [_overtaken(one) for one in report.overtaken],
        "pairs": [
            {"agent": one.agent, "requester": one.requester, "jumps": one.jumps, "overtaken": one.overtaken}
            for one in report.pairs
        ],
        "contacts": [
            {"contacts": one.contacts, "waits": one.waits, "median": _seconds(one.median)} for one in report.contacts
        ],
        "urgency": [_account(one) for one in report.urgency],
        "steps": [_keepers(one) for one in report.keepers],
        "load": None if report.load is None else _load(report.load),
        "after_hours": None if report.after_hours is None else _after_hours(report.after_hours),
        "waits": [_waits(one) for one in report.waits],
        "exceptions": [_exception(one) for one in report.exceptions],
        "thanks": [_thanks(one) for one in report.thanks],
        "thanked": [
            {"person": one.person, "completions": one.completions, "thanked": one.thanked} for one in report.summaries
        ],
        "not_examined": dict(report.not_examined),
    }


def _jump(one: QueueJump) -> Json:
    said = one.expedite
    return {
        "case": one.case,
        "step": one.step,
        "alike": dict(one.alike),
        "seq": one.seq,
        "agent": one.agent,
        "requester": one.requester,
        "at": instant(one.at),
        "ready": instant(one.ready),
        "overtaken": list(one.overtaken),
        "count": one.count,
        "slipped": _seconds(one.slipped),
        "expedite": None
        if said is None
        else {"by": said.by, "seq": said.seq, "reason": said.reason, "on_behalf_of": said.on_behalf_of},
        "waiver": one.waiver,
    }


def _overtaken(one: Overtaken) -> Json:
    return {
        "case": one.case,
        "step": one.step,
        "ready": instant(one.ready),
        "count": one.count,
        "waited": _seconds(one.waited),
        "still": one.still,
    }


def _account(one: UrgencyAccount) -> Json:
    return {
        "party": one.party,
        "department": one.department,
        "cases": one.cases,
        "urgent": one.urgent,
        "downgraded": one.downgraded,
        "slipped": _seconds(one.slipped),
        "slipped_unseen": one.unseen,
        "share": round(one.share, 6),
        "interval": [round(one.at_least, 6), round(one.at_most, 6)],
        "enough": one.told,
    }


def _keepers(one: Keepers) -> Json:
    return {
        "step": one.step,
        "completions": one.completions,
        "people_enough": one.enough,
        "by_person": dict(one.by_person),
        "never_did": None if one.idle is None else list(one.idle),
    }


def _load(one: Load) -> Json:
    return {
        "people": one.people,
        "cases": one.cases,
        "median": one.median,
        "by_person": dict(one.by_person),
        "enough": one.told,
    }


def _after_hours(one: AfterHours) -> Json:
    return {
        "calendar": one.calendar,
        "by_person": {person: {"outside": its.outside, "acts": its.acts} for person, its in one.by_person.items()},
    }


def _waits(one: Waits) -> Json:
    return {
        "step": one.step,
        "alike": dict(one.alike),
        "waits": one.waits,
        "still": one.still,
        "p50": _seconds(one.p50),
        "p90": _seconds(one.p90),
        "enough": one.told,
    }


def _exception(one: ExceptionMade) -> Json:
    return {
        "kind": one.kind.value,
        "case": one.case,
        "seq": one.seq,
        "at": instant(one.at),
        "what": one.what,
        "asked_by": one.asked_by,
        "granted_by": one.granted_by,
        "second": one.second,
        "caused_by": None if one.caused_by is None else one.caused_by.value,
        "reason": one.reason,
        "until": instant(one.until),
        "used": one.used,
        "expired_used": one.expired_used,
        "self_made": one.self_made,
    }


def _thanks(one: Thanks) -> Json:
    return {
        "case": one.case,
        "seq": one.seq,
        "at": instant(one.at),
        "who": one.who,
        "whom": one.whom,
        "step": one.step,
    }


def _seconds(length: timedelta | None) -> Raw:
    return None if length is None else length // _SECOND

"""A running case for programs: the case, its options, verdicts and worklists as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procflow.expressions.types import Raw
from procflow.expressions.values import encode_value
from procflow.model.event import Event, Override, Waiver
from procflow.model.text import Text
from procflow.model.verdict import Verdict
from procflow.model.waiting import Wait
from procflow.reports.case_text import CaseView, OptionView
from procflow.reports.documents import (
    Json,
    case_audit_document,
    deviation_document,
    instant,
    obligation_document,
)
from procflow.reports.due_json import fired_document, timer_said
from procflow.reports.worklist_text import WorkView


def case_document(case: CaseView, options: Iterable[OptionView] = (), *, viewer: str | None = None) -> Json:
    """Return a case with what `viewer` may do in it."""
    return {
        "v": "1",
        "kind": "case",
        "id": case.id,
        "procedure": case.procedure,
        "version": case.version,
        "digest": case.digest,
        "mode": case.mode,
        "client": case.client,
        "ref": case.ref,
        "seq": case.seq,
        "configuration": str(case.configuration),
        "outcome": case.outcome,
        "closed": case.closed,
        "opened_at": instant(case.opened_at),
        "due": instant(case.due),
        "overdue": case.overdue,
        "accountable": case.accountable,
        "on_offer": list(case.on_offer),
        "waits": [_wait_document(one) for one in case.waits],
        "values": {name: encode_value(value) for name, value in case.values.items()},
        "viewer": viewer,
        "options": [_option_document(one) for one in options],
        "events": [event_document(one) for one in case.events],
        "audit": case_audit_document(case.audit),
    }


def _wait_document(one: Wait) -> Json:
    """Return that somebody waits for somebody, and for what."""
    return {
        "kind": one.kind.value,
        "who": one.who or None,
        "role": one.role or None,
        "whom": list(one.whom),
        "what": one.what,
        "step": one.step,
        "since": instant(one.since),
        "due": instant(one.due),
        "seq": one.seq,
        "could_end": list(one.could_end),
    }


def event_document(one: Event) -> Json:
    """Return an event as it was recorded."""
    return {
        "seq": one.seq,
        "kind": one.kind.value,
        "action": one.action or None,
        "lifecycle": one.lifecycle.value,
        "attempted": one.attempted.value if one.refused else None,
        "occurred_at": instant(one.occurred_at),
        "recorded_at": instant(one.recorded_at),
        "actor": one.actor,
        "on_behalf_of": one.on_behalf_of,
        "roles": [*sorted(one.roles)],
        "teams": [*sorted(one.teams)],
        "data": dict(one.data),
        "evidence": dict(one.evidence),
        "reason": one.reason,
        "key": one.key,
        "override": _override_document(one.override),
        "waiver": _waiver_document(one.waiver),
        "timer": timer_said(one.timer),
        "calendars": one.calendars,
    }


def _override_document(one: Override | None) -> Raw:
    if one is None:
        return None
    return {
        "act": one.act.value,
        "to": one.to,
        "asked_by": one.asked_by,
        "caused_by": None if one.caused_by is None else one.caused_by.value,
        "second": one.second,
    }


def _waiver_document(one: Waiver | None) -> Raw:
    if one is None:
        return None
    return {
        "code": one.code,
        "person": one.person,
        "until": instant(one.until),
        "step": one.step,
        "action": one.action,
        "clock": one.clock,
    }


def _option_document(one: OptionView) -> Json:
    return {
        "action": one.action,
        "step": one.step,
        "title": _text(one.title),
        "allowed": one.allowed,
        "needs": list(one.needs),
        "deviations": [deviation_document(each) for each in one.deviations],
        "who_could": _people(one.who_could),
        "due": instant(one.due),
        "overdue": one.overdue,
    }


def verdict_document(verdict: Verdict) -> Json:
    """Return what became of a step."""
    return {
        "v": "1",
        "kind": "verdict",
        "case": verdict.case,
        "accepted": verdict.accepted,
        "repeated": verdict.repeated,
        "before": str(verdict.before),
        "after": str(verdict.after),
        "event": event_document(verdict.event),
        "deviations": [deviation_document(one) for one in verdict.deviations],
        "due": [obligation_document(one) for one in verdict.due],
        "fired": [fired_document(one) for one in verdict.fired],
        "superseded": [deviation_document(one) for one in verdict.superseded],
        "who_could": _people(verdict.who_could),
    }


def worklist_document(items: Iterable[WorkView]) -> Json:
    """Return a worklist as it came: what is due first, then the oldest."""
    return {
        "v": "1",
        "kind": "worklist",
        "items": [
            {
                "case": one.case,
                "procedure": one.procedure,
                "ref": one.ref,
                "step": one.step,
                "title": _text(one.title),
                "party": one.party,
                "since": instant(one.since),
                "due": instant(one.due),
                "overdue": one.overdue,
                "actions": list(one.actions),
                "offered": one.offered,
                "questions": list(one.questions),
            }
            for one in items
        ],
    }


def _people(who_could: Mapping[str, tuple[str, ...]]) -> Raw:
    return {role: list(people) for role, people in who_could.items()}


def _text(text: Text) -> Raw:
    return dict(text)

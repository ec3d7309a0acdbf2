"""Waiting, seen over all cases of an audit: who waited for whom, how long, and who could have ended it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from procflow.model.clock import Party, PartyKind, Promised
from procflow.model.deviation import Deviation
from procflow.model.report import AuditReport, CaseAudit
from procflow.model.waiting import Wait, WaitKind
from procflow.model.waiting_report import CourtShare, PairWaited, Returned, Unowned, WaitingReport

_NONE = timedelta(0)
_CONCERNS = ("hand-offs", "questions")
"""With what begins the name of a check of waiting that could not be made."""


def waiting_of(report: AuditReport) -> WaitingReport:
    """Return what an audit says of waiting."""
    departments = report.taking_part.departments
    cases = report.cases
    at = report.as_of
    waits = [wait for case in cases for wait in case.waits]
    owed = {one.clock for one in report.clocks if one.to is Promised.CLIENT}
    standing = [one for case in cases for one in case.deviations if one.unexcused]
    own = [one for one in standing if _of_waiting(one, owed)]
    quality = ((case.case, one) for case in cases for one in case.findings)
    spans = [span for case in cases if case.tenures for span in case.spans]
    contacts = sorted(report.taking_part.contacts, key=lambda one: (-one.chases, -one.updates, one.case))
    return WaitingReport(
        procedure=report.procedure,
        title=report.title,
        as_of=at,
        cases=len(cases),
        waits=len(waits),
        pairs=tuple(_pairs(waits, departments, at)),
        circles=report.taking_part.circles,
        returned=(*_returned(report, {}), *_returned(report, departments)),
        court=tuple(_court(report, departments)),
        unowned=tuple(_unowned(cases, at)),
        age=sum((end - start for _, start, end in spans), _NONE),
        contacts=tuple(contacts),
        findings=(*own, *(one for one in report.taking_part.deviations if one.unexcused)),
        others=len(standing) - len(own),
        quality=(*((None, one) for one in report.findings), *quality),
        not_examined=dict(sorted(_unseen(cases).items())),
    )


def _of_waiting(one: Deviation, owed: Collection[str]) -> bool:
    """Return True for what went wrong between people, and for what the client waited for longer than promised."""
    return one.code.startswith("DV6") or (one.lateness is not None and one.lateness.clock in owed)


def _unseen(cases: Iterable[CaseAudit]) -> Counter[str]:
    found: Counter[str] = Counter()
    for case in cases:
        found.update({name: count for name, count in case.not_examined.items() if name.startswith(_CONCERNS)})
    return found


def _pairs(waits: Iterable[Wait], departments: Mapping[str, str], at: datetime | None) -> list[PairWaited]:
    of: defaultdict[tuple[str, str, tuple[str, ...]], list[Wait]] = defaultdict(list)
    for one in waits:
        of[one.who or one.role, one.role, one.whom].append(one)
    found = [_pair(who, role, whom, theirs, departments, at) for (who, role, whom), theirs in of.items()]
    return sorted(found, key=lambda one: (-one.total, one.who, one.whom))


def _pair(
    who: str,
    role: str,
    whom: tuple[str, ...],
    waits: list[Wait],
    departments: Mapping[str, str],
    at: datetime | None,
) -> PairWaited:
    lengths = [max((one.until or at or one.since) - one.since, _NONE) for one in waits]
    return PairWaited(
        who=who,
        role=role,
        department=departments.get(role, ""),
        whom=whom,
        whom_departments=_each(departments[one] for one in whom if one in departments),
        kinds=tuple(kind for kind in WaitKind if any(one.kind is kind for one in waits)),
        times=len(waits),
        total=sum(lengths, _NONE),
        longest=max(lengths),
        still=sum(one.until is None for one in waits),
        late=sum(_late(one, at) for one in waits),
        cases=_each(one.case for one in waits),
        could_end=_each(name for one in waits for name in (*one.whom, *one.could_end)),
    )


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _late(one: Wait, at: datetime | None) -> bool:
    end = one.until or at
    return one.due is not None and end is not None and end > one.due


def _returned(report: AuditReport, departments: Mapping[str, str]) -> list[Returned]:
    """Return between whom work came back: roles, or departments if they are given.

    A hand-off comes back if it is refused, or if the next one of its case goes the other way.
    """
    refusals = report.taking_part.refusals
    handed: Counter[tuple[str, str]] = Counter()
    back: Counter[tuple[str, str]] = Counter()
    for case in report.cases:
        before: tuple[str, str] | None = None
        for giver, taker, seq in _hand_offs(case.waits, departments):
            first, second = sorted((giver, taker))
            handed[first, second] += 1
            refused = seq is not None and (case.case, seq) in refusals
            back[first, second] += refused or before == (taker, giver)
            before = None if refused else (giver, taker)
    found = [
        Returned(between=pair, departments=bool(departments), handed=count, returned=back[pair])
        for pair, count in handed.items()
        if back[pair]
    ]
    return sorted(found, key=lambda one: (-one.share, -one.handed, one.between))


def _hand_offs(waits: Iterable[Wait], departments: Mapping[str, str]) -> Iterator[tuple[str, str, int | None]]:
    """Yield who handed work to whom, and the event that ended the offer."""
    for one in waits:
        if one.kind is WaitKind.HAND_OFF and one.role and one.whom:
            giver, taker = one.role, one.whom[0]
            if departments:
                giver, taker = departments.get(giver, ""), departments.get(taker, "")
            if giver and taker and giver != taker:
                yield giver, taker, one.ended_by


def _court(report: AuditReport, departments: Mapping[str, str]) -> list[CourtShare]:
    found: defaultdict[tuple[PartyKind, str], timedelta] = defaultdict(lambda: _NONE)
    for one in report.ball:
        if one.party.kind is not PartyKind.RESOLVED:
            found[one.party.kind, _named(one.party, departments)] += one.wall
    shares = [CourtShare(kind=kind, name=name, wall=wall) for (kind, name), wall in found.items()]
    return sorted(shares, key=lambda one: (-one.wall, one.kind.value, one.name))


def _named(party: Party, departments: Mapping[str, str]) -> str:
    names = (departments.get(one, one) if party.kind is PartyKind.TEAM else one for one in party.names)
    return " + ".join(_each(names))


def _unowned(cases: Iterable[CaseAudit], at: datetime | None) -> Iterator[Unowned]:
    for case in cases:
        for one in case.tenures:
            until = one.until or at
            if one.person is None and until is not None and until > one.since:
                yield Unowned(case=case.case, since=one.since, until=until)

"""What of it is a deviation: DV609 to DV612 and DV615, in words and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from procflow.auditor.fairness.urgency import Account
from procflow.errors import SourceSpan
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.event import Source
from procflow.model.fairness import FirstCome, OnePerson, Urgent, WaitSpread, Workload
from procflow.model.fairness_report import Keepers, Load, QueueJump, Waits
from procflow.model.procedure import Step
from procflow.model.words import joined

_MOST_NAMED = 20
"""How many cases a sentence names."""


def jumped(one: QueueJump, asked: FirstCome, source: Source | None, again: int) -> Deviation:
    """Return that a case was taken before its turn; `again`: how often the same two did so."""
    whom = f" for {one.requester}" if one.requester is not None else ""
    like = _values(one.alike)
    others = f"{one.count:,} case{'s' if one.count > 1 else ''}{f' of {like}' if like else ''}"
    before = "before" if asked.by_more_than is None else f"more than {asked.by_more_than} before"
    came = f"{others} that had come {before} waited: {_named(one.overtaken, one.count)}"
    often = f"; {one.agent} did so {again} times for {one.requester}" if again > 1 else ""
    return _told(
        "DV609",
        f"{one.agent or 'nobody named'} took {one.case}{whom} in `{one.step}` while {came}{often}",
        asked.where,
        case=one.case,
        seq=one.seq,
        step=one.step,
        actor=one.agent,
        source=source,
        values={
            "overtaken": str(one.count),
            "cases": _named(one.overtaken, one.count),
            **({"requester": one.requester} if one.requester is not None else {}),
            **({"alike": like} if like else {}),
            "ready": one.ready.isoformat(),
            "taken": one.at.isoformat(),
            **({"by more than": str(asked.by_more_than)} if asked.by_more_than is not None else {}),
            "slipped": "not known" if one.slipped is None else _hours(one.slipped),
            **({"times by the same two": str(again)} if again > 1 else {}),
        },
        remedy=_expedite(asked),
    )


def _expedite(asked: FirstCome) -> str:
    if asked.expedited is not None:
        return f"take the oldest first, or do “{asked.expedited}” before, with the reason"
    if asked.expedited_if is not None:
        return f"take the oldest first, or say `{asked.expedited_if}` before"
    return "take the oldest first"


def abused(one: Account, asked: Urgent) -> Deviation:
    """Return that a requester, or a department, calls too much urgent."""
    told = one.told
    who = f"{'department ' if told.department else ''}{told.party}"
    of = f"{told.urgent:,} of {told.cases:,} cases"
    paid = f"; other cases slipped by {_hours(told.slipped)}" if told.slipped else ""
    return _told(
        "DV610",
        f"{of} of {who} were urgent ({_percent(told.share)}, {asked.at_most}% may be),"
        f" {told.downgraded:,} of them downgraded{paid}",
        asked.where,
        values={
            "requester": told.party,
            "cases": str(told.cases),
            "urgent": str(told.urgent),
            "share": _percent(told.share),
            "at most": f"{asked.at_most}%",
            "interval": f"{_percent(told.at_least)} to {_percent(told.at_most)}",
            "downgraded": str(told.downgraded),
            "urgent cases": _named(one.urgent, len(one.urgent)),
            **({"downgraded cases": _named(one.downgraded, len(one.downgraded))} if one.downgraded else {}),
            "slipped": _hours(told.slipped),
            **({"slipped not known of": str(told.unseen)} if told.unseen else {}),
        },
        remedy="agree with them what is urgent, and show what others pay for it",
    )


def depends(one: Keepers, asked: OnePerson, step: Step) -> Deviation:
    """Return that one person alone does a step."""
    person, count = max(one.by_person.items(), key=lambda each: (each[1], each[0]))
    within = f" within {_length(asked)}" if asked.window is not None else ""
    idle = one.idle or ()
    never = f"; {joined(idle, 'and', most=5)} may do it and never did" if idle else ""
    return _told(
        "DV611",
        f"{person} did `{one.step}` {count:,} of {one.completions:,} times{within}: it takes one person to cover"
        f" {asked.share}% of it{never}",
        asked.where,
        step=one.step,
        values={
            "person": person,
            "done": str(count),
            "completions": str(one.completions),
            "share": f"{asked.share}%",
            "people enough": "1",
            **({"never did": ", ".join(idle[:_MOST_NAMED])} if idle else {}),
        },
        remedy="let a second person do it while the first looks on",
        who_could=(step.by.role,) if step.by is not None and step.by.role is not None else (),
    )


def _length(asked: OnePerson) -> str:
    window = asked.window
    return "" if window is None else f"{window.count} {window.unit.value}{'' if window.count == 1 else 's'}"


def skewed(person: str, spread: Load, asked: Workload) -> Deviation:
    """Return that one person has far more open cases than the others."""
    count = spread.by_person[person]
    return _told(
        "DV612",
        f"{person} has {count:,} open cases; the median of {spread.people:,} people is {spread.median:g}, and"
        f" {asked.times} times that is {asked.times * spread.median:g}",
        asked.where,
        values={
            "person": person,
            "open": str(count),
            "median": f"{spread.median:g}",
            "people": str(spread.people),
            "times": f"{count / spread.median:.1f}",
        },
        remedy="give some of them to somebody else",
    )


def spread_out(one: Waits, asked: WaitSpread) -> Deviation:
    """Return that some of those alike wait far longer than others."""
    assert one.p50 is not None
    assert one.p90 is not None
    like = _values(one.alike)
    still = f"; {one.still:,} wait still" if one.still else ""
    return _told(
        "DV615",
        f"of {one.waits:,} waits in `{one.step}`{f' of {like}' if like else ''} half were over in {_hours(one.p50)},"
        f" and one in ten took more than {_hours(one.p90)}{still}",
        asked.where,
        step=one.step,
        values={
            "waits": str(one.waits),
            **({"alike": like} if like else {}),
            "p50": _hours(one.p50),
            "p90": _hours(one.p90),
            "times": "-" if not one.p50 else f"{one.p90 / one.p50:.1f}",
            "at most": str(asked.times),
            "still waiting": str(one.still),
        },
        remedy="look at those that waited longest, and at what they have in common",
    )


def _told(
    code: str,
    message: str,
    where: SourceSpan,
    *,
    values: Mapping[str, str],
    remedy: str,
    case: str = "",
    seq: int | None = None,
    step: str | None = None,
    actor: str | None = None,
    source: Source | None = None,
    who_could: tuple[str, ...] = (),
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
        values=values,
        remedy=remedy,
        who_could=who_could,
        source=source,
        refuses=False,
    )


def _values(alike: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value or 'unknown'}" for name, value in alike.items())


def _named(cases: Sequence[str], count: int) -> str:
    more = f" and {count - min(len(cases), _MOST_NAMED):,} more" if count > min(len(cases), _MOST_NAMED) else ""
    return ", ".join(cases[:_MOST_NAMED]) + more


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _hours(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days:,} d" if days else "", f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(filter(None, parts)) or "0 min"

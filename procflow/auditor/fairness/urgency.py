"""Urgency: what part of their cases requesters call urgent, what was downgraded, and what others pay for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from procflow.expressions.expression import Truth
from procflow.model.event import Kind, Trace
from procflow.model.fairness import Urgent
from procflow.model.fairness_report import QueueJump, UrgencyAccount
from procflow.model.organisation import Directory, Organisation
from procflow.model.procedure import Procedure
from procflow.model.sample import interval
from procflow.passages import Passage

_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Whether one case was urgent, and whose it is."""

    case: str
    requester: str
    departments: tuple[str, ...]
    urgent: bool
    downgraded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one party called urgent, with the cases."""

    told: UrgencyAccount
    urgent: tuple[str, ...]
    downgraded: tuple[str, ...]
    abused: bool


def claim(
    trace: Trace, passages: Sequence[Passage], asked: Urgent, procedure: Procedure, people: Directory | None
) -> Claim | str:
    """Return whether a case was urgent; else what is not on record."""
    client = requester(trace)
    if client is None:
        return "requester"
    truths = [asked.when.evaluate(one.facts).truth for one in passages]
    decided = [one for one in truths if one is not Truth.UNDECIDED]
    if not decided:
        return f"urgency: {asked.when}"
    first, last = decided[0] is Truth.TRUE, decided[-1] is Truth.TRUE
    return Claim(
        case=trace.case,
        requester=client,
        departments=departments(client, trace, procedure, people),
        urgent=any(one is Truth.TRUE for one in decided),
        downgraded=first and not last,
    )


def requester(trace: Trace) -> str | None:
    """Return for whom a case is: the client, else whoever it was opened for; None if the log does not say."""
    if trace.client is not None:
        return trace.client
    opened = trace.events[0] if trace.events and trace.events[0].kind is Kind.OPENED else None
    return opened.on_behalf_of if opened is not None else None


def departments(client: str, trace: Trace, procedure: Procedure, people: Directory | None) -> tuple[str, ...]:
    """Return the departments a requester belongs to: the clients above it, their teams, and those of the roles they held."""
    found: dict[str, None] = {}
    if isinstance(people, Organisation):
        found |= {one.id: None for one in people.clients.line_of(client) if one.id != client}
    if people is not None and people.knows(client):
        found |= dict.fromkeys(sorted(people.teams_of(client)))
    held = {role for event in trace.events[:1] if event.actor == client for role in event.roles}
    roles = (procedure.roles[one] for one in sorted(held) if one in procedure.roles)
    found |= {one.department: None for one in roles if one.department}
    return tuple(found)


def accounts(claims: Iterable[Claim], asked: Urgent, jumps: Iterable[QueueJump]) -> list[Account]:
    """Return what each requester and each department called urgent; by id, requesters first."""
    cost: Counter[str] = Counter()
    unseen: Counter[str] = Counter()
    for jump in jumps:
        if jump.slipped is None:
            unseen[jump.case] += 1
        else:
            cost[jump.case] += round(jump.slipped.total_seconds())
    of: defaultdict[tuple[bool, str], list[Claim]] = defaultdict(list)
    for one in claims:
        of[False, one.requester].append(one)
        for department in one.departments:
            of[True, department].append(one)
    return [
        _account(party, department, theirs, asked, cost, unseen) for (department, party), theirs in sorted(of.items())
    ]


def _account(
    party: str, department: bool, claims: list[Claim], asked: Urgent, cost: Counter[str], unseen: Counter[str]
) -> Account:
    urgent = tuple(one.case for one in claims if one.urgent)
    downgraded = tuple(one.case for one in claims if one.downgraded)
    low, high = interval(len(urgent), len(claims))
    told = len(claims) >= asked.at_least
    return Account(
        told=UrgencyAccount(
            party=party,
            department=department,
            cases=len(claims),
            urgent=len(urgent),
            downgraded=len(downgraded),
            slipped=timedelta(seconds=sum(cost[case] for case in urgent)),
            unseen=sum(unseen[case] for case in urgent),
            share=len(urgent) / len(claims),
            at_least=low,
            at_most=high,
            told=told,
        ),
        urgent=urgent,
        downgraded=downgraded,
        abused=told and len(urgent) * _PERCENT > asked.at_most * len(claims),
    )

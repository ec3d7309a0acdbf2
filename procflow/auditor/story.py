"""The story of cases of a log: each judged as an audit would, with who had a part in it and in which role."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from procflow.auditor.calendars import Given
from procflow.auditor.given import directory_of
from procflow.auditor.one_case import JudgedCase, case_in, cases_in
from procflow.calendars.calendar import Calendar
from procflow.errors import CalendarError
from procflow.model.event import Event
from procflow.model.organisation import Directory, Organisation, People
from procflow.model.procedure import Procedure
from procflow.model.story import CaseStory, Player
from procflow.model.waiting import Wait
from procflow.trail.instant import in_utc

_LONG = timedelta(days=400)
"""Nobody sees single days in the picture of a longer case."""


def story_in(
    procedure: str | Path,
    logs: Sequence[str | Path],
    case: str,
    *,
    mapping: str | Path | None = None,
    people: str | Path | None = None,
    calendars: Given = None,
    as_of: datetime | None = None,
) -> CaseStory:
    """Return the story of one case of logs; `case` is its id, or the beginning or end of it. Raises as `case_in`."""
    known = directory_of(people)
    return story_of(
        case_in(procedure, logs, case, mapping=mapping, people=people, calendars=calendars, as_of=as_of), known
    )


def stories_in(
    procedure: str | Path,
    logs: Sequence[str | Path],
    *,
    mapping: str | Path | None = None,
    people: str | Path | None = None,
    calendars: Given = None,
    as_of: datetime | None = None,
) -> Iterator[CaseStory]:
    """Yield the story of every case of logs, in the order of the log. Raises as `audit`."""
    known = directory_of(people)
    for one in cases_in(procedure, logs, mapping=mapping, people=people, calendars=calendars, as_of=as_of):
        yield story_of(one, known)


def story_of(one: JudgedCase, people: Directory | None = None) -> CaseStory:
    """Return the story of a case that was judged; `people` know the names of people, and who holds which role."""
    trace, judge, procedure = one.trace, one.judge, one.procedure
    audit = judge.audit(one.state, closed=trace.closed, as_of=one.as_of)
    # An audit keeps them only where the procedure speaks of hand-offs; a picture of any case is better with them.
    waits = audit.waits or judge.waits(one.state, one.as_of, closed=trace.closed)
    last = max((event.occurred_at for event in trace.events), default=None) or one.as_of
    assert last is not None, "a case has an event, or a moment is named"
    calendar = one.calendars.calendars.get(procedure.calendar or "")
    until = last if audit.closed or one.as_of is None else max(last, in_utc(one.as_of))
    return CaseStory(
        procedure=procedure,
        trace=trace,
        audit=audit,
        waits=waits,
        tenures=audit.tenures,
        spans=audit.spans or judge.ball(one.state, one.as_of, closed=trace.closed),
        players=players_of(procedure, trace.events, trace.client, waits, people),
        holders={role: people.holders_of(role) for role in procedure.roles} if people is not None else {},
        names=_names(people),
        zone="UTC" if calendar is None else calendar.zone,
        openings=_openings(calendar, min([last, *(event.occurred_at for event in trace.events)]), until),
        until=until,
    )


def _openings(calendar: Calendar | None, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return when a calendar is open; () if it does not cover the time, is open always, or the time is long."""
    if calendar is None or calendar.always or end - start > _LONG:
        return ()
    try:
        return tuple((one.start, one.end) for one in calendar.openings(start, end))
    except CalendarError:
        return ()


def players_of(
    procedure: Procedure,
    events: Sequence[Event],
    client: str | None,
    waits: Iterable[Wait] = (),
    people: Directory | None = None,
) -> Mapping[str, Player]:
    """Return who has a part in a case, the clients first, then as they enter.

    Who was only waited for has one, too: by name if one person alone is known to hold the role, else as the role.
    """
    acted: dict[str, Counter[str]] = defaultdict(Counter)
    for event in events:
        for person, role in _parts(procedure, event, client):
            acted[person][role] += 1
    roles = {person: _most(procedure, counted) for person, counted in acted.items()}
    outside = next((id for id, role in procedure.roles.items() if role.external and not role.supplier), None)
    if client is not None and outside is not None:
        # Also a client who never says a word waits.
        roles.setdefault(client, outside)
    waits = tuple(waits)
    for wait in waits:
        if wait.who:
            roles.setdefault(wait.who, wait.role)
    for name in chain.from_iterable(wait.whom for wait in waits):
        person, role = _named(name, procedure, people)
        if name not in roles and not (name in procedure.roles and name in roles.values()):
            roles.setdefault(person, role)
    names = _names(people)
    external = {id for id, role in procedure.roles.items() if role.external}
    ordered = sorted(roles.items(), key=lambda each: each[1] not in external)
    return {id: Player(id=id, name=names.get(id, id), role=role, named=id != role) for id, role in ordered}


def _parts(procedure: Procedure, event: Event, client: str | None) -> Iterator[tuple[str, str]]:
    """Yield who has a part in an event, and as what: also for whom somebody else wrote it down."""
    action = procedure.anytime.get(event.action)
    if action is not None and action.on_behalf_of is not None:
        yield event.on_behalf_of or client or action.on_behalf_of, action.on_behalf_of
        if event.actor == (event.on_behalf_of or client):
            return
    if event.actor is not None:
        yield event.actor, _role_at(procedure, event)


def _role_at(procedure: Procedure, event: Event) -> str:
    """Return the role somebody acted in: the one that was asked for, if they hold it, else the first they hold."""
    wanted = [step.by.role for step in procedure.steps.values() if step.by is not None and event.action in step.actions]
    held = [role for role in procedure.roles if role in event.roles]
    return next((role for role in wanted if role in held), held[0] if held else "") or ""


def _most(procedure: Procedure, counted: Counter[str]) -> str:
    order = {role: at for at, role in enumerate(procedure.roles)}
    return min(counted, key=lambda role: (not role, -counted[role], order.get(role, len(order))))


def _named(name: str, procedure: Procedure, people: Directory | None) -> tuple[str, str]:
    """Return who is meant by the id of a person or a role, and the role."""
    if name not in procedure.roles:
        held = () if people is None else people.roles_of(name)
        return name, next((role for role in procedure.roles if role in held), "")
    holders = () if people is None else people.holders_of(name)
    return (holders[0] if len(holders) == 1 else name), name


def _names(people: Directory | None) -> Mapping[str, str]:
    known = people.people if isinstance(people, Organisation) else people
    return {one.id: one.name for one in known.people.values() if one.name} if isinstance(known, People) else {}

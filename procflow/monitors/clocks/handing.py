"""The ball: who has it where a case stands, and since when who had it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from procflow.calendars.calendar import Calendar
from procflow.errors import CalendarError
from procflow.expressions.types import Value
from procflow.model.clock import BallShare, Held, Party, PartyKind
from procflow.model.configuration import Configuration
from procflow.model.procedure import Procedure

_MOST_KNOWN = 10_000
_ORDER = (PartyKind.TEAM, PartyKind.SUPPLIER, PartyKind.CLIENT)
RESOLVED = Party(kind=PartyKind.RESOLVED)
NOBODY = Party(kind=PartyKind.NOBODY)


class Had(NamedTuple):
    """Who has the ball from an instant on, and who had it before."""

    party: Party
    since: datetime
    before: Had | None


class Court:
    """Says who has the ball in cases of one procedure."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._known: dict[Configuration, tuple[Party | None, tuple[tuple[PartyKind, str, bool], ...]]] = {}
        """Where a case stands -> who has it; None if that depends on the data: then what each step says."""

    def party(self, at: Configuration, values: Mapping[str, Value]) -> Party:
        """Return who has the ball."""
        known = self._known.get(at)
        if known is None:
            says = tuple(self._says(at))
            party = None if any(of_field for _, _, of_field in says) else _party(says, values)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[at] = (party, says)
        party, says = known
        return _party(says, values) if party is None else party

    def side(self, role: str) -> PartyKind:
        """Return whose side a role is on; what is no role of the procedure is taken to be one of us."""
        found = self._procedure.roles.get(role)
        if found is None or not found.external:
            return PartyKind.TEAM
        return PartyKind.SUPPLIER if found.supplier else PartyKind.CLIENT

    def ours(self, roles: frozenset[str], on_behalf_of: str | None) -> bool:
        """Return True if somebody with these roles acts for us."""
        if on_behalf_of is not None and on_behalf_of.strip() and self.side(on_behalf_of) is not PartyKind.TEAM:
            return False
        return not roles or any(self.side(role) is PartyKind.TEAM for role in roles)

    def _says(self, at: Configuration) -> Iterator[tuple[PartyKind, str, bool]]:
        """Yield what each step that is active says: the side, the role or the data field, whether it is a field."""
        offered = frozenset(at.offered_steps())
        for name in at.active_steps():
            step = self._procedure.steps[name]
            if step.parallel is not None:
                continue
            by = step.whose_turn
            if name in offered:
                yield PartyKind.NOBODY, "", False
                continue
            if step.end is not None or step.resolved or by is None:
                yield PartyKind.RESOLVED, "", False
            elif by.field is not None:
                yield PartyKind.TEAM, by.field, True
            else:
                yield self.side(by.role or ""), by.role or "", False


def _party(says: Iterable[tuple[PartyKind, str, bool]], values: Mapping[str, Value]) -> Party:
    having: dict[PartyKind, list[str]] = {}
    for kind, name, of_field in says:
        if of_field:
            value = values.get(name)
            if value is None:
                having.setdefault(PartyKind.NOBODY, [])
                continue
            name = str(value)
        having.setdefault(kind, []).append(name)
    for kind in _ORDER:
        if kind in having:
            return Party(kind=kind, names=tuple(dict.fromkeys(having[kind])))
    return NOBODY if PartyKind.NOBODY in having or not having else RESOLVED


def ours_to_act(party: Party) -> bool:
    """Return True if it is for us to act: one of ours has the ball, or nobody has yet taken it."""
    return party.kind is PartyKind.TEAM or party.kind is PartyKind.NOBODY


def received(before: Party | None, after: Party) -> tuple[str, ...]:
    """Return those of ours that the ball comes to, and who did not have it."""
    if after.kind is not PartyKind.TEAM:
        return ()
    had = before.names if before is not None and before.kind is PartyKind.TEAM else ()
    return tuple(name for name in after.names if name not in had)


def handed(ball: Had | None, party: Party, at: datetime) -> Had:
    """Return the history of the ball with who has it from `at` on."""
    if ball is None:
        return Had(party, at, None)
    return ball if ball.party == party else Had(party, max(at, ball.since), ball)


def spans(ball: Had | None, end: datetime) -> tuple[Held, ...]:
    """Return who had the ball from when to when, up to `end`."""
    found: list[Held] = []
    while ball is not None:
        end = max(end, ball.since)
        found.append((ball.party, ball.since, end))
        end, ball = ball.since, ball.before
    return tuple(reversed(found))


def shares(spans: Iterable[Held], calendar: Calendar | None) -> tuple[BallShare, ...]:
    """Return how long who had the ball, in the order in which they first had it; working time on `calendar`."""
    found: dict[Party, BallShare] = {}
    for party, start, end in spans:
        working = None
        try:
            working = None if calendar is None else calendar.between(start, end)
        except CalendarError:
            calendar = None
        wall, times = end - start, 1
        if (had := found.get(party)) is not None:
            wall, times = had.wall + wall, had.times + 1
            working = None if working is None or had.working is None else had.working + working
        found[party] = BallShare(party=party, wall=wall, working=working, times=times)
    if calendar is None:
        return tuple(BallShare(party=one.party, wall=one.wall, working=None, times=one.times) for one in found.values())
    return tuple(found.values())

"""What rules across cases say of all there is on record: for the engine and for the auditor, from the same entries.

A refused attempt is judged against what was on record when it was made: what was recorded since, or belongs to a later
moment of its own case, did not stand against it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from procflow.errors import SourceSpan
from procflow.model.across import Across, PartyStanding
from procflow.model.deviation import REGISTRY, Deviation, Disposition
from procflow.model.event import Event
from procflow.model.procedure import Procedure
from procflow.model.report import CaseAudit
from procflow.model.rule import Obligation, RuleStatus
from procflow.monitors.moment import NotExamined
from procflow.monitors.rules.asking import UNKNOWN, Asking, Askings
from procflow.monitors.rules.ledger import Ledger, Placed, placed
from procflow.monitors.rules.position import Position

Key = tuple[str, int]
"""An event: its case and its `seq`."""


@dataclass(slots=True)
class Gathered:
    """What one rule sees of one party."""

    entries: list[Placed] = field(default_factory=list)
    attempts: list[Placed] = field(default_factory=list)
    """Of what policies stood against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt that policies stood against, as its record says."""

    case: str
    seq: int
    action: str
    actor: str | None
    policies: str
    """The digest of the policies, or of the procedure, whose rules stood against it."""
    grounded: bool
    """Something of its own case stood against it as well."""

    @property
    def key(self) -> Key:
        """Which event it is."""
        return self.case, self.seq


class Record:
    """What rules across cases see of all cases, put together by rule and party."""

    def __init__(self, asked: Askings) -> None:
        self._asked = asked.rules
        self._origins = asked.origins
        self._of: dict[tuple[int, str], Gathered] = {}
        self._attempts: dict[Key, Attempt] = {}

    def of(self, number: int, party: str) -> Gathered:
        """Return where what a rule, by its number, sees of a party is gathered."""
        found = self._of.get((number, party))
        if found is None:
            found = self._of[number, party] = Gathered()
        return found

    def take(self, client: str | None, procedure: Procedure, entries: Iterable[Placed]) -> None:
        """Take what happened in a case of `procedure` that is for `client`."""
        for number, party, seen in seen_by(self._asked, client, procedure, entries):
            self.of(number, party).entries.append(seen)

    def attempt(self, client: str | None, procedure: Procedure, attempt: Attempt, entry: Placed) -> None:
        """Take an attempt that policies stood against."""
        self.note(attempt)
        for number, party, seen in seen_by(self._asked, client, procedure, [entry]):
            self.of(number, party).attempts.append(seen)

    def note(self, attempt: Attempt) -> None:
        """Take an attempt that policies stood against, whatever its rules see of it."""
        self._attempts[attempt.key] = attempt

    def judged(self, as_of: datetime | None, *, cut: bool = False) -> Across:
        """Return what the rules say; what time alone has done by `as_of` is judged too, if it is given."""
        parties: list[PartyStanding] = []
        told: list[tuple[int, Deviation]] = []
        due: list[tuple[int, Obligation]] = []
        unseen: Counter[str] = Counter()
        grounded: set[Key] = set()
        doubtful: set[Key] = set()
        for number, party in sorted(self._of):
            asking, gathered = self._asked[number], self._of[number, party]
            if party == UNKNOWN:
                unseen[f"rule: {asking.rule.id}"] += len(gathered.entries)
                continue
            ours = [one for one in gathered.attempts if self._is_ours(one.key)]
            judged = _Party(asking, party.partition(":")[2], cut=cut)
            judged.enter(gathered.entries, [(self._attempts[one.key], one) for one in ours])
            standing = judged.standing(as_of)
            parties += [] if standing is None else [standing]
            told += ((number, one) for one in judged.deviations)
            due += ((number, one) for one in judged.due)
            unseen.update(judged.unseen)
            grounded |= judged.grounded
            doubtful |= {one.key for one in ours} if asking.of_the_path else set()
        told += ((-1, one) for one in self._groundless(grounded, doubtful, unseen))
        return Across(
            parties=tuple(parties),
            deviations=tuple(one for _, one in sorted(told, key=_place)),
            due=tuple(one for _, one in sorted(due, key=_when)),
            not_examined=dict(sorted(unseen.items())),
        )

    def _is_ours(self, key: Key) -> bool:
        attempt = self._attempts.get(key)
        return attempt is not None and attempt.policies in self._origins

    def _groundless(self, grounded: set[Key], doubtful: set[Key], unseen: Counter[str]) -> Iterator[Deviation]:
        for key, attempt in self._attempts.items():
            where = self._origins.get(attempt.policies)
            if where is None or key in doubtful - grounded:
                unseen["policies"] += 1
            elif not attempt.grounded and key not in grounded:
                yield _wrongly_refused(attempt, where)


class _Party:
    """What one rule says of one party."""

    def __init__(self, asking: Asking, party: str, *, cut: bool) -> None:
        self._asking = asking
        self._party = party
        self._ledger = Ledger(asking.book, cut=cut)
        self.deviations: list[Deviation] = []
        self.due: tuple[Obligation, ...] = ()
        self.unseen: Counter[str] = Counter()
        self.grounded: set[Key] = set()

    def enter(self, entries: Sequence[Placed], attempts: Sequence[tuple[Attempt, Placed]]) -> None:
        """Take what happened, and what was attempted in between."""
        waiting, begun = sorted(entries, key=_recorded), 0
        for told, attempt in sorted(attempts, key=lambda one: _recorded(one[1])):
            moment = attempt.order[1]
            before = bisect_left(waiting, moment, begun, key=_moment)
            self._ledger.enter(waiting[begun:before])
            begun = before
            same = waiting[begun : bisect_right(waiting, moment, begun, key=_moment)]
            self._try(told, attempt, [one for one in same if not _is_later(one, attempt)])
        self._ledger.enter(waiting[begun:])

    def _try(self, told: Attempt, attempt: Placed, same: Sequence[Placed]) -> None:
        """Judge an attempt. Of what was recorded at the very moment nobody knows which came first."""
        own = [one for one in same if one.order[2] == attempt.order[2]]
        for known in (same, own) if len(own) < len(same) else (same,):
            against = prevented(news(self._ledger, attempt, known), told)
            if against:
                self.deviations += named(against, self._asking, self._party)
                self.grounded.add(attempt.key)
                return

    def standing(self, as_of: datetime | None) -> PartyStanding | None:
        """Settle what is said; return how the rule stands, None if nothing but attempts was made."""
        judged = list(self._ledger.judged())
        standings = None
        if as_of is not None:
            standings, late = self._ledger.overdue(as_of)
            judged += late
        self.deviations += named((one for one in judged if isinstance(one, Deviation)), self._asking, self._party)
        self.unseen.update(one.concern for one in judged if isinstance(one, NotExamined))
        if not len(self._ledger):
            return None
        self.due = self._ledger.due(standings)
        told = self._ledger.told(standings)
        if told.status is RuleStatus.NEVER_ACTIVATED:
            return None
        return PartyStanding(per=self._asking.rule.per, party=self._party, standing=told, due=self.due)


def seen_by(
    asked: Sequence[Asking], client: str | None, procedure: Procedure, entries: Iterable[Placed]
) -> Iterator[tuple[int, str, Placed]]:
    """Yield what each rule, by its number, sees of a case, and of which party."""
    for entry in entries:
        for number, asking in enumerate(asked):
            seen = asking.sees(entry.position, procedure)
            if seen is not None:
                yield number, asking.party(seen, client), Placed(entry.order, seen)


def in_place(positions: Sequence[Position], recorded: Mapping[int, datetime | None]) -> Iterator[Placed]:
    """Yield the positions of a case with their places; `recorded` says when each event was written down.

    What is off the record has the place of what it stands beside: an opening that of the first event, a closing that
    of the last.
    """
    known = [one for one in positions if one.at is not None]
    for number, one in enumerate(positions):
        if one.at is not None and one.seq is not None:
            yield placed(one, recorded.get(one.seq), one.seq)
        elif known:
            beside = known[0] if number == 0 else known[-1]
            seq = 0 if number == 0 else (beside.seq or 0) + 1
            yield placed(one._replace(at=beside.at), recorded.get(beside.seq or 0), seq)


def news(ledger: Ledger, attempt: Placed, known: Sequence[Placed] = ()) -> list[Deviation]:
    """Return what would be said if this were entered, and is not said without it, `known` being entered as well."""
    said = ledger.tried([*known, attempt]).new
    if not known:
        return list(said)
    without = ledger.tried(known).new
    return [one for one in said if one not in without]


def prevented(said: Iterable[Deviation], attempt: Attempt | Event) -> list[Deviation]:
    """Return what stood against an attempt, and stands at it: nothing if all of it is let pass."""
    against = [one for one in said if one.unexcused and not one.of_time]
    if not any(one.refuses for one in against):
        return []
    return [replace(_at(attempt, one), disposition=Disposition.PREVENTED, provisional=False) for one in against]


def _at(attempt: Attempt | Event, one: Deviation) -> Deviation:
    """Return a deviation as it stands at an attempt, though it would have been told at another event.

    An attempt of the very moment of that event, or one entered late, has its place before it.
    """
    if (one.case, one.seq) == (attempt.case, attempt.seq):
        return one
    breach = one.breach
    if breach is not None and one.case != attempt.case:
        cases = breach.cases or (one.case,) * len(breach.activations)
        target_case = one.case if breach.target is not None and breach.target_case is None else breach.target_case
        breach = replace(breach, cases=cases, target_case=target_case)
    return replace(
        one,
        case=attempt.case,
        seq=attempt.seq,
        action=attempt.action or None,
        actor=attempt.actor,
        step=None,
        source=None,
        breach=breach,
    )


def answered(audit: CaseAudit, attempts: Iterable[Event], known: Collection[str]) -> CaseAudit:
    """Return the audit of a case without what is answered across cases, by policies with the `known` digests.

    Of an attempt that rules across cases stood against, the case alone cannot tell whether they did.
    """
    grounds = {one.seq for one in audit.deviations if one.disposition is Disposition.PREVENTED}
    told = sum(one.policies in known and one.seq not in grounds for one in attempts)
    if not told:
        return audit
    left = Counter(audit.not_examined)
    left["policies"] -= told
    return replace(audit, not_examined=dict(sorted((+left).items())))


def named(deviations: Iterable[Deviation], asking: Asking, party: str) -> list[Deviation]:
    """Return deviations that say of whom the rule asks."""
    per = asking.rule.per.value
    return [replace(one, values={per: party, **one.values}) for one in deviations]


def settled(
    deviations: Sequence[Deviation], excused: Callable[[str, list[Deviation]], list[Deviation]]
) -> tuple[Deviation, ...]:
    """Return deviations, of each case as `excused` returns those that blame it: what its waivers cover is excused."""
    of_case: dict[str, list[Deviation]] = {}
    for one in deviations:
        of_case.setdefault(one.case, []).append(one)
    return tuple(one for case, its in of_case.items() for one in excused(case, its))


def _wrongly_refused(attempt: Attempt, where: SourceSpan) -> Deviation:
    what = f"“{attempt.action}”" if attempt.action else "it"
    return Deviation(
        code="DV704",
        severity=REGISTRY["DV704"].severity,
        message=f"{what} was refused, and nothing in the procedure or in the policies stood against it",
        where=where,
        case=attempt.case,
        seq=attempt.seq,
        action=attempt.action or None,
        values={"refused": attempt.actor or "nobody named"},
        remedy="look for what refused it: another program, another version, or somebody by hand",
    )


def _recorded(one: Placed) -> tuple[datetime, str, int]:
    return one.order[1], *one.key


def _moment(one: Placed) -> datetime:
    return one.order[1]


def _is_later(one: Placed, attempt: Placed) -> bool:
    """Return True if an entry of the same case comes after the attempt."""
    return one.key[0] == attempt.key[0] and one.key[1] > attempt.key[1]


def _place(told: tuple[int, Deviation]) -> tuple[str, int, int, str]:
    number, one = told
    return one.case, one.seq or 0, number, one.code


def _when(due: tuple[int, Obligation]) -> tuple[bool, float, int, str, int]:
    number, one = due
    return one.due is None, 0.0 if one.due is None else one.due.timestamp(), number, one.case, one.since or 0

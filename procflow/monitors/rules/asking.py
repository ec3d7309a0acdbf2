"""`Asking`: one rule across cases: of whom it asks, and which events it asks about.

The positions of several cases come together here, each brought to what the rule needs of it: nothing else is kept by
whoever keeps them. Such rules stand in policies, for whatever procedure they fit, and in a procedure, for its own cases
under every version that has the very same rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from procflow.calendars.book import EMPTY, CalendarSet
from procflow.errors import SourceSpan
from procflow.expressions.expression import Facts
from procflow.expressions.types import FieldType
from procflow.model.deviation import Deviation
from procflow.model.event import Witness
from procflow.model.policies import Policies, check_ids, fields_of, is_there
from procflow.model.procedure import Procedure
from procflow.model.rule import BreachKind, Form, Happening, HappeningKind, Manner, Per, Rule
from procflow.monitors.rules.book import RuleBook
from procflow.monitors.rules.position import Position

UNKNOWN = "?"
"""Instead of a party: whose it is, is not on record."""

_OF_THE_PATH = frozenset({HappeningKind.ENTERS, HappeningKind.LEAVES, HappeningKind.ENDS})


class Asking:
    """One rule across cases. Shared by threads; what it remembers only saves time."""

    def __init__(
        self,
        rule: Rule,
        book: RuleBook,
        types: Mapping[str, FieldType],
        fits: Callable[[Procedure], bool],
        key: str,
    ) -> None:
        """`fits` tells in cases of which procedures it is judged; `types` are those of the data it reads."""
        self.rule = rule
        self.key = key
        """Names it among all: versions of a procedure may have rules of one id that ask for different things."""
        self.book = book
        self.types = {name: types[name] for name in fields_of(rule)}
        self.of_the_path = any(
            one.kind in _OF_THE_PATH or one.step is not None for one in (*rule.triggers, *rule.targets)
        )
        """True if what it sees of an event depends on how the whole case is explained."""
        self.fits = fits
        self._named: dict[str, Mapping[Happening, tuple[Happening, ...]]] = {}
        self._seen: dict[tuple[str, tuple[Happening, ...]], tuple[Happening, ...]] = {}

    def sees(self, position: Position, procedure: Procedure) -> Position | None:
        """Return what the rule needs of a position in a case of `procedure`; None if it does not ask about it."""
        named = self._local(procedure)
        if not named:
            return None
        key = (procedure.digest, position.happenings)
        happenings = self._seen.get(key)
        if happenings is None:
            happenings = tuple(said for one in position.happenings for said in named.get(one, ()))
            self._seen[key] = happenings
        asked = happenings or position.gap or (position.performs and self.rule.manner is Manner.NEXT)
        return self._brought(position, happenings) if asked else None

    def _local(self, procedure: Procedure) -> Mapping[Happening, tuple[Happening, ...]]:
        named = self._named.get(procedure.digest)
        if named is None:
            named = self._named[procedure.digest] = self._names(procedure)
        return named

    def _names(self, procedure: Procedure) -> Mapping[Happening, tuple[Happening, ...]]:
        """Return what can happen in cases of a procedure, as the rule calls it; nothing if it is not judged there."""
        if not self.fits(procedure):
            return {}
        named: dict[Happening, tuple[Happening, ...]] = {}
        for one in dict.fromkeys((*self.rule.triggers, *self.rule.targets)):
            if is_there(one, procedure):
                local = Happening(kind=one.kind, name=one.name, step=one.step)
                named[local] = (*named.get(local, ()), one)
        return named

    @property
    def personal(self) -> bool:
        """True if it may keep one person from something that another may do."""
        return self.rule.personal or (self.rule.per is Per.PERSON and self.rule.form is not Form.NEVER)

    def bars(self, one: Deviation) -> bool:
        """Return True if this is said by the rule, and would not be said of everybody."""
        breach = one.breach
        if breach is None or breach.rule != self.rule.id or not self.personal:
            return False
        return self.rule.per is Per.PERSON or breach.kind is BreachKind.FORBIDDEN

    def may_bar(self, action: str, procedure: Procedure) -> bool:
        """Return True if somebody may be kept by the rule from an action in cases of `procedure`, and not everybody."""
        if not self.personal:
            return False
        named = self._local(procedure)
        more = self.rule.manner is Manner.NEXT or any(one.kind is not HappeningKind.ACTION for one in named)
        return bool(named) and (more or any(one.name == action for one in named))

    def _brought(self, position: Position, happenings: tuple[Happening, ...]) -> Position:
        given = position.facts.values
        return position._replace(
            happenings=happenings,
            facts=Facts({name: given[name] for name in self.types if name in given}, {}, position.at),
            ends=False,
            cancelled=False,
            reopens=False,
        )

    def party(self, position: Position, client: str | None) -> str:
        """Return whose event it is: a client or a person by id; `UNKNOWN` if that is not on record."""
        who = client if self.rule.per is Per.CLIENT else position.actor
        return UNKNOWN if who is None else f"{self.rule.per.value}:{who}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Askings:
    """All rules across cases that are at hand."""

    rules: Sequence[Asking]
    """Those of the policies in the order of the file, then those of procedures by procedure and id."""
    origins: Mapping[str, SourceSpan]
    """Digest of the policies and of each procedure at hand -> where it begins."""
    digest: str
    """Of what is asked, in hex: equal if the same is asked of every event."""


def askings(
    policies: Policies | None,
    procedures: Iterable[Procedure],
    witness: Witness,
    *,
    statuses: bool = False,
    calendars: CalendarSet = EMPTY,
) -> Askings:
    """Return the rules that are judged across cases, as far as `witness` can see; lengths are counted on `calendars`.

    Raises ProcedureInvalid if policies have the id of a procedure.
    """
    versions = tuple(procedures)
    if policies is not None:
        check_ids(policies, versions)
    found = [] if policies is None else list(_of_policies(policies, witness, statuses, calendars))
    found += _of_procedures(versions, witness, statuses, calendars)
    origins = {one.digest: one.where for one in versions}
    if policies is not None:
        origins[policies.digest] = policies.where
    told = "\n".join(f"{one.key}: {_words(one.rule)}" for one in found)
    digest = hashlib.sha256(told.encode()).hexdigest() if told else ""
    return Askings(rules=tuple(found), origins=origins, digest=digest)


def _of_policies(policies: Policies, witness: Witness, statuses: bool, calendars: CalendarSet) -> Iterator[Asking]:
    types = {name: one.type for name, one in policies.data.items()}
    for rule in policies.across:

        def fits(procedure: Procedure, rule: Rule = rule) -> bool:
            return policies.misfit(rule, procedure) is None

        book = RuleBook(None, [rule], witness, statuses=statuses, calendars=calendars)
        yield Asking(rule, book, types, fits, rule.id)


def _of_procedures(
    versions: Sequence[Procedure], witness: Witness, statuses: bool, calendars: CalendarSet
) -> list[Asking]:
    """Return the rules of procedures; of versions that have the very same rule it is one."""
    same: dict[tuple[str, str, str], list[tuple[Procedure, Rule]]] = {}
    for procedure in versions:
        for rule in procedure.rules:
            if rule.per is not Per.CASE:
                same.setdefault((procedure.id, rule.id, _words(rule)), []).append((procedure, rule))
    found: list[Asking] = []
    for (id, _, words), having in sorted(same.items(), key=_key):
        digests = frozenset(procedure.digest for procedure, _ in having)
        # Of versions with the same rule the last one shows it.
        last, own = having[-1]
        rule = replace(own, id=f"{id}/{own.id}")

        def fits(procedure: Procedure, digests: frozenset[str] = digests) -> bool:
            return procedure.digest in digests

        book = RuleBook(last, [rule], witness, statuses=statuses, calendars=calendars)
        key = f"{rule.id}@{hashlib.sha256(words.encode()).hexdigest()[:12]}"
        found.append(Asking(rule, book, last.field_types, fits, key))
    return found


def _key(one: tuple[tuple[str, str, str], object]) -> tuple[str, str, str]:
    return one[0]


def _words(rule: Rule) -> str:
    """Return a rule as far as it decides what is asked: not where it stands, nor what it is called."""
    named = [";".join(map(str, several)) for several in (rule.triggers, rule.targets, rule.same, rule.different)]
    said = (
        rule.form.value,
        rule.number,
        rule.manner.value,
        rule.when,
        rule.by,
        rule.within,
        rule.window,
        rule.per.value,
        *(() if rule.calendar is None else (rule.calendar,)),
    )
    return " | ".join([*named, *map(str, said), str(rule.severity), str(rule.refuse), str(rule.because)])

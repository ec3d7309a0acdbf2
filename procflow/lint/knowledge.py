"""PF209 and PF509: conditions, `by: { field: ... }`, `not-by` and rules that read what nobody was asked for by then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from procflow.errors import Finding, SourceSpan
from procflow.expressions.boundaries import satisfy
from procflow.expressions.effort import Effort
from procflow.expressions.expression import Expression, Truth, parse
from procflow.lint.deciding import known_after, may_be_undecided, read_fields
from procflow.lint.entering import Demand, asked_in, taken
from procflow.lint.facts import NOTHING, Effect, Effects, Facts, Known
from procflow.lint.missing import Missing, told
from procflow.lint.rules.reading import CANCELLED, read_at
from procflow.lint.ways import Map, Way
from procflow.model.procedure import Action, Arrow, Branch, Procedure, Step
from procflow.model.rule import PERSON, Happening, HappeningKind, Rule
from procflow.model.rules import finding

_OPENED = "when the case is opened, set this aside and give that as the reason"
_MOST_READ = 500_000
"""Parts of conditions that are read for one procedure, to see whether a way can be taken; after them none is shown."""


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield the fields that nobody, or not everybody, was asked for before they are read."""
    if procedure.data and not _reads_nothing(procedure):
        yield from _Reading(procedure).findings()


def _reads_nothing(procedure: Procedure) -> bool:
    """Return True if there is nothing to look at: no condition reads a field, nobody is named or barred by one."""
    things: list[Step | Action] = [*procedure.steps.values(), *procedure.written_actions]
    return not (
        procedure.conditions
        or any(rule.when or rule.same or rule.different or (rule.by and rule.by.field) for rule in procedure.rules)
        or any(one.by is not None and one.by.field for one in things)
        or any(step.not_by for step in procedure.steps.values())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One reading of a condition, or of a field that names who may act."""

    step: str
    """Where the case stands."""
    what: str
    """What cannot be said without the field, as the beginning of a sentence."""
    where: SourceSpan | None
    known: Known
    condition: Expression | None
    """None for `by: { field: ... }` and `not-by`."""
    fields: tuple[str, ...]
    unless: frozenset[str] = frozenset()
    """What is known by then because alternatives before it did not hold."""
    before: Sequence[Demand] = ()
    """How those came out."""
    left: Step | None = None
    """The block that is left when this is read."""
    bars: bool = False
    """True of `not-by`: if nobody knows whom it names, nobody is barred, which may be meant on some ways."""
    gained: int = 0
    """What is known beyond what was when the case came to the step."""


_Moment = tuple[str, Known, int]
"""The step in which a case stands, what is known there, and what of that is given only then."""


@dataclass(slots=True)
class _Reading:
    """Everything that is read in one procedure, held against what is known there."""

    procedure: Procedure
    effort: Effort = field(default_factory=lambda: Effort(_MOST_READ))
    bits: dict[str, int] = field(init=False)
    facts: Facts = field(init=False)
    missing: Missing = field(init=False)
    always_asked: int = field(init=False)
    after: dict[tuple[str, bool], frozenset[str]] = field(default_factory=dict)
    """What is known after a condition, by its text, came out so: the same ones are asked for at every alternative."""

    def __post_init__(self) -> None:
        self.bits = {name: 1 << number for number, name in enumerate(self.procedure.data)}
        self.always_asked = 0
        for action in self.procedure.anytime.values():
            self.always_asked |= self._mask((*action.collect, *action.optional))
        effects = Effects(entering=self._entering, leaving=self._leaving, anytime=self._anytime, needed=self._needed)
        self.facts = Facts(Map(self.procedure), effects)
        self.missing = Missing(
            self.facts,
            lambda step: self._entering(self.procedure.steps[step]) if step in self.procedure.steps else Effect(),
            self.effort,
        )

    def _mask(self, names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            mask |= self.bits[name]
        return mask

    # --- what ways do ------------------------------------------------------------------------------------------

    def _entering(self, step: Step) -> Effect:
        asked = self._mask(asked_in(step)) if step.parallel is None else 0
        given = self._mask(step.requests)
        return Effect(given, given | asked | self.always_asked, 0)

    def _leaving(self, way: Way, step: Step) -> Effect:
        if way.late:
            return NOTHING
        assert way.arrow is not None
        arrows = (
            way.action.arrows if way.action is not None else step.parallel.then if step.parallel is not None else ()
        )
        known = self._decided(taken(arrows, way.arrow))
        given = self._given(step, way.action) if way.action is not None else 0
        if way.action is not None:
            known |= given
            by = way.action.by or step.by
            known |= self._mask([by.field]) if by is not None and by.field is not None else 0
        # A condition that was decided says that its fields are known, and not that anybody asks for them.
        return Effect(known, given, 0)

    def _given(self, step: Step, action: Action) -> int:
        """Return what is known once the action was done, because it must come with it."""
        binding = () if action.incomplete or not action.moves else step.collect
        return self._mask((*binding, *action.collect))

    def _anytime(self, action: Action) -> Effect:
        given = self._mask(action.collect)
        return Effect(given | self._decided(taken(action.arrows, action.arrows[0])), given, 0)

    def _needed(self, branch: Branch, truth: bool) -> int:
        return self._mask(known_after(branch.only_if.tree, truth)) if branch.only_if is not None else 0

    def _decided(self, outcomes: Iterable[Demand]) -> int:
        known = 0
        for condition, truth in outcomes:
            known |= self._mask(self._known_after(condition, truth is Truth.TRUE))
        return known

    def _known_after(self, condition: Expression, truth: bool) -> frozenset[str]:
        key = (condition.text, truth)
        if key not in self.after:
            self.after[key] = known_after(condition.tree, truth)
        return self.after[key]

    # --- what is read ------------------------------------------------------------------------------------------

    def findings(self) -> Iterator[Finding]:
        told_of: set[str] = set()
        told_in: set[tuple[str, str]] = set()
        for read in self._reads() if self.facts.settled else ():
            for name in self._doubtful(read):
                if not read.known.possible & self.bits[name]:
                    if name not in told_of and (read.bars or self._happens_somewhere(read, name)):
                        told_of.add(name)
                        yield self._never_asked(read, name)
                elif read.bars or name in told_of or (read.step, name) in told_in:
                    continue
                elif (trail := self._trail(read, name)) is not None:
                    told_in.add((read.step, name))
                    yield self._perhaps_unknown(read, name, trail)

    def _reads(self) -> Iterator[_Read]:
        for step in self.procedure.steps.values():
            known = self.facts.at(step.id)
            if known is not None:
                yield from self._of_block(step, known) if step.parallel is not None else self._of_step(step, known)
        for action in self.procedure.anytime.values():
            yield from self._of_anytime(action)
        for rule in self.procedure.rules:
            yield from self._of_rule(rule)

    def _of_step(self, step: Step, known: Known) -> Iterator[_Read]:
        if step.by is not None and step.by.field is not None and step.actions:
            yield self._named(step, step.by.field, known, step.where, f"who may act in `{step.id}`", step.collect)
        for name in step.not_by:
            barred = f"`not-by: {name}` of `{step.id}` bars nobody"
            yield _Read(
                step=step.id, what=barred, where=step.where, known=known, condition=None, fields=(name,), bars=True
            )
        for action in step.actions.values():
            given = self._given(step, action)
            here = Known(known.certain | given, known.possible | given)
            if action.by is not None and action.by.field is not None:
                yield self._named(
                    step, action.by.field, here, action.where, f"who may do `{action.id}`", action.collect
                )
            yield from self._of_arrows(step.id, action.arrows, here, f"whether `{action.id}` is possible", given)

    def _named(
        self, step: Step, name: str, known: Known, where: SourceSpan, what: str, given: Collection[str]
    ) -> _Read:
        gained = self._mask(given)
        here = Known(known.certain | gained, known.possible | gained)
        return _Read(step=step.id, what=what, where=where, known=here, condition=None, fields=(name,), gained=gained)

    def _of_arrows(
        self, step: str, arrows: Sequence[Arrow], known: Known, what: str, given: int, left: Step | None = None
    ) -> Iterator[_Read]:
        where_to = f"{what.replace('whether', 'where').replace('is possible', 'leads')}" if len(arrows) > 1 else what
        for arrow in arrows:
            if arrow.when is not None:
                before = [one for one in taken(arrows, arrow) if one[0] is not arrow.when]
                unless = frozenset[str]().union(*(self._known_after(one, False) for one, _ in before))
                yield _Read(
                    step=step,
                    what=where_to,
                    where=arrow.when_where or arrow.where,
                    known=known,
                    condition=arrow.when,
                    fields=read_fields(arrow.when.tree),
                    unless=unless,
                    before=before,
                    left=left,
                    gained=given,
                )

    def _of_block(self, step: Step, known: Known) -> Iterator[_Read]:
        assert step.parallel is not None
        for branch in step.parallel.branches:
            if branch.only_if is not None:
                yield _Read(
                    step=step.id,
                    what=f"whether the branch `{branch.id}` is needed",
                    where=branch.only_if_where or branch.where,
                    known=known,
                    condition=branch.only_if,
                    fields=read_fields(branch.only_if.tree),
                )
        through = self.facts.blocks[step.id]
        after = Known(known.certain | through.gained, known.possible | through.possible)
        yield from self._of_arrows(
            step.id, step.parallel.then, after, f"whether `{step.id}` is possible", through.gained, step
        )

    def _of_anytime(self, action: Action) -> Iterator[_Read]:
        """Yield the reading of a condition in each step that `while` names; elsewhere only what nobody is asked for."""
        for step, here, given in self._at_any_time(action):
            yield from self._of_arrows(step, action.arrows, here, f"whether `{action.id}` is possible", given)

    def _at_any_time(self, action: Action) -> Iterator[_Moment]:
        given = self._mask(action.collect)
        for step in action.during or (self.procedure.top.start,):
            known = self.facts.at(step)
            if known is None:
                continue
            if not action.during:
                everything = (1 << len(self.bits)) - 1
                asked = self.always_asked | self._mask(
                    name for one in self.procedure.steps.values() for name in asked_in(one)
                )
                known = Known(asked & everything, asked)
            yield step, Known(known.certain | given, known.possible | given), given

    # --- what rules read ---------------------------------------------------------------------------------------

    def _of_rule(self, rule: Rule) -> Iterator[_Read]:
        """Yield what a rule reads where it is set off, and whom it names where that is done."""
        for step, known, given in self._moments(read_at(rule)):
            if rule.when is not None:
                yield _Read(
                    step=step,
                    what=f"whether the rule `{rule.id}` applies",
                    where=rule.when_where or rule.where,
                    known=known,
                    condition=rule.when,
                    fields=read_fields(rule.when.tree),
                    gained=given,
                )
            compared = tuple(name for name in (*rule.same, *rule.different) if name != PERSON)
            what = f"what the rule `{rule.id}` is about"
            if compared and rule.triggers:
                yield _Read(
                    step=step, what=what, where=rule.where, known=known, condition=None, fields=compared, gained=given
                )
        if rule.by is not None and rule.by.field is not None:
            for step, known, given in self._moments(rule.targets):
                what = f"`by: {{ field: {rule.by.field} }}` of the rule `{rule.id}` names nobody"
                yield _Read(
                    step=step,
                    what=what,
                    where=rule.where,
                    known=known,
                    condition=None,
                    fields=(rule.by.field,),
                    gained=given,
                    bars=True,
                )

    def _moments(self, happenings: Iterable[Happening]) -> Iterator[_Moment]:
        """Yield where the case stands when something happens; of the opening nothing is known, and nothing is told."""
        for one in happenings:
            match one.kind:
                case HappeningKind.ACTION | HappeningKind.STARTS:
                    yield from self._when_done(one)
                case HappeningKind.ENTERS:
                    known = self.facts.at(one.name)
                    if known is not None:
                        yield one.name, known, 0
                case HappeningKind.LEAVES:
                    left = self.procedure.steps[one.name]
                    for action in left.actions.values():
                        if action.moves:
                            yield from self._in_step(action.id, left, starts=False)
                    known = self.facts.at(left.id)
                    if left.goes_to is not None and known is not None:
                        yield left.id, known, 0
                case HappeningKind.ENDS:
                    for step in self.procedure.top.steps.values():
                        known = self.facts.at(step.id)
                        if step.end is not None and step.end != CANCELLED and known is not None:
                            yield step.id, known, 0

    def _when_done(self, one: Happening) -> Iterator[_Moment]:
        starts = one.kind is HappeningKind.STARTS
        for step in self.procedure.steps.values():
            if one.step in (None, step.id):
                yield from self._in_step(one.name, step, starts=starts)
        if one.step is None and one.name in self.procedure.anytime:
            yield from self._at_any_time(self.procedure.anytime[one.name])

    def _in_step(self, name: str, step: Step, *, starts: bool) -> Iterator[_Moment]:
        known = self.facts.at(step.id)
        if known is None:
            return
        if name in step.actions:
            given = 0 if starts else self._given(step, step.actions[name])
            yield step.id, Known(known.certain | given, known.possible | given), given
        elif step.checklist is not None and name in step.checklist.items:
            yield step.id, known, 0

    # --- what is doubtful --------------------------------------------------------------------------------------

    def _doubtful(self, read: _Read) -> list[str]:
        """Return the fields that may be unknown, and without which there may be no answer."""
        return [
            name
            for name in read.fields
            if not read.known.certain & self.bits[name]
            and name not in read.unless
            and (read.condition is None or may_be_undecided(read.condition.tree, (name,)))
        ]

    def _trail(self, read: _Read, name: str) -> str | None:
        """Return a way, in words, on which the field is unknown and the condition has no answer; None if there is none."""
        for trail in self.missing.trails(read.step, self.bits[name]):
            way = self.missing.demands(trail, self.bits[name])
            if way is None:
                continue
            if read.left is not None:
                way += self.missing.not_needed(read.left, self.bits[name])
            if self._happens([*way, *read.before], read, name):
                return told(trail)
        return None

    def _happens_somewhere(self, read: _Read, name: str) -> bool:
        """Return False if every way there decides the condition without the field."""
        self.missing.is_cut = False
        return self._trail(read, name) is not None or self.missing.is_cut or self.effort.is_spent

    def _happens(self, outcomes: Sequence[Demand], read: _Read, name: str) -> bool:
        if read.condition is None:
            return bool(satisfy([*outcomes, self._has(name, Truth.FALSE)], effort=self.effort).values is not None)
        known = [one for one in read.fields if one != name and read.known.certain & self.bits[one]]
        wanted = [*outcomes, (read.condition, Truth.UNDECIDED), self._has(name, Truth.FALSE)]
        answer = satisfy([*wanted, *(self._has(one, Truth.TRUE) for one in known)], effort=self.effort)
        return answer.values is not None

    def _has(self, name: str, truth: Truth) -> Demand:
        return parse(f"has({name})", fields=self.procedure.field_types, actions=()), truth

    # --- what is told ------------------------------------------------------------------------------------------

    def _never_asked(self, read: _Read, name: str) -> Finding:
        so = read.what if read.bars else f"without it nobody can say {read.what}"
        message = f"nobody is asked for `{name}` before it is needed: {so}"
        ask = f"; or ask with `has({name})`" if read.condition is not None else ""
        if read.bars:
            hint = f"let a step before `{read.step}` ask for it, with `collect` or `optional`"
            return finding("PF209", message, where=read.where, hint=f"{hint}; if it is given {_OPENED}")
        hint = f"let `{read.step}`, or a step before it, `collect: [{name}]`{ask}; if it is given {_OPENED}"
        return finding("PF209", message, where=read.where, hint=hint)

    def _perhaps_unknown(self, read: _Read, name: str, trail: str) -> Finding:
        message = f"`{name}` may still be unknown in `{read.step}`: then nobody can say {read.what}"
        ask = f", or ask with `has({name})` first" if read.condition is not None else ""
        hint = f"let the way there `collect: [{name}]`{ask}\nthe way without it: {trail}"
        return finding("PF509", message, where=read.where, hint=hint)

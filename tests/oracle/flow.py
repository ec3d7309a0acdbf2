"""The flow of a procedure as `language.md` tells it: where a case can stand, what is due there, where that leads.

Independent of `procflow` on purpose: it reads the plain data of a procedure file. Slow, and small enough to be checked
by reading it beside the norm.

A case *stands* in a set of tokens, one for each step somebody may act in: (step, items of its checklist done). Which
blocks are active follows from the steps; a branch of an active block that holds no token is at rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from tests.oracle.conditions import Record, Ways
from tests.oracle.plain import Plain, PlainEvent

Token = tuple[str, frozenset[str]]
"""A step and the items of its checklist that are done; of work on offer `<` and who offers it, instead."""
ACCEPT, REFUSE, TAKE_CASE = "accept-hand-off", "refuse-hand-off", "take-case"
_ACCEPTING: Plain = {"to": "same"}
Standing = frozenset[Token]
"""Where a case stands. Empty within a branch: the branch is at rest."""


class Outcome(NamedTuple):
    """Where a move may lead."""

    at: Standing
    attached: tuple[str, ...] = ()
    """The codes of what is attached to it: conditions against it or undecided, uses beyond `at-most`."""
    entered: frozenset[str] = frozenset()
    """The steps (no blocks) that are entered by it, also those it stood in before."""
    came: tuple[str, ...] = ()
    """The same with blocks, outer first, in the order in which they are entered."""
    left: tuple[str, ...] = ()
    """What is left by it, blocks included, also what is entered again; a block that is passed at once is entered and
    left."""


class Move(NamedTuple):
    """Something done, or skipped, where it is due."""

    action: str
    step: str | None
    """None for `anytime`."""
    deed: Deed | None
    """None for an item of a checklist, and for time that is up."""
    outcome: Outcome
    timed: bool = False
    """True if nobody does anything: the time of the step is up."""

    @property
    def leaves(self) -> bool:
        """True if somebody leaves the step by it; whoever acts `anytime` does not."""
        return self.step is not None and self.deed is not None and self.deed.moves


def ways(written: str | Sequence[Plain] | Plain) -> Ways:
    """Return the alternatives of an action or of `then`, in whichever form they are written."""
    match written:
        case str():
            return ((written, None),)
        case Mapping():
            to = written["to"]
            return ((to, written.get("when")),) if isinstance(to, str) else ways(to)
        case _:
            return tuple((one["to"], one.get("when")) for one in written)


@dataclass(frozen=True)
class Deed:
    """An action where it is due."""

    ways: Ways
    at_most: int | None = None
    incomplete: bool = False
    during: frozenset[str] = frozenset()
    demands: Plain = field(default_factory=dict)
    """What it says in its long form."""

    @property
    def moves(self) -> bool:
        return self.ways[0][0] != "same"


@dataclass(frozen=True)
class Part:
    """One branch of a block."""

    region: str
    only_if: str | None


@dataclass(frozen=True)
class Place:
    """A step: what can be done there, or the branches that run side by side there."""

    region: str
    """The branch it belongs to, `""` at the top level."""
    items: tuple[str, ...] = ()
    any_order: bool = False
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    then: Ways = ()
    end: bool = False
    late: str | None = None
    """Where the case goes when the time of the step is up; None: nowhere."""
    demands: Plain = field(default_factory=dict)
    """All that the step says."""


class Flow:
    """A procedure, read for its flow."""

    def __init__(self, procedure: Plain) -> None:
        self.start: str = procedure["start"]
        self.places: dict[str, Place] = {}
        self.starts: dict[str, str] = {}
        """The start of each branch."""
        self.block: dict[str, str] = {}
        """The block each branch belongs to."""
        for name, step in procedure["steps"].items():
            self._read_step("", name, step)
        self.anytime = {name: self._deed(one) for name, one in procedure.get("anytime", {}).items()}
        if "accountable" in procedure:
            self.anytime[TAKE_CASE] = self._deed({"to": "same", "by": procedure["accountable"]})
        self.actions = sorted(
            {*self.anytime, *(name for one in self.places.values() for name in (*one.deeds, *one.items))}
        )
        self.acts: dict[str, dict[str, frozenset[object]]] = {}
        """`accept-hand-off` and `refuse-hand-off` -> the steps that have them, each with the roles that may."""
        self._givers: dict[str, dict[str, bool]] = {}
        """Step that work is handed over to -> from where it comes, and whether it can be given back there."""
        self._refusals: dict[str, Plain] = {}
        self._read_offers(procedure)
        self.actions = sorted({*self.actions, *(act for act, steps in self.acts.items() if steps)})
        self.timed = tuple(name for name, place in self.places.items() if place.late is not None)
        self._around = {name: frozenset(self._outwards(name)) for name in self.places}

    # Reading

    def _read_step(self, region: str, name: str, step: Plain) -> None:
        if "parallel" in step:
            self.places[name] = Place(
                region=region,
                parts=tuple(Part(branch, one.get("only-if")) for branch, one in step["parallel"].items()),
                then=ways(step["then"]),
                late=_late(step),
                demands=step,
            )
            for branch, one in step["parallel"].items():
                self.block[branch] = name
                self.starts[branch] = one["start"] if "steps" in one else branch
                for inner, inner_step in one.get("steps", {branch: one}).items():
                    self._read_step(branch, inner, inner_step)
            return
        checklist = step.get("checklist", [])
        self.places[name] = Place(
            region=region,
            items=tuple(checklist["any-order"] if isinstance(checklist, Mapping) else checklist),
            any_order=isinstance(checklist, Mapping),
            deeds={action: self._deed(one) for action, one in step.get("actions", {}).items()},
            end="end" in step,
            late=_late(step),
            demands=step,
        )

    def _read_offers(self, procedure: Plain) -> None:
        from tests.oracle.offers import Offers

        offers = Offers(procedure, self)
        self.acts = {ACCEPT: {}, REFUSE: {}}
        for name in self.places if "hand-offs" in str(procedure) else ():
            if not offers.receives(name):
                continue
            sources = [one for one in offers.sources(name) if offers.hands_over(one, name)]
            self._givers[name] = {one: offers.refusable(one, name) for one in sources}
            says = offers.says(name)
            assert says is not None
            self._refusals[name] = {**says.get("refuse", {}), "to": "same"}
            by = self.places[name].demands["by"]
            late = says.get("late", [])
            others = {
                one.get("offer-to", one.get("escalate")) for one in ([late] if isinstance(late, Mapping) else late)
            }
            who = frozenset({by if isinstance(by, str) else None, *others} - {None})
            self.acts[ACCEPT][name] = who
            if any(self._givers[name].values()):
                self.acts[REFUSE][name] = who

    def offered(self, step: str, giver: str) -> bool:
        """Return True if work can be on offer there that is given back to `giver`, or to nobody if that is empty."""
        givers = self._givers.get(step)
        return givers is not None and (not giver or givers.get(giver, False))

    def _arrived(self, step: str, giver: str | None, *, timed: bool) -> Token:
        givers = self._givers.get(step, {})
        if giver is None or giver not in givers:
            return (step, frozenset())
        return (step, frozenset({f"<{giver if givers[giver] and not timed else ''}"}))

    def _deed(self, written: str | Sequence[Plain] | Plain) -> Deed:
        if not isinstance(written, Mapping):
            return Deed(ways(written))
        during = frozenset(written.get("while", ()))
        return Deed(ways(written), written.get("at-most"), written.get("incomplete", False), during, written)

    def _outwards(self, step: str) -> Iterator[str]:
        """Yield the step and the blocks around it."""
        yield step
        while region := self.places[step].region:
            step = self.block[region]
            yield step

    # Where a case can stand

    def ended(self, at: Standing) -> bool:
        """Return True if the case stands in an end."""
        return any(self.places[step].end for step, _ in at)

    def active(self, at: Standing) -> frozenset[str]:
        """Return the active steps, blocks included."""
        return frozenset().union(*(self._around[step] for step, _ in at))

    def in_order(self, steps: Iterable[str]) -> tuple[str, ...]:
        """Return steps as they stand in the file, a block before what is in it."""
        wanted = set(steps)
        return tuple(name for name in self.places if name in wanted)

    def opening(self, record: Record) -> list[Outcome]:
        """Return where a case may stand when it opens."""
        return self._enter("", self.start, record, None, free=False)

    def _enter(
        self, region: str, to: str, record: Record, giver: str | None, *, free: bool, timed: bool = False
    ) -> list[Outcome]:
        """Return what may stand in the region once an arrow has led to `to`; nothing if that ends the branch.

        `giver`: the step that was left, or the `anytime` action. `free`: any alternative of a block passed at once may be
        taken.
        """
        if to == "done":
            return [Outcome(frozenset())]
        place = self.places[to]
        if not place.parts:
            return [Outcome(frozenset({self._arrived(to, giver, timed=timed)}), (), frozenset({to}), (to,))]
        outcomes: list[Outcome] = []
        for combination in product(*(self._begin(part, record, giver, free=free) for part in place.parts)):
            inside = frozenset[Token]().union(*(one.at for one in combination))
            begun = Outcome(
                inside,
                sum((one.attached for one in combination), ()),
                frozenset[str]().union(*(one.entered for one in combination)),
                (to, *(step for one in combination for step in one.came)),
                (*(step for one in combination for step in one.left),),
            )
            if inside:
                outcomes.append(begun)
            else:
                begun = begun._replace(left=begun.came[::-1])
                outcomes += _after(begun, self._pass(region, to, record, free=free))
        return outcomes

    def _begin(self, part: Part, record: Record, giver: str | None, *, free: bool) -> list[Outcome]:
        """Return what may stand in a branch when its block is entered."""
        needed = record.truth(part.only_if)
        rest = [Outcome(frozenset())]
        if needed is False:
            return rest
        begun = self._enter(part.region, self.starts[part.region], record, giver, free=free)
        return begun if needed else _against(("DV305",), begun + rest)

    def _pass(self, region: str, block: str, record: Record, *, free: bool) -> list[Outcome]:
        """Return what may stand in the region once a block in it was left."""
        return [
            one
            for to, attached in _choices(self.places[block].then, record, free=free)
            for one in _against(attached, self._enter(region, to, record, block, free=free))
        ]

    def _go(
        self, at: Standing, token: Token, to: str, record: Record, *, free: bool, back: bool = False
    ) -> list[Outcome]:
        """Return where the case may stand once an arrow leads from the step of `token` to `to`.

        `back`: whoever offered the work has it again.
        """
        region = self.places[token[0]].region
        inside = self._enter(region, to, record, None if back else token[0], free=free)
        inside = [one._replace(left=(token[0], *one.left)) for one in inside]
        outcomes = self._settle(at - {token}, region, inside, record, free=free)
        # What is only passed is left last.
        return [one._replace(left=tuple(sorted(one.left, key=one.came.__contains__))) for one in outcomes]

    def _settle(
        self, others: Standing, region: str, inside: list[Outcome], record: Record, *, free: bool
    ) -> list[Outcome]:
        """Put the outcomes within one region beside the rest of the case; leave the blocks that are done by it."""
        outcomes: list[Outcome] = []
        for one in inside:
            block = self.block.get(region)
            if one.at or block is None:
                outcomes.append(one._replace(at=others | one.at))
                continue
            if any(block in self._around[step] for step, _ in others):
                outcomes.append(one._replace(at=others))
            else:
                outer = self.places[block].region
                left = self._pass(outer, block, record, free=free)
                one = one._replace(left=(*one.left, block))
                outcomes += _after(one, self._settle(others, outer, left, record, free=free))
        return outcomes

    # What can be done

    def due(self, at: Standing) -> Iterator[tuple[str, Token, Deed | None]]:
        """Yield each action that is due in a step, with its token; None stands for an item of the checklist."""
        for token in sorted(at, key=itemgetter(0)):
            step, done = token
            place = self.places[step]
            left = [item for item in place.items if item not in done]
            for item in left if place.any_order else left[:1]:
                yield item, token, None
            for name, deed in place.deeds.items():
                if not left or deed.incomplete or not deed.moves:
                    yield name, token, deed
            if step in self._givers:
                yield ACCEPT, token, Deed(ways(_ACCEPTING), demands=_ACCEPTING)
            giver = next((one[1:] for one in done if one.startswith("<")), "")
            if giver:
                says = self._refusals[step]
                yield REFUSE, token, Deed(((giver, None),), says.get("at-most"), incomplete=True, demands=says)

    def due_anytime(self, at: Standing) -> Iterator[tuple[str, Deed]]:
        """Yield each `anytime` action that is due."""
        if not self.ended(at):
            active = self.active(at)
            yield from ((name, deed) for name, deed in self.anytime.items() if not deed.during or deed.during & active)

    def skips(self, at: Standing, record: Record) -> Iterator[Move]:
        """Yield each action that may have been done without being recorded. `record` is that before the event.

        Such an action ignores the conditions of arrows. It is never `anytime`, and never one that only records.
        """
        for name, token, deed in self.due(at):
            if deed is None:
                yield Move(name, token[0], None, _tick(at, token, name))
            elif deed.moves and name != REFUSE:
                for to, _ in deed.ways:
                    for one in self._go(at, token, to, record, free=True):
                        yield Move(name, token[0], deed, one)

    def timers(self, at: Standing, record: Record, step: str | None = None) -> Iterator[Move]:
        """Yield where the case goes if the time of an active step is up, of `step` alone if it is given.

        A block goes with all that is in it. Without `step` nothing is on record of it: conditions of arrows are ignored.
        """
        active = self.active(at) if self.timed else ()
        for name in self.timed:
            to = self.places[name].late
            if name not in active or to is None or step not in (None, name):
                continue
            within = frozenset(token for token in at if name in self._around[token[0]])
            passed = [one for one in self.places if one in self.active(within) and name in self._around[one]]
            region = self.places[name].region
            inside = [
                one._replace(left=(*passed[::-1], *one.left))
                for one in self._enter(region, to, record, name, free=step is None, timed=True)
            ]
            for outcome in self._settle(at - within, region, inside, record, free=step is None):
                yield Move(name, name, None, outcome, timed=True)

    def _meant(
        self, at: Standing, action: str, event: PlainEvent | None, stands: bool
    ) -> list[tuple[str, Token, Deed | None]]:
        """Return where `action` is due in a step. Who accepts work, or gives it back, means that of the own role.

        Nobody gives back what is offered to others, unless the case `stands` there although nothing was skipped, and
        whoever does it has no other work there.
        """
        found = [one for one in self.due(at) if one[0] == action]
        having = self.acts.get(action, {})
        roles = {*(event or {}).get("roles", ())}
        roles |= {one for one in [(event or {}).get("on_behalf_of")] if one is not None}
        if roles and len(having) > 1:
            own = {step for step, who in having.items() if who & {*roles, "any"}}
            mine = [one for one in found if one[1][0] in own]
            elsewhere = not stands or bool(own & self.active(at))
            found = mine if mine or (action == REFUSE and elsewhere) else found
        offered = [one for one in found if _is_offered(one[1])]
        return offered if action == ACCEPT and offered else found

    def moves(
        self, at: Standing, action: str, record: Record, event: PlainEvent | None = None, *, stands: bool = True
    ) -> Iterator[Move]:
        """Yield the ways to do `action` in step. `record` is that with the event.

        `stands`: the case may stand there without anything having been skipped before this event.
        """
        for name, token, deed in self._meant(at, action, event, stands):
            if deed is None:
                yield Move(name, token[0], None, _tick(at, token, name))
                continue
            for to, attached in self._taken(name, deed, record):
                going = self._go(at, token, to, record, free=False, back=name == REFUSE) if to != "same" else []
                outcomes = going if to != "same" else [Outcome(_accepted(at, token))]
                for one in _against(attached, outcomes):
                    yield Move(name, token[0], deed, one)
        for name, deed in self.due_anytime(at):
            if name == action:
                for to, attached in self._taken(name, deed, record):
                    outcomes = [Outcome(at)] if to == "same" else self._enter("", to, record, name, free=False)
                    away = () if to == "same" else self.in_order(self.active(at))[::-1]
                    for one in _against(attached, outcomes):
                        yield Move(name, None, deed, one._replace(left=(*away, *one.left)))

    def starts_of(self, at: Standing, action: str) -> Iterator[Move]:
        """Yield where `action` may be started: where it is due, whatever its conditions say. That moves nothing."""
        for name, token, deed in self._meant(at, action, None, True):
            # Who begins to give work back has not accepted it.
            yield Move(name, token[0], deed, Outcome(at if name == REFUSE else _accepted(at, token)))
        for name, deed in self.due_anytime(at):
            if name == action:
                yield Move(name, None, deed, Outcome(at))

    def _taken(self, name: str, deed: Deed, record: Record) -> list[tuple[str, tuple[str, ...]]]:
        over = ("DV108",) if deed.at_most is not None and record.counts.get(name, 0) >= deed.at_most else ()
        return [(to, attached + over) for to, attached in _choices(deed.ways, record, free=False)]


def _late(step: Plain) -> str | None:
    """Return where a step leads that is late."""
    late = step.get("late", [])
    return next((one["go-to"] for one in ([late] if isinstance(late, Mapping) else late) if "go-to" in one), None)


def _choices(alternatives: Ways, record: Record, *, free: bool) -> list[tuple[str, tuple[str, ...]]]:
    if free:
        return [(to, ()) for to, _ in alternatives]
    return [(to, (code,) if code else ()) for to, code in record.open(alternatives)]


def _against(attached: tuple[str, ...], outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one._replace(attached=attached + one.attached) for one in outcomes]


def _after(first: Outcome, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes, each with what happened first."""
    return [
        Outcome(
            one.at,
            first.attached + one.attached,
            first.entered | one.entered,
            first.came + one.came,
            first.left + one.left,
        )
        for one in outcomes
    ]


def _tick(at: Standing, token: Token, item: str) -> Outcome:
    done = frozenset(one for one in token[1] if not one.startswith("<"))
    return Outcome((at - {token}) | {(token[0], done | {item})})


def _is_offered(token: Token) -> bool:
    return any(one.startswith("<") for one in token[1])


def _accepted(at: Standing, token: Token) -> Standing:
    """Return where the case stands once somebody has done something with the work."""
    return (at - {token}) | {(token[0], frozenset())} if _is_offered(token) else at

"""Suggesting: the shortest stories for what no scenario shows, as few as can be, each run before it is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from procflow.automaton.alternatives import NoteKind
from procflow.automaton.moves import MoveKind
from procflow.expressions.expression import Truth
from procflow.judge import Judge
from procflow.loading.scenarios import opens_by_itself
from procflow.model.hand_off import REFUSE
from procflow.model.procedure import Arrow
from procflow.model.scenario import Aspect, Doing, Point, Scenario
from procflow.model.text import text_of
from procflow.scenarios.breaking import Breaker, mended
from procflow.scenarios.coverage import (
    ANSWERED,
    ANYTIME,
    CLOCK_MET,
    GIVEN_BACK,
    ONLY_IF,
    SET_OFF,
    THEN,
    refused_alike,
    shown_by,
)
from procflow.scenarios.delaying import Delayer
from procflow.scenarios.drafting import Draft, draft_of, expectation_of, scenario_of
from procflow.scenarios.planting import Planter
from procflow.scenarios.running import Run, run
from procflow.scenarios.searching import Demand, Search, Taken, Way
from procflow.scenarios.writing import yaml_of

Edge = tuple[Way, Taken, Way | None]

_MOST_TRIED = 6
"""Ways tried out for one thing that is to be shown: the data of a way may not do what was asked of them."""
_OF_AN_EVENT = 600
"""What it takes to judge an event of a run, in the unit of `Effort`."""
_OF_AN_EDGE = 5
"""What it takes to see whether an action shows a point, in that unit."""
_LONGEST_TITLE = 78
_OF_A_WAY = (Aspect.STEP, Aspect.ACTION, Aspect.CONDITION, Aspect.HAND_OFF)
"""What shows them is where a case goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A scenario that passes, and what it shows that none did before."""

    scenario: Scenario
    shows: tuple[Point, ...]

    @property
    def text(self) -> str:
        """The scenario in YAML, ready to paste under `scenarios:`."""
        return yaml_of(self.scenario)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """What was found."""

    found: tuple[Suggestion, ...]
    out_of_reach: tuple[Point, ...]
    """What no way was found for; there may be none, or it lies beyond the bounds of the search."""


def suggest(judge: Judge, missing: Sequence[Point]) -> Suggestions:
    """Return scenarios that show what is `missing`, as far as a bounded search finds them."""
    return _Suggesting(judge, missing).suggestions()


class _Suggesting:
    """Works through what is missing, the farthest first: on the way to it lies most of the rest."""

    def __init__(self, judge: Judge, missing: Sequence[Point]) -> None:
        self.judge = judge
        self.procedure = judge.procedure
        self.opens_at = opens_by_itself(judge.procedure)
        self.search = Search(judge.automaton, self.opens_at)
        self.missing = {one.key: one for one in missing}
        self.titles = {name for one in judge.procedure.scenarios for name in one.title.values()}
        self.found: list[Suggestion] = []
        self.lost: list[Point] = []

    def suggestions(self) -> Suggestions:
        # Every place once, for long procedures; then with all that can have gone before, as far as the bound goes.
        edges = [*self.search.explore(whole=False, coarse=True), *self.search.explore(whole=False)]
        edges.sort(key=lambda one: one[0].length)
        self._answers(edges)
        self._clean(edges)
        if self.lost:
            again, self.lost = self.lost, []
            self.missing |= {one.key: one for one in again}
            self._clean(list(self.search.explore(whole=True)))
        self._conditions_not_met(edges)
        self._clocks(edges)
        self._rules()
        planter = Planter(self.search, edges)
        for point in [one for one in self.missing.values() if one.aspect is Aspect.DEVIATION]:
            if point.key in self.missing:
                self._planted(point, planter)
        lost = sorted(self.lost, key=lambda one: one.where.line)
        return Suggestions(found=tuple(self.found), out_of_reach=tuple(lost))

    # -- what an ordinary case shows --

    def _clean(self, edges: Sequence[Edge]) -> None:
        reach = {key: list(self._ways_to(key, edges)) for key in self._wanted()}
        while wanted := self._wanted():
            if self.search.effort.is_spent:
                self.lost += [self.missing.pop(key) for key in wanted]
                return
            farthest = max(wanted, key=lambda key: max((one.length for one in reach[key][:1]), default=-1))
            shown = next((one for one in self._ordinary(reach[farthest]) if self._shows(one, farthest)), None)
            if shown is None:
                self.lost.append(self.missing.pop(farthest))
            else:
                self._keep(shown, self._title(shown))

    def _wanted(self) -> list[tuple[str, ...]]:
        return [key for key, one in self.missing.items() if one.aspect in _OF_A_WAY]

    def _ways_to(self, key: tuple[str, ...], edges: Sequence[Edge], *, flawed: bool = False) -> Iterator[Way]:
        """Yield ways that show a point, shortest first, with the demands it makes; `flawed`: whose last condition fails."""
        count = 0
        for way, taken, onward in edges:
            self.search.effort.spend(_OF_AN_EDGE)
            if self.search.effort.is_spent:
                return
            if flawed != (taken.flaws == {NoteKind.NOT_MET}) or (onward is None and not flawed):
                continue
            extra = self._asks(key, way, taken)
            demands = self.search.demands_at(way, taken, extra) if extra is not None else None
            if demands is not None:
                yield replace(onward or way, before=way, taken=taken, at=taken.move.target, demands=demands)
                count += 1
                if count == _MOST_TRIED:
                    return

    def _asks(self, key: tuple[str, ...], way: Way, taken: Taken) -> Sequence[Demand] | None:
        """Return what must hold besides so that an action shows a point; None if it does not."""
        kind, where, *rest = key
        if kind == Aspect.STEP.value:
            return () if where in (*way.at.active_steps(), *taken.move.entered) else None
        here = taken.step.id if taken.step is not None else ANYTIME
        name = rest[0]
        if kind == Aspect.HAND_OFF.value:
            steps = refused_alike(self.procedure, where) if name == GIVEN_BACK else [where]
            offered = here in steps and here in way.at.offered_steps()
            return () if offered and (taken.name == REFUSE) == (name == GIVEN_BACK) else None
        if kind == Aspect.ACTION.value:
            return () if here == where and name in (taken.name, *taken.spot.items) else None
        if name in (THEN, ONLY_IF):
            return self._asks_of_block(where, name, rest[1], Truth(rest[2]), taken)
        if where == ANYTIME:
            possible = any(one.id == name for one in self.judge.automaton.anytime_at(way.at))
            arrows = self.procedure.anytime[name].arrows
            return _side(arrows, int(rest[1]), Truth(rest[2])) if possible else None
        if here != where or taken.move.kind is not MoveKind.ACTION:
            return None
        return _side(self.procedure.steps[where].actions[name].arrows, int(rest[1]), Truth(rest[2]))

    def _asks_of_block(self, where: str, name: str, which: str, truth: Truth, taken: Taken) -> Sequence[Demand] | None:
        block = self.procedure.steps[where].parallel
        assert block is not None
        if name == ONLY_IF:
            condition = next(one.only_if for one in block.branches if one.id == which)
            entered = where in taken.move.entered
            return () if entered and condition is not None and taken.read.get(condition) is truth else None
        left = where in (*taken.move.left, *taken.move.entered)
        when = block.then[int(which)].when
        return () if left and when is not None and taken.read.get(when) is truth else None

    def _ordinary(self, ways: Sequence[Way]) -> Iterator[Run]:
        """Yield the runs of ways that are cases in order: first those that go on to an end, then as they are."""
        ways = [self._with_what_stays(way) for way in ways]
        ends = (way if self.judge.automaton.is_end(way.at) else self._to_an_end(way) for way in ways)
        spare = []
        for way in chain((one for one in ends if one is not None), ways):
            draft = draft_of(self.search, way)
            done = self._run(draft)
            against = [one for one in done.result.deviations if one.unexcused]
            if not against:
                yield done
            elif all(one.breach is not None or one.lateness is not None for one in against):
                spare.append(done)
                again = (self._run(one) for one in mended(draft, against, self.procedure))
                yield from (one for one in again if not _deviating(one))
        # Where every way breaks a rule, one that does shows the rest.
        yield from spare

    def _with_what_stays(self, way: Way) -> Way:
        """Return a way that ends with something possible at any time, with all else that is and that nothing shows yet."""
        if way.taken is None or way.taken.step is not None or way.taken.spot.moves:
            return way
        shown = {taken.name for taken in way.entries()}
        for action in self.judge.automaton.anytime_at(way.at):
            if action.moves or action.id in shown or (Aspect.ACTION.value, ANYTIME, action.id) not in self.missing:
                continue
            onward = next((one for _, one in self.search.done(way, action.id) if one is not None), None)
            way = onward or way
        return way

    def _to_an_end(self, way: Way) -> Way | None:
        """Return the shortest way on to an end; one without what may be done at any time, if there is one."""
        other = None
        for _, taken, onward in self.search.explore_from([way], whole=False, coarse=True):
            if onward is not None and self.judge.automaton.is_end(onward.at):
                if taken.step is not None:
                    return onward
                other = other or onward
        return other

    def _run(self, draft: Draft) -> Run:
        done = run(scenario_of(draft, self.procedure, self.opens_at), self.judge)
        self.search.effort.spend(_OF_AN_EVENT * len(done.result.happened))
        return done

    # -- what only a deviation shows --

    def _conditions_not_met(self, edges: Sequence[Edge]) -> None:
        """Show sides of conditions that no case in order shows: somebody acts although the condition does not hold."""
        for point in [one for one in self.lost if one.aspect is Aspect.CONDITION]:
            if point not in self.lost:
                continue
            ways = self._ways_to(point.key, edges, flawed=True)
            done = self._best(point, (draft_of(self.search, one) for one in ways))
            if done is not None:
                last = done.result.scenario.doings[-1]
                assert isinstance(last, Doing)
                self._keep(done, f"Its condition does not hold: {last.action}")

    def _answers(self, edges: Sequence[Edge]) -> None:
        """Show questions that are answered, first of all: then nobody has to answer what was not asked."""
        delayer = Delayer(self.search, edges, self.opens_at)
        for point in [one for one in self.missing.values() if one.key[0] == Aspect.HAND_OFF.value]:
            _, action, what = point.key
            if what != ANSWERED or point.key not in self.missing:
                continue
            done = self._best(point, delayer.answered(action), enough=0)
            if done is None:
                self.lost.append(self.missing.pop(point.key))
            else:
                self._keep(done, f"Answered: {text_of(self.procedure.anytime[action].title, default=action)}")

    def _rules(self) -> None:
        """Find for each rule a case that sets it off, if the others did not, and one that breaks it."""
        breaker = Breaker(self.search)
        rules = {one.id: one for one in self.procedure.rules}
        for point in [one for one in self.missing.values() if one.aspect is Aspect.RULE]:
            if point.key not in self.missing:
                continue
            _, name, side = point.key
            rule = rules[name]
            if side == SET_OFF:
                best = self._best(point, breaker.set_off(rule), enough=0)
            else:
                best = self._best(point, breaker.broken(rule))
            if best is None:
                self.lost.append(self.missing.pop(point.key))
            else:
                told = text_of(rule.title, default=rule.id)
                self._keep(best, f"{'Set off' if side == SET_OFF else 'Broken'}: {told}")

    def _clocks(self, edges: Sequence[Edge]) -> None:
        """Find for each clock a case that lets it run out, and one that keeps it if the others did not."""
        delayer = Delayer(self.search, edges, self.opens_at)
        for point in [one for one in self.missing.values() if one.aspect is Aspect.CLOCK]:
            if point.key not in self.missing:
                continue
            best = self._best(point, delayer.drafts(point))
            if best is None:
                self.lost.append(self.missing.pop(point.key))
            else:
                _, clock, side = point.key
                self._keep(best, delayer.title(point), met=(clock,) if side == CLOCK_MET else ())

    def _planted(self, point: Point, planter: Planter) -> None:
        """Find the case that shows a way to deviate, with as little else as can be."""
        best = self._best(point, planter.drafts(point))
        if best is None:
            self.lost.append(self.missing.pop(point.key))
        else:
            self._keep(best, planter.title(point, best.result.scenario))

    def _best(self, point: Point, drafts: Iterable[Draft], *, enough: int = 1) -> Run | None:
        """Return the run of a draft that shows a point, with the fewest deviations; None if none shows it."""
        best: Run | None = None
        tried = iter(drafts)
        while (draft := next(tried, None)) is not None:
            if self.search.effort.is_spent:
                break
            if not draft.entries and draft.wait is None:
                continue  # a case in which nothing happens is no story
            done = self._run(draft)
            if self._shows(done, point.key) and (best is None or _deviating(done) < _deviating(best)):
                best = done
                # What a rule misses besides can be added, if it is possible at any time.
                tried = chain(mended(draft, done.result.deviations, self.procedure), tried)
            if best is not None and _deviating(best) <= enough:
                break
        return best

    # -- keeping --

    def _shows(self, done: Run, key: tuple[str, ...]) -> bool:
        return key in set(shown_by(self.judge.automaton, done))

    def _keep(self, done: Run, title: str, *, met: tuple[str, ...] = ()) -> None:
        """Keep a run as a suggestion, with what came of it as what is expected, and clocks it is there to show `met`."""
        draft = done.result.scenario
        whole = Scenario(
            title={"": self._unique(title)},
            people=draft.people,
            opens_at=draft.opens_at,
            given=draft.given,
            without=draft.without,
            doings=draft.doings,
            expect=replace(expectation_of(done.result, self.procedure), met=met),
            where=draft.where,
        )
        again = run(whole, self.judge)
        assert again.result.passed, again.result.findings
        wanted = {**self.missing, **{one.key: one for one in self.lost}}
        shown = [wanted[key] for key in dict.fromkeys(shown_by(self.judge.automaton, again)) if key in wanted]
        self.missing = {key: one for key, one in self.missing.items() if one not in shown}
        self.lost = [one for one in self.lost if one not in shown]
        self.found.append(Suggestion(scenario=whole, shows=tuple(shown)))

    def _title(self, done: Run) -> str:
        result = done.result
        if result.outcome is not None:
            end = self.procedure.steps[result.stands.partition("/")[0]]
            told = text_of(end.title, default=str(result.outcome))
        else:
            told = f"Open in {expectation_of(result, self.procedure).stands}"
        actions = [one.action for one in result.scenario.doings if isinstance(one, Doing)]
        return f"{told[:1].upper()}{told[1:]} after {', '.join(actions)}"

    def _unique(self, title: str) -> str:
        short = title if len(title) <= _LONGEST_TITLE else title[:_LONGEST_TITLE].rpartition(",")[0] + " …"
        name, number = short, 2
        while name in self.titles:
            name, number = f"{short} ({number})", number + 1
        self.titles.add(name)
        return name


def _deviating(done: Run) -> int:
    return sum(one.unexcused for one in done.result.deviations)


def _side(arrows: Collection[Arrow], index: int, truth: Truth) -> Sequence[Demand] | None:
    """Return what must hold for one alternative's condition to be read and to come out so."""
    demands: list[Demand] = []
    for arrow in list(arrows)[:index]:
        if arrow.when is None:
            return None
        demands.append((arrow.when, Truth.FALSE))
    when = list(arrows)[index].when
    assert when is not None
    return [*demands, (when, truth)]

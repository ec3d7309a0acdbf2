"""What a scenario expects, held against what came: PF701 where they differ, in words an owner understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from procflow.errors import Finding, SourceSpan
from procflow.model.clock import ClockStatus
from procflow.model.deviation import REGISTRY, Deviation
from procflow.model.rule import RuleStatus
from procflow.model.rules import finding
from procflow.model.scenario import NOBODY, Expectation, Happening, ScenarioResult, Wait
from procflow.scenarios.telling import active_steps, length_text, listed, place_text, story_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came of a scenario, and what could be done next."""

    result: ScenarioResult
    due: Sequence[tuple[str, str]]
    """(step, action) pairs that are due where the case stands."""


def unmet(came: Came) -> tuple[Finding, ...]:
    """Return the expectations that were not met, in the order of the file; () if the scenario came out."""
    findings = [*_told(came), *_broken(came), *_kept(came), *_ends(came), *_stands(came), *_way(came)]
    findings += [*_within(came), *_late(came), *_met(came), *_notified(came), *_accountable(came)]
    return tuple(sorted(findings, key=_place))


def _place(one: Finding) -> tuple[int, int]:
    return (one.where.line, one.where.column) if one.where is not None else (0, 0)


def _fails(message: str, where: SourceSpan, hint: str | None = None) -> Finding:
    return finding("PF701", message, where=where, hint=hint)


# --- where it ends -------------------------------------------------------------------------------------------------


def _ends(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    if expect.ends is None or expect.ends == result.outcome:
        return
    story = f"It was: {story_text(result)}"
    where = expect.place("ends")
    if result.outcome is not None:
        yield _fails(f"expected to end as `{expect.ends}`, but it ended as `{result.outcome}`. {story}", where)
        return
    message = f"expected to end as `{expect.ends}`, but the case stands in {place_text(result.stands)}"
    yield _fails(f"{message}{_open(came)}. {story}", where, "say under `do` how it goes on, or expect `stands:`")


def _open(came: Came) -> str:
    """Return what could be done next, as a sentence goes on."""
    names = list(dict.fromkeys(name for _, name in came.due))
    if not names:
        return ""
    return f", where {listed(names)} {'is' if len(names) == 1 else 'are'} to be done"


def _stands(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    if expect.stands is None or expect.stands == result.stands or expect.stands in active_steps(result.stands):
        return
    message = f"expected to stand in `{expect.stands}`, but the case "
    if result.outcome is not None:
        message += f"ended as `{result.outcome}`"
    else:
        message += f"stands in {place_text(result.stands)}{_open(came)}"
    yield _fails(f"{message}. It was: {story_text(result)}", expect.place("stands"))


# --- which way it went ---------------------------------------------------------------------------------------------


def _way(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    went = f"it came through {', '.join(f'`{one}`' for one in result.through)}"
    for step in expect.through:
        if step not in result.through:
            yield _fails(f"expected to come through `{step}`, but {went}", expect.place("through", step))
    for step in expect.not_through:
        if step in result.through:
            yield _fails(f"expected not to come through `{step}`, but {went}", expect.place("not-through", step))


def _within(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    if expect.within is not None and not result.in_time:
        message = f"expected to take at most {expect.within}, but it took {length_text(result.took)}"
        yield _fails(message, expect.place("within"))


# --- what the judge tells ------------------------------------------------------------------------------------------


def _told(came: Came) -> Iterator[Finding]:
    """Yield the deviations that are told and not expected, and those that are expected and not told."""
    expect, result = came.result.scenario.expect, came.result
    told = [one for one in result.deviations if one.unexcused]
    left = Counter(expect.deviations)
    broken = expect.broken or ()
    for one in told:
        named = (one.breach is not None and one.breach.rule in broken) or _is_late(one, expect.late or ())
        if left[one.code] > 0 and (named or not _is_asked(one, expect)):
            left[one.code] -= 1
        # What breaks a rule that is named to be broken need not be named besides.
        elif not named:
            yield _unexpected(one, came)
    for code, count in left.items():
        if count > 0:
            slug = REGISTRY[code].slug
            times = f" {count} times more" if count > 1 else " once more" if expect.deviations.count(code) > 1 else ""
            others = (
                f"what was told: {', '.join(f'{one.code} {one.slug}' for one in told)}" if told else "nothing deviated"
            )
            message = f"expected the deviation {code} {slug}{times}, but it was not told; {others}"
            yield _fails(message, expect.place("deviations", code))


def _is_late(one: Deviation, clocks: Sequence[str]) -> bool:
    """Return True if it says that one of these clocks is late, and nothing else of it."""
    return one.lateness is not None and one.lateness.clock in clocks and one.code in LATE


LATE = ("DV401", "DV409", "DV410", "DV602", "DV608")
"""What says that a clock is late, and nothing else of it."""


def _is_asked(one: Deviation, expect: Expectation) -> bool:
    """Return True if `broken` or `late` says of which rules or clocks such a thing is expected."""
    if one.breach is not None:
        return expect.broken is not None
    return one.lateness is not None and one.code in LATE and expect.late is not None


def _unexpected(one: Deviation, came: Came) -> Finding:
    scenario = came.result.scenario
    expected = "it is told more often than expected" if one.code in scenario.expect.deviations else "it is not expected"
    entry = _entry(one, came.result.happened)
    where = scenario.doings[entry].where if entry is not None else scenario.where
    remedy = f"{one.remedy}; or " if one.remedy else ""
    # Whoever expects it already has to name it once more, not to write what stands there.
    named = ", ".join([*scenario.expect.deviations, one.code])
    wanted = f"deviations: [{named}]"
    if one.breach is not None:
        wanted = f"broken: [{', '.join([*(scenario.expect.broken or ()), one.breach.rule])}]"
    if one.lateness is not None and one.code in LATE:
        wanted = f"late: [{', '.join([*(scenario.expect.late or ()), one.lateness.clock])}]"
    hint = f"{remedy}if it is meant to happen, expect it: `{wanted}`"
    rule = f" (rule `{one.breach.rule}`)" if one.breach is not None else ""
    return _fails(f"{one.code} {one.slug}{rule}: {one.message}; {expected}", where, hint)


# --- clocks --------------------------------------------------------------------------------------------------------


def no_such_wait(wait: Wait, why: str, hint: str | None) -> Finding:
    """Return that a wait has no length: what comes after it is done at once."""
    return _fails(f"`wait {wait.text}`: {why}", wait.where, hint)


def _late(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    for clock in expect.late or ():
        if clock not in result.late:
            message = f"expected `{clock}` to be late, but {_clock(clock, result)}"
            yield _fails(message, expect.place("late", clock))


def _met(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    for clock in expect.met:
        statuses = {one.status for one in result.clocks if one.clock == clock}
        if ClockStatus.MET not in statuses or clock in result.late:
            message = f"expected `{clock}` to be met, but {_clock(clock, result)}"
            yield _fails(message, expect.place("met", clock))


def _notified(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    told = f"told were: {', '.join(f'`{one}`' for one in result.notified)}" if result.notified else "nobody was told"
    for role in expect.notified:
        if role not in result.notified:
            yield _fails(f"expected `{role}` to be told, but {told}", expect.place("notified", role))


def _accountable(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    if expect.accountable is None or expect.accountable == (result.accountable or NOBODY):
        return
    who = f"`{result.accountable}` does" if result.accountable is not None else "nobody does"
    yield _fails(f"expected `{expect.accountable}` to answer for the case, but {who}", expect.place("accountable"))


_CLOCKS: Mapping[ClockStatus, str] = {
    ClockStatus.RUNNING: "it still runs, and is not late",
    ClockStatus.PAUSED: "it stands still, and is not late",
    ClockStatus.OVERDUE: "it is late",
    ClockStatus.MET: "it was met",
    ClockStatus.BREACHED: "it was late",
    ClockStatus.CANCELLED: "it was cancelled",
    ClockStatus.UNDECIDABLE: "it could not be judged",
    ClockStatus.NOT_EXAMINED: "it could not be judged",
}


def _clock(clock: str, result: ScenarioResult) -> str:
    """Return how a clock stands, as a sentence goes on."""
    cycles = [one for one in result.clocks if one.clock == clock]
    return _CLOCKS[cycles[-1].status] if cycles else "it never began"


# --- rules ---------------------------------------------------------------------------------------------------------


def _broken(came: Came) -> Iterator[Finding]:
    """Yield the rules that should have been broken and were not; those broken without being named are deviations."""
    expect, result = came.result.scenario.expect, came.result
    for rule in expect.broken or ():
        if rule not in result.broken:
            message = f"expected the rule `{rule}` to be broken, but {_standing(rule, result)}"
            yield _fails(message, expect.place("broken", rule))


def _kept(came: Came) -> Iterator[Finding]:
    expect, result = came.result.scenario.expect, came.result
    standings = {one.rule: one for one in result.rules}
    for rule in expect.kept:
        one = standings.get(rule)
        if one is None or one.status not in _KEPT or rule in result.broken:
            message = f"expected the rule `{rule}` to be kept, but {_standing(rule, result)}"
            yield _fails(message, expect.place("kept", rule))


_KEPT = (RuleStatus.SATISFIED, RuleStatus.SATISFIED_SO_FAR)
_STANDINGS: Mapping[RuleStatus, str] = {
    RuleStatus.SATISFIED: "it was kept",
    RuleStatus.VIOLATED: "it was broken",
    RuleStatus.SATISFIED_SO_FAR: "it is kept so far",
    RuleStatus.VIOLATED_SO_FAR: "what it demands can still be done",
    RuleStatus.NEVER_ACTIVATED: "nothing set it off",
    RuleStatus.RELEASED: "the case was cancelled before it was settled",
    RuleStatus.NOT_EXAMINED: "it could not be judged",
}


def _standing(rule: str, result: ScenarioResult) -> str:
    """Return how a rule stands, as a sentence goes on."""
    status = next((one.status for one in result.rules if one.rule == rule), RuleStatus.NOT_EXAMINED)
    others = ", ".join(f"`{one}`" for one in result.broken if one != rule)
    return f"{_STANDINGS[status]}; broken: {others}" if others else _STANDINGS[status]


def _entry(one: Deviation, happened: Sequence[Happening]) -> int | None:
    """Return the entry of `do` at which a deviation was told; None for the opening, or for the case as a whole."""
    found = (each.entry for each in happened if each.event is not None and each.event.seq == one.seq)
    return next(found, None)

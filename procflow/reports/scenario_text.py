"""Scenarios for people: which came out, what happened in those that did not, and what no scenario shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from procflow.model.clock import LateDoing
from procflow.model.deviation import Deviation
from procflow.model.event import Kind
from procflow.model.scenario import Aspect, Coverage, Doing, Happening, Point, ScenarioResult, Trial, Wait
from procflow.model.text import text_of
from procflow.reports.deviation_text import standing
from procflow.reports.due_text import whoever
from procflow.reports.findings import findings_lines
from procflow.reports.paper import BLANK, Ink, Line, Mark, counted, faint, line, prose, strong, visible
from procflow.reports.sources import Sources, no_sources

_NAMES = {
    Aspect.STEP: "step",
    Aspect.ACTION: "action",
    Aspect.CONDITION: "side of a condition",
    Aspect.CLOCK: "clock",
    Aspect.HAND_OFF: "hand-off",
    Aspect.RULE: "rule",
    Aspect.DEVIATION: "way to deviate",
}
_PLURALS = {
    Aspect.STEP: "steps",
    Aspect.ACTION: "actions",
    Aspect.CONDITION: "sides of conditions",
    Aspect.CLOCK: "sides of clocks",
    Aspect.HAND_OFF: "hand-offs and answers",
    Aspect.RULE: "sides of rules",
    Aspect.DEVIATION: "ways to deviate",
}


def trial_lines(one: Trial, *, sources: Sources = no_sources, cells: int = 80) -> Iterator[Line]:
    """Yield the scenarios of one file, a failing one with what happened and why it fails; then what is not shown."""
    yield line(strong(f"{visible(one.procedure)} {visible(one.version)}"), faint(f"  {visible(one.file)}"))
    failed = False
    for result in one.results:
        if failed or not result.passed:
            yield BLANK
        yield from result_lines(result, sources, cells)
        failed = not result.passed
    loose = [found for found in one.findings if found.code != "PF701"]
    if loose:
        yield BLANK
        yield from findings_lines(loose, sources, cells=cells)
    if one.coverage is not None:
        yield BLANK
        yield from coverage_lines(one.coverage, cells=cells)


def result_lines(result: ScenarioResult, sources: Sources, cells: int) -> Iterator[Line]:
    """Yield one scenario; a failing one with what happened and why it fails."""
    name = text_of(result.scenario.title)
    if result.passed:
        yield from prose(name, cells, indent=2, label="pass  ")
        yield from prose(f"{_story(result)} => {_came(result)}", cells, indent=8, mark=Mark.FAINT)
        return
    yield line("  ", Ink("FAIL", Mark.BAD), f"  {visible(name)}")
    for number, entry in enumerate(result.scenario.doings):
        belongs = [each for each in result.happened if each.entry == number]
        yield from prose(_done(entry, belongs), cells, indent=8, mark=Mark.FAINT)
    yield from prose(_came(result), cells, indent=8, label="=> ", mark=Mark.FAINT)
    yield BLANK
    yield from findings_lines(result.findings, sources, cells=cells)


def _story(result: ScenarioResult) -> str:
    return " -> ".join(_entry(one) for one in result.scenario.doings)


def _entry(one: Doing | Wait) -> str:
    if isinstance(one, Wait):
        return f"wait {one.text}"
    return f"{one.by} {'start ' if one.start else ''}{one.action}"


def told_lines(result: ScenarioResult) -> Iterator[str]:
    """Yield each entry of `do` with what came with it, and what time did during a wait."""
    for index, entry in enumerate(result.scenario.doings):
        yield _done(entry, [one for one in result.happened if one.entry == index])
    yield f"=> {_came(result)}"


def _done(entry: Doing | Wait, happened: Sequence[Happening]) -> str:
    """Return an entry of `do` with what came with it, and where the case stood then."""
    told = _entry(entry)
    if isinstance(entry, Wait):
        return told + "".join(f"; {_timer(one)}" for one in happened if one.event is not None and one.event.timer)
    items = [one.event.action for one in happened[:-1] if one.event is not None and one.event.kind is Kind.ACTION]
    if items:
        told += f" (first {', '.join(items)})"
    last = happened[-1] if happened else None
    if last is not None and last.event is not None:
        given = [f"{name} = {_value(value)}" for name, value in last.event.data.items()]
        given += [f"proof {name}" for name in last.event.evidence]
        told += f" with {', '.join(given)}" if given else ""
        told += f" -> {standing(last.stands)}"
    return told


def _timer(one: Happening) -> str:
    """Return what time did: `intake 80%: lead is told`, `waiting late -> draft`."""
    assert one.event is not None
    timer = one.event.timer
    assert timer is not None
    if one.event.moves_by_time:
        return f"{timer.clock} {timer.mark} -> {standing(one.stands)}"
    may_act = timer.does in (LateDoing.ESCALATE, LateDoing.OFFER)
    who = timer.to or whoever(timer, "whoever has the ball")
    return f"{timer.clock} {timer.mark}: {who} {'may act, too' if may_act else 'is told'}"


def _value(value: object) -> str:
    if value is None:
        return "unknown again"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _came(result: ScenarioResult) -> str:
    told = [_deviation(one, result) for one in result.deviations if one.unexcused]
    came = f"ends: {result.outcome}" if result.outcome is not None else f"stands in {standing(result.stands)}"
    return f"{came}; {', '.join(told)}" if told else came


def _deviation(one: Deviation, result: ScenarioResult) -> str:
    """Return a deviation in short; of a rule that is broken, with what set it off."""
    told = f"{one.code} {one.slug}"
    if one.breach is None:
        return told
    actions = {each.seq: each.action for each in result.events if each.action}
    by = [actions[seq] for seq in one.breach.activations if seq in actions]
    return f"{told} ({one.breach.rule}{f', set off by {by[-1]}' if by else ''})"


def coverage_lines(coverage: Coverage, *, cells: int = 80) -> Iterator[Line]:
    """Yield how much is shown, and everything that is not."""
    counts = [(aspect, *coverage.of(aspect)) for aspect in Aspect]
    told = ", ".join(f"{shown} of {whole} {_PLURALS[aspect]}" for aspect, shown, whole in counts if whole)
    mark = Mark.DOUBTFUL if coverage.missing else Mark.GOOD
    yield from prose(told, cells, indent=2, label=f"shown: {percent(coverage)}  ", mark=mark)
    if coverage.missing:
        yield line("  not shown by any scenario:")
        wide = max(len(str(one.where.line)) for one in coverage.missing)
        for one in coverage.missing:
            label = f"line {one.where.line:>{wide}}  {_NAMES[one.aspect]}  "
            yield from prose(one.name, cells, indent=4, label=label)
    if coverage.aside:
        yield line(f"  set aside, {counted(len(coverage.aside), 'point')}:")
        for one, reason in coverage.aside:
            yield from prose(reason, cells, indent=4, label=f"{one.name}: ")


def suggested_lines(file: str, scenarios: Sequence[str], out_of_reach: Sequence[Point]) -> Iterator[Line]:
    """Yield scenarios in YAML, ready to be pasted, and what none was found for."""
    if scenarios:
        yield line(strong(f"# {counted(len(scenarios), 'scenario')} for {visible(file)}, to stand under `scenarios:`"))
        for text in scenarios:
            yield from (line(visible(one)) for one in text.splitlines())
            yield BLANK
    else:
        yield line(faint(f"# no scenario is missing in {visible(file)}, or none was found"))
    if out_of_reach:
        yield line(faint("# no case was found that shows these; there may be none:"))
        for point in out_of_reach:
            yield line(faint(f"#   line {point.where.line}: {visible(point.name)}"))


def percent(coverage: Coverage) -> str:
    """Return how much is shown, never `100 %` of less than all."""
    rounded = round(coverage.percent)
    return f"{99 if rounded == 100 and coverage.missing else rounded} %"


def trials_summary(trials: Sequence[Trial]) -> Line:
    """Return what it comes to: `5 scenarios, all pass`."""
    whole = sum(len(one.results) for one in trials)
    failed = sum(one.failed for one in trials)
    if not whole:
        return line(Ink("no scenario was run", Mark.BAD))
    if failed:
        return line(Ink(f"{counted(whole, 'scenario')}: {whole - failed} pass, {failed} fail", Mark.BAD))
    empty = sum(not one.results for one in trials)
    if empty:
        told = f"{counted(whole, 'scenario')} pass; {counted(empty, 'file')} without any"
        return line(Ink(told, Mark.BAD))
    return line(Ink(f"{counted(whole, 'scenario')}, {'it passes' if whole == 1 else 'all pass'}", Mark.GOOD))

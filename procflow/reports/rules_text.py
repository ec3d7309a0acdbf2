"""Rules for people: how far they were complied with, how they stand in a case, and what they still demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from procflow.calendars.moments import moment_in
from procflow.model.report import RuleCompliance
from procflow.model.rule import Obligation, RuleStanding, RuleStatus, Tally
from procflow.monitors.rules.phrases import owing
from procflow.reports.paper import (
    BLANK,
    Column,
    Line,
    Mark,
    faint,
    line,
    number,
    padded,
    prose,
    share,
    strong,
    table,
    visible,
    width,
)
from procflow.reports.totals import rules_by

TOP = 10
"""How many rows a table has before it says how many more there are."""
OWED_SHOWN = 5
"""How many obligations are told after a step."""

_DEGREE = (Column(head="complied", right=True), Column(head="kept", right=True), Column(head="broken", right=True))


def compliance_lines(rules: Sequence[RuleCompliance], cells: int) -> Iterator[Line]:
    """Yield how far each rule was complied with, then by person and by month; nothing without rules."""
    if not rules:
        return
    yield BLANK
    yield line(strong("Rules"))
    why = "Of what set a rule off, how much was kept and how much was broken. What is waived was broken all the same."
    yield from prose(why, cells, indent=2)
    yield from degree_lines(rules, cells)
    whole = RuleStatus.NEVER_ACTIVATED
    never = [one.rule for one in rules if one.statuses.keys() <= {whole} and not one.broken]
    if never:
        yield from prose(f"never set off: {', '.join(never)}", cells, indent=2, mark=Mark.FAINT)
    yield from _of_all(rules, cells)
    people = rules_by(one.by_person for one in rules)
    if set(people) - {""}:
        yield BLANK
        yield line(strong("Rules by person"))
        why = (
            "Who did what kept or broke a rule. That nothing forbidden came is nobody's act: these counts are no share."
        )
        yield from prose(why, cells, indent=2)
        worst = sorted(people.items(), key=lambda one: (-one[1].broken, -one[1].kept, one[0]))
        yield from count_lines("person", [one for one in worst if one[0]], cells, last=people.get(""))
    months = rules_by(one.by_period for one in rules)
    if set(months) - {""}:
        yield BLANK
        yield line(strong("Rules by month"))
        latest = sorted(months.items(), reverse=True)
        yield from tally_lines("month", [(name or "(not known)", tally) for name, tally in latest], cells)


def degree_lines(rules: Iterable[RuleCompliance], cells: int, *, so_far: bool = False) -> Iterator[Line]:
    """Yield a table of how far each rule was complied with; `so_far`: what is kept so far has a column of its own."""
    rows: list[tuple[str, ...]] = []
    for one in rules:
        kept = one.kept + one.kept_so_far
        counts = [number(one.kept), number(one.kept_so_far)] if so_far else [number(one.kept)]
        rows.append((share(kept, kept + one.broken) or "-", *counts, number(one.broken), _named(one)))
    column = [Column(head="kept so far", right=True)] if so_far else []
    yield from table((*_DEGREE[:2], *column, _DEGREE[2], Column(head="rule", rest=True)), rows, cells)


def _of_all(rules: Iterable[RuleCompliance], cells: int) -> Iterator[Line]:
    """Yield what was neither kept nor broken."""
    counts = [(one.pending, one.unseen, one.released) for one in rules]
    pending, unseen, released = (sum(column) for column in zip(*counts, strict=True))
    said = [
        f"{number(pending)} still open" if pending else "",
        f"{number(unseen)} not to be seen in the log" if unseen else "",
        f"{number(released)} released by a cancellation" if released else "",
    ]
    if any(said):
        yield from prose(f"Besides: {', '.join(filter(None, said))}.", cells, indent=2)


def _named(one: RuleCompliance) -> str:
    clause = f" ({one.clause})" if one.clause else ""
    return f"{one.rule}{f': {one.title}' if one.title else ''}{clause}"


def _degree(tally: Tally) -> tuple[str, str, str]:
    return share(tally.kept, tally.kept + tally.broken) or "-", number(tally.kept), number(tally.broken)


def count_lines(
    head: str, tallies: Sequence[tuple[str, Tally]], cells: int, *, last: Tally | None = None
) -> Iterator[Line]:
    """Yield a table like `tally_lines`, without shares; `last` is nobody's, and always shown."""
    rows = [(number(one.kept), number(one.broken), name) for name, one in tallies]
    shown = rows[:TOP] if last is None else [*rows[:TOP], (number(last.kept), number(last.broken), "(nobody named)")]
    yield from table((*_DEGREE[1:], Column(head=head, rest=True)), shown, cells)
    if len(rows) > TOP:
        yield line(faint(f"  ... and {number(len(rows) - TOP)} more; --json has them all"))


def tally_lines(head: str, tallies: Sequence[tuple[str, Tally]], cells: int) -> Iterator[Line]:
    """Yield a table of how much was kept and how much broken, by names of one kind; the first `TOP`."""
    rows = [(*_degree(tally), name) for name, tally in tallies]
    yield from table((*_DEGREE, Column(head=head, rest=True)), rows[:TOP], cells)
    if len(rows) > TOP:
        yield line(faint(f"  ... and {number(len(rows) - TOP)} more; --json has them all"))


def standing_lines(standings: Sequence[RuleStanding], cells: int, *, indent: int = 2) -> Iterator[Line]:
    """Yield how each rule stands in a case, a line each."""
    wide = max((width(one.rule) for one in standings), default=0)
    for one in standings:
        broken = one.status in (RuleStatus.VIOLATED, RuleStatus.VIOLATED_SO_FAR)
        text = ", ".join((_STATUS[one.status], *_counts(one)))
        mark = Mark.PLAIN if broken or one.kept else Mark.FAINT
        yield from prose(text, cells, indent=indent, label=f"{padded(visible(one.rule), wide)}  ", mark=mark)


_STATUS: Mapping[RuleStatus, str] = {
    RuleStatus.SATISFIED: "kept",
    RuleStatus.VIOLATED: "broken",
    RuleStatus.SATISFIED_SO_FAR: "kept so far",
    RuleStatus.VIOLATED_SO_FAR: "still to be kept",
    RuleStatus.NEVER_ACTIVATED: "never set off",
    RuleStatus.RELEASED: "released, as the case was cancelled",
    RuleStatus.NOT_EXAMINED: "not examined: the log cannot show it",
}


def _counts(one: RuleStanding) -> Iterator[str]:
    """Yield what became of the activations, where there were several."""
    if one.activations < 2:
        return
    counts = (
        ("kept", one.kept),
        ("broken", one.broken),
        ("open", one.pending),
        ("not seen", one.unseen),
        ("released", one.released),
    )
    yield from (f"{number(count)} {name}" for name, count in counts if count)


def owed_lines(
    due: Sequence[Obligation], cells: int, *, indent: int = 2, most: int | None = OWED_SHOWN
) -> Iterator[Line]:
    """Yield what rules still demand of a case, soonest first as it comes; None of `most`: all."""
    shown = due[:most]
    for one in shown:
        named = f"clock {one.clock}" if one.clock else f"rule {one.rule}"
        yield from prose(f"{owed(one)} ({named})", cells, indent=indent, label="still owed: ")
    if len(shown) < len(due):
        yield line(faint(f"{' ' * indent}... and {number(len(due) - len(shown))} more still owed"))


def owed(one: Obligation) -> str:
    """Return what is demanded, of whom and until when: `submit, by expert, until 2026-11-24 10:00 UTC`."""
    until = "before the case ends" if one.due is None else f"until {moment_in(one.zone, one.due)}"
    return f"{demanded(one)}, {until}"


def demanded(one: Obligation) -> str:
    """Return what is demanded, and of whom: `submit, by expert`."""
    names = [owing(each) for each in one.what]
    said = [" and ".join(names) if one.together else " or ".join(names)]
    if one.times > 1:
        said.append(f"{number(one.times)} times")
    if one.who:
        said.append(f"by {' or '.join(one.who)}")
    if one.asker or one.asked:
        asked = f"“{one.asked}”" if one.asked else ""
        said.append(f"for {one.asker}{': ' if asked else ''}{asked}" if one.asker else asked)
    return ", ".join(said)

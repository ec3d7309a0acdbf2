"""Where everything of a story lies on its timeline: one lane for each player, marks, flags and waits in them.

Positions run from left to right; whoever draws for readers from right to left mirrors them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from procflow.model.clock import Promised
from procflow.model.deviation import Deviation
from procflow.model.event import Event, Kind
from procflow.model.story import CaseStory
from procflow.model.waiting import Wait
from procflow.reports.diagram.lettering import Face, width
from procflow.reports.page.of_waiting import blamed

LABEL = 176.0
"""The room for names at the beginning of each lane."""
MARK = 40.0
"""The height of what is done in a lane."""
BAR = 20.0
"""The height of one row of waits."""
TEXT = Face(11.5)
SMALL = Face(11)
_MOST_LANES = 24
_MOST_MARKS = 60
"""A lane with more marks would be a line of them."""
_APART = 13.0
_SHORTEST = timedelta(minutes=1)
_CLOSED = timedelta(minutes=40)
"""As long as this a night or a holiday is drawn."""
_FLAG = 20.0


@dataclass(slots=True)
class Mark:
    """Something somebody did."""

    x: float
    event: Event
    label: str = ""
    room: float = 0.0
    """How wide the label may be; it stands behind the mark."""


@dataclass(slots=True)
class Flag:
    """A finding, where it is blamed on."""

    x: float
    number: int


@dataclass(slots=True)
class Bar:
    """A wait, in the lane of whoever waits."""

    start: float
    end: float
    row: int
    targets: tuple[str, ...]
    """The lanes of those who are waited for."""
    label: str = ""
    at: float = 0.0
    """Where the label begins, or, `before`, ends."""
    before: bool = False


@dataclass(slots=True)
class Lane:
    """One player."""

    id: str
    top: float = 0.0
    height: float = MARK
    marks: list[Mark] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    waited_for: list[tuple[float, float]] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Where its marks stand."""
        return self.top + MARK / 2


@dataclass(frozen=True, slots=True)
class Plan:
    """A timeline laid out."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    left_out: int
    """Players for whom there is no lane."""
    x: Callable[[datetime], float]


def plan(
    story: CaseStory,
    findings: Sequence[tuple[int, Deviation]],
    *,
    label: Callable[[Event], str],
    waiting: Callable[[Wait], str],
    waiting_for_all: Callable[[timedelta], str],
    wide: float,
    top: float,
) -> Plan:
    """Lay a story out on so much width; `findings` with their numbers, `label` and the others in the reader's words."""
    until = max(story.until, story.since + _SHORTEST)
    x = _axis(story, until, LABEL + 12, wide - 16)
    known = list(story.players)
    lanes = {id: Lane(id) for id in known[:_MOST_LANES]}
    for event in story.events:
        for id in _doers(story, event):
            if id in lanes and len(lanes[id].marks) < _MOST_MARKS:
                lanes[id].marks.append(Mark(x(event.occurred_at), event, label(event)))
    for number, one in findings:
        at = moment_of_finding(story, one)
        id = _blamed(story, one)
        if id in lanes and at is not None:
            lanes[id].flags.append(Flag(x(at), number))
    for wait in story.waits:
        targets = tuple(id for name in wait.whom for id in story.players_of(name) if id in lanes and id != wait.who)
        start, end = x(wait.since), x(wait.until or until)
        owner = lanes.get(wait.who) or next((lanes[id] for id in story.players_of(wait.role) if id in lanes), None)
        if owner is not None and owner.id not in targets:
            owner.bars.append(Bar(start, max(end, start + 3), 0, targets, waiting(wait)))
        for id in targets:
            lanes[id].waited_for.append((start, max(end, start + 3)))
    for id in [id for id in story.clients if id in lanes][:1]:
        for since, to in story.client_waited:
            start, end = x(since), x(to)
            lanes[id].bars.append(Bar(start, max(end, start + 3), 0, (), waiting_for_all(to - since)))
    height = top
    for lane in lanes.values():
        _settle(lane, wide - 8)
        lane.top = height
        height += lane.height
    return Plan(wide, height, tuple(lanes.values()), max(0, len(known) - len(lanes)), x)


def _axis(story: CaseStory, until: datetime, left: float, right: float) -> Callable[[datetime], float]:
    """Return where a moment lies: hours in which nobody works are drawn short, so that there is room for the others."""
    cuts, lengths = [story.since], [timedelta(0)]
    for start, end in (*story.openings, (until, until)):
        for to, most in ((start, _CLOSED if story.openings else None), (end, None)):
            if cuts[-1] < to <= until:
                length = to - cuts[-1]
                cuts.append(to)
                lengths.append(lengths[-1] + (length if most is None else min(length, most)))
    if cuts[-1] < until:
        cuts.append(until)
        lengths.append(lengths[-1] + (min(until - cuts[-2], _CLOSED) if story.openings else until - cuts[-2]))
    scale = (right - left) / max(lengths[-1], _SHORTEST).total_seconds()

    def x(at: datetime) -> float:
        at = min(max(at, cuts[0]), cuts[-1])
        place = max(1, min(bisect_left(cuts, at), len(cuts) - 1))
        part = (at - cuts[place - 1]) / (cuts[place] - cuts[place - 1]) if len(cuts) > 1 else 0.0
        length = lengths[place - 1] + part * (lengths[place] - lengths[place - 1]) if len(cuts) > 1 else timedelta(0)
        return left + length.total_seconds() * scale

    return x


def moment_of_finding(story: CaseStory, one: Deviation) -> datetime | None:
    """Return when something went wrong: of what was late when it was due, else when it was done."""
    if one.lateness is not None and one.lateness.due is not None:
        return one.lateness.due
    event = story.event(one.seq)
    return event.occurred_at if event is not None else story.until


def _doers(story: CaseStory, event: Event) -> Iterator[str]:
    """Yield who did it: of what is done for somebody, whom it is done for."""
    if event.kind in (Kind.TIMER, Kind.CALENDARS, Kind.CLOSED) or (event.kind is Kind.OPENED and event.actor is None):
        return
    action = story.procedure.anytime.get(event.action)
    if action is not None and action.on_behalf_of is not None:
        yield event.on_behalf_of or story.trace.client or action.on_behalf_of
    elif event.actor is not None:
        yield event.actor


def _blamed(story: CaseStory, one: Deviation) -> str:
    """Return the lane of a finding: of whoever caused it, else, of what the client was promised, the client's.

    Else it is of who could have ended it, or of who did the event.
    """
    named = [id for name in blamed(one) for id in story.players_of(name)]
    if not named and one.lateness is not None:
        promised = {clock.id for clock in story.procedure.clocks if clock.to is Promised.CLIENT}
        named = list(story.clients) if one.lateness.clock in promised else []
    if not named and one.lateness is not None:
        named = [id for name in one.who_could for id in story.players_of(name)]
    event = story.event(one.seq)
    return named[0] if named else (event.actor or "") if event is not None else ""


def _settle(lane: Lane, end: float) -> None:
    """Give what stands in a lane its place, so that nothing covers anything else."""
    lane.marks.sort(key=lambda one: (one.x, one.event.seq))
    lane.flags.sort(key=lambda one: (one.x, one.number))
    last = 0.0
    for mark in lane.marks:
        mark.x = last = max(mark.x, last + _APART)
    taken = [mark.x for mark in lane.marks]
    last = 0.0
    for flag in lane.flags:
        # A flag stands behind the mark it is about, or alone where nothing was done.
        flag.x = max(flag.x, last + _FLAG)
        for one in taken:
            flag.x = one + _FLAG * 0.85 if abs(one - flag.x) < _FLAG * 0.8 else flag.x
        last = flag.x
    stops = sorted([*taken, *(one.x for one in lane.flags)])
    over = max([0.0, *(one - end + 12 for one in stops)])
    if over:
        crowded = end - 12 - 3 * _FLAG - over
        for mark in lane.marks:
            mark.x -= over if mark.x > crowded else 0
        for flag in lane.flags:
            flag.x -= over if flag.x > crowded else 0
        stops = sorted([*(one.x for one in lane.marks), *(one.x for one in lane.flags)])
    for mark in lane.marks:
        behind = mark.x
        # The flags that stand right behind it belong to it.
        for stop in stops:
            if behind < stop <= behind + _FLAG + 1 and any(flag.x == stop for flag in lane.flags):
                behind = stop
        mark.room = min([end, *(stop - 9 for stop in stops if stop > behind)]) - behind - 12
    _rows(lane, end)


def _rows(lane: Lane, end: float) -> None:
    """Put waits that overlap, with their labels, into rows of their own."""
    free: list[float] = []
    for bar in sorted(lane.bars, key=lambda one: (one.start, one.end)):
        needs = width(bar.label, SMALL) + 10
        left, right = bar.start, bar.end
        if needs <= bar.end - bar.start:
            bar.at = bar.start + 5
        elif bar.end + needs <= end:
            bar.at, right = bar.end + 5, bar.end + needs
        else:
            bar.at, bar.before, left = bar.start - 5, True, bar.start - needs
        row = next((at for at, until in enumerate(free) if until + 6 <= left), len(free))
        if row == len(free):
            free.append(right)
        free[row] = right
        bar.row = row
    lane.height = MARK + BAR * len(free) + (6 if free else 0)

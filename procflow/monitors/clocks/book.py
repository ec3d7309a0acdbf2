"""The book of clocks: judges all clocks of a case together, a position at a time.

A position touches the clocks that hear it, those that it matters to where the case stands, and those that have run out;
what it costs does not depend on how long the case is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from procflow.calendars.book import CalendarBook, CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.errors import CalendarError
from procflow.expressions.expression import Facts
from procflow.expressions.types import Raw
from procflow.model.clock import BallShare, ClockCycle, Held, LateDoing, Party, Stretch, Timer
from procflow.model.configuration import Configuration
from procflow.model.event import Event, Kind, Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Happening, Obligation
from procflow.monitors.clocks.attention import Attention, places
from procflow.monitors.clocks.awaiting import lets_act
from procflow.monitors.clocks.cycle import ClockState
from procflow.monitors.clocks.dating import judge_dating
from procflow.monitors.clocks.examining import examined
from procflow.monitors.clocks.handing import RESOLVED, Court, handed, shares, spans
from procflow.monitors.clocks.ledger import ledger_of
from procflow.monitors.clocks.monitor import Monitor
from procflow.monitors.clocks.pausing import ASKED, DUE
from procflow.monitors.clocks.running import Opening, Running
from procflow.monitors.clocks.telling import cycles_told, demanded
from procflow.monitors.clocks.timers import escalated_to, goes_at, looks_at, timers_of
from procflow.monitors.clocks.turn import NOTHING_ASKED, Turn, led_by
from procflow.monitors.clocks.waiting import waits_after
from procflow.monitors.moment import Judged, NotExamined
from procflow.monitors.rules.position import Position
from procflow.monitors.waiting.questions import Followed, Questions

_NOBODY: frozenset[str] = frozenset()
_NO_FACTS = Facts(values={}, counts={}, now=None)
_NOTHING: Mapping[str, Raw] = {}
_TIMER, _CALENDARS, _OVERRIDE = Kind.TIMER, Kind.CALENDARS, Kind.OVERRIDE


class ClockBook:
    """Judges the clocks of one procedure as far as `witness` can see. Shared by threads."""

    def __init__(self, procedure: Procedure, witness: Witness, calendars: CalendarBook, *, statuses: bool) -> None:
        """`calendars`: those a case may be judged by; `statuses`: the events are a status history."""
        self._procedure = procedure
        self._witness = witness
        self._calendars = calendars
        self.court = Court(procedure)
        every = [Monitor(one, procedure, witness, self.court) for one in procedure.all_clocks.values()]
        seen = [examined(one.clock, one.aims, procedure, witness, statuses=statuses) for one in every]
        self.monitors = tuple(one for one, is_seen in zip(every, seen, strict=True) if is_seen)
        self._unseen = tuple(one.clock.id for one, is_seen in zip(every, seen, strict=True) if not is_seen)
        self._by_id = {one.clock.id: place for place, one in enumerate(self.monitors)}
        self._going = frozenset(
            place
            for place, one in enumerate(self.monitors)
            if one.clock.step is not None and any(act.does is LateDoing.GO_TO for act in one.clock.late)
        )
        self._escalating = tuple(
            place
            for place, one in enumerate(self.monitors)
            if any(act.does in (LateDoing.ESCALATE, LateDoing.OFFER) for act in one.clock.late)
        )
        self._attention = Attention(self.monitors, procedure)
        self._asks = not (witness.sees(ASKED) and witness.sees(DUE))
        self._questions = Questions(procedure, witness)
        self._asking = bool(self._questions)
        self._none = tuple(ClockState() for _ in self.monitors)

    def __bool__(self) -> bool:
        """Return False if there is nothing to judge: then nobody needs to make positions."""
        return bool(self.monitors or self._unseen or self._procedure.calendar is not None)

    @property
    def escalates(self) -> bool:
        """True if some clock lets others act once it has run out."""
        return bool(self._escalating)

    # --- along the path --------------------------------------------------------------------------------------------

    def begin(
        self, opening: Position, event: Event | None, at: Configuration, *, cut: bool
    ) -> tuple[Running, Sequence[Judged]]:
        """Return how the clocks stand once a case has opened at `at`, and what is said of that."""
        said: list[Judged] = [NotExamined(f"clock: {id}") for id in self._unseen]
        calendars = self._set(event.calendars if event is not None else None)
        running = Running(at, self._none, (None,) * len(self._none), None, None, calendars, None, {})
        if opening.at is None:
            return running._replace(unopened=Opening(opening, event, cut)), said
        return self._opened(running, Opening(opening, event, cut=False), opening.at, None, said), said

    def advance(
        self,
        running: Running,
        position: Position,
        event: Event | None,
        stands: Configuration,
    ) -> tuple[Running, Sequence[Judged]]:
        """Return how the clocks stand after one more position that leaves the case at `stands`, and what is said at it."""
        at = position.at or position.facts.now
        said: list[Judged] = []
        if running.unopened is not None:
            if at is None:
                return running, ()
            running = self._opened(running._replace(unopened=None), running.unopened, at, position.seq, said)
        assert at is not None
        if event is not None and event.recorded_at is not None:
            said += judge_dating(event, self.calendar(running.calendars), self._procedure.where)
        latest = at if running.latest is None else max(running.latest, at)
        if position.silent is not None:
            return self._went(running, position, at, said)._replace(latest=latest), said
        changed = False
        if event is not None:
            if event.kind is _TIMER and event.timer is not None:
                running = self._fired(running, event, position, said)
            elif event.kind is _CALENDARS:
                calendars = self._set(event.calendars)
                changed = calendars.digest != running.calendars.digest
                running = running._replace(calendars=calendars)
            if self._going and position.action is not None and event.kind is not _OVERRIDE:
                self._too_late(running, position, at, stands, said)
        return self._follows(running, position, event, at, latest, stands, said, changed=changed), said

    def overdue(self, running: Running, as_of: datetime, case: str) -> tuple[Running, Sequence[Judged]]:
        """Return how the clocks stand at a moment at which nothing happens, and what time alone has done by then."""
        if running.soonest is None or as_of <= running.soonest:
            return running, ()
        said: list[Judged] = []
        position = Position(None, as_of, (), False, None, _NOBODY, _NOBODY, _NO_FACTS, case=case)
        turn = self._turn(running, position, None, as_of, (), running.at, said)
        clocks = tuple(one.overdue(state, turn) for one, state in zip(self.monitors, running.clocks, strict=True))
        return self._with(running, clocks), said

    # --- what is told ----------------------------------------------------------------------------------------------

    def due(self, running: Running, case: str) -> tuple[Obligation, ...]:
        """Return what clocks still demand, the soonest first, then in the order of the file."""
        party = running.ball.party if running.ball is not None else None
        pairs = zip(self.monitors, running.clocks, strict=True)
        found = [each for one, state in pairs for each in demanded(one, state, case, party)]
        return tuple(sorted(found, key=_due))

    def timers(self, running: Running, until: datetime | None) -> tuple[Timer, ...]:
        """Return what is to be done because time passes, and is not on record, the soonest first.

        `until`: only what was to be done before that moment; None: all that is to come as things stand. A warning, or
        what `late` says, is due at its instant; of a clock that counts working time, the latter is given only once more
        than its target is used. At one instant the case goes elsewhere last.
        """
        pairs = enumerate(zip(self.monitors, running.clocks, strict=True))
        found = [
            (one.due, one.does is LateDoing.GO_TO, place, one)
            for place, (m, s) in pairs
            for one in timers_of(m, s, until)
        ]
        return tuple(one for *_, one in sorted(found, key=_order))

    def looks_at(self, running: Running) -> datetime | None:
        """Return when it is first worth looking whether time has something to do; None: never, as things stand."""
        pairs = zip(self.monitors, running.clocks, strict=True)
        return min((at for one, state in pairs for at in looks_at(one, state)), default=None)

    def told(self, running: Running, as_of: datetime | None) -> tuple[ClockCycle, ...]:
        """Return every cycle of every clock: in the order of the file, then of their beginnings; open ones at `as_of`."""
        now = _now(running, as_of)
        if now is None:
            return ()
        party = running.ball.party if running.ball is not None else None
        pairs = zip(self.monitors, running.clocks, strict=True)
        return tuple(each for one, state in pairs for each in cycles_told(one, state, now, party))

    def ledger(self, running: Running, clock: str, cycle: int | None, as_of: datetime | None) -> tuple[Stretch, ...]:
        """Return the ledger of one cycle; None for the latest. () if there is none."""
        place, now = self._by_id.get(clock), _now(running, as_of)
        if place is None or now is None:
            return ()
        cycles = running.clocks[place].cycles()
        found = next((one for one in reversed(cycles) if cycle in (None, one.number)), None)
        return () if found is None else ledger_of(self.monitors[place], found, now)

    def ball(self, running: Running, as_of: datetime | None) -> tuple[Held, ...]:
        """Return who had the ball from when to when: from the opening to the end of the case, or to `as_of`."""
        end = running.ended_at or _now(running, as_of)
        return () if end is None else spans(running.ball, end)

    def shares(self, running: Running, as_of: datetime | None) -> tuple[BallShare, ...]:
        """Return how long who had the ball, in the order in which they first had it."""
        return shares(self.ball(running, as_of), self.calendar(running.calendars))

    def escalated(self, running: Running, step: str | None, at: datetime) -> frozenset[str]:
        """Return the roles that may act in `step`, too, because something has run out and was escalated to them."""
        found: set[str] = set()
        for place in self._escalating:
            clock = self.monitors[place].clock
            if lets_act(clock, step):
                found.update(escalated_to(self.monitors[place], running.clocks[place], at))
        return frozenset(found)

    # --- one position ----------------------------------------------------------------------------------------------

    def _opened(self, running: Running, first: Opening, at: datetime, by: int | None, said: list[Judged]) -> Running:
        """Return how the clocks stand after the opening; `by`: its time is taken from that event, for want of another."""
        opening = first.position._replace(at=at)
        turn = self._turn(running, opening, first.event, at, opening.happenings, running.at, said, opens=True)
        turn.cut, turn.guessed = first.cut, by
        return self._looked(running, turn, self._attention.all)

    def _turn(
        self,
        running: Running,
        position: Position,
        event: Event | None,
        at: datetime,
        happenings: tuple[Happening, ...],
        stands: Configuration,
        said: list[Judged],
        *,
        opens: bool = False,
    ) -> Turn:
        stance = self._attention.stance(stands)
        turn = Turn(
            position,
            at,
            happenings,
            None if opens else running.at,
            stands,
            stance,
            _NOTHING if event is None else event.data,
            not self._witness.reason or bool(event is not None and event.reason and event.reason.strip()),
            running.calendars,
            said,
            led_by(position, event),
        )
        turn.had = running.ball.party if running.ball is not None else None
        turn.now = at if running.latest is None else max(running.latest, at)
        turn.begins = not position.ends and (running.ended_at is None or position.reopens)
        turn.party = self._party(running, position, stands)
        if running.waits or stance.waiting:
            turn.waits, turn.left_waits = waits_after(running.waits, turn, self._procedure.steps, unseen=self._asks)
        return turn

    def _party(self, running: Running, position: Position, stands: Configuration) -> Party | None:
        """Return who has the ball after a position; None if nothing has said it yet."""
        if position.ends or (running.ended_at is not None and not position.reopens):
            return RESOLVED
        if position.facts is _NO_FACTS:
            return running.ball.party if running.ball is not None else None
        return self.court.party(stands, position.facts.values)

    def _follows(
        self,
        running: Running,
        position: Position,
        event: Event | None,
        at: datetime,
        latest: datetime,
        stands: Configuration,
        said: list[Judged],
        *,
        changed: bool,
    ) -> Running:
        """Return how the clocks stand after one position; most concern few of them."""
        attention = self._attention
        before, after = attention.stance(running.at), attention.stance(stands)
        party, ball = self._party(running, position, stands), running.ball
        assert party is not None
        if changed or position.gap or position.ends or position.reopens:
            concerned = attention.all
        else:
            concerned = attention.heard(position.happenings).by
            if before is not after:
                concerned |= attention.moved(before, after)
            if ball is None or party is not ball.party:
                concerned |= attention.handed(None if ball is None else ball.party, party)
            if event is not None and event.data:
                concerned |= attention.given(event.data)
            if running.soonest is not None and latest > running.soonest:
                concerned |= _late(running.dues, latest)
        followed = self._followed(running, position, event) if self._asking else NOTHING_ASKED
        if followed.asked is not None or followed.answered is not None:
            concerned |= attention.asking(followed)
        if not concerned and not running.waits and not after.waiting and running.ended_at is None:
            if ball is None or party is not ball.party:
                ball = handed(ball, party, at)
            elif latest is running.latest and stands is running.at:
                return running
            # By position: a state is made of every event, and names would cost as much again.
            return Running(
                stands,
                running.clocks,
                running.dues,
                running.soonest,
                latest,
                running.calendars,
                ball,
                running.waits,
                None,
                None,
                followed.unanswered,
            )
        turn = self._turn(running, position, event, at, position.happenings, stands, said)
        turn.followed = followed
        if turn.waits != running.waits:
            concerned |= before.rest | after.rest
        return self._looked(running, turn, concerned, changed=changed)

    def _looked(self, running: Running, turn: Turn, concerned: int, *, changed: bool = False) -> Running:
        """Return how the clocks stand once those concerned have looked at a position."""
        position = turn.position
        assert turn.party is not None
        clocks, dues, soonest = running.clocks, running.dues, running.soonest
        if concerned:
            masks = self._attention.heard(turn.happenings).masks
            now, due = list(clocks), list(dues)
            for place in places(concerned):
                before = now[place]
                after = self.monitors[place].step(before, turn, masks[place], changed=changed)
                if after is not before:
                    now[place] = after
                    due[place] = after.soonest
            clocks, dues = tuple(now), tuple(due)
            soonest = _soonest(dues)
        ended_at = turn.at if position.ends else None if position.reopens else running.ended_at
        ball = handed(running.ball, turn.party, turn.at)
        questions = () if position.ends else turn.followed.unanswered
        return Running(
            turn.stood, clocks, dues, soonest, turn.now, running.calendars, ball, turn.waits, ended_at, None, questions
        )

    def _followed(self, running: Running, position: Position, event: Event | None) -> Followed:
        """Return what becomes of the open questions; the end of a case leaves none."""
        if running.ended_at is not None and not position.reopens:
            return NOTHING_ASKED
        if event is None:
            return Followed(running.questions)
        return self._questions.follow(running.questions, event, running.at.step)

    # --- what time did ---------------------------------------------------------------------------------------------

    def _went(self, running: Running, position: Position, at: datetime, said: list[Judged]) -> Running:
        """Return how the clocks stand after a move that time made off the record, before an event at `at`."""
        assert position.silent is not None
        place = self._by_id.get(position.step or "")
        going = None if place is None else goes_at(self.monitors[place], running.clocks[place])
        when = going.at if going is not None and going.at < at else at
        latest = when if running.latest is None else max(running.latest, when)
        early = going is not None and going.at - at > self._witness.resolution and going.cycle.guessed != position.seq
        if early and going is not None and place is not None:
            turn = self._turn(running, position, None, when, position.happenings, position.silent, said)
            said.append(self.monitors[place].voice.early(going.cycle, position.step or "", going.at, turn))
        return self._follows(running, position, None, when, latest, position.silent, said, changed=False)

    def _fired(self, running: Running, event: Event, position: Position, said: list[Judged]) -> Running:
        """Return how the clocks stand once it is on record that something was done because time had passed."""
        timer = event.timer
        assert timer is not None
        place = self._by_id.get(timer.clock)
        if place is None:
            return running
        monitor, state = self.monitors[place], running.clocks[place]
        if timer.does is LateDoing.GO_TO:
            going = goes_at(monitor, state)
            if going is not None and going.at - event.occurred_at > self._witness.resolution:
                turn = self._turn(running, position, event, event.occurred_at, (), running.at, said)
                said.append(monitor.voice.early(going.cycle, timer.clock, going.at, turn))
        cycles = tuple(
            one._replace(fired=one.fired | {timer.mark}) if one.number == timer.cycle else one for one in state.open
        )
        clocks = (*running.clocks[:place], state._replace(open=cycles), *running.clocks[place + 1 :])
        return running._replace(clocks=clocks)

    def _too_late(
        self, running: Running, position: Position, at: datetime, stands: Configuration, said: list[Judged]
    ) -> None:
        """Say that an action left a step whose time had led on already."""
        after = frozenset(stands.active_steps())
        for place in self._going:
            monitor = self.monitors[place]
            step = monitor.clock.step
            if step is None or not running.clocks[place].open or step not in running.at.active_steps():
                continue
            if step in after and not any(
                one.name == step and one.kind.value == "leaves" for one in position.happenings
            ):
                continue
            going = goes_at(monitor, running.clocks[place])
            if going is None or at - going.at <= self._witness.resolution:
                continue
            try:
                late = monitor.cycles.late(going.cycle, at) and not going.cycle.holed
            except CalendarError:
                continue
            if late:
                turn = self._turn(running, position, None, at, (), running.at, said)
                said.append(monitor.voice.too_late(going.cycle, step, going.at, turn))

    # --- small things ----------------------------------------------------------------------------------------------

    def _with(self, running: Running, clocks: tuple[ClockState, ...]) -> Running:
        dues = tuple(one.soonest for one in clocks)
        return running._replace(clocks=clocks, dues=dues, soonest=_soonest(dues))

    def _set(self, digest: str | None) -> CalendarSet:
        """Return the calendars with this digest; if nobody has them (DV814), those that hold otherwise."""
        return self._calendars.of(digest) or self._calendars.default

    def calendar(self, calendars: CalendarSet) -> Calendar | None:
        """Return the procedure's calendar."""
        id = self._procedure.calendar
        return calendars[id] if id is not None and id in calendars else None


def _late(dues: tuple[datetime | None, ...], latest: datetime) -> int:
    """Return the clocks that have run out by then, and that is not told yet."""
    return sum(1 << place for place, due in enumerate(dues) if due is not None and latest > due)


def _soonest(dues: tuple[datetime | None, ...]) -> datetime | None:
    found: datetime | None = None
    for one in dues:
        if one is not None and (found is None or one < found):
            found = one
    return found


def _now(running: Running, as_of: datetime | None) -> datetime | None:
    if as_of is None or running.latest is None:
        return running.latest
    return max(as_of, running.latest)


def _due(one: Obligation) -> datetime:
    assert one.due is not None
    return one.due


def _order(one: tuple[datetime, bool, int, Timer]) -> tuple[datetime, bool, int]:
    return one[:3]

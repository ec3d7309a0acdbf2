"""A clock in plain words: what is promised to whom, which time counts, and what is done when it runs out.

Whoever reads it need not know the language: a client reads what is promised, in the very words of the page that the
house works by. What the sentences speak of stands after a colon or in quotation marks, as in the sentences of rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar, assert_never

from procflow.calendars.book import CalendarSet
from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length
from procflow.expressions.types import Date
from procflow.model.clock import Clock, ClockKind, Graded, LateAct, LateDoing, OnChange, Promised, Reopening
from procflow.model.rule import Happening, HappeningKind
from procflow.reports.document.conditions import demand_of, joined
from procflow.reports.document.happenings import bare
from procflow.reports.document.hours import called, example_of, hours_of
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.parts import Id, Inline, Link, Name, Run, Strong
from procflow.reports.document.wording import Wording, run

T = TypeVar("T")

TIER, ROLE = "tier", "role"
_ENDS = Happening(kind=HappeningKind.ENDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A clock in words, for one value of the data field it depends on."""

    clock: str
    grade: str
    """The value; "" for every other, and of a clock that depends on nothing."""
    to: Promised
    says: Run
    """One sentence: `We promise the client: “The first answer” within 2 working days.`"""
    terms: tuple[Run, ...]
    """Sentences: for whom it holds, from when to when, which time counts."""
    measures: tuple[Run, ...]
    """Sentences for the house: who is warned, and what is done when the time has run out."""
    example: Run | None
    """When something begun then must be done; None where no calendar tells."""


def grades_of(clock: Clock) -> tuple[str, ...]:
    """Return the values of the field that a clock depends on, in the order of the file, "" for any other."""
    graded = _graded(clock)
    if graded is None or graded.by is None:
        return ("",)
    return (*graded.values, *(("",) if graded.otherwise is not None else ()))


def promise_of(
    clock: Clock,
    wording: Wording,
    *,
    grade: str = "",
    calendars: CalendarSet | None = None,
    start: datetime | None = None,
) -> Promise:
    """Return a clock in the words of a page's language.

    `calendars` say the hours, and the example that is begun at `start` (aware), if one is given.
    """
    teller = _Teller(clock, wording, grade, calendars, start)
    return Promise(
        clock=clock.id,
        grade=grade,
        to=clock.to,
        says=teller.says(),
        terms=tuple(teller.terms()),
        measures=tuple(measures_of(clock, wording)),
        example=teller.example(),
    )


def plain(told: Run) -> str:
    """Return a run as a text without marks, for a terminal."""
    return "".join(map(_plain, told))


def _plain(one: Inline) -> str:
    match one:
        case str():
            return one
        case Strong() | Link():
            return plain(one.content)
        case _:
            return one.text


def measures_of(clock: Clock, wording: Wording) -> Iterator[Run]:
    """Yield who is warned when, and what is done when the time has run out."""
    if clock.warn:
        percents = [(wording.say("{number}%", number=wording.language.number(one)),) for one in clock.warn]
        told = wording.cut(
            "When so much of the time is used: {percents}, this is told to: {who}.",
            percents=wording.listed(percents),
            who=wording.role_in_words(clock.warns) if clock.warns else (wording.say("whoever has the work then"),),
        )
        yield run(told)
    yield from (_late(one, wording) for one in clock.late)


def _late(act: LateAct, wording: Wording) -> Run:
    cut = wording.cut
    if act.after is None:
        moment: Run = (wording.say("When the time has run out"),)
    else:
        moment = run(cut("{time} after the time has run out", time=(length_in_words(act.after, wording.language),)))
    match act.does:
        case LateDoing.NOTIFY:
            return run(cut("{moment}, this is told to: {who}.", moment=moment, who=wording.role_in_words(act.to)))
        case LateDoing.OFFER:
            told = cut(
                "{moment}, it is offered to these, too: {who}. They may accept it then.",
                moment=moment,
                who=wording.role_in_words(act.to),
            )
            return run(told)
        case LateDoing.ESCALATE:
            told = cut(
                "{moment}, this is told to: {who}. They may act then, too.",
                moment=moment,
                who=wording.role_in_words(act.to),
            )
            return run(told)
        case LateDoing.GO_TO:
            return run(cut("{moment}, the case goes on to: {step}.", moment=moment, step=_step(act.to, wording)))
        case _:
            assert_never(act.does)


def _step(id: str, wording: Wording) -> Run:
    return wording.happening(Happening(kind=HappeningKind.ENTERS, name=id))


class _Teller:
    """Tells one clock for one grade."""

    def __init__(
        self, clock: Clock, wording: Wording, grade: str, calendars: CalendarSet | None, start: datetime | None
    ) -> None:
        self.clock, self.wording, self.grade = clock, wording, grade
        self.calendars, self.start = calendars, start
        self.cut, self.say = wording.cut, wording.say

    # -- the promise --

    def says(self) -> Run:
        promise = self._core()
        if self.clock.step is not None:
            return run(self.cut("{sentence}.", sentence=promise))
        match self.clock.to:
            case Promised.CLIENT:
                return run(self.cut("We promise the client: {promise}.", promise=promise))
            case Promised.TEAM:
                return run(self.cut("Among ourselves we have agreed: {promise}.", promise=promise))
            case Promised.SUPPLIER:
                return run(self.cut("Our supplier has promised us: {promise}.", promise=promise))
            case _:
                assert_never(self.clock.to)

    def _core(self) -> Run:
        clock, cut, what = self.clock, self.cut, self._what()
        match clock.kind:
            case ClockKind.TIMER:
                length = self._of(clock.within)
                if length is None:
                    return run(cut("{what} until the date on record", what=what))
                time = self._length(length)
                if clock.each_hand_off:
                    return run(cut("{what} within {time} of each hand-off", what=what, time=time))
                return run(cut("{what} within {time}", what=what, time=time))
            case ClockKind.DEADLINE:
                field = self.wording.value_of(clock.deadline or "")
                kind = self.wording.procedure.field_types.get(clock.deadline or "")
                if isinstance(kind, Date):
                    return run(cut("{what} by the end of the day named in {field}", what=what, field=field))
                return run(cut("{what} by the moment named in {field}", what=what, field=field))
            case ClockKind.PERIODIC:
                every = self._of(clock.every)
                assert every is not None, "a value is told only where there is one"
                return run(cut("{what}, again and again, at most {time} apart", what=what, time=self._length(every)))
            case ClockKind.COUNT:
                number = self._of(clock.at_most) or 0
                told = self.wording.language.count("at most once in a case", "at most {number} times in a case", number)
                return run(cut("{what}, {how}", what=what, how=(told,)))
            case _:
                assert_never(clock.kind)

    def _what(self) -> Run:
        if self.clock.step is not None:
            return _step(self.clock.step, self.wording)
        if self.clock.accepts is not None:
            return run(self.cut("accepting the work in {step}", step=_step(self.clock.accepts, self.wording)))
        if self.clock.question is not None:
            return run(self.cut("answering {action}", action=self._actions((self.clock.question,))))
        title = self.wording.written(self.clock.title)
        return (Name(self.clock.id),) if title is None else self.wording.quoted(title)

    # -- its terms --

    def terms(self) -> Iterator[Run]:
        yield from self._for_whom()
        yield from self._condition()
        if self.clock.step is None:
            yield from self._begins()
            yield from self._ends()
        yield from self._counts()
        yield from self._pauses()
        yield from self._changes()

    def _for_whom(self) -> Iterator[Run]:
        graded = _graded(self.clock)
        if graded is None or graded.by is None:
            return
        yield for_whom(graded.by, self.grade, self.wording)

    def _condition(self) -> Iterator[Run]:
        if self.clock.when is not None:
            condition = joined(demand_of(self.clock.when.tree, self.wording), self.wording)
            yield run(self.cut("It applies only if, when it begins, {condition}.", condition=condition))

    def _begins(self) -> Iterator[Run]:
        clock, cut, say = self.clock, self.cut, self.say
        if clock.kind is ClockKind.COUNT:
            if clock.each_hand_off:
                yield (say("Each time the work is handed to another role or team of ours is counted."),)
            else:
                yield run(cut("This is counted: {what}.", what=self._any(clock.counts)))
            return
        if clock.each_hand_off:
            yield (say("The time begins anew each time the work is handed to another role or team of ours."),)
        elif clock.since is not None:
            field = self.wording.value_of(clock.since)
            yield run(
                cut("The time counts from the moment named in {field}, however late it became known.", field=field)
            )
        elif clock.known:
            fields = self.wording.listed([self.wording.value_of(one) for one in clock.known])
            yield run(cut("The time begins once all of this is known: {fields}.", fields=fields))
        elif clock.kind is not ClockKind.DEADLINE:
            yield run(cut("The time begins when this happens: {what}.", what=self._any(clock.starts)))

    def _ends(self) -> Iterator[Run]:
        clock, cut = self.clock, self.cut
        if clock.kind is ClockKind.PERIODIC:
            actions = self._actions(clock.by_action)
            yield run(cut("It is kept by this, if one of us does it: {what}.", what=actions))
            if clock.while_ours:
                yield (self.say("It counts only while it is our turn."),)
        stops = clock.stops if _ENDS in clock.stops else (*clock.stops, _ENDS)
        if clock.kind is ClockKind.DEADLINE:
            yield run(cut("It is kept if this has happened by then: {what}.", what=self._any(stops)))
        elif clock.kind is not ClockKind.COUNT:
            yield run(cut("The time ends when this happens: {what}.", what=self._any(stops)))
        if clock.cancels:
            told = cut(
                "It is dropped, neither kept nor broken, when this happens: {what}.", what=self._any(clock.cancels)
            )
            yield run(told)

    def _counts(self) -> Iterator[Run]:
        """Yield which time counts."""
        length = self._of(self.clock.within) or self._of(self.clock.every)
        if length is None:
            return
        if not length.working:
            yield (self.say("Every hour counts, day and night, on working days and days off alike."),)
            return
        graded = self.clock.calendar
        if graded is not None and graded.by is not None and graded.by != self._graded_by():
            for value in (*graded.values, *(("",) if graded.otherwise is not None else ())):
                name = graded.of(value or None)
                if name is not None:
                    where = for_whom(graded.by, value, self.wording)
                    yield (*self._hours(name), " ", *where)
            return
        name = self._calendar_id()
        if name is not None:
            yield self._hours(name)

    def _hours(self, name: str) -> Run:
        calendar = self._calendar(name)
        if calendar is None:
            return run(self.cut("Only the hours of this calendar count: {calendar}.", calendar=(Id(name),)))
        told = called(calendar, self.wording)
        if calendar.always:
            return (self.say("Every hour counts, day and night, on working days and days off alike."),)
        hours = hours_of(calendar, self._day(calendar), self.wording)
        if not hours:
            return run(self.cut("Only the hours of this calendar count: {calendar}.", calendar=told))
        whole = self.cut(
            "Only the hours of this calendar count: {calendar} ({hours}; {zone}), without its days off.",
            calendar=told,
            hours=hours,
            zone=(Id(calendar.zone),),
        )
        return run(whole)

    def _day(self, calendar: Calendar) -> date:
        """Return the day whose hours are told: that of the example, else when the procedure comes into force."""
        wanted = self.start.date() if self.start is not None else self.wording.procedure.effective_from
        return min(max(wanted or calendar.last, calendar.first), calendar.last)

    def _pauses(self) -> Iterator[Run]:
        clock, cut = self.clock, self.cut
        if not clock.paused_in:
            return
        steps = self.wording.listed([_step(one, self.wording) for one in clock.paused_in])
        yield run(
            cut("The time stands still in {steps}, if it is on record what was asked, and until when.", steps=steps)
        )
        if clock.max_pause is not None:
            yield run(cut("All pauses together count for at most {time}.", time=self._length(clock.max_pause)))
        if clock.resumed_by:
            yield run(cut("A pause is over as soon as this is done: {what}.", what=self._actions(clock.resumed_by)))

    def _changes(self) -> Iterator[Run]:
        clock, cut, say = self.clock, self.cut, self.say
        depends = any(one is not None and one.by not in (None, ROLE) for one in (_graded(clock), clock.calendar))
        if depends or clock.on_change is not OnChange.KEEP_ELAPSED:
            yield (self._on_change(),)
        if clock.reopening is Reopening.CONTINUE:
            if clock.reopen_within is not None:
                time = self._length(clock.reopen_within)
                yield run(
                    cut("If it begins anew within {time} of its end, the time used before counts, too.", time=time)
                )
            else:
                yield (say("If it begins anew after its end, the time used before counts, too."),)

    def _on_change(self) -> str:
        say = self.say
        match self.clock.on_change:
            case OnChange.KEEP_ELAPSED:
                return say("If this changes on the way, time used stays used, and the new limit holds for the whole.")
            case OnChange.RETROACTIVE:
                return say("If this changes on the way, all is counted as if it had been so from the start.")
            case OnChange.RESTART:
                return say("If this changes on the way, the new limit counts from the change on.")
            case OnChange.KEEP_TARGET:
                return say("If this changes on the way, what was promised at the start holds to the end.")
            case _:
                assert_never(self.clock.on_change)

    # -- the example --

    def example(self) -> Run | None:
        """Return when something begun then must be done; without pauses and changes."""
        length = self._of(self.clock.within) or self._of(self.clock.every)
        if length is None or self.calendars is None:
            return None
        name = self._calendar_id() or "24x7"
        return example_of(length, self._calendar(name), self.start, self.wording)

    def _calendar_id(self) -> str | None:
        """Return the calendar that counts; None if that depends on something else than the promise does."""
        graded = self.clock.calendar
        if graded is None:
            return self.wording.procedure.calendar
        if graded.by is not None and graded.by == self._graded_by():
            return graded.of(self.grade or None)
        return graded.otherwise if graded.by is None else None

    def _calendar(self, name: str) -> Calendar | None:
        return None if self.calendars is None else self.calendars.calendars.get(name)

    # -- parts --

    def _graded_by(self) -> str | None:
        graded = _graded(self.clock)
        return None if graded is None else graded.by

    def _of(self, graded: Graded[T] | None) -> T | None:
        return None if graded is None else graded.of(self.grade or None)

    def _length(self, length: Length) -> Run:
        return (length_in_words(length, self.wording.language),)

    def _any(self, happenings: Sequence[Happening]) -> Run:
        return self.wording.listed([bare(one, self.wording) for one in happenings], word="or")

    def _actions(self, names: Sequence[str]) -> Run:
        return self._any([Happening(kind=HappeningKind.ACTION, name=one) for one in names])


def for_whom(by: str, value: str, wording: Wording) -> Run:
    """Return the sentence that says for whom something holds: for one value of a data field, or for every other."""
    cut = wording.cut
    if not value:
        return (wording.say("This holds in all other cases, and while it is not known."),)
    if by == ROLE and value in wording.procedure.roles:
        return run(cut("This holds for work that comes to: {role}.", role=wording.role_in_words(value)))
    if by == ROLE:
        return run(cut("This holds for work that comes to: {role}.", role=(Id(value),)))
    word: Run = (wording.word(value),)
    if by == TIER and not wording.procedure.data[by].ask:
        return run(cut("This holds for clients of this tier: {tier}.", tier=word))
    if value in ("true", "false") and value not in wording.choices:
        word = (wording.say("yes") if value == "true" else wording.say("no"),)
    return run(cut("This holds if {field} is answered by: {value}.", field=wording.value_of(by), value=word))


def _graded(clock: Clock) -> Graded[Length] | Graded[int] | None:
    """Return what of a clock may depend on data: its length, or its number."""
    return clock.within or clock.every or clock.at_most

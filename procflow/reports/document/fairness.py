"""Fairness on a page: what is looked at over all cases together, and from where on it is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from procflow.model.fairness import Fairness, FirstCome, OnePerson, Urgent, WaitSpread, Workload
from procflow.reports.document.actions import conditioned
from procflow.reports.document.lengths import length_in_words
from procflow.reports.document.parts import Blocks, Facts, Paragraph, Run, Section
from procflow.reports.document.wording import Wording, run


def fairness_section(fairness: Fairness, wording: Wording) -> Section:
    """Return the chapter: who comes first, what is urgent, who knows how, who has how much, who waits how long."""
    say = wording.say
    lead = say(
        "This is looked at over all cases together. It changes nothing in a single case, and nothing is refused for it."
    )
    entries = Facts(tuple(_parts(fairness, wording)))
    return Section(
        anchor="fairness", heading=(say("Fair to everybody"),), level=2, blocks=(Paragraph((lead,)), entries)
    )


def _parts(fairness: Fairness, wording: Wording) -> Iterator[tuple[str, Blocks]]:
    say = wording.say
    if fairness.first_come is not None:
        yield say("Who comes first"), _told(_first_come(fairness.first_come, wording))
    if fairness.urgent is not None:
        yield say("What is urgent"), _urgent(fairness.urgent, wording)
    if fairness.one_person is not None:
        yield say("Who knows how it is done"), _told(_one_person(fairness.one_person, wording))
    if fairness.workload is not None:
        yield say("Who has how many cases"), _told(_workload(fairness.workload, wording))
    if fairness.wait_spread is not None:
        yield say("Who waits how long"), _told(_wait_spread(fairness.wait_spread, wording))


def _told(sentences: Iterable[Run]) -> Blocks:
    return tuple(Paragraph(one) for one in sentences)


def _first_come(asked: FirstCome, wording: Wording) -> Iterator[Run]:
    cut = wording.cut
    yield run(cut("Whoever came first is served first here: {steps}.", steps=_steps(asked.steps, wording)))
    yield from _alike(asked.alike, wording)
    if asked.by_more_than is not None:
        time: Run = (length_in_words(asked.by_more_than, wording.language),)
        yield run(cut("Who came earlier by no more than this may be served later: {time}.", time=time))
    if asked.expedited is not None:
        action = wording.action(asked.expedited)
        yield run(cut("A case may go first if this was done before: {action}.", action=action))
    if asked.expedited_if is not None:
        field = wording.field(asked.expedited_if)
        yield run(cut("A case may go first if the answer to this is yes: {field}.", field=field))


def _urgent(asked: Urgent, wording: Wording) -> Blocks:
    share = wording.cut(
        "Of the cases of one client, or of one department, no more than this may be urgent: {percent}.",
        percent=_percent(asked.at_most, wording),
    )
    condition = conditioned(wording.say("A case is urgent if"), asked.when, wording)
    return (*_told([run(share)]), *condition, *_told([_from(asked.at_least, wording)]))


def _one_person(asked: OnePerson, wording: Wording) -> Iterator[Run]:
    yield run(
        wording.cut(
            "It is told where one person alone does so much of a step, or more: {percent}.",
            percent=_percent(asked.share, wording),
        )
    )
    if asked.window is not None:
        time: Run = (length_in_words(asked.window, wording.language),)
        yield run(wording.cut("Only what was done lately counts: {time}.", time=time))
    yield run(
        wording.cut(
            "If it was done fewer times than this, nothing is said: {number}.", number=_number(asked.at_least, wording)
        )
    )


def _workload(asked: Workload, wording: Wording) -> Iterator[Run]:
    times = _number(asked.times, wording)
    yield run(
        wording.cut(
            "It is told if somebody has more open cases than the median, so many times over: {number}.", number=times
        )
    )
    if asked.whose is not None:
        yield run(wording.cut("Who has a case is said here: {field}.", field=wording.field(asked.whose)))
    else:
        yield (wording.say("A case is with whoever did something in it last."),)
    yield run(
        wording.cut("Of fewer people than this nothing is said: {number}.", number=_number(asked.at_least, wording))
    )


def _wait_spread(asked: WaitSpread, wording: Wording) -> Iterator[Run]:
    cut = wording.cut
    yield run(
        cut(
            "It is told if one in ten waits longer than half of them do, so many times over: {number}.",
            number=_number(asked.times, wording),
        )
    )
    if asked.steps:
        yield run(cut("It is looked at here: {steps}.", steps=_steps(asked.steps, wording)))
    yield from _alike(asked.alike, wording)
    yield _from(asked.at_least, wording)


def _alike(names: tuple[str, ...], wording: Wording) -> Iterator[Run]:
    if names:
        fields = wording.listed([wording.field(name) for name in names])
        yield run(wording.cut("Only cases that are alike in this are compared: {fields}.", fields=fields))


def _from(count: int, wording: Wording) -> Run:
    return run(wording.cut("Of fewer cases than this nothing is said: {number}.", number=_number(count, wording)))


def _steps(names: tuple[str, ...], wording: Wording) -> Run:
    return wording.listed([wording.step(name) for name in names])


def _number(number: int, wording: Wording) -> Run:
    return (wording.language.number(number),)


def _percent(number: int, wording: Wording) -> Run:
    return (wording.say("{number}%", number=wording.language.number(number)),)

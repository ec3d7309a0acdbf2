"""Circles: people who wait for each other, so that none of them can go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from procflow.monitors.waiting.questions import Open, Question

Acted = Mapping[str, frozenset[str]]
"""Role -> who acted in it in this case."""


class Link(NamedTuple):
    """One person who waits in a circle."""

    person: str
    question: Question
    """What they wait for."""
    role: bool
    """True: the next one of the circle was asked as one of a role, of which everybody waits."""


def circle_of(unanswered: Open, acted: Acted, closing: Question) -> tuple[Link, ...]:
    """Return the shortest circle of open questions that one of them closes, from who asked it; () if it closes none.

    Of a role that was asked, everybody who acted in it in this case must wait: else somebody can still answer.
    """
    first = closing.who
    if first is None or closing.whom == first:
        return ()  # who asks nobody but themselves waits for nobody
    asked: dict[str, list[Question]] = {}
    for one in unanswered:
        if one.who not in (None, one.whom):
            asked.setdefault(one.who, []).append(one)
    ways: list[tuple[Link, ...]] = [(Link(first, closing, False),)]
    seen: set[str] = set()
    while ways:
        longer: list[tuple[Link, ...]] = []
        for way in ways:
            for by_role, person in _next(way[-1].question, acted, asked):
                here = (*way[:-1], way[-1]._replace(role=by_role))
                if person == first:
                    return here
                if person not in seen:
                    seen.add(person)
                    longer += [(*here, Link(person, one, False)) for one in asked[person]]
        ways = longer
    return ()


def _next(question: Question, acted: Acted, asked: Mapping[str, list[Question]]) -> Iterator[tuple[bool, str]]:
    """Yield who is waited for and waits, too; whether as one of a role."""
    others = sorted(acted.get(question.whom, frozenset()) - {question.who})
    if others:
        if all(one in asked for one in others):
            yield from ((True, one) for one in others)
    elif question.whom in asked:
        yield False, question.whom

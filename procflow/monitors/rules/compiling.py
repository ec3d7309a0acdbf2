"""From rules to monitors: each is compiled once, succession into two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from procflow.calendars.book import CalendarSet
from procflow.model.event import Witness
from procflow.model.procedure import Procedure
from procflow.model.rule import Form, HappeningKind, Manner, Rule
from procflow.monitors.rules.forms.accompanying import Accompany
from procflow.monitors.rules.forms.at_once import FollowAtOnce
from procflow.monitors.rules.forms.choosing import NotBoth, OneOf, Together
from procflow.monitors.rules.forms.counting import AtLeast
from procflow.monitors.rules.forms.excluding import Exclude
from procflow.monitors.rules.forms.following import Follow
from procflow.monitors.rules.forms.forbidding import Forbid, ForbidAtOnce
from procflow.monitors.rules.forms.limiting import AtMost, AtMostIn, Exactly
from procflow.monitors.rules.forms.persons import DifferentPeople, SamePerson
from procflow.monitors.rules.forms.placing import First, Last
from procflow.monitors.rules.forms.preceding import Precede, PrecedeAtOnce, PrecedeByKey
from procflow.monitors.rules.monitor import Monitor
from procflow.monitors.rules.reach import calendar_of
from procflow.monitors.rules.terms import Terms
from procflow.monitors.rules.voice import Voice

_OF_STATUSES = (HappeningKind.ENTERS, HappeningKind.LEAVES, HappeningKind.OPENS, HappeningKind.ENDS)


def judged(rule: Rule, procedure: Procedure | None, *, statuses: bool) -> bool:
    """Return True if the events can tell of the rule: a status history tells of top-level steps only."""
    if not statuses:
        return True
    # Policies alone have no steps, and take those of the log for such.
    top = procedure.top.steps.keys() if procedure is not None and procedure.top.steps else None
    return all(
        one.kind in _OF_STATUSES and (not one.name or top is None or one.name in top)
        for one in (*rule.triggers, *rule.targets)
    )


def compiled(
    rule: Rule, procedure: Procedure | None, witness: Witness, *, statuses: bool, calendars: CalendarSet | None
) -> tuple[Monitor[Any], ...]:
    """Return the monitors of a rule."""
    calendar = calendar_of(rule, procedure, calendars)
    terms, voice = Terms(rule, procedure, witness, statuses=statuses, calendar=calendar), Voice(rule, procedure)
    monitors = []
    for kind, turned in _kinds(rule):
        triggers, targets = (rule.targets, rule.triggers) if turned else (rule.triggers, rule.targets)
        monitors.append(kind(rule, triggers, targets, terms, voice))
    return tuple(monitors)


def _kinds(rule: Rule) -> Iterator[tuple[type[Monitor[Any]], bool]]:
    """Yield the classes of a rule's monitors, and whether triggers and targets change places."""
    plain = rule.within is None and not rule.same and not rule.different
    next_one = rule.manner is Manner.NEXT
    follow: type[Monitor[Any]] = FollowAtOnce if next_one else Follow
    precede: type[Monitor[Any]] = PrecedeAtOnce if next_one else Precede if plain else PrecedeByKey
    match rule.form:
        case Form.MUST_HAPPEN | Form.AT_LEAST | Form.ANY_OF:
            yield AtLeast, False
        case Form.NEVER | Form.AT_MOST:
            yield AtMost if rule.window is None else AtMostIn, False
        case Form.EXACTLY:
            yield Exactly, False
        case Form.FIRST:
            yield First, False
        case Form.LAST:
            yield Last, False
        case Form.IF_ALSO:
            yield Accompany, False
        case Form.AFTER:
            yield follow, False
        case Form.BEFORE:
            yield precede, False
        case Form.IN_TURN:
            yield follow, False
            yield precede, True
        case Form.TOGETHER:
            yield Together, False
        case Form.ONE_OF:
            yield OneOf, False
        case Form.NOT_BOTH:
            yield NotBoth, False
        case Form.IF_NEVER:
            yield Exclude, False
        case Form.AFTER_NEVER:
            yield ForbidAtOnce if next_one else Forbid, False
        case Form.BEFORE_NEVER:
            yield precede, False
        case Form.SAME_PERSON:
            yield SamePerson, False
        case Form.DIFFERENT_PERSON:
            yield DifferentPeople, False

"""What is promised to whom: values that are forgotten, tiers that are turned round, calendars that end too soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

from procflow.calendars.calendar import Calendar
from procflow.calendars.length import Length
from procflow.errors import Finding, SourceSpan
from procflow.expressions.types import Choice, YesNo
from procflow.lint.time.scene import STAND_IN, Scene
from procflow.model.clock import Clock
from procflow.model.rules import finding
from procflow.model.words import joined

TIER = "tier"
USUAL_TIERS = ("basic", "improved", "premium")
"""From worst to best, unless agreements.yaml says otherwise."""


def findings(scene: Scene, tiers: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with what clocks promise."""
    for clock in scene.procedure.all_clocks.values():
        yield from _forgotten(scene, clock)
        yield from _turned_round(clock, tiers or USUAL_TIERS)
    yield from _too_short(scene)


# --- PF419 ---------------------------------------------------------------------------------------------------------


def _forgotten(scene: Scene, clock: Clock) -> Iterator[Finding]:
    graded: tuple[tuple[str | None, Mapping[str, object], object], ...] = tuple(
        (one.by, one.values, one.otherwise) for one in (clock.within, clock.every, clock.at_most) if one is not None
    )
    for field, values, otherwise in graded:
        type = scene.procedure.field_types.get(field or "")
        if field is None or otherwise is not None or type is None:
            continue
        known = type.of if isinstance(type, Choice) else ("true", "false") if isinstance(type, YesNo) else ()
        lacking = [one for one in known if one not in values]
        if lacking:
            listed = joined([f"`{one}`" for one in lacking], "and", most=4)
            message = f"nothing is promised by `{clock.id}` where `{field}` is {listed}"
            yield finding("PF419", message, where=clock.where, hint="name every value, or add `otherwise`")


# --- PF414 ---------------------------------------------------------------------------------------------------------


def _turned_round(clock: Clock, tiers: Sequence[str]) -> Iterator[Finding]:
    for graded in (clock.within, clock.every):
        if graded is None or graded.by != TIER:
            continue
        order = [one for one in tiers if one in graded.values]
        for worse, better in combinations(order, 2):
            less, more = graded.values[worse], graded.values[better]
            if less.no_longer(more) and not more.no_longer(less):
                message = f"`{better}` is the better tier, and is promised {more}; `{worse}` is promised {less}"
                hint = "turn them round, or put the tiers of agreements.yaml in order, from the worst to the best"
                yield finding("PF414", message, where=clock.where, hint=hint)
                return


# --- PF415 ---------------------------------------------------------------------------------------------------------


def _too_short(scene: Scene) -> Iterator[Finding]:
    """Yield calendars that do not cover the procedure's life."""
    begins = scene.procedure.effective_from
    if begins is None:
        return
    for id, lengths, where in _counted_on(scene):
        calendar = scene.calendar(id)
        if calendar.always or calendar is STAND_IN:
            continue
        longest = max(lengths, key=_most, default=None)
        last = begins + (_most(longest) if longest is not None else timedelta(0))
        review = scene.procedure.review_by
        needed, why = (
            (last, f"{longest} from {begins} on") if longest is not None else (last, "the day it takes effect")
        )
        if review is not None and review > needed:
            needed, why = review, "the day the procedure is to be reviewed"
        told = _gap(calendar, begins, needed, why)
        if told is not None:
            hint = "add the hours and the holidays of further years to it: procflow calendar import, then `covers`"
            yield finding("PF415", told, where=where, hint=hint)


def _gap(calendar: Calendar, begins: date, needed: date, why: str) -> str | None:
    covers = f"the calendar `{calendar.id}` covers {calendar.first} to {calendar.last}"
    if calendar.first > begins:
        return f"{covers}, and the procedure takes effect on {begins}"
    if calendar.last < needed:
        return f"{covers}, and is needed until {needed}: {why}"
    return None


def _most(length: Length | None) -> timedelta:
    return length.longest if length is not None else timedelta(0)


def _counted_on(scene: Scene) -> Iterator[tuple[str, list[Length], SourceSpan]]:
    """Yield every calendar that is counted on, with the lengths, and where it is first needed."""
    found: dict[str, tuple[list[Length], SourceSpan]] = {}
    for clock in scene.procedure.all_clocks.values():
        given = [*(clock.within.all if clock.within else ()), *(clock.every.all if clock.every else ())]
        lengths = [one for one in given if one.elapsed is None]
        ids = clock.calendar.all if clock.calendar is not None else (scene.procedure.calendar,)
        for id in ids:
            if id is not None and lengths:
                found.setdefault(id, ([], clock.where))[0].extend(lengths)
    for rule in scene.procedure.rules:
        id = rule.calendar or scene.procedure.calendar
        lengths = [one for one in (rule.within, rule.window) if one is not None and one.elapsed is None]
        if id is not None and lengths:
            found.setdefault(id, ([], rule.where))[0].extend(lengths)
    for id, (lengths, where) in found.items():
        yield id, lengths, where

"""Data: values that do not fit, values and reasons that are missing, and waiting without a request."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.automaton.moves import MoveKind
from procflow.expressions.separators import plain_number
from procflow.expressions.types import FieldType, Money, Number
from procflow.expressions.values import show_value, type_name
from procflow.model.event import Kind
from procflow.model.procedure import Step
from procflow.monitors.moment import Judged, Moment, NotExamined


def judge(moment: Moment) -> Iterator[Judged]:
    """Yield what is wrong with what the event says or fails to say."""
    for name, why in moment.unread.items():
        yield _invalid(moment, name, why)
    if moment.move is None or not moment.completes or not moment.attributed:
        return
    for name in moment.move.collect:
        yield from _collected(moment, name)
    if moment.move.kind is MoveKind.TIMER:
        return  # nobody acted
    if moment.move.kind is MoveKind.OVERRIDE:
        return  # what is done early must carry what it collects; nothing else is demanded of an override
    action = moment.move.action
    if action is not None and action.reason:
        yield from _reason(moment)
    for name in moment.move.entered:
        yield from _asked(moment, moment.procedure.steps[name])


def judge_opening(moment: Moment) -> Iterator[Judged]:
    """Yield what is wrong with the data a case opens with: also what a case that opens waiting must say."""
    yield from judge(moment)
    for name in moment.at.active_steps():
        yield from _asked(moment, moment.procedure.steps[name])


def _invalid(moment: Moment, name: str, why: str) -> Judged:
    field = moment.procedure.data.get(name)
    return moment.deviation(
        "DV302",
        f"the value of “{name}” does not fit: {why}",
        where=field.where if field is not None else moment.procedure.where,
        values={name: str(moment.event.data[name])[:200]},
        remedy="give only fields the procedure has" if field is None else _fitting(field.type, moment.event.data[name]),
    )


def _fitting(type: FieldType, given: object) -> str:
    """Return what to give; of a number written as other countries do, in a log, how the mapping can say so."""
    wanted = f"give {type_name(type)}"
    if not isinstance(type, Number | Money) or not isinstance(given, str) or plain_number(given, ",") is None:
        return wanted
    return f'{wanted}; if a log writes its numbers so, put `decimal: ","` beside the column in the mapping'


def _collected(moment: Moment, name: str) -> Iterator[Judged]:
    if moment.facts.values.get(name) is not None:
        return
    # A row of a status history shows the case as it stands, after a gap as well.
    hidden = moment.event.kind is Kind.ACTION and (moment.event.gap or moment.memory.holed)
    if hidden or not moment.witness.sees(name):
        yield NotExamined(f"data: {name}")
        return
    yield moment.deviation(
        "DV301",
        f"“{moment.name}” was done without “{name}”",
        values={name: show_value(None)},
        remedy=f"give “{name}” ({type_name(moment.procedure.data[name].type)}) before or with it",
    )


def _reason(moment: Moment) -> Iterator[Judged]:
    if moment.event.reason is not None and moment.event.reason.strip():
        return
    if not moment.witness.reason:
        yield NotExamined("reason")
        return
    yield moment.deviation(
        "DV306",
        f"“{moment.name}” was done without a reason",
        values={"reason": "none"},
        remedy="say why, in words",
    )


def _asked(moment: Moment, step: Step) -> Iterator[Judged]:
    """The event that enters a waiting step must itself say what was asked and until when."""
    if step.waiting is None:
        return
    for name in step.requests:
        if moment.event.data.get(name) not in (None, ""):
            continue
        if not moment.witness.sees(name):
            yield NotExamined(f"data: {name}")
            continue
        what = "what was asked" if name == "asked" else "until when"
        yield moment.deviation(
            "DV605",
            f"{_what(moment)} puts the case into “{step.id}” without saying {what}",
            where=step.where,
            values={name: "unknown", "waiting for": step.waiting.party},
            remedy=f"give the data “{name}” with it",
        )


def _what(moment: Moment) -> str:
    return f"“{moment.name}”" if moment.name else "opening it"

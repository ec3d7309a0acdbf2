"""`Awaited`: what a cycle waits for somebody for, that offered work is accepted or that a question is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from procflow.expressions.types import Reference, Value
from procflow.model.clock import Clock
from procflow.model.procedure import Procedure
from procflow.monitors.waiting.questions import Question


class Awaited(NamedTuple):
    """Who waits for whom, and for what."""

    who: str
    """Who offered the work, or asked; "" if nobody is on record."""
    whom: tuple[str, ...]
    """Ids of roles, or of the person or the team that was named."""
    what: str
    """What was asked; "" of work on offer."""
    step: str
    """The step on offer; of a question where the case stood."""
    person: str | None
    """Who was meant by name; None if it was a role, or a team."""
    question: bool = False
    """False: it is work on offer."""


def awaits(clock: Clock) -> bool:
    """Return True if by this clock somebody waits for somebody: it times no part of the work itself."""
    return clock.accepts is not None or clock.question is not None


def awaited_offer(procedure: Procedure, step: str, giver: str | None, values: Mapping[str, Value]) -> Awaited:
    """Return who waits for whom while the work of a step is on offer."""
    by = procedure.steps[step].by
    if by is None or by.field is None:
        return Awaited(giver or "", () if by is None or by.role is None else (by.role,), "", step, None)
    value = values.get(by.field)
    whom = () if value is None else (str(value),)
    is_team = procedure.data[by.field].type == Reference("team")
    return Awaited(giver or "", whom, "", step, whom[0] if whom and not is_team else None)


def awaited_answer(procedure: Procedure, question: Question) -> Awaited:
    """Return who waits for whom while a question is open."""
    person = None if question.whom in procedure.roles else question.whom
    return Awaited(question.who or "", (question.whom,), question.what, question.step, person, question=True)

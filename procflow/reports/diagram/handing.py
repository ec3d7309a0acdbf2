"""Hand-offs in a picture: what is demanded of work that comes to a step, who answers for the case, who asks whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procflow.model.hand_off import REFUSE
from procflow.model.procedure import ANY
from procflow.reports.diagram.timing import late_acts, within

if TYPE_CHECKING:
    from procflow.model.hand_off import HandOffs
    from procflow.model.procedure import Action, Step
    from procflow.reports.diagram.tongue import Tongue


def department(step: Step, tongue: Tongue) -> Iterator[str]:
    """Yield the department whose step it is; nothing if nobody said."""
    role = tongue.procedure.roles.get(step.by.role or "") if step.by is not None else None
    if role is not None and role.department:
        yield tongue.called(role.department)


def offered(step: Step, tongue: Tongue) -> Iterator[tuple[str | None, str]]:
    """Yield what is demanded of work that comes to a step, a line each with its sign; nothing where nothing is handed over."""
    rule = step.hand_offs
    if rule is None:
        return
    yield "hand", _accepted(rule, tongue)
    if rule.acceptance is not None:
        yield from ((None, told) for told in late_acts(rule.acceptance, tongue))
    yield from _must_be_there(rule, tongue)
    if REFUSE in step.actions:
        yield "returned", tongue.language.say("may be given back")
        terms = " · ".join(_terms(step.actions[REFUSE], tongue))
        yield from ((None, told) for told in (terms,) if told)


def _accepted(rule: HandOffs, tongue: Tongue) -> str:
    say = tongue.language.say
    time = rule.acceptance.within if rule.acceptance is not None else None
    if time is None:
        return say("to be accepted")
    return say("to be accepted: {time}", time=within(time, tongue))


def _must_be_there(rule: HandOffs, tongue: Tongue) -> Iterator[tuple[str | None, str]]:
    say = tongue.language.say
    if rule.needs:
        yield "pen", say("with it: {names}", names=tongue.comma.join(map(tongue.name, rule.needs)))
    if rule.proofs:
        yield "clip", say("with it: {names}", names=tongue.comma.join(map(tongue.called, rule.proofs)))
    if rule.form:
        yield "pen", say("on the form: {names}", names=tongue.comma.join(map(tongue.name, rule.form)))


def _terms(refusal: Action, tongue: Tongue) -> Iterator[str]:
    if refusal.at_most is not None:
        yield tongue.language.count("at most once", "at most {number} times", refusal.at_most)
    if refusal.reason:
        yield tongue.language.say("with a reason")


def answering(tongue: Tongue) -> str | None:
    """Return who answers for the case; None if nobody in particular does."""
    accountable = tongue.procedure.accountable
    if accountable is None:
        return None
    return tongue.language.say("{who} answers for the case", who=tongue.role(accountable.role))


def told_of(action: Action, tongue: Tongue) -> Iterator[str]:
    """Yield what an `anytime` action is to others: a question with its answer, news for the client, a risk, thanks."""
    say = tongue.language.say
    if action.ask is not None:
        to = action.ask.to
        yield say("asks anybody") if to == ANY else say("asks {who}", who=tongue.role(to))
        if action.ask.answer.within is not None:
            yield say("to be answered: {time}", time=within(action.ask.answer.within, tongue))
        yield from late_acts(action.ask.answer, tongue)
    if action.tells is not None:
        yield say("{who} hears of it", who=tongue.role(action.tells))
    if action.on_behalf_of is not None:
        yield say("on behalf of {who}", who=tongue.role(action.on_behalf_of))
    if action.risk:
        yield say("tells of a risk")
    if action.thanks:
        yield say("thanks somebody")

"""PF209, PF67: hand-offs nobody notices or that need what nobody is asked for, questions in circles, clients in the dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from procflow.errors import Finding, SourceSpan
from procflow.lint.entering import asked_in
from procflow.lint.ways import Map, reached
from procflow.model.clock import ClockKind, Promised
from procflow.model.procedure import ANY, Procedure, Step
from procflow.model.rules import finding
from procflow.model.words import joined


def findings(procedure: Procedure) -> Iterator[Finding]:
    """Yield what does not work between people; nothing of a procedure that says nothing of it."""
    if procedure.hands_off:
        yield from _unnoticed(procedure)
        yield from _never_asked(procedure)
        yield from _uninformed(procedure)
    yield from _circles(procedure)


def _handed(procedure: Procedure) -> list[Step]:
    return [step for step in procedure.steps.values() if step.hand_offs is not None]


def _unnoticed(procedure: Procedure) -> Iterator[Finding]:
    found: dict[SourceSpan, list[str]] = {}
    for step in _handed(procedure):
        if step.hand_offs is not None and step.hand_offs.acceptance is None:
            found.setdefault(step.hand_offs.where, []).append(f"`{step.id}`")
    for where, steps in found.items():
        message = (
            f"nobody notices if work is not taken in {joined(steps, 'and', most=4)}: it may be on offer for any time"
        )
        yield finding("PF671", message, where=where, hint="add `accept-within: 1 day`, and `late: { notify: ... }`")


def _never_asked(procedure: Procedure) -> Iterator[Finding]:
    """Yield data fields that must be known when work is offered, and that nobody is asked for by then."""
    anywhere = {name for action in procedure.anytime.values() for name in (*action.collect, *action.optional)}
    whole = Map(procedure)
    told: set[tuple[str, SourceSpan]] = set()
    for step in _handed(procedure):
        rule = step.hand_offs
        assert rule is not None
        if not (rule.needs or rule.form):
            continue
        known = anywhere.union(*(asked_in(one) | set(one.requests) for one in _before(whole, step.id)))
        for name in dict.fromkeys((*rule.needs, *rule.form)):
            if name not in known and (name, rule.where) not in told:
                told.add((name, rule.where))
                message = (
                    f"`{name}` must be known when work is offered to `{step.id}`, and nobody is asked for it by then"
                )
                hint = "let a step before it `collect` it, or let an action that leads there give it (`optional`)"
                yield finding("PF209", message, where=rule.where, hint=hint)


def _before(whole: Map, step: str) -> Iterator[Step]:
    """Yield the steps a case can come through before this one; of steps at any time that lead back nothing is seen."""
    for ways, here in whole.around(step):
        back: dict[str, list[str]] = {}
        for way in ways.ways():
            back.setdefault(way.target, []).append(way.source)
        sources = reached(back.get(here, ()), back)
        for action in whole.procedure.anytime.values() if ways.block is None else ():
            if action.moves and action.arrows[0].to in {here, *sources}:
                sources |= set(ways.region.steps)
        yield from (ways.region.steps[name] for name in sources if name in ways.region.steps)


# --- questions -----------------------------------------------------------------------------------------------------


def _circles(procedure: Procedure) -> Iterator[Finding]:
    """Yield the circles of roles that may ask only each other."""
    asks = [action for action in procedure.anytime.values() if action.ask is not None]
    roles = {action.by.role for action in asks if action.by is not None and action.by.role not in (None, ANY)}
    may_ask: dict[str, set[str]] = {}
    for role in procedure.roles:
        if role in roles:
            mine = [one for one in asks if one.by is not None and one.by.role in (role, ANY) and one.ask is not None]
            may_ask[role] = {one.ask.to for one in mine if one.ask is not None}
    told: set[str] = set()
    for role in may_ask:
        circle = reached([role], may_ask)
        closed = (
            ANY not in circle
            and len(circle) > 1
            and all(role in reached(may_ask.get(one, ()), may_ask) for one in circle)
        )
        if closed and not told & circle:
            told |= circle
            way = _way_round(role, may_ask)
            action = next(one for one in asks if one.by is not None and one.by.role == role)
            message = (
                f"{joined([f'`{one}`' for one in way], 'and')} may ask only each other: each can wait for the next"
            )
            hint = "let one of them ask somebody else, too, as in `question-to: any`"
            yield finding("PF672", message, where=action.where, hint=hint)


def _way_round(role: str, may_ask: Mapping[str, set[str]]) -> list[str]:
    around = reached([role], may_ask)
    return [one for one in may_ask if one in around]


# --- clients -------------------------------------------------------------------------------------------------------


def _uninformed(procedure: Procedure) -> Iterator[Finding]:
    clients = [role for role in procedure.roles.values() if role.external and not role.supplier]
    duties = [one for one in procedure.clocks if one.kind is ClockKind.PERIODIC and one.to is Promised.CLIENT]
    if clients and not duties:
        message = f"work goes from hand to hand, and nobody has to tell `{clients[0].id}` how it stands"
        hint = "add a clock, as in `informed: { to: client, every: 2 days, while: ours-to-act }`, and an action that `tells` them"
        yield finding("PF673", message, where=clients[0].where, hint=hint)

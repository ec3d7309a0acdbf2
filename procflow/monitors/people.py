"""People: who may act, whom a control excludes, and who left which step (for four-eyes)."""

from __future__ import annotations

from collections.abc import Iterator

from procflow.model.procedure import ANY, By, Step
from procflow.monitors.moment import Judged, Leavers, Moment, NotExamined, roles_for


def judge(moment: Moment) -> Iterator[Judged]:
    """Yield what is wrong with who acted; nothing for an event that is left out of the flow."""
    if moment.move is None:
        return
    if not moment.attributed:
        if moment.move.target != moment.at:
            yield NotExamined("people: which action it was is not on record")
        return
    yield from _role(moment)
    if moment.step is not None:
        yield from _excluded(moment, moment.step)


def advance(moment: Moment) -> Leavers:
    """Return who left which step, after this event."""
    leavers = dict(moment.leavers)
    for skip in moment.skips:
        leavers.update({step: frozenset() for step in skip.entered})
    if moment.move is None:
        return leavers if moment.skips else moment.leavers
    move = moment.move
    if not move.left and not move.entered:
        return leavers if moment.skips else moment.leavers
    actor = frozenset() if moment.event.actor is None else frozenset({moment.event.actor})
    for step in move.left:
        leavers[step] = leavers.get(step, frozenset()) | actor
    for step in move.entered:
        if step not in move.left:
            leavers[step] = frozenset()
    return leavers


def _role(moment: Moment) -> Iterator[Judged]:
    by, step = moment.who, moment.step
    if by is not None and by.role == ANY:
        return
    if not moment.witness.actor or not moment.witness.role:
        yield NotExamined("people: roles")
    elif by is not None and by.field is not None:
        yield from _named_by_field(moment, by.field)
    elif by is None and step is not None and step.waiting is not None:
        yield from _party(moment, step.waiting.party)
    elif by is not None and by.role is not None and by.role not in moment.event.roles:
        yield _wrong_role(moment, by)


def _wrong_role(moment: Moment, by: By) -> Judged:
    held = ", ".join(sorted(moment.event.roles)) or "none"
    who = moment.event.actor or "nobody named"
    return moment.deviation(
        "DV201",
        f"“{moment.name}” is for {by}; {who} holds {held}",
        values={"needed": str(by), "held": held},
        remedy=f"let a holder of {by} do it",
        who_could=roles_for(moment.step, by),
    )


def _party(moment: Moment, party: str) -> Iterator[Judged]:
    """In a waiting step the party acts, or anyone on its behalf."""
    event = moment.event
    if party in event.roles or event.on_behalf_of is not None:
        return
    held = ", ".join(sorted(event.roles)) or "none"
    yield moment.deviation(
        "DV201",
        f"“{moment.name}” is for {party} or somebody on its behalf; {event.actor or 'nobody named'} holds {held}",
        values={"needed": party, "held": held},
        remedy=f"say on whose behalf it was done, or let {party} do it",
        who_could=(party,),
    )


def _named_by_field(moment: Moment, field: str) -> Iterator[Judged]:
    event, named = moment.event, moment.facts.values.get(field)
    if named is None:
        if not moment.witness.sees(field):
            yield NotExamined(f"data: {field}")
            return
        yield moment.deviation(
            "DV305",
            f"who may do “{moment.name}” cannot be said: “{field}” is not known",
            values={field: "unknown"},
            remedy=f"give “{field}” before or with this action",
        )
    elif named != event.actor and named not in event.teams:
        teams = ", ".join(sorted(event.teams)) or "none"
        yield moment.deviation(
            "DV201",
            f"“{moment.name}” is for {named}, whom “{field}” names; {event.actor or 'nobody named'} acted",
            values={field: str(named), "teams": teams},
            remedy=f"let {named} do it",
            who_could=(str(named),),
        )


def _excluded(moment: Moment, step: Step) -> Iterator[Judged]:
    if not step.four_eyes and not step.not_by:
        return
    if not moment.witness.actor:
        yield NotExamined("people: actor")
        return
    if moment.event.actor is None:
        return
    for other in step.four_eyes:
        if moment.event.actor in moment.leavers.get(other, frozenset()):
            yield _four_eyes(moment, step, other)
    for field in step.not_by:
        if not moment.witness.sees(field):
            yield NotExamined(f"data: {field}")
        elif moment.facts.values.get(field) == moment.event.actor:
            yield _barred(moment, step, field)


def _four_eyes(moment: Moment, step: Step, other: str) -> Judged:
    return moment.deviation(
        "DV202",
        f"{moment.event.actor} did “{moment.name}” in “{step.id}” after having left “{other}”",
        where=step.where,
        values={"same person": str(moment.event.actor), "other step": other},
        remedy=f"let somebody else than {moment.event.actor} do it",
        who_could=roles_for(step, moment.who),
    )


def _barred(moment: Moment, step: Step, field: str) -> Judged:
    return moment.deviation(
        "DV208",
        f"{moment.event.actor} acted in “{step.id}”, but “{field}” names this very person",
        where=step.where,
        values={field: str(moment.event.actor)},
        remedy=f"let somebody else than {moment.event.actor} do it",
        who_could=roles_for(step, moment.who),
    )

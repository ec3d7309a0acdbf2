"""People: who may act, whom a control excludes, and who left which step (for four-eyes)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from procflow.automaton.moves import Move, MoveKind
from procflow.errors import Finding
from procflow.expressions.types import Reference
from procflow.model.by import By
from procflow.model.event import Act
from procflow.model.procedure import ANY, Step
from procflow.monitors.moment import Judged, Memory, Moment, NotExamined, holding, roles_for

MOST_STARTED = 100
"""How many starts about which something was said are remembered; of older ones it is said again on completion."""

_NOBODY: frozenset[str | None] = frozenset()
_SOMEBODY: frozenset[str | None] = frozenset({None})


def judge(moment: Moment) -> Sequence[Judged]:
    """Return what is wrong with who acted; nothing for an event that is left out of the flow.

    What was said when the same person started the work is not said again when they complete it.
    """
    if moment.move is None:
        return ()
    if not moment.attributed:
        moved = moment.move.target != moment.at
        return (NotExamined("people: which action it was is not on record"),) if moved else ()
    found = list(_role(moment))
    if moment.step is not None and (moment.step.four_eyes or moment.step.not_by):
        found += _excluded(moment, moment.step)
    if moment.move.kind is MoveKind.START:
        return [one for one in found if not isinstance(one, NotExamined)]
    said = moment.memory.started.get((moment.name, moment.event.actor))
    return [one for one in found if not isinstance(one, Finding) or one.code not in said] if said else found


def advance(moment: Moment, judged: Sequence[Judged]) -> Memory:
    """Return what to remember after this event, of which `judged` was said."""
    move, memory = moment.move, moment.memory
    started = _started(moment, judged)
    moved = bool(moment.skips) or (move is not None and bool(move.left or move.entered))
    early = _early(moment)
    if started is memory.started and early is memory.early and not moved and not moment.event.gap:
        return memory
    holed = memory.holed or moment.event.gap
    return Memory(leavers=_leavers_after(moment), started=started, early=early, holed=holed)


def _early(moment: Moment) -> Mapping[str, str | None]:
    """Return who did early what is still to come."""
    override, move, early = moment.event.override, moment.move, moment.memory.early
    if override is not None and override.act is Act.DO_EARLY and move is not None:
        early = {**early, moment.event.action: moment.event.actor}
    if not early or move is None:
        return early
    return {name: who for name, who in early.items() if name in move.target.early}


def _leavers(moment: Moment) -> Mapping[str, frozenset[str | None]]:
    """Return who left which step, as far as it is known at this event.

    Where entries are missing, any step may have been entered and left once more, by anybody. What a skipped action
    enters is a new visit.
    """
    if moment.event.gap:
        return dict.fromkeys(moment.procedure.steps, _SOMEBODY)
    if not moment.skips:
        return moment.memory.leavers
    leavers = dict(moment.memory.leavers)
    for skip in moment.skips:
        leavers.update((step, _NOBODY) for step in skip.entered)
        _leave_early(moment, skip, leavers)
    return leavers


def _leavers_after(moment: Moment) -> Mapping[str, frozenset[str | None]]:
    leavers = dict(_leavers(moment))
    if moment.move is not None:
        actor = frozenset({moment.event.actor if moment.attributed else None})
        # Where time ran out, nobody leaves.
        for step in moment.move.left if moment.move.kind is not MoveKind.TIMER else ():
            # A block is left by everyone who ends one of its branches.
            others = leavers.get(step) if moment.procedure.steps[step].parallel is not None else None
            leavers[step] = actor | (others or frozenset())
        leavers.update((step, frozenset()) for step in moment.move.entered)
        _leave_early(moment, moment.move, leavers)
    return leavers


def _leave_early(moment: Moment, move: Move, leavers: dict[str, frozenset[str | None]]) -> None:
    """Note who left the steps whose actions were done early, and are not asked for in this move."""
    for action, left in move.consumed:
        for step in left:
            others = leavers.get(step) if moment.procedure.steps[step].parallel is not None else None
            leavers[step] = (others or frozenset()) | {moment.memory.early.get(action)}


def _started(moment: Moment, judged: Sequence[Judged]) -> Mapping[tuple[str, str | None], frozenset[str]]:
    """Return what was said of starts; of most nothing was, and nothing is remembered."""
    started, work = moment.memory.started, (moment.name, moment.event.actor)
    if moment.move is None:
        return started
    is_start = moment.move.kind is MoveKind.START
    said = frozenset(one.code for one in judged if is_start and isinstance(one, Finding))
    if said == started.get(work, frozenset()):
        return started
    rest = [(key, codes) for key, codes in started.items() if key != work]
    return dict([*rest[-MOST_STARTED + 1 :], (work, said)] if said else rest)


def _role(moment: Moment) -> Iterator[Judged]:
    by, step = moment.who, moment.step
    if (by is None and (step is None or step.waiting is None)) or (by is not None and by.role == ANY):
        return
    if not moment.witness.actor or not moment.witness.role:
        yield NotExamined("people: roles")
    elif not moment.escalated.isdisjoint(moment.event.roles):
        return
    elif by is not None and by.field is not None:
        yield from _named_by_field(moment, by.field)
    elif by is None and step is not None and step.waiting is not None:
        yield from _party(moment, step.waiting.party)
    elif by is not None and by.role is not None and by.role not in moment.event.roles:
        role = moment.procedure.roles.get(by.role)
        if role is None or not role.external or not _for_whom(moment, by.role):
            yield _wrong_role(moment, by)


def _for_whom(moment: Moment, role: str) -> bool:
    """Return True if the event was done on behalf of a holder of `role`: the role, or a person or client by id."""
    named = moment.event.on_behalf_of
    return bool(named and named.strip()) and (named == role or named not in moment.procedure.roles)


def _wrong_role(moment: Moment, by: By) -> Judged:
    held = ", ".join(sorted(moment.event.roles)) or "none"
    role = moment.procedure.roles.get(by.role or "")
    outside = ", or say on whose behalf it was done" if role is not None and role.external else ""
    return moment.deviation(
        "DV201",
        f"“{moment.name}” is for {by}; {holding(moment.event)}",
        values={"needed": str(by), "held": held},
        remedy=f"let a holder of {by} do it{outside}",
        who_could=roles_for(moment.step, by),
    )


def _party(moment: Moment, party: str) -> Iterator[Judged]:
    """In a waiting step the party acts, or anyone on its behalf."""
    event = moment.event
    if party in event.roles or _for_whom(moment, party):
        return
    held = ", ".join(sorted(event.roles)) or "none"
    yield moment.deviation(
        "DV201",
        f"“{moment.name}” is for {party} or somebody on its behalf; {holding(event)}",
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
    elif named not in (event.teams if _is_team(moment, field) else (event.actor,)):
        teams = ", ".join(sorted(event.teams)) or "none"
        yield moment.deviation(
            "DV201",
            f"“{moment.name}” is for {named}, whom “{field}” names; {event.actor or 'nobody named'} acted",
            values={field: str(named), "teams": teams},
            remedy=f"let {named} do it",
            who_could=(str(named),),
        )


def _is_team(moment: Moment, field: str) -> bool:
    """Return True if the field names a team: one that is called like a person makes nobody a member of it."""
    return moment.procedure.data[field].type == Reference("team")


def _excluded(moment: Moment, step: Step) -> Iterator[Judged]:
    actor, leavers = moment.event.actor, _leavers(moment)
    if not moment.witness.actor or actor is None:
        yield from (NotExamined("people: actor") for _ in (*step.four_eyes, *step.not_by))
        return
    for other in step.four_eyes:
        left = leavers.get(other, _NOBODY)
        if actor in left:
            yield _four_eyes(moment, step, other)
        elif None in left:
            yield NotExamined(f"people: who left {other}")
    for field in step.not_by:
        if not moment.witness.sees(field):
            yield NotExamined(f"data: {field}")
        elif moment.facts.values.get(field) == actor:
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

"""A walk as a scenario, which comes out as the walk did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from procflow.calendars.length import of_elapsed
from procflow.cli.playing.walk import Done, Move, Waited, Walk
from procflow.loading.calendars_found import named_calendars
from procflow.loading.scenarios import opens_by_itself
from procflow.model.procedure import Procedure
from procflow.model.scenario import REASON, Doing, Expectation, Person, Scenario, Wait
from procflow.scenarios.drafting import told_of
from procflow.scenarios.writing import yaml_of


def story(walk: Walk, title: str) -> str:
    """Return the walk so far as YAML to be pasted, with `scenarios:` before it if the file has none yet.

    What was refused is a remark: it was not done. A doing that deviates says what it was done without.
    """
    procedure = walk.procedure
    scenario = Scenario(
        title={"": title or _untitled(walk)},
        people=_people(walk),
        opens_at=walk.start,
        given={},
        without=frozenset(),
        doings=tuple(_doings(walk)),
        expect=_expected(walk),
        where=procedure.where,
    )
    head = "" if procedure.scenarios else "scenarios:\n"
    return head + yaml_of(scenario, dated=_must_be_dated(scenario, walk), remarks=_remarks(walk))


def _must_be_dated(scenario: Scenario, walk: Walk) -> bool:
    """Return True if the story would come out another way on the day on which it opens by itself."""
    procedure = walk.procedure
    conditions = [*procedure.conditions, *(one.when for one in procedure.rules if one.when is not None)]
    by_itself = replace(scenario, opens_at=opens_by_itself(procedure), dated=False)
    moved = bool(named_calendars(procedure)) and walk.hours.opening(by_itself) != walk.start
    return moved or any(one.reads_now for one in conditions)


def _untitled(walk: Walk) -> str:
    case = walk.case
    came = f"ends {case.outcome}" if case.outcome is not None else f"stands in {case.configuration.step}"
    title = f"A walk of {sum(one.did_something for one in walk.turns)} moves that {came}"
    taken = {text for one in walk.procedure.scenarios for text in one.title.values()}
    number, name = 2, title
    while name in taken:
        name, number = f"{title} ({number})", number + 1
    return name


def _people(walk: Walk) -> dict[str, Person]:
    """Return who acts and is not simply called like the one role they hold."""
    people: dict[str, Person] = {}
    for turn in walk.turns:
        if isinstance(turn, Done) and not turn.refused:
            actor = turn.move.actor
            roles = actor.roles & walk.procedure.roles.keys()
            if actor.teams or roles != {actor.id}:
                people[actor.id] = Person(id=actor.id, roles=frozenset(roles), teams=actor.teams)
    return people


def _doings(walk: Walk) -> Iterator[Doing | Wait]:
    where = walk.procedure.where
    for turn in walk.turns:
        if isinstance(turn, Waited):
            yield Wait(length=of_elapsed(turn.length), text=turn.words, where=where)
        elif not turn.refused:
            yield _doing(turn.move, walk.procedure)


def _doing(move: Move, procedure: Procedure) -> Doing:
    nameable = {REASON, *procedure.data, *procedure.evidence, *procedure.actions}
    return Doing(
        by=move.actor.id,
        action=move.action,
        data=move.data,
        evidence=move.evidence,
        reason=move.reason,
        on_behalf_of=move.on_behalf_of,
        without=frozenset(move.lacking) & nameable,
        where=procedure.where,
    )


def _remarks(walk: Walk) -> dict[int, list[str]]:
    """Return what was refused, by the number of the doing it stands above."""
    remarks: dict[int, list[str]] = {}
    done = 0
    for turn in walk.turns:
        if isinstance(turn, Done) and turn.refused:
            found = turn.verdict.deviations[0]
            rule = f" ({found.breach.rule})" if found.breach is not None else ""
            told = f"refused: {turn.move.action} by {turn.move.actor.id}, {found.code} {found.slug}{rule}"
            remarks.setdefault(done, []).append(told)
        else:
            done += 1
    return remarks


def _expected(walk: Walk) -> Expectation:
    at = walk.case.configuration
    stands = str(at) if at.branches or at.early or "/" in at.place else at.step
    told = told_of(walk.case.audit.deviations)
    return Expectation(
        ends=walk.case.outcome,
        stands=None if walk.case.outcome is not None else stands,
        deviations=told.deviations,
        broken=told.broken,
        late=told.late,
        where=walk.procedure.where,
    )

"""A walk told as a scenario: YAML to be pasted into the file, where it comes out as it did in the walk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from procflow.cli.playing.walk import Done, Move, Waited, Walk
from procflow.expressions.types import Raw
from procflow.model.configuration import Configuration
from procflow.model.organisation import Actor
from procflow.model.procedure import Procedure

_PLAIN = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff\u0600-\u06ff][^\x00-\x1f\"'#:,\[\]{}&*!|>%@`]*(?<! )")
"""A text that YAML reads as it stands, also inside brackets."""
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?( [A-Z]{3})?")


def story(walk: Walk, title: str) -> str:
    """Return the walk so far as a scenario, with `scenarios:` before it if the file has none yet.

    What was refused is a remark: it was not done. A doing that deviates says what it was done without.
    """
    lines = [] if walk.procedure.scenarios else ["scenarios:"]
    lines.append(f"  - scenario: {_text(title or _untitled(walk))}")
    people = _people(walk)
    if people:
        lines.append(f"    people: {_map(people)}")
    if _reads_now(walk.procedure):
        lines.append(f"    opens-at: {_text(walk.start.isoformat())}")
    lines.append("    do:")
    lines.extend(f"      {line}" for line in _doings(walk))
    lines.append(f"    expect: {_map(_expected(walk))}")
    return "\n".join(lines) + "\n"


def _untitled(walk: Walk) -> str:
    case = walk.case
    came = f"ends {case.outcome}" if case.outcome is not None else f"stands in {case.configuration.step}"
    title = f"A walk of {sum(isinstance(one, Done) and not one.refused for one in walk.turns)} moves that {came}"
    taken = {text for one in walk.procedure.scenarios for text in one.title.values()}
    number, name = 2, title
    while name in taken:
        name, number = f"{title} ({number})", number + 1
    return name


def _people(walk: Walk) -> dict[str, str]:
    """Return who acts and is not simply called like the one role they hold."""
    actors: dict[str, Actor] = {}
    for turn in walk.turns:
        if isinstance(turn, Done) and not turn.refused:
            actors[turn.move.actor.id] = turn.move.actor
    return {
        _text(name): _person(actor, walk.procedure)
        for name, actor in actors.items()
        if actor.teams or _roles(actor, walk.procedure) != [name]
    }


def _person(actor: Actor, procedure: Procedure) -> str:
    roles = _roles(actor, procedure)
    if actor.teams or not roles:
        held = {"roles": _list(roles)} if roles else {}
        return _map({**held, "teams": _list(map(_text, sorted(actor.teams)))})
    return roles[0] if len(roles) == 1 else _list(roles)


def _roles(actor: Actor, procedure: Procedure) -> list[str]:
    return [role for role in procedure.roles if role in actor.roles]


def _doings(walk: Walk) -> Iterator[str]:
    for turn in walk.turns:
        if isinstance(turn, Waited):
            yield f"- wait {turn.words}"
        elif turn.refused:
            found = turn.verdict.deviations[0]
            yield f"# refused: {turn.move.action} by {turn.move.actor.id}, {found.code} {found.slug}"
        else:
            yield f"- {_doing(turn.move, walk.procedure)}"


def _doing(move: Move, procedure: Procedure) -> str:
    more = dict(_details(move, procedure))
    if not more and not re.search(r"\s", move.actor.id):
        return f"{move.actor.id} {move.action}"
    return _map({"by": _text(move.actor.id), "action": move.action, **more})


def _details(move: Move, procedure: Procedure) -> Iterator[tuple[str, str]]:
    if move.data:
        yield "data", _map({name: _raw(value) for name, value in move.data.items()})
    if move.evidence:
        yield "evidence", _map({name: _raw(value) for name, value in move.evidence.items()})
    if move.reason is not None:
        yield "reason", _text(move.reason)
    if move.on_behalf_of is not None:
        yield "on-behalf-of", _text(move.on_behalf_of)
    lacking = [name for name in move.lacking if name in _nameable(procedure)]
    if lacking:
        yield "without", _list(lacking)


def _nameable(procedure: Procedure) -> frozenset[str]:
    """Return what `without` may name."""
    names = {"reason", *procedure.data}
    for step in procedure.steps.values():
        names.update(step.evidence, step.checklist.items if step.checklist is not None else ())
        for action in step.actions.values():
            names.update(action.evidence)
    for action in procedure.anytime.values():
        names.update(action.evidence)
    return frozenset(names)


def _expected(walk: Walk) -> dict[str, str]:
    case = walk.case
    expected = {"ends": case.outcome} if case.outcome is not None else {"stands": _place(case.configuration)}
    codes = [one.code for one in case.audit.deviations if one.unexcused]
    return expected | ({"deviations": _list(codes)} if codes else {})


def _place(at: Configuration) -> str:
    return json.dumps(str(at), ensure_ascii=False) if at.branches or at.early or "/" in at.place else at.step


def _reads_now(procedure: Procedure) -> bool:
    """Return True if it matters at which hour the case opens."""
    for step in procedure.steps.values():
        conditions = [arrow.when for action in step.actions.values() for arrow in action.arrows]
        if step.parallel is not None:
            conditions += [branch.only_if for branch in step.parallel.branches]
            conditions += [arrow.when for arrow in step.parallel.then]
        if any(one is not None and one.reads_now for one in conditions):
            return True
    anytime = (arrow.when for action in procedure.anytime.values() for arrow in action.arrows)
    return any(one is not None and one.reads_now for one in anytime)


def _raw(value: Raw) -> str:
    match value:
        case str():
            return _text(value)
        case list():
            return _list(_raw(one) for one in value)
        case dict():
            return _map({name: _raw(one) for name, one in value.items()})
        case _:
            return json.dumps(value)


def _text(text: str) -> str:
    plain = (_PLAIN.fullmatch(text) and text.lower() not in _WORDS) or (_AMOUNT.fullmatch(text) and " " in text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _map(entries: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{name}: {value}" for name, value in entries.items()) + " }"


def _list(entries: Iterable[str]) -> str:
    return "[" + ", ".join(entries) + "]"

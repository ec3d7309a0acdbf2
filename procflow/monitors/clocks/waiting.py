"""Waiting: which waiting steps a case stands in, since when, and whether whoever is waited for has acted."""

from __future__ import annotations

from collections.abc import Mapping

from procflow.model.procedure import Step
from procflow.model.rule import HappeningKind
from procflow.monitors.clocks.pausing import Wait, until_of, wait_of
from procflow.monitors.clocks.turn import Turn

Waits = Mapping[str, Wait]
"""Step -> the stay in it."""


def waits_after(before: Waits, turn: Turn, steps: Mapping[str, Step], *, unseen: bool) -> tuple[Waits, Waits]:
    """Return the stays in waiting steps after a position, and those from before it with whether they were answered.

    `unseen`: the log cannot witness what was asked, or until when.
    """
    position = turn.position
    entered = {one.name for one in turn.happenings if one.kind is HappeningKind.ENTERS}
    answered = dict(before)
    for name, wait in before.items():
        waiting = steps[name].waiting
        if (
            waiting is not None
            and position.action is not None
            and not wait.answered
            and _is(waiting.party, turn, steps)
        ):
            answered[name] = wait._replace(answered=True)
    found: dict[str, Wait] = {}
    for name in turn.leaves:
        if steps[name].waiting is None:
            continue
        stay, values = answered.get(name), position.facts.values
        if stay is None or name in entered:
            stay = wait_of(position.seq, position.actor, turn.at, turn.given, values, unseen=unseen)
        elif stay.rests and (until := until_of(turn.given, values)) is not None:
            stay = stay._replace(until=until)
        found[name] = stay
    return found, answered


def _is(party: str, turn: Turn, steps: Mapping[str, Step]) -> bool:
    """Return True if the party acts, or somebody on its behalf: the role, or a person or client by id."""
    named = turn.position.on_behalf_of
    return party in turn.position.roles or (
        bool(named and named.strip()) and (named == party or named not in _roles(steps))
    )


def _roles(steps: Mapping[str, Step]) -> frozenset[str]:
    return frozenset(turns.role for one in steps.values() if (turns := one.whose_turn) is not None and turns.role)

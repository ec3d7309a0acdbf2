"""What a move in step asks of whoever makes it, worked out once a move, so that a clean event is told at a glance.

Only what can be seen at a glance is looked at. Where anything is missing, or could be said at all, `met` is False and
the monitors themselves look: what they would have said of a clean event is nothing. A test holds that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from procflow.automaton.moves import Move, MoveKind
from procflow.expressions.expression import Facts
from procflow.model.event import Event, Witness
from procflow.model.procedure import ANY, Step
from procflow.monitors.moment import Memory, who_may

_NOBODY: frozenset[str | None] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What an action in step must come with, as far as it can be checked at a glance."""

    role: str | None
    """One role that is enough; None: anybody."""
    four_eyes: tuple[str, ...]
    """Steps that whoever acts must not have left, and must be known not to have."""
    not_by: tuple[str, ...]
    """Data fields that must not name whoever acts."""
    collect: tuple[str, ...]
    evidence: tuple[str, ...]
    reason: bool
    left: tuple[tuple[str, bool], ...]
    """Steps it leaves that a four-eyes asks about, and whether they are blocks."""
    entered: tuple[str, ...]
    """Steps it enters that a four-eyes asks about."""

    def met(self, event: Event, facts: Facts, memory: Memory) -> bool:
        """Return True if no monitor has anything to say of an event that makes the move, nothing skipped before it."""
        if memory.started or memory.early:
            return False
        if self.role is not None and self.role not in event.roles:
            return False
        if self.four_eyes or self.not_by:
            actor = event.actor
            if actor is None or any(self._may_have_left(actor, step, memory) for step in self.four_eyes):
                return False
            if any(facts.values.get(name) == actor for name in self.not_by):
                return False
        for name in self.collect:
            if facts.values.get(name) is None:
                return False
        for name in self.evidence:
            proof = event.evidence.get(name)
            if not isinstance(proof, str) or not proof or proof.isspace():
                return False
        return not (self.reason and (not event.reason or event.reason.isspace()))

    def remembered(self, event: Event, memory: Memory) -> Memory:
        """Return what the monitors remember after the move, as far as a four-eyes will ask for it."""
        if not self.left and not self.entered:
            return memory
        leavers = dict(memory.leavers)
        for name, is_block in self.left:
            # A block is left by everyone who ends one of its branches.
            leavers[name] = frozenset({event.actor}) | (leavers.get(name, _NOBODY) if is_block else _NOBODY)
        for name in self.entered:
            leavers[name] = _NOBODY
        return replace(memory, leavers=leavers)

    def _may_have_left(self, actor: str, step: str, memory: Memory) -> bool:
        left = memory.leavers.get(step, _NOBODY)
        return actor in left or None in left


def demands_of(move: Move, steps: Mapping[str, Step], witness: Witness, watched: frozenset[str]) -> Demands | None:
    """Return what a move asks for; None if what is said of it takes more than a glance.

    `watched` are the steps a four-eyes asks about.
    """
    if move.notes or move.consumed or move.kind in (MoveKind.OVERRIDE, MoveKind.TIMER):
        return None
    step, action = move.step, move.action
    by = who_may(step, action)
    waiting = step.waiting if step is not None else None
    role = by.role if by is not None else waiting.party if waiting is not None else None
    free = role == ANY or (by is None and waiting is None)
    if not free and (role is None or not witness.actor or not witness.role):
        return None
    four_eyes, not_by = (step.four_eyes, step.not_by) if step is not None else ((), ())
    if (four_eyes or not_by) and not (witness.actor and all(map(witness.sees, not_by))):
        return None
    completes = move.kind is not MoveKind.START
    entered = [one for name in move.entered if (one := steps[name].waiting) is not None]
    if completes and any(one.asked or one.due for one in entered):
        return None
    return Demands(
        role=None if free else role,
        four_eyes=four_eyes,
        not_by=not_by,
        collect=move.collect if completes else (),
        evidence=move.evidence,
        reason=completes and action is not None and action.reason,
        left=tuple((name, steps[name].parallel is not None) for name in move.left if name in watched),
        entered=tuple(name for name in move.entered if name in watched),
    )

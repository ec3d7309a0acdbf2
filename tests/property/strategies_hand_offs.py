"""Random hand-offs: who must accept what, what can be given back, and who answers for a case."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any


def with_hand_offs(
    written: dict[str, Any], roles: tuple[str, ...], rng: Random, fields: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the procedure with hand-offs between whoever works in its steps; `roles` are of the house."""
    says: dict[str, Any] = {}
    if rng.random() < 0.7:
        says["refuse"] = {"reason": "required"} if rng.random() < 0.3 else {}
        if rng.random() < 0.4:
            says["refuse"]["at-most"] = rng.randint(1, 2)
    if fields and rng.random() < 0.4:
        says["needs"] = [rng.choice(sorted(fields))]
    if not says or rng.random() < 0.2:
        says["returns"] = {"at-most": 1}
    result = {**written, "hand-offs": says}
    if rng.random() < 0.3:
        result["accountable"] = rng.choice(roles)
    return result

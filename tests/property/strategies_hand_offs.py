"""Random hand-offs: who must accept what, what can be given back, and who answers for a case."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
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


def handed_over(procedure: Mapping[str, Any], rng: Random) -> dict[str, Any]:
    """Return a procedure of which only the flow is random with roles in its steps, and with hand-offs between them."""
    written: dict[str, Any] = json.loads(json.dumps(procedure))
    house = ("agent", "expert")
    written["roles"] |= {role: {"title": role} for role in house}
    for step in _work_steps(written["steps"]):
        step["by"] = rng.choice((*house, *house, "any"))
    return with_hand_offs(written, house, rng)


def _work_steps(steps: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for step in steps.values():
        if "parallel" in step:
            for name, branch in step["parallel"].items():
                yield from _work_steps(branch.get("steps", {name: branch}))
        elif "by" in step:
            yield step

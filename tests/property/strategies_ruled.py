"""Rules by chance about what a procedure has, for what tells, draws and suggests them."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.property.strategies import load


def with_rules(written: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Return the procedure with some rules about its actions and steps, of forms by chance."""
    procedure = load(written)
    names, steps = sorted(procedure.actions), sorted(procedure.steps)

    def rule() -> dict[str, Any]:
        a, b = rng.choice(names), rng.choice([*names, f"enters {rng.choice(steps)}"])
        within = {"within": rng.choice(["1 day", "4 hours"])} if rng.random() < 0.3 else {}
        manner: dict[str, Any] = rng.choice([{}, {}, {"next": True}, {"each-time": True}])
        pair = rng.sample(names, 2) if len(names) > 1 else [names[0], f"enters {steps[0]}"]
        forms: list[dict[str, Any]] = [
            {"must-happen": a, **within},
            {"never": b},
            {"at-most": 1, "of": a},
            {"exactly": 1, "of": a},
            {"first": a},
            {"last": a},
            {"if": a, "also": b, **within},
            {"after": a, "there-must-be": b, **within, **manner},
            {"before": a, "there-must-be": b, **manner},
            {"after": a, "never": b},
            {"before": a, "never": b},
            {"not-both": pair},
            {"one-of": pair},
            {"together": pair},
            {"same-person": pair},
            {"different-person": pair},
        ]
        return rng.choice(forms)

    return {**written, "rules": {f"rule-{number}": rule() for number in range(rng.randint(1, 4))}}

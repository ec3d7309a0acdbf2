"""The names people use for codes: `PF102` is `unknown-key`, `DV101` is `skipped`."""

from __future__ import annotations

from procflow.model.rules import PF_CODES


def slug_of(code: str) -> str:
    """Return the name of a check or class; empty for one that no register knows."""
    check = PF_CODES.get(code)
    if check is not None:
        return check.slug
    # Only audits speak of deviations: a check of a file does not load what they are.
    from procflow.model.deviation import REGISTRY

    known = REGISTRY.get(code)
    return known.slug if known is not None else ""

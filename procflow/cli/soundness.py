"""What is said of a procedure that is shown to people although it is not sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procflow.cli.terminal import tell
from procflow.errors import Severity

if TYPE_CHECKING:
    from procflow.model.procedure import Procedure

_MOST_TOLD = 3


def tell_unsound(procedure: Procedure, file: str, done: str) -> None:
    """Say on stderr what stands against a procedure that was `done`, drawn or written, all the same."""
    from procflow.lint import lint

    errors = [one for one in lint(procedure) if one.severity is Severity.ERROR]
    for one in errors[:_MOST_TOLD]:
        tell(f"{one.where or file}: {one.code}: {one.message}")
    if errors:
        more = f" ({len(errors) - _MOST_TOLD} more)" if len(errors) > _MOST_TOLD else ""
        tell(f"note: {done} as it is, but it is not sound{more}; see `procflow check {file}`")

"""A run in words: the story as it was told, where the case stands, how long it took."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from procflow.model.configuration import BRANCH_DONE, NOT_NEEDED, step_of
from procflow.model.scenario import Doing, ScenarioResult
from procflow.model.words import joined
from procflow.reports.deviation_text import standing

_MOST_ENTRIES = 12


def story_text(result: ScenarioResult) -> str:
    """Return what was done as one line: `agent accept -> wait 3 days -> expert submit`."""
    entries = [
        f"{one.by} {'start ' if one.start else ''}{one.action}" if isinstance(one, Doing) else f"wait {one.text}"
        for one in result.scenario.doings
    ]
    if len(entries) > _MOST_ENTRIES:
        entries = ["...", *entries[-_MOST_ENTRIES:]]
    return " -> ".join(entries)


def place_text(stands: str) -> str:
    """Return a configuration in words: `draft`; investigate (technical: done, legal: opinion)."""
    return f"`{stands}`" if stands.replace("-", "").isalnum() else standing(stands)


def active_steps(stands: str) -> list[str]:
    """Return the steps that are active in a configuration given as text, outermost first."""
    words = re.sub(r"\{[^}]*\}", "", stands.partition("+")[0]).replace("[", ",").replace("]", ",").split(",")
    places = [step_of(word.rpartition(":")[2]) for word in words]
    return [one for one in places if one not in ("", BRANCH_DONE, NOT_NEEDED)]


def length_text(length: timedelta) -> str:
    """Return a length of time in words: `3 days`, `1 day 2 hours`, `no time`."""
    seconds = int(length.total_seconds())
    parts = [
        (seconds // 86_400, "day"),
        (seconds % 86_400 // 3_600, "hour"),
        (seconds % 3_600 // 60, "minute"),
        (seconds % 60, "second"),
    ]
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count) or "no time"


def listed(names: Sequence[str]) -> str:
    """Return names as people list what one may choose from: `a`, `b` or `c`."""
    return joined([f"`{name}`" for name in names])

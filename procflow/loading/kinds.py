"""What a file is, by what it holds: a procedure, people, services ..., sound or not."""

from __future__ import annotations

import re
from typing import Literal

from procflow.loading.calendars import looks_like_calendar, looks_like_holidays
from procflow.loading.policies import looks_like_policies

FileKind = Literal[
    "procedure", "policies", "calendar", "holidays", "people", "clients", "agreements", "services", "mapping"
]


def _key(*names: str) -> re.Pattern[str]:
    return re.compile(rf"^[\"']?({'|'.join(names)})[\"']?\s*:", re.MULTILINE)


_PROCEDURE = _key("procflow", "procedure", "steps")
_OTHERS: tuple[tuple[FileKind, re.Pattern[str]], ...] = (
    ("people", _key("people", "teams")),
    ("clients", _key("clients")),
    ("agreements", _key("tiers", "agreements")),
    ("services", _key("services")),
    ("mapping", _key("case")),
)


def kind_of(text: str) -> FileKind:
    """Return what a text is; a procedure, if nothing tells."""
    if looks_like_policies(text):
        return "policies"
    if looks_like_calendar(text):
        return "calendar"
    if looks_like_holidays(text):
        return "holidays"
    if _PROCEDURE.search(text):
        return "procedure"
    return next((kind for kind, pattern in _OTHERS if pattern.search(text)), "procedure")

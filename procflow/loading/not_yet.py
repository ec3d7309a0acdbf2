"""What belongs to the language but is not executed yet: PF109 instead of "unknown key".

When something here is built, its line goes and the schema gains a key; a test holds the two apart.
"""

from __future__ import annotations

from collections.abc import Mapping

_TIME = ("within", "late", "warn")
_JUDGED = ("severity", "refuse")

NOT_YET: Mapping[str, frozenset[str]] = {
    "step": frozenset({*_JUDGED, "keep", "each", "run", "until", "at-most", "anytime", "wait"}),
    "block": frozenset({*_JUDGED, "rest", "each", "run", "until", "at-most", "anytime", "keep", "by"}),
    "waiting step": frozenset({*_JUDGED, "keep", "until", "at-most", "collect", "optional", "evidence"}),
    "branch": frozenset({*_JUDGED, "keep", "each", "run", "until", "at-most", "anytime"}),
    "branch of several steps": frozenset({*_TIME, "each", "anytime"}),
    "action": frozenset(
        {*_TIME, *_JUDGED, "keep", "until", "tells", "on-behalf-of", "ask", "accept-within", "not-by", "four-eyes"}
    ),
    "alternative": frozenset({"until"}),
    "anytime action": frozenset({*_TIME, *_JUDGED, "keep", "until", "not-by", "four-eyes"}),
}
"""The place (the `title` of its schema) -> the keys that will belong there."""

REPLACES_THE_STEP = frozenset({"each", "run"})
"""Keys that make a step of another kind: what else it lacks is not worth telling."""

ARROWS_NOT_YET = frozenset({"back"})
"""Targets of arrows that will have a meaning."""


def promised(place: str, key: str) -> bool:
    """Return True if the key belongs to the language in this place."""
    return key in NOT_YET.get(place, ())


def sentence(what: str) -> str:
    """Return the message of PF109."""
    return f"`{what}` is part of the language but this version does not execute it yet"

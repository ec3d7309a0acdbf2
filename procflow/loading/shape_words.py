"""How values and places of a file are called when its shape is told, and the id that a word may have been meant as."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

from procflow.loading.source import Plain


def kind_of(value: Plain) -> str:
    """Return what kind of value this is, in words."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "a map"
    return "empty"


def a_place(place: str) -> str:
    """Return a place, by the title of its schema, with its article: `a step`, `` `expect` ``."""
    if not place:
        return "this place"
    if place in (
        "approved-by",
        "effective",
        "waiting-for",
        "by",
        "checklist",
        "window",
        "status",
        "expect",
        "warn",
        "from",
        "hand-offs",
        "ask",
        "refuse",
        "returns",
        "fairness",
    ):
        return f"`{place}`"
    return f"{'an' if place[0] in 'aeiou' else 'a'} {place}"


def suggested_id(word: str) -> str | None:
    """Return the word as an id, if that is easily done."""
    plain = "".join(one for one in normalize("NFKD", word[:64]) if not combining(one))
    found = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", plain).lower()).strip("-")
    return found if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", found) and found != word else None

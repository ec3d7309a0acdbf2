"""The time zone of a calendar: the name of a place, never an offset, which is right for half of the year at most."""

from __future__ import annotations

import re

from procflow.calendars.zones import zone_names
from procflow.errors import Edit
from procflow.loading.edits import replace_value
from procflow.loading.node import Node
from procflow.loading.notebook import Notebook

_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*[+-−]\s*[0-9]{1,2}(?::?[0-9]{2})?|Z", re.IGNORECASE)
_ALONE = frozenset({"UTC"})
"""What has no place in its name and is meant as it is."""
_MOST_SHOWN = 3


def read_zone(node: Node, notebook: Notebook) -> str:
    """Return the zone; `UTC` if it cannot be used, which is written down."""
    name = node.text
    if not name:
        return "UTC"
    known = zone_names()
    if name in known and ("/" in name or name in _ALONE) and not name.startswith("Etc/"):
        return name
    edits: tuple[Edit, ...] = ()
    if _OFFSET.fullmatch(name) or name.startswith("Etc/"):
        message = f"`{name}` is an offset, not a time zone: it does not know when the clocks change"
        hint = "name a place, as in Europe/Bucharest; `UTC` for the time of the world"
    elif name in known:
        message = f"`{name}` is not the name of a place: it stands for an offset, or for rules that changed"
        hint = "name a place, as in Europe/Warsaw"
    else:
        message = f"there is no time zone `{name}`"
        guess = _meant(name, known, notebook)
        hint = f"did you mean `{guess}`?" if guess else "name a place by continent and city, as in Europe/Bucharest"
        edits = replace_value(node.source, node.path, guess) if guess and _plain(guess) == _plain(name) else ()
    notebook.note("PF641", message, node.where, hint, edits)
    return "UTC"


def _meant(name: str, known: frozenset[str], notebook: Notebook) -> str | None:
    """Return the zone somebody may have meant: another spelling, a city without its continent, or a name close to it."""
    places = sorted(one for one in known if "/" in one and not one.startswith("Etc/"))
    same = [one for one in places if _plain(one) == _plain(name)]
    cities = [one for one in places if _plain(one.rpartition("/")[2]) == _plain(name.rpartition("/")[2])]
    return next(iter(same or cities), None) or (notebook.closest(name, places) if "/" in name else None)


def _plain(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")

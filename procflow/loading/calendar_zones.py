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
_ALIKE = 0.75
"""How much alike the names of two cities are that are one city, written twice."""
_CITIES = {
    "Europe/Warsaw": "krakow kraków cracow gdansk gdańsk wroclaw wrocław poznan poznań lodz łódź katowice lublin warszawa",
    "Europe/Bucharest": "cluj cluj_napoca iasi iași timisoara timișoara brasov brașov constanta sibiu bucuresti bucurești",
    "Europe/Moscow": "saint_petersburg st_petersburg petersburg kazan nizhny_novgorod moskva",
    "Asia/Tehran": "teheran mashhad isfahan esfahan shiraz tabriz karaj qom",
    "Europe/Berlin": "munich münchen hamburg frankfurt cologne köln stuttgart leipzig dresden",
    "Europe/Rome": "milan milano turin torino naples napoli roma",
    "Europe/Madrid": "barcelona valencia sevilla bilbao",
    "Europe/Paris": "lyon marseille toulouse lille nice",
    "Europe/London": "manchester birmingham edinburgh glasgow leeds cardiff",
    "Europe/Zurich": "geneva genève basel bern",
    "Europe/Vienna": "wien graz linz salzburg",
    "Europe/Kyiv": "lviv odesa odessa kharkiv dnipro",
    "Europe/Amsterdam": "rotterdam the_hague utrecht eindhoven",
    "Asia/Kolkata": "mumbai delhi new_delhi bangalore bengaluru chennai hyderabad",
    "Asia/Shanghai": "beijing shenzhen guangzhou",
    "America/New_York": "boston washington philadelphia miami atlanta",
    "America/Los_Angeles": "san_francisco seattle san_diego",
    "America/Chicago": "dallas houston austin",
}
"""Great cities that give no zone its name -> theirs."""


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
        guess = _meant(name, known)
        hint = (
            f"did you mean `{guess}`?"
            if guess
            else "name a place by continent and greatest city, as in Europe/Bucharest"
        )
        edits = replace_value(node.source, node.path, guess) if guess and _plain(guess) == _plain(name) else ()
    notebook.note("PF641", message, node.where, hint, edits)
    return "UTC"


def _meant(name: str, known: frozenset[str]) -> str | None:
    """Return the zone somebody may have meant: another spelling, a city without its continent, or a name close to it.

    A city that is merely spelt a little like another lies in another country: nothing is said of it.
    """
    places = sorted(one for one in known if "/" in one and not one.startswith("Etc/"))
    city = _plain(name.rpartition("/")[2])
    same = [one for one in places if _plain(one) == _plain(name)]
    cities = [one for one in places if _plain(one.rpartition("/")[2]) == city]
    found = [*same, *cities, *(zone for zone, names in _CITIES.items() if city in names.split())]
    if found or "/" not in name:
        return next(iter(found), None)
    from difflib import SequenceMatcher

    def alike(zone: str) -> float:
        return SequenceMatcher(a=_plain(zone.rpartition("/")[2]), b=city).ratio()

    continent = _plain(name.partition("/")[0])
    near = [one for one in places if _plain(one.partition("/")[0]) == continent] or places
    best = max(near, key=alike)
    return best if alike(best) >= _ALIKE else None


def _plain(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")

"""Time zones by the names of places, from the package `tzdata` alone: every machine that has the same one agrees.

`zoneinfo` by itself asks the operating system first, so that the same calendar would count differently on two machines
in the weeks after a country changed its clocks.
"""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import ZoneInfo

from procflow.errors import CalendarError

_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")


@cache
def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name. Raises CalendarError if there is none of that name."""
    from importlib.resources import files

    if _NAME.fullmatch(name):
        found = files("tzdata").joinpath("zoneinfo", *name.split("/"))
        if found.is_file():
            with found.open("rb") as content:
                return ZoneInfo.from_file(content, key=name)
    raise CalendarError(f"there is no time zone `{name}`", code="PF641", hint="name a place, as in Europe/Bucharest")


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones, those of old as well."""
    from importlib.resources import files

    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def zones_version() -> str:
    """Return the version of the rules by which clocks change, such as `2026f`."""
    from tzdata import IANA_VERSION  # type: ignore[import-untyped]

    return str(IANA_VERSION)

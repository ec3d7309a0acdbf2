"""Which version of the time zone data the times of a report were reckoned with."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from zoneinfo import TZPATH

_HEAD = re.compile(r"# version (\S+)")


def zones_version() -> str:
    """Return the version, as `2026a`; "" if the data do not say it.

    Where Python looks: in the folders of the system first, then in the package `tzdata`.
    """
    for folder in map(Path, TZPATH):
        if (folder / "UTC").exists():
            return _of_system(folder)
    try:
        return str(import_module("tzdata").IANA_VERSION)
    except ImportError:
        return ""


def _of_system(folder: Path) -> str:
    for name in ("tzdata.zi", "+VERSION"):
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                first = file.readline().strip()
        except OSError:
            continue
        found = _HEAD.match(first)
        if found is not None or name == "+VERSION":
            return first if found is None else found[1]
    return ""

"""The colours of a story: one for each department, for what waits, and for what went wrong; by day and by night.

Those of departments are the ones that drawings give to roles, and some more; a test computes their contrast.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from procflow.reports.diagram.colours import ROLES_DARK, ROLES_LIGHT

HUES_LIGHT = (*ROLES_LIGHT, "#2e7d1e", "#9c1fb5", "#0b7285", "#1b2a6b")
HUES_DARK = (*ROLES_DARK, "#8fd97a", "#e39bf5", "#5fd8f2", "#8f9dff")
"""There are more departments in a story than roles have colours."""
HUES = len(HUES_LIGHT)
LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#1c2126",
        "soft": "#55606b",
        "rule": "#e3e8ec",
        "band": "#f6f8fa",
        "wait": "#f8d48a",
        "wait-edge": "#94630b",
        "wait-ink": "#3d2a05",
        "flag": "#b42318",
        "on-flag": "#ffffff",
        "on-hue": "#ffffff",
        "idle": "#fbe4e1",
        "done": "#e3e8ec",
        "client": "#2b2f33",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#15191d",
        "ink": "#e7eaed",
        "soft": "#a9b4be",
        "rule": "#2c343c",
        "band": "#1b2026",
        "wait": "#5b430f",
        "wait-edge": "#e0ab4c",
        "wait-ink": "#ffe9bf",
        "flag": "#ff9c8f",
        "on-flag": "#2b0b07",
        "on-hue": "#10151a",
        "idle": "#3b1a16",
        "done": "#2c343c",
        "client": "#f4f6f8",
    }
)


def hue(number: int) -> str:
    """Return the class of the colour of a department, by its place among them."""
    return f"s-hue-{number % HUES}"


def variables(*, dark: bool) -> str:
    """Return the colours as variables of a style sheet."""
    named = DARK if dark else LIGHT
    hues = HUES_DARK if dark else HUES_LIGHT
    told = {**named, **{f"hue-{number}": colour for number, colour in enumerate(hues)}}
    return "".join(f"--s-{name}:{colour};" for name, colour in told.items())


def rules() -> str:
    """Return what paints a picture by these colours."""
    fills = {
        "paper": "paper", "ink": "ink", "soft": "soft", "band": "band", "wait": "wait", "wait-ink": "wait-ink",
        "flag": "flag", "on-flag": "on-flag", "on-hue": "on-hue", "idle": "idle", "done": "done", "client": "client",
    }  # fmt: skip
    lines = [f".s-{name}{{fill:var(--s-{colour})}}" for name, colour in fills.items()]
    lines += [f".s-hue-{number}{{fill:var(--s-hue-{number})}}" for number in range(HUES)]
    lines += [
        ".s-halo{paint-order:stroke;stroke:var(--s-paper);stroke-width:4;stroke-linejoin:round}",
        ".s-wait{stroke:var(--s-wait-edge);stroke-width:1}",
        ".s-rule{stroke:var(--s-rule);stroke-width:1;fill:none}",
        ".s-asks{stroke:var(--s-wait-edge);stroke-width:1.4;stroke-dasharray:3 3;fill:none}",
        ".s-tip{fill:var(--s-wait-edge)}",
        ".s-stripe{stroke:var(--s-flag);stroke-width:2;fill:none}",
        ".s-edge{stroke:var(--s-flag);stroke-width:1;fill:none}",
        ".s-chain{stroke:var(--s-flag);stroke-width:2;fill:none}",
    ]
    return "\n".join(lines)

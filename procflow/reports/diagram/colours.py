"""The colours of a picture, by day and by night, as variables that a page around it may set anew.

Every pair of a text and its ground has a contrast of at least 4.5 (WCAG 2.2, 1.4.3), every line that means something
at least 3 (1.4.11); a test computes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "card": "#ffffff",
        "edge": "#7b8794",
        "ink": "#1f2933",
        "soft": "#52606d",
        "line": "#5b6875",
        "way": "#f3f5f8",
        "block": "#f6f8fa",
        "lane": "#ffffff",
        "rim": "#808c99",
        "alarm": "#b42318",
        "end": "#eef7f0",
        "end-edge": "#3f7d58",
        "cancelled": "#f4f4f5",
        "cancelled-edge": "#6b7280",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#14181d",
        "card": "#1e242b",
        "edge": "#7c8896",
        "ink": "#e6eaef",
        "soft": "#aab4bf",
        "line": "#93a0ae",
        "way": "#262d36",
        "block": "#191e24",
        "lane": "#14181d",
        "rim": "#6f7b88",
        "alarm": "#ff9c8f",
        "end": "#1b2b22",
        "end-edge": "#6fbf8e",
        "cancelled": "#23262b",
        "cancelled-edge": "#9aa3ad",
    }
)
ROLES_LIGHT = ("#1d5fa8", "#8a4b08", "#5b3fa0", "#0f6b5c", "#a1275e", "#5c6410", "#3c5a6e", "#93361d")
ROLES_DARK = ("#7db4f0", "#e3a963", "#b8a2f2", "#63c9b4", "#f08fb8", "#c3cc6a", "#9dbdd2", "#f0a08a")
"""One colour a role, by the order of the roles; the ninth begins anew."""


def root_class(theme: str) -> str:
    """Return the class of the picture itself: each theme has its own, so that two may stand on one page."""
    return f"procflow-{theme}"


def style(theme: str) -> str:
    """Return the style sheet of a picture; `theme` is light, dark or auto."""
    root = f".{root_class(theme)}"
    day, night = (LIGHT, ROLES_LIGHT), (DARK, ROLES_DARK)
    first = night if theme == "dark" else day
    lines = [f"{root}{{{_variables(*first)}}}"]
    if theme == "auto":
        # On paper the picture is always drawn by day.
        lines.append(f"@media screen and (prefers-color-scheme:dark){{{root}{{{_variables(*night)}}}}}")
    lines += _rules(root, *first)
    return "\n".join(lines)


def _variables(colours: Mapping[str, str], roles: tuple[str, ...]) -> str:
    named = {**colours, **{f"role-{number}": colour for number, colour in enumerate(roles)}}
    return "".join(f"--pf-{name}:{colour};" for name, colour in named.items())


_FONT = '"Helvetica Neue",Helvetica,Arial,"Liberation Sans","Noto Sans","Noto Sans Arabic","DejaVu Sans",sans-serif'
_MONO = 'ui-monospace,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace'


def _rules(root: str, colours: Mapping[str, str], roles: tuple[str, ...]) -> Iterator[str]:
    def paint(selector: str, **properties: str) -> str:
        # A program that knows no variables takes the first of the two.
        told = ""
        for key, name in properties.items():
            colour = roles[int(name[5:])] if name.startswith("role-") else colours[name]
            told += f"{key}:{colour};{key}:var(--pf-{name});"
        return f"{root} .{selector}{{{told}}}"

    yield f"{root} text{{font-family:{_FONT}}}"
    yield f"{root} text.pf-code{{font-family:{_MONO}}}"
    yield f"{root} .pf-bold{{font-weight:700}}"
    yield paint("pf-paper", fill="paper")
    yield paint("pf-loud", fill="ink")
    yield paint("pf-plain", fill="ink")
    yield paint("pf-soft", fill="soft")
    yield paint("pf-alarm", fill="alarm")
    yield paint("pf-step", fill="card", stroke="edge")
    yield paint("pf-wait", fill="card", stroke="edge")
    yield paint("pf-way", fill="way", stroke="rim")
    yield paint("pf-panel", fill="block", stroke="edge")
    yield paint("pf-block", fill="block", stroke="edge")
    yield paint("pf-lane", fill="lane", stroke="rim")
    yield paint("pf-end", fill="end", stroke="end-edge")
    yield paint("pf-cancelled", fill="cancelled", stroke="cancelled-edge")
    yield paint("pf-lost", stroke="alarm")
    yield paint("pf-line", stroke="line")
    yield paint("pf-point", fill="line")
    yield paint("pf-dot", fill="ink")
    yield paint("pf-ring", stroke="ink")
    yield paint("pf-sign", stroke="soft")
    yield paint("pf-sign.pf-alarm", stroke="alarm")
    yield f"{root} .pf-line,{root} .pf-ring,{root} .pf-sign{{fill:none}}"
    for number in range(len(roles)):
        yield paint(f"pf-role-{number}", fill=f"role-{number}")
        yield paint(f"pf-sign.pf-of-{number}", stroke=f"role-{number}")

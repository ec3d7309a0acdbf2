"""The signs on the cards, each drawn on a square of 12 by 12."""

from __future__ import annotations

from types import MappingProxyType

_PERSON = "M6 1.2a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6zM1.6 11.2c0-2.6 1.9-4 4.4-4s4.4 1.4 4.4 4"
STROKES = MappingProxyType(
    {
        "person": _PERSON,
        "outside": _PERSON + "M10.6 .8l1 1M10.6 .8h-1.8M10.6 .8v1.8",
        "wait": "M2.5 1h7M2.5 11h7M3.2 1c0 3 2.8 3.4 2.8 5s-2.8 2-2.8 5M8.8 1c0 3-2.8 3.4-2.8 5s2.8 2 2.8 5",
        "checklist": "M1 2.6l1.1 1.1L4 1.6M6 2.8h5M1 6.6l1.1 1.1L4 5.6M6 6.8h5M1 10.6l1.1 1.1L4 9.6M6 10.8h5",
        "any-order": "M1 1.5h2.6v2.6H1zM6 2.8h5M1 7.9h2.6v2.6H1zM6 9.2h5",
        "pen": "M1.4 10.6l.7-2.8L8.6 1.3l2.1 2.1l-6.5 6.5zM7.2 2.7l2.1 2.1",
        "clip": "M9.9 5.4L5.8 9.6a2.3 2.3 0 0 1-3.3-3.3l4.6-4.6a1.55 1.55 0 0 1 2.2 2.2L4.9 8.3a.75.75 0 0 1-1.1-1.1L7.7 3.4",
        "eyes": "M.6 6C3.2 1.9 8.8 1.9 11.4 6C8.8 10.1 3.2 10.1 .6 6zM6 4.4a1.6 1.6 0 1 1 0 3.2a1.6 1.6 0 0 1 0-3.2z",
        "barred": "M6 1a5 5 0 1 1 0 10a5 5 0 0 1 0-10zM2.5 2.5l7 7",
        "stay": "M10.4 6.2a4.4 4.4 0 1 1-1.3-3.3M9.4 .8v2.4H7",
        "leaves": "M1 6h9.4M7.2 2.6L10.6 6L7.2 9.4",
        "block": "M3.6 1v10M8.4 1v10",
        "clock": "M6 1a5 5 0 1 1 0 10a5 5 0 0 1 0-10zM6 3v3.2l2.2 1.4",
        "hand": "M.4 6h2.6M6 3a3 3 0 1 1 0 6a3 3 0 0 1 0-6zM9 6h2.6",
        "returned": "M4.2 2.8L1 6l3.2 3.2M1.2 6h2M4.8 6h2M8.4 6h2",
        "department": "M1.2 11V4.8L6 1.2l4.8 3.6V11zM4.6 11V7.6h2.8V11",
        "answers": "M2.6 11.2V1.2M2.6 1.8h7L7.8 4.4l1.8 2.6h-7",
        "alarm": "M6 1.2l5.2 9.4H.8zM6 4.6v2.8M6 8.9v.2",
    }
)
TURNED = frozenset({"leaves", "checklist", "any-order", "returned", "answers"})
"""Those that are mirrored where the text runs from right to left."""

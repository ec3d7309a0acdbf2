"""DV4: time. What was late, what time was made of, and what was done to a clock so that it would not show."""

from __future__ import annotations

from procflow.errors import Severity
from procflow.model.deviation_class import deviation_class

_MAJOR, _MINOR, _INFO = Severity.MAJOR, Severity.MINOR, Severity.INFO

OF_TIME = (
    # DV4 time
    deviation_class("DV401", "clock-breached", _MAJOR, "Something took longer, or came later, than promised."),
    deviation_class("DV402", "early", _MAJOR, "Something was done because time was up, and it was not."),
    deviation_class("DV403", "backdated", _MAJOR, "An event was recorded long after it is said to have happened."),
    deviation_class("DV404", "in-the-future", _MAJOR, "An event was recorded before it happened."),
    deviation_class("DV405", "out-of-hours", _INFO, "Work was done outside the calendar's hours."),
    deviation_class(
        "DV406", "pause-without-request", _MAJOR, "A clock was to be paused, and nobody was asked anything."
    ),
    deviation_class(
        "DV407", "priority-lowered-near-breach", _MAJOR, "The target was relaxed just before it would have been missed."
    ),
    deviation_class(
        "DV408", "closed-to-stop-clock", _MAJOR, "A clock was stopped, and begun anew, around its deadline."
    ),
    deviation_class("DV409", "update-overdue", _MINOR, "Somebody was not kept informed as promised."),
    deviation_class("DV410", "too-often", _MAJOR, "Something happened more often than promised."),
    deviation_class(
        "DV411", "paused-to-avoid-breach", _MINOR, "A clock was paused just before it ran out, for nothing."
    ),
    deviation_class("DV412", "too-late", _MINOR, "A step was left by an action after its time was up."),
)
"""In the order of their codes."""

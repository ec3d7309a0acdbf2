"""DV4: time. What was late, what time was made of, and what was done to a clock so that it would not show."""

from __future__ import annotations

from procflow.errors import Severity
from procflow.model.deviation_class import deviation_class

_MAJOR, _MINOR = Severity.MAJOR, Severity.MINOR

OF_TIME = (
    # DV4 time
    deviation_class(
        "DV401",
        "clock-breached",
        _MAJOR,
        "Something took longer, or came later, than promised.",
        """A clock of `clocks:`, or `within` of a step, ran out before anything stopped it; at the very instant it runs out
nothing is late. The time of a step in which a client has the ball is nobody's promise, and never told. Blamed is the
event that began the cycle, and nobody in person: the finding says who had the ball when it ran out. It is told with the
first event after that instant, or as of the moment of the report, and once more in full (when it came, how late, in
working time and on the wall) when the clock is stopped. What takes the lateness back (a stop or a pause told late, a
larger target) takes the finding back. `procflow ledger CASE CLOCK` shows every minute. An engine
never refuses for it. What to do: go on in time, or promise what can be kept.""",
    ),
    deviation_class(
        "DV402",
        "early",
        _MAJOR,
        "The case went on as if the time of a step had run out, and it had not.",
        """`within: 14 days, late: { go-to: draft }` leads the case on when the time is up, not before. Either the record
says that it did (a timer event), or nothing else explains where the case stands. What to do: let the time pass, or
record the action that led on.""",
    ),
    deviation_class(
        "DV403",
        "backdated",
        _MAJOR,
        "An event was written down more than a working day after it is said to have happened.",
        """Clocks believe when things happened, not when they were written down: who enters things afterwards can make
anything timely. Only where the record says both, and only of procedures with clocks or a calendar; a working day is one
of the procedure's calendar, without one it is 24 hours. What to do: record things when they happen.""",
    ),
    deviation_class(
        "DV404",
        "in-the-future",
        _MAJOR,
        "An event is said to have happened after it was written down.",
        """Two minutes are allowed for clocks of machines that differ. Whoever records in advance stops a clock before the
work is done. Only of procedures with clocks or a calendar. What to do: record what has happened, when it has.""",
    ),
    # DV405 was never told of anything: whoever works at night breaks no promise. Its number is not used again.
    deviation_class(
        "DV406",
        "pause-without-request",
        _MAJOR,
        "A case was put into waiting where a clock rests, and nobody was asked anything.",
        """`paused-in: [waiting]` lets a clock rest only if the event that enters the step says what was asked (`asked`) and
until when (`due`), whatever the step itself requires. Otherwise the clock goes on. What to do: say it with the action
that begins the wait.""",
    ),
    deviation_class(
        "DV407",
        "priority-lowered-near-breach",
        _MAJOR,
        "A target was relaxed when more than 80 % of it was used, and nobody says why.",
        """A change of the priority, the tier, the calendar or the promised day gave a running clock more time. That may be
right; without a reason it looks like a way out. What to do: give the reason with the change.""",
    ),
    deviation_class(
        "DV408",
        "closed-to-stop-clock",
        _MAJOR,
        "A clock was stopped and began anew within a working day, and in between it would have run out.",
        """Blamed is the event that begins it anew. Closing a case for the night of its deadline makes a report look better
and helps nobody. Of timers of `clocks:` alone. What to do: stop a clock when the work is done.""",
    ),
    deviation_class(
        "DV409",
        "update-overdue",
        _MINOR,
        "Somebody was not kept informed as often as promised.",
        """`every: 3 working days, by-action: update`: an update by us ends the wait for one and begins the next; what others
write does not. An overdue update is told once, until it comes. With `while: ours-to-act` it is not owed while the ball
is with a client or a supplier. What to do: write, if only that there is nothing new.""",
    ),
    deviation_class(
        "DV410",
        "too-often",
        _MAJOR,
        "Something happened more often than promised.",
        """`at-most: 3, of: hand-off`. Blamed is the first event beyond the number; it is told once a case. What the procedure
forbids is said by `at-most` of an action, or by a rule. What to do: settle it with fewer of them.""",
    ),
    deviation_class(
        "DV411",
        "paused-to-avoid-breach",
        _MINOR,
        "A clock was paused with more than 90 % used, and went on although nobody had answered.",
        """Blamed is the event that began the pause. Somebody was asked something at the last moment, and the case was taken
back into work without them. What to do: ask while there is time, and wait for the answer.""",
    ),
    deviation_class(
        "DV412",
        "too-late",
        _MINOR,
        "A step was left by an action after its time had led on already.",
        """`late: { go-to: draft }` says that the case goes on by itself when time is up. In this record nothing did, and
somebody acted later as if the step were still open. What to do: let something look at the time (`procflow advance`), or
let the procedure ask somebody to act instead.""",
    ),
)
"""In the order of their codes."""

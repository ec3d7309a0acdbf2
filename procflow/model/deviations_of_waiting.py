"""DV6: waiting and hand-offs. Work that nobody took, questions that nobody answered, and cases that nobody answers for."""

from __future__ import annotations

from procflow.errors import Severity
from procflow.model.deviation_class import deviation_class
from procflow.model.deviations_of_fairness import OF_FAIRNESS, WAIT_SPREAD

_MAJOR, _MINOR = Severity.MAJOR, Severity.MINOR

OF_WAITING = (
    # DV6 waiting and hand-offs
    deviation_class("DV601", "no-accountable-owner", _MAJOR, "Nobody, or more than one person, was accountable."),
    deviation_class("DV602", "hand-off-not-accepted", _MAJOR, "A hand-off was not accepted in time."),
    deviation_class(
        "DV603", "hand-off-without-prerequisite", _MAJOR, "Work was handed over without what the receiver needs."
    ),
    deviation_class("DV604", "rejected-on-format", _MINOR, "A request was sent back for its form."),
    deviation_class(
        "DV605",
        "wait-without-request",
        _MAJOR,
        "The case was put into waiting without saying what was asked, or until when.",
        """A step with `waiting-for: { asked: required, due: required }` expects the event that enters it to carry the data
`asked` (what the other side is to do) and `due` (an instant). Waiting that nobody asked for is the most common way to
lose a client.""",
    ),
    deviation_class("DV606", "wait-cycle", _MAJOR, "People wait for each other in a circle."),
    deviation_class("DV607", "ping-pong", _MINOR, "Work went back and forth between two parties."),
    deviation_class("DV608", "knowledge-withheld", _MINOR, "Somebody who was asked did not answer."),
    *OF_FAIRNESS,
    deviation_class("DV613", "known-risk-not-passed-on", _MAJOR, "A known risk was not handed over."),
    deviation_class("DV614", "evidence-instead-of-action", _MINOR, "Documents were shown, but nothing moved."),
    WAIT_SPREAD,
)
"""In the order of their codes."""

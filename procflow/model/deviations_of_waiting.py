"""DV6: waiting and hand-offs. Work that nobody took, questions that nobody answered, and cases that nobody answers for."""

from __future__ import annotations

from procflow.errors import Severity
from procflow.model.deviation_class import deviation_class
from procflow.model.deviations_of_fairness import OF_FAIRNESS, WAIT_SPREAD

_MAJOR, _MINOR = Severity.MAJOR, Severity.MINOR

OF_WAITING = (
    # DV6 waiting and hand-offs
    deviation_class(
        "DV601",
        "no-accountable-owner",
        _MAJOR,
        "A case went on, and nobody answered for it.",
        """`accountable: coordinator` means: from the moment a case leaves its first step, one holder of that role answers for
it. Who answers is the last of them who took the case (`take-case`), accepted, began or did work that is for the role, or
opened the case. A case that ends where it began needs nobody. It is told once, at the event by which the case went on: the
finding says since when nobody answers, and who let it go on; `procflow waiting` shows the whole line of who answered
when. An engine in enforce mode refuses that event. Where the case was put by an override it is told at the next event
that moves it. What to do: let a holder of the role take the case.""",
    ),
    deviation_class(
        "DV602",
        "hand-off-not-accepted",
        _MAJOR,
        "A hand-off was not accepted in time.",
        """With `accept-within: 2 working hours`, the clock `STEP.acceptance` runs while the work of a step is on offer. Whoever
accepts it, gives it back or does anything in the step ends it; so does whatever leads the case elsewhere. Blamed is the
event that offered the work; the person only if the step names one (`by: { field: planner }`), else nobody: the finding
says to whom it was offered, by whom, since when, and to whom else by `offer-to` and `escalate`. It is told as a clock that
ran out (DV401) is, and an engine never refuses for it. What to do: accept the work, or give it back with the reason.""",
    ),
    deviation_class(
        "DV603",
        "hand-off-without-prerequisite",
        _MAJOR,
        "Work was handed over without what the receiver needs.",
        """`hand-offs: { needs: [purchase-request], form: [part_number] }` is checked when the work is offered, not when somebody
has waited for it: data must be known (a text with nothing in it is not), proofs given, with that event or earlier in the
case. One finding for each step the work is offered to, with all that is missing. Blamed is who hands it over. What time
hands over is nobody's offer. What to do: give what is missing with the action that hands the work over.""",
    ),
    deviation_class(
        "DV604",
        "rejected-on-format",
        _MINOR,
        "Work was given back for its form, and nothing was wrong with that.",
        """`refuse-hand-off` with `refused_for: form`, although all that `needs` and `form` name was on record when the work was
offered; or the procedure says nothing of a form. If something was missing, DV603 stands for both. Blamed is who gave it
back. What to do: accept it, and ask what is still open as a question; if the receiver has a form, say under `hand-offs`
what it asks for, so that it is checked before anybody waits.""",
    ),
    deviation_class(
        "DV605",
        "wait-without-request",
        _MAJOR,
        "Somebody waits, and did not say for whom, for what, or until when.",
        """A step with `waiting-for: { asked: required, due: required }` expects the event that enters it to carry the data
`asked` (what the other side is to do) and `due` (an instant). An action with `ask: { question-to: any, ... }` expects
`asked_whom` (the id of a person or a role) and `question`; with a role in `question-to` only the latter. A question to
nobody is never late (DV608), because nobody was asked. Waiting that nobody asked for is the most common way to
lose a client. What to do: say it with the action that begins the wait.""",
    ),
    deviation_class(
        "DV606",
        "wait-cycle",
        _MAJOR,
        "People wait for each other in a circle.",
        """Each has asked somebody something, and nobody can answer first. Whoever asked a role waits for all who acted in it in
this case, and only if all of them wait, too, they wait for each other. Who asks themselves waits for nobody. It is
told at the question that closes the circle, once, with the roles and people in it and since when each waits; an
engine never refuses for it, because the question may be right. Blamed is who asked last. Circles through several
cases are found by an audit of all of them. What to do: let one of them answer without waiting for the others, or let
somebody else decide.""",
    ),
    deviation_class(
        "DV607",
        "ping-pong",
        _MINOR,
        "Work went back and forth between the same two roles.",
        """`hand-offs: { returns: { at-most: 1 } }`: work that goes from one role to another and comes back has returned once: it
is given back, or handed over the other way. A result that comes to a step with `hand-offs: none` is no return. It is told at
the first return beyond the number, once, as long as nobody else has the work in between: another role, a client who is
waited for, a block. What counts is what the step says that the work comes back from, else the one it
comes back to. What to do: let the two settle it together, or let somebody else decide.""",
    ),
    deviation_class(
        "DV608",
        "knowledge-withheld",
        _MINOR,
        "Somebody who was asked did not answer.",
        """With `ask: { answered-by: answer, answer-within: 1 working day }`, each question begins a cycle of the clock
`ACTION.answer`. The answer ends it: of several open questions the oldest that was put to whoever answers by name, else to a
role they hold, else to whomever they answer on behalf of. The end of the case leaves no question open. Blamed is the event
that asked, and in person whoever was asked by name; of a role nobody. A question to a client is nobody's promise, and
never told. It is told as a clock that ran out (DV401) is, and an engine never refuses for it. What to do: answer, if only
that you do not know and who does; a colleague may do so on behalf of whoever was asked.""",
    ),
    *OF_FAIRNESS,
    deviation_class(
        "DV613",
        "known-risk-not-passed-on",
        _MAJOR,
        "A risk was known when the work was handed over, and was told only later.",
        """An action with `risk: true` says which risk there is (`risk`) and since when whoever tells of it has known
(`known_since`). If the work was handed over at that moment or after it, those who took it did so without knowing. The
finding names the steps it was handed over to. It is better to tell late than never: an engine never refuses it. What to
do: tell of a risk before the work is handed over.""",
    ),
    deviation_class(
        "DV614",
        "evidence-instead-of-action",
        _MINOR,
        "Somebody was asked, and showed documents instead of answering.",
        """A proof that nobody demands, by somebody to whom a question is open (by name, or as one of a role), with an action
that neither answers nor moves the case. A signed contract may be right and helps nobody who needs to know something. It
is told once for each question, and nothing is refused. What to do: answer, with the document if it helps.""",
    ),
    WAIT_SPREAD,
)
"""In the order of their codes."""

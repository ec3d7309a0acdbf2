"""DV6, what is seen only over many cases: who was let go first, what was urgent, on whom it all depends, who waits."""

from __future__ import annotations

from procflow.errors import Severity
from procflow.model.deviation_class import deviation_class

_MAJOR, _MINOR = Severity.MAJOR, Severity.MINOR

QUEUE_JUMP = deviation_class(
    "DV609",
    "queue-jump",
    _MAJOR,
    "A case was taken while others like it, that had come before, waited.",
    """`first-come: { in: [repair], alike: [priority, tier], expedited: expedite }` under `fairness`. A case stands in the
queue of a step from the moment it comes there (or is offered there) until a person does something in the step. One
finding for one case that was taken, however many it overtook: it names them, who took it, and for whom. Where the same
person lets the same requester go first again and again, the report says so. What was expedited before it was taken, with a
reason if the action demands one, is no deviation and is listed as an exception. Cases that came, or were taken, at the
same moment have no order. With `by-more-than: 4 hours` only a case that came by more than that earlier is overtaken, in
working time on the calendar of the procedure. The report also names the cases that were overtaken most often: one that is
forgotten makes jumps of all that come after it. A waiver excuses a jump. What to do: take the oldest first, or expedite the
case for a reason that others can read.""",
)
URGENCY_ABUSE = deviation_class(
    "DV610",
    "urgency-abuse",
    _MAJOR,
    "One requester, or one department, calls more of its cases urgent than was agreed.",
    """`urgent: { when: 'priority == "urgent"', at-most: 30%, at-least: 10 }` under `fairness`. A case is urgent if the condition
ever held; it was downgraded if it held when the case was opened and does not hold in the end. The finding lists the
cases, how many were downgraded, and by how much other cases slipped because these went first. Of fewer cases than
`at-least` nothing is said. It is about the requester, not about a person of ours. What to do: talk about what is
urgent, and about what others pay for it.""",
)
ONE_PERSON = deviation_class(
    "DV611",
    "one-person-step",
    _MINOR,
    "Only one person ever does this step.",
    """`one-person: { share: 80%, at-least: 5, in: 90 days }` under `fairness`: one person alone covers that share of the
completions of the step. If they are ill, or leave, nobody knows how it is done. The finding names who else may do it and
never has, if a directory of people was given. Nobody is blamed. What to do: let a second person do it while the first
looks on.""",
)
WORKLOAD_SKEW = deviation_class(
    "DV612",
    "workload-skew",
    _MINOR,
    "One person has far more open cases than the others.",
    """`workload: { times: 3, at-least: 3 }` under `fairness`: somebody has more than three times the median of open cases
per person, at the moment of the report. Who has a case is what the field `whose` says, else who did something in it
last. With fewer people than `at-least` nothing is said. Nobody is blamed. What to do: give some of them to somebody
else.""",
)
WAIT_SPREAD = deviation_class(
    "DV615",
    "wait-spread",
    _MINOR,
    "Among cases that are alike, some wait far longer than others.",
    """`wait-spread: { alike: [priority], times: 4, at-least: 10 }` under `fairness`: of the waits in one step until somebody
takes the case, the 90th percentile is more than four times the median. The same is promised to all of them, and some pay
for it. Waits that go on are not counted, and how many there are is said. What to do: look at those that waited longest,
and at what they have in common.""",
)
OF_FAIRNESS = (QUEUE_JUMP, URGENCY_ABUSE, ONE_PERSON, WORKLOAD_SKEW)
"""Those between DV609 and DV612; `WAIT_SPREAD` comes after DV614."""

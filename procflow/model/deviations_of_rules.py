"""DV5, and those of DV2 that rules make: what must happen did not, or what must not did."""

from __future__ import annotations

from procflow.errors import Severity
from procflow.model.deviation_class import deviation_class

_MAJOR = Severity.MAJOR

SAME_PERSON = deviation_class(
    "DV203",
    "same-person-required",
    Severity.MINOR,
    "Two things that one person should do were done by two.",
    """`same-person: [offer, negotiate]` means: whoever does one of them has done the others, as far as they were done. Each
occurrence is compared with the latest of each other one. The client should not have to tell the story twice, and
one person answers for the whole. The finding names the events compared and who did them. What to do: let
whoever began go on; if they cannot, hand the whole over and begin again.""",
)

DIFFERENT_PERSONS = deviation_class(
    "DV209",
    "different-persons-required",
    Severity.CRITICAL,
    "Two things that different people should do were done by one.",
    """`different-person: [order, receive, pay]` means: whoever does one of them has done none of the others before in this
case. It is four-eyes (DV202) wherever the work is done, not between two steps only. The finding names the event, what
the same person did before, and who else could do it. What to do: let another holder of the role do it.""",
)

OF_RULES = (
    # DV5 rules: what must happen, must not, and must not any more
    deviation_class(
        "DV501",
        "not-done",
        _MAJOR,
        "Something that must happen in every case did not.",
        """`must-happen: inform-client`. Found when the case ends, at the event that ended it, or when the time of `within` has
run out since the case opened; the second kind is blamed on nobody but time, and never refused. `by` says who has to do
it: if somebody else did, it does not count. In a cancelled case nothing is demanded any more. What to do: do it before
the case ends.""",
    ),
    deviation_class(
        "DV502",
        "forbidden",
        _MAJOR,
        "Something happened that must never happen.",
        """`never: delete-record`; with `when`, never while that holds on the record; with `by`, never by them. Blamed is
the event itself and who did it. What to do: undo it if that is possible, and look at why it was possible.""",
    ),
    deviation_class(
        "DV503",
        "too-often",
        _MAJOR,
        "Something happened more often than a rule allows.",
        """`at-most: 2, of: ask-again`, in all or `in: 7 days` (in any seven days), or `exactly: 1, of: pay`. Several
happenings under `of` are counted together. Each one beyond the number is a finding of its own. Unlike DV108 it counts
whatever way the case takes. What to do: decide the case another way.""",
    ),
    deviation_class(
        "DV504",
        "not-first",
        _MAJOR,
        "A case did not begin with what it must begin with.",
        """`first: register`. The first thing that is performed is looked at; opening the case and starting work are not
performed, unless the rule names them. Entering a step counts as part of what led there. What to do: begin with it.""",
    ),
    deviation_class(
        "DV505",
        "not-last",
        _MAJOR,
        "The last thing done in a case was not what it must be.",
        """`last: archive`. Looked at when the case has ended: the last thing performed before that, or with it. The finding
names what came last. What to do: do it once more, at the end, before the case is closed.""",
    ),
    deviation_class(
        "DV506",
        "not-accompanied",
        _MAJOR,
        "Something happened without what must happen as well, before or after.",
        """`if: pay, also: book`. Where the order does not matter. Found when the case ends, or when the time of `within` has
run out after what set it off. `same: invoice_no` asks for the same invoice, `different: person` for somebody else. What
to do: do what is missing while the case is open; it is in the list of what is due.""",
    ),
    deviation_class(
        "DV507",
        "not-followed",
        _MAJOR,
        "Something happened, and what must come after it never came, or not in time.",
        """`after: send, there-must-be: confirm, within: 2 days`. Every `send` asks for a `confirm` after it; one is enough
for all that came before it. With `within` each is late on its own, and whatever comes later does not make up for it:
that is blamed on time alone and never refused. The finding names the events that set the rule off. What to do: do it
now, and look at what held it up.""",
    ),
    deviation_class(
        "DV508",
        "not-preceded",
        _MAJOR,
        "Something happened without what must have come before it.",
        """`before: pay, there-must-be: approve`. Blamed is the event that came without it, nobody by name; the finding
says who could have done what is missing. It can be refused, as the engine knows it in time. What to do: get it first.""",
    ),
    deviation_class(
        "DV509",
        "not-followed-each-time",
        _MAJOR,
        "Something happened again before what must follow each time had come.",
        """`after: ask, there-must-be: answer, each-time: true`. One answer does not do for two questions. Found at the next one
that comes too early, at the end of the case, or when the time has run out. What to do: finish the one before beginning
the next.""",
    ),
    deviation_class(
        "DV510",
        "not-preceded-each-time",
        _MAJOR,
        "Something happened again without what must come before it each time.",
        """`before: pay, there-must-be: approve, each-time: true`. One approval does not do for two payments. What to do: get
it each time.""",
    ),
    deviation_class(
        "DV511",
        "not-followed-at-once",
        _MAJOR,
        "Something happened, and what must come directly after it did not.",
        """`after: cash-in, there-must-be: receipt, next: true`. What comes next is the next thing that is performed in the case:
starts of work, waivers and refused attempts do not count. What to do: do it at once.""",
    ),
    deviation_class(
        "DV512",
        "not-preceded-at-once",
        _MAJOR,
        "Something happened without what must come directly before it.",
        """`before: inject, there-must-be: check-identity, next: true`. That it was done earlier is not enough: nothing may come
between. What to do: do it again, directly before.""",
    ),
    deviation_class(
        "DV513",
        "not-together",
        _MAJOR,
        "Some of several things happened that belong together, and others did not.",
        """`together: [deliver, invoice, book]`. Once one of them happened all must, in any order. Found when the case ends; the
finding names those that are missing. What to do: complete them while the case is open.""",
    ),
    deviation_class(
        "DV514",
        "none-chosen",
        _MAJOR,
        "None of several things happened of which one must.",
        """`any-of: [call, write, visit]`, or `one-of`. Found when the case ends, or when the time of `within` has run out. What
to do: do one of them.""",
    ),
    deviation_class(
        "DV515",
        "more-than-one-chosen",
        _MAJOR,
        "Another of several things happened of which only one may.",
        """`one-of: [refund, replace]`. The one that came first is the one that was chosen; every other is a finding. What to
do: undo one of them, or decide the case again by an override.""",
    ),
    deviation_class(
        "DV516",
        "both-done",
        _MAJOR,
        "Two things happened that exclude each other.",
        """`not-both: [accept, reject]`; with `same: item`, not both of the same one; with `within`, not both so near each other.
Every occurrence of one after the other is a finding, and names the one before. What to do: undo the one that is
wrong.""",
    ),
    deviation_class(
        "DV517",
        "followed-though-forbidden",
        _MAJOR,
        "Something happened that must not happen any more after something else.",
        """`after: approve, never: change-amount`. Blamed is the event that came after; the finding names what set the rule off.
With `within` it is forbidden for that long only. What to do: first take back what came before, or begin again.""",
    ),
    deviation_class(
        "DV518",
        "preceded-though-forbidden",
        _MAJOR,
        "Something happened after what must not come before it.",
        """`before: audit, never: announce`. Blamed is the event that came later, as only then the rule is broken; the finding
names the earlier one. What to do: do not do the second where the first has happened.""",
    ),
    deviation_class(
        "DV519",
        "accompanied-though-forbidden",
        _MAJOR,
        "Something happened in a case in which something else forbids it, before or after.",
        """`if: fast-track, never: waive-fee`. Whichever comes second is blamed; the finding names the first. What to do: decide
which of the two it is before doing either.""",
    ),
    deviation_class(
        "DV520",
        "followed-at-once-though-forbidden",
        _MAJOR,
        "Something happened directly after what it must not directly follow.",
        """`after: reject, never: close, next: true`: something has to come between. What is performed in the case counts, not
starts of work. What to do: do what belongs between.""",
    ),
    deviation_class(
        "DV521",
        "preceded-at-once-though-forbidden",
        _MAJOR,
        "Something happened directly after what must not come directly before it.",
        """`before: close, never: reject, next: true`: something has to come between. What to do: do what belongs between.""",
    ),
    deviation_class(
        "DV522",
        "too-seldom",
        _MAJOR,
        "Something happened less often than a rule demands.",
        """`at-least: 2, of: remind`, or `exactly: 2`. Found when the case ends, or, with `within`, when the time has run out
since the case opened. The finding says how often it happened. What to do: do what is missing while the case is
open.""",
    ),
)
